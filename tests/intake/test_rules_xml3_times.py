"""Rules of XML3 on moments, bed periods and overlapping work."""

import pytest
from cases import DOCTOR, NURSE, change, clean_visit
from rule_tables import fires, found, operation, params, with_row


EXAM, TEST, IMAGE, BED, SUPPLY = 1, 2, 3, 4, 8


@pytest.mark.parametrize(
    ("rule", "row", "field", "change_to"),
    [
        ("XML3-009", TEST, "NGAY_TH_YL", {"NGAY_TH_YL": None}),
        ("XML3-009", TEST, "NGAY_TH_YL", {"NGAY_TH_YL": "202601100909"}),
        ("XML3-011", BED, "NGAY_KQ", {"NGAY_KQ": "202601100900"}),
        ("XML3-011", BED + 3, "NGAY_KQ", {"NGAY_KQ": "202601140901"}),
        ("XML3-012", IMAGE, "NGAY_TH_YL", {"NGAY_TH_YL": "202601101028"}),
        ("XML3-013", IMAGE, "NGAY_TH_YL", {"NGAY_YL": "202601100910", "NGAY_TH_YL": "202601100915"}),
        ("XML3-014", EXAM, "NGAY_YL", {"NGAY_YL": "202601100759"}),
        ("XML3-014", SUPPLY, "NGAY_YL", {"NGAY_YL": "202601141200"}),
        ("XML3-016", TEST, "NGUOI_THUC_HIEN", {"NGUOI_THUC_HIEN": DOCTOR}),
        ("XML3-016", TEST, "NGUOI_THUC_HIEN", {"NGUOI_THUC_HIEN": f"{NURSE};{DOCTOR}"}),
        ("XML3-023", BED, "SO_LUONG", {"SO_LUONG": "3", "DON_GIA_BV": "62366.667", "DON_GIA_BH": "62366.667"}),
        ("XML3-024", BED + 1, "NGAY_YL", {"NGAY_YL": "202601110859", "NGAY_TH_YL": "202601110859"}),
    ],
)
def test_one_wrong_moment_is_one_finding(rule, row, field, change_to):
    visit = change(clean_visit(), "XML3", row, **change_to)
    expected = "NGAY_KQ" if rule in ("XML3-012", "XML3-013") else field
    assert found(visit) == fires(rule, expected, row)


def test_a_result_after_more_than_a_week():
    visit = change(clean_visit(), "XML1", 1, NGAY_RA="202601251000")
    late = "202601170941"
    visit = change(visit, "XML3", TEST, NGAY_KQ=late)
    visit = change(change(visit, "XML4", 1, NGAY_KQ=late), "XML4", 2, NGAY_KQ=late)
    assert found(visit) == fires("XML3-012", "NGAY_KQ", TEST)
    assert params(visit, "XML3-012")["since"] == "NGAY_YL"


def test_a_result_before_its_execution():
    visit = change(clean_visit(), "XML3", TEST, NGAY_TH_YL="202601100950")
    assert found(visit) == fires("XML3-011", "NGAY_KQ", TEST)


def test_service_ordered_before_the_card_starts():
    visit = change(clean_visit(), "XML1", 1, GT_THE_TU="20260112")
    rows = {place[2] for place in found(visit) if place[0] == "XML3-015"}
    assert rows == {1, 2, 3, 4, 5, 8}


def test_execution_in_the_future():
    visit = change(clean_visit(), "XML1", 1, NGAY_RA="202602101000")
    visit = change(visit, "XML3", BED + 3, NGAY_TH_YL="202602010801", NGAY_KQ="202602020800")
    assert fires("XML3-016", "NGAY_TH_YL", BED + 3) <= found(visit)


def second_operation(**fields):
    """Two operations on 10 January: 10:10 to 10:30 by the nurse, and one like it."""
    one = operation(clean_visit())
    return with_row(one, "XML3", IMAGE, MA_DICH_VU="10.0151.0509", **fields)


@pytest.mark.parametrize(
    ("change_to", "clean"),
    [
        ({}, False),
        ({"NGAY_TH_YL": "202601101029", "NGAY_KQ": "202601101040"}, False),
        ({"NGAY_TH_YL": "202601101030", "NGAY_KQ": "202601101040"}, True),
        ({"NGUOI_THUC_HIEN": "000909/HNO-GPHN"}, True),
        ({"NGUOI_THUC_HIEN": f"000909/HNO-GPHN;{NURSE}"}, False),
    ],
)
def test_one_person_does_one_operation_at_a_time(change_to, clean):
    assert found(second_operation(**change_to)) == (set() if clean else fires("XML3-017", "NGAY_TH_YL", 9))


def test_an_operation_added_in_the_same_session_may_overlap():
    half = {"THANH_TIEN_BV": "36650", "THANH_TIEN_BH": "36650", "T_BHTT": "29320", "T_BNCCT": "7330"}
    assert found(second_operation(TYLE_TT_DV="50", **half)) == set()


def test_an_operation_is_counted_once():
    visit = operation(clean_visit(), SO_LUONG="2", DON_GIA_BV="36650", DON_GIA_BH="36650")
    assert found(visit) == fires("XML3-023", "SO_LUONG", IMAGE)


def test_a_bed_row_may_stand_for_the_days_of_its_period():
    price = {"DON_GIA_BV": "62366.667", "DON_GIA_BH": "62366.667"}
    visit = clean_visit()
    del visit.tables["XML3"][BED : BED + 3]
    visit = change(visit, "XML3", BED, SO_LUONG="3", NGAY_KQ="202601140900", **price)
    assert found(visit) == set()
    assert found(change(visit, "XML3", BED, NGAY_KQ=None)) == set()


@pytest.mark.parametrize(
    ("left", "beds", "clean"),
    [
        ("202601101159", 1, False),
        ("202601101200", 1, True),
        ("202601110759", 1, True),
        ("202601110759", 2, False),
        ("202601110800", 2, True),
        ("202601101159", 0, True),
    ],
)
def test_short_stays_have_few_bed_days(left, beds, clean):
    visit = change(clean_visit(), "XML1", 1, NGAY_RA=left)
    visit.tables["XML3"][BED - 1 + beds :] = []
    places = {place for place in found(visit) if place[0] == "XML3-025"}
    assert places == (set() if clean else fires("XML3-025", "SO_LUONG", BED - 1 + beds))
