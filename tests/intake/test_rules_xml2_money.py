"""Money rules of XML2 by version, each wrong amount reported once."""

import pytest
from cases import change, clean_visit, visit_4210
from rule_tables import NOW_4210, fires, found, params, written_to

from yteso.intake.checking.money import dong, split


FAMILY = ["130", "4750", "3176"]

# row 1 of the clean visit: 2 × 5000 = 10000, all insured at 80 %
PAID_BY_PATIENT = {"TYLE_TT_BH": "0", "THANH_TIEN_BH": "0", "T_BHTT": "0", "T_BNCCT": "0", "T_BNTT": "10000"}
HALF_INSURED = {"TYLE_TT_BH": "50", "THANH_TIEN_BH": "5000", "T_BHTT": "4000", "T_BNCCT": "1000", "T_BNTT": "5000"}


@pytest.mark.parametrize("standard", FAMILY)
@pytest.mark.parametrize(
    ("rule", "field", "change_to", "expected"),
    [
        ("XML2-009", "THANH_TIEN_BV", {"THANH_TIEN_BV": "10001.5"}, "10000"),
        ("XML2-009", "THANH_TIEN_BV", {"SO_LUONG": "3"}, "15000"),
        ("XML2-010", "THANH_TIEN_BH", {"THANH_TIEN_BH": "9000"}, "10000"),
        ("XML2-011", "T_BHTT", {"T_BHTT": "8500"}, "8000"),
        ("XML2-011", "T_BHTT", {"T_BHTT": "10000", "T_BNCCT": "0"}, "8000"),
        ("XML2-012", "T_BNCCT", {"T_BNCCT": "1990"}, "2000"),
        ("XML2-013", "T_BNTT", {"T_BNTT": "2000"}, "0"),
        ("XML2-013", "T_BNTT", {**HALF_INSURED, "T_BNTT": "0"}, "5000"),
        ("XML2-014", "T_NGUONKHAC", {"T_NGUONKHAC": "500"}, "0"),
        ("XML2-014", "T_NGUONKHAC", {"T_NGUONKHAC_CL": "500"}, "500"),
    ],
)
def test_one_wrong_amount_is_one_finding(standard, rule, field, change_to, expected):
    visit = change(written_to(standard), "XML2", 1, **change_to)
    assert found(visit) == fires(rule, field, 1)
    assert params(visit, rule)["expected"] == expected


@pytest.mark.parametrize("standard", FAMILY)
@pytest.mark.parametrize(
    "change_to",
    [
        HALF_INSURED,
        PAID_BY_PATIENT | {"PHAM_VI": "2", "MUC_HUONG": "0"},
        {"THANH_TIEN_BV": "10001", "T_BNTT": "0.5"},
        {"T_BHTT": "8001", "T_BNCCT": "1999"},
        # other sources take over the patient's part, then the co-payment, then the fund's part
        {**HALF_INSURED, "T_NGUONKHAC_CL": "3000", "T_NGUONKHAC": "3000", "T_BNTT": "2000"},
        {**HALF_INSURED, "T_NGUONKHAC_CL": "5400", "T_NGUONKHAC": "5400", "T_BNTT": "0", "T_BNCCT": "600"},
        {"T_NGUONKHAC_NSNN": "2000", "T_NGUONKHAC": "2000", "T_BNCCT": "0"},
        {"T_NGUONKHAC_NSNN": "3000", "T_NGUONKHAC": "3000", "T_BNCCT": "0", "T_BHTT": "7000"},
        {"T_NGUONKHAC_VTNN": "10000", "T_NGUONKHAC": "10000", "T_BNCCT": "0", "T_BHTT": "0"},
    ],
)
def test_amounts_that_are_right(standard, change_to):
    assert found(change(written_to(standard), "XML2", 1, **change_to)) == set()


def test_other_sources_that_leave_the_parts_as_they_were():
    visit = change(clean_visit(), "XML2", 1, T_NGUONKHAC_CL="1500", T_NGUONKHAC="1500")
    assert found(visit) == fires("XML2-012", "T_BNCCT", 1)
    assert params(visit, "XML2-012")["expected"] == "500"


@pytest.mark.parametrize("other", ["10002", "-5"])
def test_other_sources_beyond_the_amount(other):
    visit = change(clean_visit(), "XML2", 1, T_NGUONKHAC_CL=other, T_NGUONKHAC=other)
    assert found(visit) == fires("XML2-015", "T_NGUONKHAC", 1)


def test_parts_that_each_may_be_right_but_do_not_make_up_the_amount():
    # the co-payment fits the fund's part as stated, the fund's part fits another reading of the insured amount
    mixed = {"TYLE_TT_BH": "50", "THANH_TIEN_BH": "10000", "T_BHTT": "4000", "T_BNCCT": "1000", "T_BNTT": "0"}
    visit = change(clean_visit(), "XML2", 1, **mixed)
    assert found(visit) == fires("XML2-010", "THANH_TIEN_BH", 1) | fires("XML2-016", "THANH_TIEN_BV", 1)
    assert params(visit, "XML2-016")["expected"] == "5000"


@pytest.mark.parametrize(("field", "rate"), [("TYLE_TT_BH", "120"), ("TYLE_TT_BH", "-1"), ("MUC_HUONG", "101")])
def test_rates_are_percentages(field, rate):
    assert ("XML2-007", "XML2", 1, field) in found(change(clean_visit(), "XML2", 1, **{field: rate}))
    assert "XML2-009" not in {place[0] for place in found(change(clean_visit(), "XML2", 1, **{field: rate}))}


def test_missing_figures_are_not_judged():
    visit = change(clean_visit(), "XML2", 1, MUC_HUONG=None, T_BHTT=None, THANH_TIEN_BH=None)
    assert found(visit) == set()


@pytest.mark.parametrize(
    ("rule", "field", "change_to"),
    [
        ("XML2-009", "THANH_TIEN", {"THANH_TIEN": "11000", "T_BHTT": "8800", "T_BNCCT": "2200"}),
        ("XML2-008", "SO_LUONG", {"SO_LUONG": "-10"}),
        ("XML2-011", "T_BHTT", {"T_BHTT": "9000"}),
        ("XML2-012", "T_BNCCT", {"T_BNCCT": "1000"}),
        ("XML2-013", "T_BNTT", {"T_BNTT": "700"}),
        ("XML2-015", "T_NGUON_KHAC", {"T_NGUON_KHAC": "10500"}),
        ("XML2-016", "THANH_TIEN", {"TYLE_TT": "50", "T_BHTT": "4000", "T_BNCCT": "1000"}),
        ("XML2-017", "T_NGOAIDS", {"T_NGOAIDS": "5000"}),
    ],
)
def test_amounts_of_4210(rule, field, change_to):
    assert found(change(visit_4210(), "XML2", 1, **change_to), NOW_4210) == fires(rule, field, 1)


@pytest.mark.parametrize(
    "change_to",
    [
        {"T_NGOAIDS": "8000"},
        {"T_NGUON_KHAC": None, "T_NGUONKHAC": "500", "T_BNCCT": "1500"},
        {"TYLE_TT": "50", "THANH_TIEN": "5000", "T_BHTT": "4000", "T_BNCCT": "1000"},
        {"TYLE_TT": "50", "T_BHTT": "4000", "T_BNCCT": "1000", "T_BNTT": "5000"},
        {"PHAM_VI": "2", "T_BHTT": "0", "T_BNCCT": "0", "T_BNTT": "10000"},
        {"T_BNTT": None, "T_BNCCT": None},
    ],
)
def test_amounts_of_4210_that_are_right(change_to):
    assert found(change(visit_4210(), "XML2", 1, **change_to), NOW_4210) == set()


@pytest.mark.parametrize(
    ("other", "out", "co", "fund"),
    [(0, 200, 160, 640), (150, 50, 160, 640), (250, 0, 110, 640), (500, 0, 0, 500), (1000, 0, 0, 0)],
)
def test_other_sources_are_taken_off_in_turn(other, out, co, fund):
    assert split(1000, 800, 80, other) == (out, co, fund)


@pytest.mark.parametrize(("amount", "text"), [(10000.0, "10000"), (1200.5, "1200.50"), (0.0, "0"), (-0.001, "0")])
def test_amounts_are_written_as_in_the_file(amount, text):
    assert dong(amount) == text
