"""Rules of XML4 (results) and between XML3 and XML4."""

import pytest
from cases import change, clean_visit
from rule_tables import fires, found, params, with_row


LAB, IMAGE = 1, 3


@pytest.mark.parametrize(
    ("rule", "row", "field", "change_to"),
    [
        ("XML4-001", LAB, "NGAY_KQ", {"NGAY_KQ": None}),
        ("XML4-002", LAB, "NGAY_KQ", {"NGAY_KQ": "202601100941"}),
        ("XML4-003", LAB, "MA_BS_DOC_KQ", {"MA_BS_DOC_KQ": None}),
        ("XML4-003", IMAGE, "MA_BS_DOC_KQ", {"MA_BS_DOC_KQ": None}),
        ("XML4-005", LAB, "GIA_TRI", {"GIA_TRI": "1" * 256}),
        ("XML4-005", LAB, "DON_VI_DO", {"DON_VI_DO": "g" * 51}),
        ("XML3_XML4-002", IMAGE, "MO_TA", {"MO_TA": None}),
        ("XML3_XML4-002", IMAGE, "KET_LUAN", {"KET_LUAN": None}),
    ],
)
def test_one_mistake_in_a_result_is_one_finding(rule, row, field, change_to):
    assert found(change(clean_visit(), "XML4", row, **change_to)) == fires(rule, field, row, "XML4")


@pytest.mark.parametrize("moment", ["202601100759", "202602010801"])
def test_a_result_before_arrival_or_in_the_future(moment):
    visit = change(clean_visit(), "XML4", LAB, NGAY_KQ=moment, MA_DICH_VU="22.0120.1370.K.99002")
    assert found(visit) == fires("XML4-001", "NGAY_KQ", LAB, "XML4")


@pytest.mark.parametrize(
    ("row", "change_to"),
    [
        (IMAGE, {"GIA_TRI": "0.9", "KET_LUAN": None}),
        (IMAGE, {"MA_BS_DOC_KQ": None, "KET_LUAN": None, "GIA_TRI": None, "MA_DICH_VU": None}),
        (IMAGE, {"NGAY_KQ": None}),
        (LAB, {"MA_DICH_VU": "22.0120.1370_GT"}),
    ],
)
def test_what_the_decree_lets_a_result_do_is_no_finding(row, change_to):
    assert found(change(clean_visit(), "XML4", row, **change_to)) == set()


def test_a_service_without_a_result():
    visit = change(clean_visit(), "XML3", 2, MA_DICH_VU="22.0121.1369")
    assert found(visit) == fires("XML3_XML4-001", "MA_DICH_VU", 2, "XML3")
    assert params(visit, "XML3_XML4-001")["value"] == "22.0121.1369"
    assert found(change(visit, "XML3", 2, MA_DICH_VU="22.0121.1369_TB")) == set()


def test_no_service_can_be_said_to_lack_a_result_while_one_names_no_service():
    visit = with_row(clean_visit(), "XML4", LAB, MA_DICH_VU=None)
    assert found(change(visit, "XML3", 2, MA_DICH_VU="22.0121.1369")) == set()


def test_one_of_the_rows_of_an_image_may_carry_the_conclusion():
    visit = with_row(clean_visit(), "XML4", IMAGE, KET_LUAN=None)
    assert found(visit) == set()


def test_a_service_done_twice_may_have_either_moment():
    again = {"NGAY_YL": "202601120910", "NGAY_TH_YL": "202601120920", "NGAY_KQ": "202601120940"}
    visit = with_row(with_row(clean_visit(), "XML3", 2, **again), "XML4", LAB, NGAY_KQ="202601120940")
    assert found(visit) == set()


def test_values_were_shorter_before_3176():
    visit = change(clean_visit(), "XML4", LAB, GIA_TRI="1" * 60)
    assert found(visit) == set()
    visit.standard = "4750"
    assert ("XML4-005", "XML4", LAB, "GIA_TRI") in found(visit)
