"""Rules of the tables beside the visit: check-in, HIV, birth, leave certificates, assessment, tuberculosis."""

import pytest
from cases import MA_LK, NOW, clean_visit
from xml1_tables import explain, fired

from yteso.intake import checking
from yteso.intake.dossier import Dossier, Header


DOCTOR = "000101/HNO-GPHN"

X6 = {
    "MA_LK": MA_LK,
    "NOI_LAY_MAU_XN": "99001",
    "NOI_XN_KD": "99001",
    "NOI_BDDT_ARV": "99001",
    "MA_LYDO_DTRI": "1",
    "LOAI_DTRI_LAO": "0",
    "SANG_LOC_LAO": "1",
    "KQ_DTRI_LAO": "1",
    "MA_LOAI_BN": "1",
    "GIAI_DOAN_LAM_SANG": "1",
    "NHOM_DOI_TUONG": "1",
    "MA_TINH_TRANG_DK": "9",
    "MA_XU_TRI": "1",
    "NGAY_BAT_DAU_XU_TRI": "20260114",
    "NGAY_KET_THUC_XU_TRI": "20260212",
    "SO_NGAY_CAP_THUOC_ARV": "30",
    "MA_PHAC_DO_DIEU_TRI": "KHAC",
}
X9 = {
    "MA_LK": MA_LK,
    "MA_BHXH_NND": "0100000001",
    "MA_THE_NND": "DN4019900000001",
    "HO_TEN_NND": "MẸ THỬ",
    "NGAYSINH_NND": "19950101",
    "MA_DANTOC_NND": "01",
    "SO_CCCD_NND": "001095000001",
    "NGAYCAP_CCCD_NND": "20220101",
    "NOICAP_CCCD_NND": "Cục thử",
    "NOI_CU_TRU_NND": "Hà Nội",
    "MA_QUOCTICH": "000",
    "MATINH_CU_TRU": "01",
    "MAXA_CU_TRU": "00004",
    "MA_THE_TAM": "TE1019900000001",
    "GIOI_TINH_CON": "2",
    "SO_CON": "1",
    "LAN_SINH": "2",
    "SO_CON_SONG": "2",
    "CAN_NANG_CON": "3200",
    "NGAY_SINH_CON": "202601110330",
    "NOI_SINH_CON": "Bệnh viện thử",
    "TINH_TRANG_CON": "Khỏe",
    "SINHCON_PHAUTHUAT": "0",
    "SINHCON_DUOI32TUAN": "0",
    "NGUOI_DO_DE": "Nữ hộ sinh",
    "NGUOI_GHI_PHIEU": "Nữ hộ sinh",
    "NGAY_CT": "20260114",
    "SO": "1",
    "QUYEN_SO": "1",
    "MA_TTDV": DOCTOR,
}
X10 = {
    "MA_LK": MA_LK,
    "SO_SERI": "1",
    "SO_CT": "1",
    "SO_NGAY": "10",
    "DON_VI": "Công ty thử",
    "CHAN_DOAN_RV": "Dọa sẩy",
    "TU_NGAY": "20260114",
    "DEN_NGAY": "20260123",
    "MA_TTDV": DOCTOR,
    "TEN_BS": "Bác sĩ",
    "MA_BS": DOCTOR,
    "NGAY_CT": "20260114",
}
X11 = {
    "MA_LK": MA_LK,
    "SO_CT": "1",
    "SO_SERI": "1",
    "SO_KCB": "1",
    "DON_VI": "Công ty thử",
    "MA_BHXH": "0100000001",
    "MA_THE_BHYT": "DN4019900000001",
    "CHAN_DOAN_RV": "Viêm phổi; tăng huyết áp",
    "PP_DIEUTRI": "Kháng sinh, hạ sốt",
    "SO_NGAY_NGHI": "5",
    "TU_NGAY": "20260110",
    "DEN_NGAY": "20260114",
    "MA_TTDV": DOCTOR,
    "MA_BS": DOCTOR,
    "NGAY_CT": "20260114",
}
X15 = {
    "MA_LK": MA_LK,
    "STT": "1",
    "MA_BN": "BN000001",
    "HO_TEN": "NGƯỜI BỆNH THỬ",
    "PHANLOAI_LAO_VITRI": "1",
    "PHANLOAI_LAO_TS": "1",
    "PHANLOAI_LAO_HIV": "1",
    "PHANLOAI_LAO_VK": "1",
    "LOAI_DTRI_LAO": "1",
    "NGAYBD_DTRI_LAO": "20260111",
    "PHACDO_DTRI_LAO": "1",
    "KET_QUA_DTRI_LAO": "1",
}
ROWS = {"XML6": X6, "XML9": X9, "XML10": X10, "XML11": X11, "XML15": X15}

TB = {"LOAI_DTRI_LAO": "1", "PHACDO_DTRI_LAO": "1", "NGAYBD_DTRI_LAO": "20260101", "NGAYKT_DTRI_LAO": "20260601"}
PCR = {"MA_TINH_TRANG_DK": "2;1", "LAN_XN_PCR": "1", "NGAY_XN_PCR": "20260110", "NGAY_KQ_XN_PCR": "20260112"}
LOSS = {"MA_DINH_CHI_THAI": "1", "NGUYENNHAN_DINHCHI": "Thai lưu", "TUOI_THAI": "14"}

BROKEN = [
    ("XML6", "XML6-001", TB | {"PHACDO_DTRI_LAO": None}, "PHACDO_DTRI_LAO"),
    ("XML6", "XML6-001", TB | {"NGAYKT_DTRI_LAO": "20251231"}, "NGAYKT_DTRI_LAO"),
    ("XML6", "XML6-002", PCR, "MA_KQ_XN_PCR"),
    ("XML6", "XML6-002", PCR | {"MA_KQ_XN_PCR": "1", "NGAY_KQ_XN_PCR": "20260109"}, "NGAY_KQ_XN_PCR"),
    ("XML6", "XML6-003", {"NGAY_KET_THUC_XU_TRI": None}, "NGAY_KET_THUC_XU_TRI"),
    ("XML6", "XML6-004", {"SO_NGAY_CAP_THUOC_ARV": "0"}, "SO_NGAY_CAP_THUOC_ARV"),
    ("XML6", "XML6-004", {"SO_NGAY_CAP_THUOC_ARV": "31"}, "SO_NGAY_CAP_THUOC_ARV"),
    ("XML6", "XML6-005", {"MA_PHAC_DO_DIEU_TRI": "Z9Z"}, "MA_PHAC_DO_DIEU_TRI"),
    ("XML6", "XML6-006", {"GIOI_TINH": "2"}, "GIOI_TINH"),
    ("XML9", "XML9-001", {"MA_BHXH_NND": "0000000000"}, "MA_BHXH_NND"),
    ("XML9", "XML9-001", {"MA_THE_NND": "DN401990000000"}, "MA_THE_NND"),
    ("XML9", "XML9-002", {"NGAYCAP_CCCD_NND": "20260202"}, "NGAYCAP_CCCD_NND"),
    ("XML9", "XML9-002", {"NGAYSINH_NND": "19951301"}, "NGAYSINH_NND"),
    ("XML9", "XML9-003", {"MA_THE_TAM": "TE101"}, "MA_THE_TAM"),
    ("XML9", "XML9-004", {"CAN_NANG_CON": "0"}, "CAN_NANG_CON"),
    ("XML9", "XML9-004", {"SO_CON": "một"}, "SO_CON"),
    ("XML9", "XML9-005", {"SINHCON_PHAUTHUAT": "1"}, "GHI_CHU"),
    ("XML9", "XML9-006", {"NGAY_SINH_CON": "202601092359"}, "NGAY_SINH_CON"),
    ("XML10", "XML10-001", {"SO_NGAY": "12"}, "SO_NGAY"),
    ("XML10", "XML10-001", {"SO_NGAY": "181", "DEN_NGAY": "20260713"}, "SO_NGAY"),
    ("XML10", "XML10-002", {"DON_VI": None}, "DON_VI"),
    ("XML11", "XML11-001", {"MA_BHXH": "010000000X"}, "MA_BHXH"),
    ("XML11", "XML11-002", {"SO_NGAY_NGHI": "31"}, "SO_NGAY_NGHI"),
    ("XML11", "XML11-002", LOSS | {"SO_NGAY_NGHI": "51"}, "SO_NGAY_NGHI"),
    ("XML11", "XML11-003", {"TU_NGAY": "20260115", "DEN_NGAY": "20260120"}, "TU_NGAY"),
    ("XML11", "XML11-003", {"TU_NGAY": "20260114", "DEN_NGAY": "20260113"}, "TU_NGAY"),
    ("XML11", "XML11-003", {"TU_NGAY": "20260101", "DEN_NGAY": "20260109"}, "DEN_NGAY"),
    ("XML11", "XML11-004", {"MAU_SO": "CT08"}, "MAU_SO"),
    ("XML11", "XML11-005", LOSS | {"TUOI_THAI": None}, "TUOI_THAI"),
    ("XML11", "XML11-006", {"PP_DIEUTRI": "Phẫu thuật"}, "PP_DIEUTRI"),
    ("XML15", "XML15-001", {"PHANLOAI_LAO_HIV": "9"}, "PHANLOAI_LAO_HIV"),
    ("XML15", "XML15-001", {"PHANLOAI_LAO_VK": None}, "PHANLOAI_LAO_VK"),
    ("XML15", "XML15-002", {"PHACDO_DTRI_LAO": "28"}, "PHACDO_DTRI_LAO"),
    ("XML15", "XML15-003", {"MA_BN": "BN000002"}, "MA_BN"),
]

KEPT = [
    ("XML6", "XML6-001", TB | {"NGAYKT_DTRI_LAO": None}),
    ("XML6", "XML6-002", PCR | {"MA_KQ_XN_PCR": "1"}),
    ("XML6", "XML6-003", {"MA_XU_TRI": "4", "NGAY_BAT_DAU_XU_TRI": None}),
    ("XML9", "XML9-004", {"SO_CON_SONG": "0"}),
    ("XML9", "XML9-005", {"SINHCON_PHAUTHUAT": "1", "GHI_CHU": "Mổ lấy thai"}),
    ("XML10", "XML10-001", {"SO_NGAY": "9"}),
    ("XML11", "XML11-002", LOSS | {"SO_NGAY_NGHI": "50"}),
    ("XML11", "XML11-003", {"TU_NGAY": "20260114", "DEN_NGAY": "20260118"}),
    ("XML15", "XML15-001", {"PHANLOAI_LAO_KT": None}),
]


def with_paper(table, **fields):
    visit = clean_visit()
    row = {name: value for name, value in (ROWS[table] | fields).items() if value is not None}
    visit.tables[table] = [row]
    return visit


@pytest.mark.parametrize("table", ROWS)
def test_a_clean_paper_has_no_finding(table):
    assert checking.check(with_paper(table), Header(), now=NOW) == []


@pytest.mark.parametrize(("table", "rule", "fields", "field"), BROKEN)
def test_a_broken_rule_says_where_and_why(table, rule, fields, field):
    found = fired(with_paper(table, **fields), rule)
    assert [(one.table, one.row, one.field) for one in found] == [(table, 1, field)]
    assert "…" not in explain(found[0])


@pytest.mark.parametrize(("table", "rule", "fields"), KEPT)
def test_a_rule_does_not_cry_wolf(table, rule, fields):
    assert fired(with_paper(table, **fields), rule) == []


def test_tuberculosis_allows_half_a_year_of_leave():
    visit = with_paper("XML11", SO_NGAY_NGHI="180")
    visit.tables["XML1"][0]["MA_BENH_CHINH"] = "A15.0"
    assert fired(visit, "XML11-002") == []


def test_an_assessment_is_checked_on_its_own():
    row = {"MA_BHXH": "0000000000", "CHUC_VU": "9", "MA_DOI_TUONG": "không"}
    found = checking.check(Dossier(1, {"XML12": [row]}, "3176"), Header(), now=NOW)
    named = {(one.rule, one.field) for one in found if one.rule.startswith("XML12-")}
    assert named == {("XML12-001", "MA_BHXH"), ("XML12-002", "CHUC_VU"), ("XML12-002", "MA_DOI_TUONG")}
