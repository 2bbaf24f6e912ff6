"""Money rules of XML3 by version, each wrong amount reported once."""

import pytest
from cases import change, clean_visit, visit_4210
from rule_tables import NOW_4210, fires, found, params, written_to


EXAM, TEST, IMAGE, BED, SUPPLY = 1, 2, 3, 4, 8
FAMILY = ["130", "4750", "3176"]

# row 1 of the clean visit: one examination of 45000, all insured at 80 %
SURCHARGED = {"DON_GIA_BV": "60000", "THANH_TIEN_BV": "60000", "T_BNTT": "15000"}
SHARED_BED = {"TYLE_TT_DV": "50", "THANH_TIEN_BH": "93550", "T_BHTT": "74840", "T_BNCCT": "18710"}


@pytest.mark.parametrize("standard", FAMILY)
@pytest.mark.parametrize(
    ("rule", "field", "change_to", "expected"),
    [
        ("XML3-031", "THANH_TIEN_BV", {"THANH_TIEN_BV": "45002"}, "45000"),
        ("XML3-032", "THANH_TIEN_BH", {"THANH_TIEN_BH": "40000"}, "45000"),
        ("XML3-032", "THANH_TIEN_BH", {"TYLE_TT_BH": "50"}, "22500"),
        ("XML3-033", "T_BHTT", {"T_BHTT": "35000"}, "36000"),
        ("XML3-034", "T_BNCCT", {"T_BNCCT": "0"}, "9000"),
        ("XML3-035", "T_BNTT", {"T_BNTT": "15000"}, "0"),
        ("XML3-035", "T_BNTT", {**SURCHARGED, "T_BNTT": "0"}, "15000"),
        ("XML3-036", "T_NGUONKHAC", {"T_NGUONKHAC": "1000"}, "0"),
        ("XML3-036", "T_NGUONKHAC", {"T_NGUONKHAC_CL": "50000", "T_NGUONKHAC": "50000"}, "50000"),
    ],
)
def test_one_wrong_amount_is_one_finding(standard, rule, field, change_to, expected):
    visit = change(written_to(standard), "XML3", EXAM, **change_to)
    assert found(visit) == fires(rule, field, EXAM)
    assert params(visit, rule)["expected"] == expected


@pytest.mark.parametrize("standard", FAMILY)
@pytest.mark.parametrize(
    "change_to",
    [
        SURCHARGED,
        {**SURCHARGED, "T_NGUONKHAC_CL": "20000", "T_NGUONKHAC": "20000", "T_BNTT": "0", "T_BNCCT": "4000"},
        {"T_NGUONKHAC_VTTN": "10000", "T_NGUONKHAC": "10000", "T_BNCCT": "0", "T_BHTT": "35000"},
        {"THANH_TIEN_BV": "45001", "T_BNTT": "0"},
    ],
)
def test_amounts_that_are_right(standard, change_to):
    assert found(change(written_to(standard), "XML3", EXAM, **change_to)) == set()


@pytest.mark.parametrize(
    ("standard", "whole", "out", "clean"),
    [
        ("130", "187100", "93550", True),
        ("130", "93550", "0", True),
        ("4750", "93550", "0", True),
        ("4750", "187100", "93550", False),
        ("3176", "93550", "0", True),
        ("3176", "187100", "93550", False),
    ],
)
def test_the_service_rate_counts_in_the_amount_from_4750(standard, whole, out, clean):
    visit = change(written_to(standard), "XML3", BED, **SHARED_BED, THANH_TIEN_BV=whole, T_BNTT=out)
    assert found(visit) == (set() if clean else fires("XML3-031", "THANH_TIEN_BV", BED))


@pytest.mark.parametrize(("standard", "clean"), [("4750", False), ("3176", True)])
def test_3176_lets_a_hospital_forgo_the_surcharge(standard, clean):
    # 200000 a day, 187100 of it insured, half a bed: 200000 - 187100 × 50 %
    amounts = {"DON_GIA_BV": "200000", "THANH_TIEN_BV": "106450", "T_BNTT": "12900"}
    visit = change(written_to(standard), "XML3", BED, **SHARED_BED, **amounts)
    assert found(visit) == (set() if clean else fires("XML3-031", "THANH_TIEN_BV", BED))


@pytest.mark.parametrize(("field", "rate"), [("TYLE_TT_DV", "101"), ("TYLE_TT_BH", "-1"), ("MUC_HUONG", "800")])
def test_rates_are_percentages(field, rate):
    assert ("XML3-030", "XML3", TEST, field) in found(change(clean_visit(), "XML3", TEST, **{field: rate}))


def test_parts_that_do_not_make_up_the_amount():
    mixed = {"TYLE_TT_BH": "50", "T_BHTT": "18000", "T_BNCCT": "4500"}
    visit = change(clean_visit(), "XML3", EXAM, **mixed)
    assert found(visit) == fires("XML3-032", "THANH_TIEN_BH", EXAM) | fires("XML3-037", "THANH_TIEN_BV", EXAM)


# row 8: two syringes of 1500
@pytest.mark.parametrize(
    ("standard", "change_to", "place"),
    [
        ("130", {"T_TRANTT": "2000"}, fires("XML3-039", "T_BHTT", SUPPLY)),
        ("4750", {"T_TRANTT": "2400"}, set()),
        ("4750", {"T_TRANTT": "2000", "T_BHTT": "2000", "T_BNCCT": "1000"}, set()),
        ("3176", {"T_TRANTT": "1500"}, set()),
        ("3176", {"T_TRANTT": "1200"}, fires("XML3-040", "DON_GIA_BH", SUPPLY)),
        ("3176", {"T_TRANTT": "9000", "DON_GIA_BH": "1500"}, set()),
    ],
)
def test_ceilings_of_supplies(standard, change_to, place):
    assert found(change(written_to(standard), "XML3", SUPPLY, **change_to)) == place


def test_3176_fund_above_the_ceiling_of_each_item():
    visit = change(clean_visit(), "XML3", SUPPLY, T_TRANTT="1000")
    assert found(visit) == fires("XML3-039", "T_BHTT", SUPPLY) | fires("XML3-040", "DON_GIA_BH", SUPPLY)
    assert params(visit, "XML3-039")["ceiling"] == "2000"
    assert params(visit, "XML3-040")["expected"] == "1000"


@pytest.mark.parametrize(("card", "clean"), [("DN4019900000001", False), ("TE1019900000001", True), (None, True)])
def test_one_drug_eluting_stent(card, clean):
    visit = change(clean_visit(), "XML3", SUPPLY, MA_VAT_TU="N06.02.020.0001")
    visit = change(visit, "XML1", 1, MA_THE_BHYT=card)
    assert found(visit) == (set() if clean else fires("XML3-041", "SO_LUONG", SUPPLY))


@pytest.mark.parametrize(
    ("rule", "field", "change_to"),
    [
        ("XML3-033", "T_BHTT", {"T_BHTT": "38700"}),
        ("XML3-034", "T_BNCCT", {"T_BNCCT": "0"}),
        ("XML3-035", "T_BNTT", {"T_BNTT": "5000"}),
        ("XML3-036", "T_NGUONKHAC", {"T_NGUONKHAC": "-5"}),
        ("XML3-037", "THANH_TIEN", {"TYLE_TT": "30", "T_BHTT": "9288", "T_BNCCT": "2322"}),
        ("XML3-038", "T_NGOAIDS", {"T_NGOAIDS": "100"}),
    ],
)
def test_amounts_of_4210(rule, field, change_to):
    assert found(change(visit_4210(), "XML3", 1, **change_to), NOW_4210) == fires(rule, field, 1)
