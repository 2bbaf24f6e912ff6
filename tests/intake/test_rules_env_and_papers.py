"""Rules that hold the tables of a dossier together: one MA_LK, row numbers, and the papers of a discharge."""

from copy import deepcopy

import pytest
from cases import MA_LK, change, clean_visit
from xml1_tables import build, explain, fired


REST = {"SO_NGAY_NGHI": "5", "NGOAITRU_TUNGAY": "20260114", "NGOAITRU_DENNGAY": "20260118"}
ENDED = {
    "MA_DINH_CHI_THAI": "1",
    "NGUYENNHAN_DINHCHI": "Thai lưu",
    "THOIGIAN_DINHCHI": "202601120800",
    "TUOI_THAI": "9",
}


def but(row, **changed):
    return row | changed


BROKEN = [
    # rule, dossier, table, row, changed fields (None: table left out), reported table, row and field
    ("ENV-007", "in", "XML2", 2, {"MA_LK": "LK-0002"}, ("XML2", 2, "MA_LK")),
    ("ENV-007", "4210", "XML3", 1, {"MA_LK": "LK-0002"}, ("XML3", 1, "MA_LK")),
    ("ENV-008", "in", "XML3", 2, {"STT": "1"}, ("XML3", 2, "STT")),
    ("ENV-008", "in", "XML5", 1, {"STT": "0"}, ("XML5", 1, "STT")),
    ("XML1_XML7-001", "in", "XML7", 1, None, ("XML7", None, "")),
    ("XML1_XML8-001", "in", "XML8", 1, None, ("XML8", None, "")),
    ("XML1_XML13-001", "ref", "XML13", 1, None, ("XML13", None, "")),
    ("XML1_XML14-001", "in", "XML14", 1, None, ("XML14", None, "")),
    ("XML1_XML14-001", "in", "XML1", 1, {"NGAY_TAI_KHAM": None}, ("XML14", 1, "NGAY_HEN_KL")),
    ("XML1_XML14-001", "in", "XML14", 1, {"NGAY_HEN_KL": "20260129"}, ("XML14", 1, "NGAY_HEN_KL")),
    ("XML1_XML3-001", "out", "XML3", 1, {"MA_NHOM": "18"}, ("XML3", None, "MA_NHOM")),
    ("XML7-001", "in", "XML7", 1, {"MA_YTE": "BN000002"}, ("XML7", 1, "MA_YTE")),
    ("XML7-001", "in", "XML7", 1, {"MA_KHOA_RV": "K04"}, ("XML7", 1, "MA_KHOA_RV")),
    ("XML7-001", "in", "XML7", 1, {"NGAY_RA": "202601140901"}, ("XML7", 1, "NGAY_RA")),
    ("XML7-002", "in", "XML7", 1, but(ENDED, TUOI_THAI=None), ("XML7", 1, "TUOI_THAI")),
    ("XML7-002", "in", "XML7", 1, but(ENDED, TUOI_THAI="43"), ("XML7", 1, "TUOI_THAI")),
    ("XML7-002", "in", "XML7", 1, but(ENDED, NGUYENNHAN_DINHCHI=None), ("XML7", 1, "NGUYENNHAN_DINHCHI")),
    ("XML7-003", "in", "XML7", 1, {"MA_DINH_CHI_THAI": "2"}, ("XML7", 1, "MA_DINH_CHI_THAI")),
    ("XML7-004", "in", "XML7", 1, but(REST, SO_NGAY_NGHI=None), ("XML7", 1, "SO_NGAY_NGHI")),
    ("XML7-004", "in", "XML7", 1, but(REST, SO_NGAY_NGHI="7"), ("XML7", 1, "SO_NGAY_NGHI")),
    (
        "XML7-004",
        "in",
        "XML7",
        1,
        but(REST, NGOAITRU_TUNGAY="20260113", SO_NGAY_NGHI="6"),
        ("XML7", 1, "NGOAITRU_TUNGAY"),
    ),
    (
        "XML7-004",
        "in",
        "XML7",
        1,
        but(REST, NGOAITRU_TUNGAY="20260116", SO_NGAY_NGHI="3"),
        ("XML7", 1, "NGOAITRU_TUNGAY"),
    ),
    ("XML7-005", "in", "XML7", 1, {"MA_BS": None}, ("XML7", 1, "MA_BS")),
    ("XML8-001", "in", "XML8", 1, {"MA_LOAI_KCB": "04"}, ("XML8", 1, "MA_LOAI_KCB")),
    ("XML8-001", "in", "XML8", 1, {"CHAN_DOAN_RV": "Suy tim"}, ("XML8", 1, "CHAN_DOAN_RV")),
    ("XML8-002", "in", "XML8", 1, {"TOMTAT_KQ": "x" * 4001}, ("XML8", 1, "TOMTAT_KQ")),
    ("XML8-002", "in", "XML8", 1, {"TOMTAT_KQ": None}, ("XML8", 1, "TOMTAT_KQ")),
    ("XML8-003", "in", "XML8", 1, {"NGAY_CT": "20260113"}, ("XML8", 1, "NGAY_CT")),
    ("XML13-001", "ref", "XML13", 1, {"HO_TEN": "NGƯỜI KHÁC"}, ("XML13", 1, "HO_TEN")),
    ("XML13-001", "ref", "XML13", 1, {"MA_LOAI_RV": "5"}, ("XML13", 1, "MA_LOAI_RV")),
    ("XML13-002", "ref", "XML13", 1, {"MA_LYDO_CT": "4"}, ("XML13", 1, "MA_LYDO_CT")),
    ("XML13-003", "ref", "XML13", 1, {"SO_CHUYENTUYEN": None}, ("XML13", 1, "SO_CHUYENTUYEN")),
    ("XML13-003", "ref", "XML13", 1, {"GIAY_CHUYEN_TUYEN": "9" * 51}, ("XML13", 1, "GIAY_CHUYEN_TUYEN")),
    ("XML13-004", "ref", "XML13", 1, {"MA_CSKCB_DEN": None}, ("XML13", 1, "MA_CSKCB_DEN")),
    ("XML13-005", "ref", "XML13", 1, {"PHUONGTIEN_VC": None}, ("XML13", 1, "PHUONGTIEN_VC")),
    ("XML13-005", "ref", "XML13", 1, {"TINH_TRANG_CT": None}, ("XML13", 1, "TINH_TRANG_CT")),
    ("XML14-001", "in", "XML14", 1, {"NGAY_HEN_KL": "20260113"}, ("XML14", 1, "NGAY_HEN_KL")),
    ("XML14-002", "in", "XML14", 1, {"NGAY_CT": "20260109"}, ("XML14", 1, "NGAY_CT")),
    ("XML14-003", "in", "XML14", 1, {"MA_BENH_CHINH": "J18.8"}, ("XML14", 1, "MA_BENH_CHINH")),
    ("XML14-003", "in", "XML14", 1, {"MA_THE_BHYT": "DN4019900000002"}, ("XML14", 1, "MA_THE_BHYT")),
]

KEPT = [
    ("ENV-007", "in", "XML2", 1, {"MA_LK": f" {MA_LK} "}),
    ("ENV-008", "in", "XML3", 8, {"STT": "80"}),
    ("XML1_XML7-001", "out", "XML7", 1, None),
    ("XML1_XML13-001", "130", "XML13", 1, None),
    ("XML7-001", "in", "XML1", 1, {"MA_KHOA": "K02;K03"}),
    ("XML7-002", "in", "XML7", 1, ENDED),
    ("XML7-004", "in", "XML7", 1, REST),
    ("XML7-004", "in", "XML7", 1, but(REST, NGOAITRU_TUNGAY="20260115", SO_NGAY_NGHI="4")),
    ("XML8-001", "in", "XML8", 1, {"CHAN_DOAN_RV": "viêm phổi;  Tăng huyết áp"}),
    ("XML8-002", "in", "XML8", 1, {"TOMTAT_KQ": "x" * 4000}),
    ("XML13-001", "ref", "XML13", 1, {"HO_TEN": "Người bệnh thử", "CHAN_DOAN_RV": None}),
    ("XML13-001", "ref", "XML13", 1, {"NGAY_VAO": "202601090800;202601100800"}),
    ("XML14-001", "in", "XML14", 1, {"NGAY_HEN_KL": "20260114"}),
    ("XML14-003", "in", "XML14", 1, {"MA_DOITUONG_KCB": None}),
]


def case_id(case):
    return f"{case[0]}-{case[2]}-{','.join(case[4] or ['left out'])}"


@pytest.mark.parametrize("case", BROKEN, ids=case_id)
def test_a_broken_rule_says_where_and_why(case):
    rule, visit, table, row, fields, place = case
    found = fired(build(visit, table, row, fields), rule)
    assert [(one.table, one.row, one.field) for one in found] == [place]
    assert "…" not in explain(found[0]).replace(found[0].value, "")


@pytest.mark.parametrize("case", KEPT, ids=case_id)
def test_a_rule_does_not_cry_wolf(case):
    rule, visit, table, row, fields = case
    assert fired(build(visit, table, row, fields), rule) == []


@pytest.mark.parametrize("gone", [{"KET_QUA_DTRI": "5"}, {"KET_QUA_DTRI": "8"}, {"MA_LOAI_RV": "3"}])
def test_who_died_or_absconded_has_no_discharge_paper(gone):
    visit = change(clean_visit(), "XML1", 1, **gone)
    del visit.tables["XML7"]
    assert fired(visit, "XML1_XML7-001") == []


def test_papers_of_twins_carry_their_own_patient_numbers():
    visit = clean_visit()
    twin = deepcopy(visit.tables["XML7"][0]) | {"MA_YTE": "BN000002"}
    visit.tables["XML7"].append(twin)
    assert fired(visit, "XML7-001") == []


def test_drugs_picked_up_by_appointment_need_no_exam_fee():
    visit = change(build("out", "XML3", 1, {"MA_NHOM": "18"}), "XML1", 1, MA_DOITUONG_KCB="7.4")
    assert fired(visit, "XML1_XML3-001") == []


def test_a_visit_without_card_needs_no_exam_fee():
    visit = change(build("out", "XML3", 1, {"MA_NHOM": "18"}), "XML1", 1, MA_THE_BHYT=None)
    assert fired(visit, "XML1_XML3-001") == []


def test_a_missing_link_is_a_missing_field_not_a_different_one():
    visit = change(clean_visit(), "XML2", 1, MA_LK=None)
    assert fired(visit, "ENV-007") == []
    assert [one.field for one in fired(visit, "XML2-001")] == ["MA_LK"]
