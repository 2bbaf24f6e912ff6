"""Numbers and quantities: precision, prefixes, units, ranges, comparators."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_cases import found, table

from yteso.fhir.search import SearchError, parse


NUMBERS = table("""
    # the resource | search   | found
    100            | 100      | yes
    # as wide as the last digit: [99.5, 100.5)
    99.5           | 100      | yes
    100.4          | 100      | yes
    100.5          | 100      | no
    99.4           | 100      | no
    # [99.995, 100.005)
    100            | 100.00   | yes
    100.004        | 100.00   | yes
    100.005        | 100.00   | no
    99.994         | 100.00   | no
    # [95, 105), as the specification has it
    95             | 1e2      | yes
    104.9          | 1e2      | yes
    105            | 1e2      | no
    94             | 1e2      | no
    0.02           | 2e-2     | yes
    0.1            | 0.1      | yes
    0.3            | 0.30     | yes
    -5             | -5       | yes
    100            | eq100    | yes
    100            | ne100    | no
    101            | ne100    | yes
    # the others compare with the exact number
    100.1          | gt100    | yes
    100            | gt100    | no
    100            | ge100    | yes
    99.9           | ge100    | no
    99.9           | lt100    | yes
    100            | lt100    | no
    100            | le100    | yes
    100.1          | le100    | no
    100.1          | sa100    | yes
    100            | sa100    | no
    99.9           | eb100    | yes
    100            | eb100    | no
    109            | ap100    | yes
    90             | ap100    | yes
    111            | ap100    | no
    0              | ap0      | yes
    7              | 5,6,7    | yes
""")


@pytest.mark.parametrize(("says", "search", "expected"), NUMBERS)
@pytest.mark.parametrize("read", [float, Decimal, str])
def test_numbers_their_precision_and_prefixes(says, search, expected, read):
    assert found("ChargeItem", "factor-override", search, {"factorOverride": read(says)}) == (expected == "yes")


@pytest.mark.parametrize(
    ("says", "search", "expected"),
    [
        ({"low": {"value": 0.2}, "high": {"value": 0.4}}, "0.3", False),
        ({"low": {"value": 0.28}, "high": {"value": 0.32}}, "0.3", True),
        ({"low": {"value": 0.2}, "high": {"value": 0.4}}, "gt0.3", True),
        ({"low": {"value": 0.2}, "high": {"value": 0.4}}, "lt0.3", True),
        ({"low": {"value": 0.2}, "high": {"value": 0.4}}, "sa0.1", True),
        ({"low": {"value": 0.2}, "high": {"value": 0.4}}, "sa0.3", False),
        ({"low": {"value": 0.2}}, "gt0.9", True),
        ({"low": {"value": 0.2}}, "eb0.9", False),
        ({"high": {"value": 0.2}}, "lt-5", True),
        ({"low": {"unit": "%"}}, "gt0", False),
    ],
)
def test_a_range_is_all_that_lies_within(says, search, expected):
    assert found("RiskAssessment", "probability", search, {"prediction": [{"probabilityRange": says}]}) is expected


UCUM = "http://unitsofmeasure.org"
GLUCOSE = {"value": 5.4, "unit": "millimol", "system": UCUM, "code": "mmol/L"}

UNITS = table(f"""
    5.4                         | yes
    5.4|{UCUM}|mmol/L           | yes
    5.40|{UCUM}|mmol/L          | yes
    ge5.4|{UCUM}|mmol/L         | yes
    gt5.4|{UCUM}|mmol/L         | no
    # without a system, the code or the words of the unit
    5.4||mmol/L                 | yes
    5.4||millimol               | yes
    5.4|{UCUM}|millimol         | no
    5.4||mg/dL                  | no
    5.4|http://other.org|mmol/L | no
    ap5.0||mmol/L               | yes
    ap4.0||mmol/L               | no
    1||mg,5.4||mmol/L           | yes
    ne5.4||mmol/L               | no
    ne6||mmol/L                 | yes
    # another unit is not a different amount of this one
    ne6||mg                     | no
""")


@pytest.mark.parametrize(("search", "expected"), UNITS)
def test_quantities_and_their_units(search, expected):
    assert found("Observation", "value-quantity", search, {"valueQuantity": GLUCOSE}) == (expected == "yes")


@pytest.mark.parametrize(
    ("comparator", "search", "expected"),
    [
        ("<", "lt5", True), ("<", "lt2", True), ("<", "5", False), ("<", "ge5", False), ("<", "gt4", True),
        ("<=", "ge5", True), ("<=", "gt5", False), ("<=", "eb5", False), ("<", "eb5", True),
        (">", "gt5", True), (">", "gt9", True), (">", "le5", False), (">", "sa5", True), (">", "lt6", True),
        (">=", "le5", True), (">=", "lt5", False), (">=", "sa5", False), (None, "5", True),
    ],
)  # fmt: skip
def test_a_result_beyond_what_can_be_measured(comparator, search, expected):
    quantity = {"value": 5, "comparator": comparator}
    assert found("Observation", "value-quantity", search, {"valueQuantity": quantity}) is expected


def test_money_is_found_by_its_currency():
    invoice = {"totalGross": {"value": 125000, "currency": "VND"}}
    assert found("Invoice", "totalgross", "125000||VND", invoice)
    assert found("Invoice", "totalgross", "gt100000|urn:iso:std:iso:4217|VND", invoice)
    assert not found("Invoice", "totalgross", "125000||USD", invoice)
    assert not found("Invoice", "totalgross", f"125000|{UCUM}|VND", invoice)


def test_ages_and_ranges_of_ages():
    year = {"system": UCUM, "code": "a"}
    at_52 = {"onsetAge": {"value": 52, **year}}
    fifties = {"onsetRange": {"low": {"value": 50, **year}, "high": {"value": 59, **year}}}
    assert found("Condition", "onset-age", f"52|{UCUM}|a", at_52)
    assert found("Condition", "onset-age", "gt55||a", fifties)
    assert not found("Condition", "onset-age", "gt59||a", fifties)
    assert not found("Condition", "onset-age", "gt55||mo", fifties)


def test_samples_reach_from_the_least_to_the_greatest():
    samples = {"origin": {"value": 10, "code": "mV"}, "factor": 2, "data": "-1 0 E 5 U", "period": 1, "dimensions": 1}
    assert found("Observation", "value-quantity", "ge20||mV", {"valueSampledData": samples})
    assert not found("Observation", "value-quantity", "gt20||mV", {"valueSampledData": samples})
    assert found("Observation", "value-quantity", "lt9", {"valueSampledData": samples})
    assert not found("Observation", "value-quantity", "lt9", {"valueSampledData": samples | {"data": "E U"}})


@pytest.mark.parametrize(
    "text", ["x", "5,4,x", "1.", ".5", "1e", "e5", "--1", "gt", "NaN", "Infinity", "１", "1_0", "5 4"]
)
def test_what_is_no_number_is_refused(text):
    with pytest.raises(SearchError) as raised:
        parse("ChargeItem", [("factor-override", text)], strict=True)
    assert raised.value.reason == "number"


@pytest.mark.parametrize("text", ["5.4|mmol/L", "5.4|a|b|c", "5.4||", f"5.4|{UCUM}|"])
def test_a_unit_without_its_parts_is_refused(text):
    with pytest.raises(SearchError, match="mmol/L"):
        parse("Observation", [("value-quantity", text)], strict=True)


@given(st.decimals(-(10**9), 10**9, places=3), st.decimals(-(10**9), 10**9, places=3))
def test_prefixes_of_numbers_agree_with_each_other(says, asked):
    resource = {"factorOverride": says}
    is_ = {
        prefix: found("ChargeItem", "factor-override", f"{prefix}{asked}", resource)
        for prefix in ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb")
    }
    assert is_["eq"] == (says == asked)
    assert (is_["ne"], is_["gt"], is_["lt"]) == (says != asked, says > asked, says < asked)
    assert (is_["ge"], is_["le"], is_["sa"], is_["eb"]) == (says >= asked, says <= asked, says > asked, says < asked)
