"""Rules of XML3, services, beds, supplies: what a row must carry and how it is written."""

import pytest
from cases import change, clean_visit, outpatient_visit, visit_4210
from rule_tables import NOW_4210, fires, found, operation, params, with_row, written_to


EXAM, TEST, IMAGE, BED, SUPPLY = 1, 2, 3, 4, 8


@pytest.mark.parametrize(
    ("rule", "row", "field", "change_to"),
    [
        ("XML3-001", TEST, "DON_VI_TINH", {"DON_VI_TINH": None}),
        ("XML3-001", SUPPLY, "DON_GIA_BH", {"DON_GIA_BH": None}),
        ("XML3-002", EXAM, "MA_DICH_VU", {"MA_DICH_VU": None}),
        ("XML3-002", SUPPLY, "MA_VAT_TU", {"MA_VAT_TU": None}),
        ("XML3-003", EXAM, "TEN_DICH_VU", {"TEN_DICH_VU": None}),
        ("XML3-003", EXAM, "MA_DICH_VU", {"MA_DICH_VU": None, "MA_VAT_TU": "N03.01.020"}),
        ("XML3-004", SUPPLY, "TEN_VAT_TU", {"TEN_VAT_TU": None}),
        ("XML3-004", SUPPLY, "MA_VAT_TU", {"MA_VAT_TU": None, "MA_DICH_VU": "22.0120.1370"}),
        ("XML3-005", EXAM, "MA_NHOM", {"MA_NHOM": "4"}),
        ("XML3-006", EXAM, "MA_XANG_DAU", {"MA_NHOM": "12", "NGAY_KQ": "202601100900"}),
        ("XML3-007", SUPPLY, "TT_THAU", {"TT_THAU": None}),
        ("XML3-007", SUPPLY, "TT_THAU", {"TT_THAU": "58/QĐ-SYT;G1;X;2025"}),
        ("XML3-007", SUPPLY, "TT_THAU", {"TT_THAU": "58/QĐ-SYT;G100;N1;2025"}),
        ("XML3-008", TEST, "NGUOI_THUC_HIEN", {"NGUOI_THUC_HIEN": None}),
        ("XML3-010", IMAGE, "NGAY_KQ", {"NGAY_KQ": None}),
        ("XML3-010", EXAM, "NGAY_KQ", {"MA_NHOM": "12", "MA_XANG_DAU": "R954V1"}),
        ("XML3-018", TEST, "MA_MAY", {"MA_MAY": None}),
        ("XML3-019", TEST, "MA_MAY", {"MA_MAY": "M01"}),
        ("XML3-019", TEST, "MA_MAY", {"MA_MAY": "HH.4.M01"}),
        ("XML3-019", TEST, "MA_MAY", {"MA_MAY": "HH.3.M01"}),
        ("XML3-019", TEST, "MA_MAY", {"MA_MAY": "HH.1.M01;X"}),
        ("XML3-021", BED, "MA_GIUONG", {"MA_GIUONG": None}),
        ("XML3-021", BED, "MA_GIUONG", {"MA_GIUONG": "G12"}),
        ("XML3-021", BED, "MA_GIUONG", {"MA_GIUONG": "H001;B2"}),
        ("XML3-042", SUPPLY, "MA_DICH_VU", {"MA_DICH_VU": "99.9999"}),
        ("XML3-045", TEST, "MA_BENH", {"MA_BENH": "J18.9;Q0Q"}),
        ("XML3-047", SUPPLY, "GOI_VTYT", {"GOI_VTYT": "1"}),
        ("XML3-047", SUPPLY, "GOI_VTYT", {"GOI_VTYT": "G0"}),
        ("XML3-048", SUPPLY, "TAI_SU_DUNG", {"TAI_SU_DUNG": "0"}),
        ("XML3-049", TEST, "VET_THUONG_TP", {"VET_THUONG_TP": "0"}),
        ("XML3-050", TEST, "PHAM_VI", {"PHAM_VI": "4"}),
    ],
)
def test_one_mistake_in_a_service_row_is_one_finding(rule, row, field, change_to):
    assert found(change(clean_visit(), "XML3", row, **change_to)) == fires(rule, field, row)


@pytest.mark.parametrize(
    ("row", "change_to"),
    [
        (SUPPLY, {"TT_THAU": "58/QĐ-SYT;G0;N0;2025"}),
        (SUPPLY, {"TT_THAU": None, "PHAM_VI": "2"}),
        (SUPPLY, {"MA_DICH_VU": "22.0120.1370_TB"}),
        (SUPPLY, {"GOI_VTYT": "G12", "TAI_SU_DUNG": "1"}),
        (TEST, {"MA_MAY": "HH.3[Xã hội hóa; liên kết].M01; HH.2.M02"}),
        (EXAM, {"MA_NHOM": "19"}),
        (EXAM, {"MA_NHOM": "12", "MA_XANG_DAU": "R954V1", "NGAY_KQ": "202601100900"}),
        (BED, {"MA_GIUONG": "H001;T002"}),
        (BED + 1, {"NGAY_KQ": None}),
        (TEST, {"MA_BENH": None}),
    ],
)
def test_what_the_decree_lets_a_service_row_do_is_no_finding(row, change_to):
    assert found(change(clean_visit(), "XML3", row, **change_to)) == set()


def test_a_test_done_elsewhere_needs_neither_performer_nor_machine():
    code = "22.0120.1370.K.99002"
    visit = change(clean_visit(), "XML3", TEST, MA_DICH_VU=code, NGUOI_THUC_HIEN=None, NGAY_TH_YL=None, MA_MAY=None)
    assert found(visit) == set()


@pytest.mark.parametrize(
    ("standard", "machine", "clean"),
    [
        ("130", "HH.1.99001.M01", True),
        ("4750", "HH.3.99001.M01", True),
        ("4750", "HH.1.M01", False),
        ("3176", "HH.1.M01", True),
    ],
)
def test_machine_codes_carry_the_facility_until_4750(standard, machine, clean):
    visit = change(written_to(standard), "XML3", TEST, MA_MAY=machine)
    assert found(visit) == (set() if clean else fires("XML3-019", "MA_MAY", TEST))


@pytest.mark.parametrize(
    ("change_to", "clean"),
    [
        ({}, True),
        ({"PP_VO_CAM": None}, False),
        ({"PP_VO_CAM": None, "MA_DICH_VU": "10.0150.0508_TB"}, True),
        ({"PP_VO_CAM": None, "MA_NHOM": "18"}, True),
        ({"PP_VO_CAM": None, "MA_NHOM": "18", "MA_DICH_VU": "10.0150.0508_GT"}, False),
        ({"PP_VO_CAM": "2", "MA_NHOM": "18", "MA_DICH_VU": "10.0150.0508_GT"}, True),
    ],
)
def test_operations_state_the_anaesthesia(change_to, clean):
    assert found(operation(clean_visit(), **change_to)) == (set() if clean else fires("XML3-020", "PP_VO_CAM", IMAGE))


def test_outpatients_have_no_bed():
    bed = {"MA_NHOM": "16", "MA_GIUONG": "H001", "SO_LUONG": "0", "THANH_TIEN_BV": "0", "THANH_TIEN_BH": "0"}
    bed |= {"T_BHTT": "0", "T_BNCCT": "0", "NGAY_KQ": "202601101000", "MA_MAY": None}
    visit = with_row(outpatient_visit(), "XML3", EXAM, **bed)
    assert found(visit) == fires("XML3-022", "MA_NHOM", 4)
    assert params(visit, "XML3-022")["ma_loai_kcb"] == "01"


def exam(visit, rate, **fields):
    """One more examination (45000) paid at `rate` percent."""
    amount = 45000 * int(rate) / 100
    sums = {"THANH_TIEN_BV": amount, "THANH_TIEN_BH": amount, "T_BHTT": amount * 0.8, "T_BNCCT": amount * 0.2}
    return with_row(visit, "XML3", EXAM, TYLE_TT_DV=rate, **{k: f"{x:.2f}" for k, x in sums.items()}, **fields)


def exams(*rates):
    """An outpatient visit with further examinations after the first, which is paid in full."""
    visit = outpatient_visit()
    for rate in rates:
        visit = exam(visit, rate)
    return visit


@pytest.mark.parametrize("rates", [(), ("30",), ("30", "30", "30"), ("30", "30", "30", "10"), ("30", "0"), ("10",)])
def test_examinations_paid_as_the_law_says(rates):
    assert found(exams(*rates)) == set()


@pytest.mark.parametrize(
    ("rates", "row"),
    [(("100",), 4), (("50",), 4), (("30", "30", "30", "30"), 7), (("30", "30", "30", "10", "10"), 8)],
)
def test_examination_rates_fall(rates, row):
    assert found(exams(*rates)) == fires("XML3-027", "TYLE_TT_DV", row)


def test_an_examination_on_another_day_is_paid_in_full():
    visit = change(outpatient_visit(), "XML1", 1, NGAY_RA="202601111130", MA_LOAI_KCB="06")
    assert found(exam(visit, "100", NGAY_YL="202601110805")) == set()


def test_two_examinations_of_which_none_is_paid_in_full():
    lower = {"THANH_TIEN_BV": "13500", "THANH_TIEN_BH": "13500", "T_BHTT": "10800", "T_BNCCT": "2700"}
    visit = change(outpatient_visit(), "XML3", EXAM, TYLE_TT_DV="30", **lower)
    assert found(visit) == fires("XML3-028", "TYLE_TT_DV", EXAM)
    assert found(exam(visit, "30")) == fires("XML3-027", "TYLE_TT_DV", EXAM)


def test_an_inpatient_has_one_examination_fee():
    assert found(exam(clean_visit(), "30")) == fires("XML3-026", "MA_DICH_VU", 9)
    assert found(exam(clean_visit(), "0")) == set()


@pytest.mark.parametrize(("rate", "clean"), [("50", True), ("33", True), ("80", False), ("70", False)])
def test_bed_rates(rate, clean):
    amount = 187100 * int(rate) / 100
    sums = {"THANH_TIEN_BV": amount, "THANH_TIEN_BH": amount, "T_BHTT": amount * 0.8, "T_BNCCT": amount * 0.2}
    visit = change(clean_visit(), "XML3", BED, TYLE_TT_DV=rate, **{k: f"{x:.2f}" for k, x in sums.items()})
    assert found(visit) == (set() if clean else fires("XML3-029", "TYLE_TT_DV", BED))


@pytest.mark.parametrize(("rate", "clean"), [("50", True), ("80", True), ("33", False)])
def test_operation_rates(rate, clean):
    amount = 73300 * int(rate) / 100
    sums = {"THANH_TIEN_BV": amount, "THANH_TIEN_BH": amount, "T_BHTT": amount * 0.8, "T_BNCCT": amount * 0.2}
    visit = operation(clean_visit(), TYLE_TT_DV=rate, **{k: f"{x:.2f}" for k, x in sums.items()})
    assert found(visit) == (set() if clean else fires("XML3-029", "TYLE_TT_DV", IMAGE))


@pytest.mark.parametrize(
    ("rule", "field", "change_to"),
    [
        ("XML3-002", "MA_DICH_VU", {"MA_DICH_VU": None}),
        ("XML3-005", "MA_NHOM", {"MA_NHOM": "18"}),
        ("XML3-014", "NGAY_YL", {"NGAY_YL": "202305100759"}),
        ("XML3-022", "MA_NHOM", {"MA_NHOM": "15"}),
        ("XML3-047", "GOI_VTYT", {"GOI_VTYT": "X1"}),
        ("XML3-050", "PHAM_VI", {"PHAM_VI": "3"}),
    ],
)
def test_rules_that_hold_for_4210_too(rule, field, change_to):
    assert found(change(visit_4210(), "XML3", 1, **change_to), NOW_4210) == fires(rule, field, 1)
