"""Units: what measures the same is compared as the same, exactly; what does not, never is."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from search_cases import found, table

from yteso.fhir.search import parse, ucum
from yteso.fhir.search.ucum import conversion, converted, unit


UCUM = "http://unitsofmeasure.org"

SAME = table("""
    # so much  | of this       | is so much | of that
    5.4        | mmol/L        | 5400       | umol/L
    5.4        | mmol/L        | 5.4        | mol/m3
    5          | mmol/L        | 5          | meq/L
    90         | mg/dL         | 0.9        | g/L
    3          | g%            | 3          | g/dL
    98.6       | [degF]        | 37         | Cel
    37         | Cel           | 310.15     | K
    -40        | Cel           | -40        | [degF]
    30         | [degRe]       | 37.5       | Cel
    120        | mm[Hg]        | 15.99864   | kPa
    10         | cm[H2O]       | 0.980665   | kPa
    1          | [lb_av]       | 0.45359237 | kg
    72         | /min          | 72         | {beats}/min
    1.2        | /s            | 72         | 1/min
    4.5        | 10*9/L        | 4500       | /uL
    4.5        | 10*3/uL       | 4.5        | 10^9/L
    40         | %             | 0.4        | 1
    5          | m[IU]/mL      | 5          | [IU]/L
    6          | mo            | 0.5        | a
    1          | wk            | 168        | h
    20         | kg/m2         | 2          | g.cm-2
    60         | mL/min/1.73.m2 | 60        | mL/(min.1.73.m2)
    6          | mg/kg/(8.h){shift} | 18    | ug/g/d
    30         | dB[SPL]       | 3          | B[SPL]
    7.4        | [pH]          | 7.4        | [pH]
    2          | U/L           | 2          | umol/(L.min)
    5          | mg{creat}     | 0.005      | g
""")
APART = table("""
    mg/dL   | mmol/L
    kg      | m
    [IU]    | mg
    [IU]    | [CFU]
    [pH]    | mol/L
    dB[SPL] | Pa
    Cel/min | K/min
    MMOL/L  | mmol/L
    5       | kg
    %       | {vol}kg
""")


def exactly(amount: str, code: str, into: str) -> Decimal:
    return converted(Decimal(amount), *conversion(code, into))


@pytest.mark.parametrize(("amount", "code", "same", "into"), [row for row in SAME if "1.73" not in row[1]])
def test_what_measures_the_same_is_converted_exactly_both_ways(amount, code, same, into):
    assert exactly(amount, code, into) == Decimal(same)
    assert exactly(same, into, code) == Decimal(amount)


@pytest.mark.parametrize(("code", "into"), APART)
def test_what_measures_something_else_is_not_converted(code, into):
    assert conversion(code, into) is None
    assert conversion(into, code) is None


def test_every_unit_of_the_official_table_is_understood():
    prefixes, units = ucum._table()
    assert len(prefixes) >= 24
    assert len(units) > 300
    assert [code for code in units if unit(code) is None] == []


NONE = [
    "",
    "/",
    "m/",
    "m//s",
    "m..s",
    "(m",
    "m)",
    "m s",
    "giọt",
    "lần/phút",
    "mmolL",
    "kkg",
    "Kmin",
    "m123",
    "m*2",
    "[x",
]
TOO_MUCH = ["m" * 61, "Ym99.Ym99.Ym99", "Ym99" + "0" * 20]


@pytest.mark.parametrize("code", [*NONE, *TOO_MUCH])
def test_what_is_no_unit_is_none(code):
    assert unit(code) is None


@given(st.text(st.sampled_from("mgkLsdl/.()[]{}*^0123456789+-%' "), max_size=30) | st.text(max_size=12))
def test_no_code_breaks_the_reading(code):
    found = unit(code)
    assert found is None or found.scale >= 0


READINGS = table(f"""
    # stored         | search                 | found
    5400 umol/L      | 5.4|{UCUM}|mmol/L      | yes
    # as precise as it was asked: [5.35, 5.45) mmol/L
    5449 umol/L      | 5.4|{UCUM}|mmol/L      | yes
    5450 umol/L      | 5.4|{UCUM}|mmol/L      | no
    5350 umol/L      | 5.4|{UCUM}|mmol/L      | yes
    5449 umol/L      | 5.400|{UCUM}|mmol/L    | no
    5.4 mmol/L       | 5400|{UCUM}|umol/L     | yes
    5.404 mmol/L     | 5.4e3|{UCUM}|umol/L    | yes
    5.405 mmol/L     | 5.4e3|{UCUM}|umol/L    | no
    5.4 mmol/L       | gt5300|{UCUM}|umol/L   | yes
    5.4 mmol/L       | gt5400|{UCUM}|umol/L   | no
    5.4 mmol/L       | ge5400|{UCUM}|umol/L   | yes
    5.4 mmol/L       | lt5401|{UCUM}|umol/L   | yes
    5.4 mmol/L       | ap5000|{UCUM}|umol/L   | yes
    5.4 mmol/L       | ne5400|{UCUM}|umol/L   | no
    5.4 mmol/L       | ne6000|{UCUM}|umol/L   | yes
    5.4 mmol/L       | ne6000|{UCUM}|mg/dL    | no
    5.4 mmol/L       | 5.4|{UCUM}|mg/dL       | no
    101.3 [degF]     | gt38|{UCUM}|Cel        | yes
    38.5 Cel         | 101.3|{UCUM}|[degF]    | yes
    102 [degF]       | 38.9|{UCUM}|Cel        | yes
    # a unit without a system is a word: nothing is known of it
    5400 umol/L      | 5.4||mmol/L            | no
    5400 umol/L      | 5400||umol/L           | yes
    # no code of UCUM, yet the same
    3 viên           | 3|{UCUM}|viên          | yes
    3 viên           | 3|{UCUM}|viên{{a}}     | no
""")


@pytest.mark.parametrize(("stored", "search", "expected"), READINGS)
def test_a_search_finds_the_same_amount_in_another_unit(stored, search, expected):
    value, code = stored.split(" ")
    quantity = {"value": float(value), "system": UCUM, "code": code}
    assert found("Observation", "value-quantity", search, {"valueQuantity": quantity}) == (expected == "yes")


def test_only_units_of_ucum_are_converted():
    quantity = {"value": 5400, "system": "http://other.vn", "code": "umol/L"}
    assert not found("Observation", "value-quantity", f"5.4|{UCUM}|mmol/L", {"valueQuantity": quantity})
    assert not found("Observation", "value-quantity", "5.4|http://other.vn|mmol/L", {"valueQuantity": quantity})


def test_ranges_samples_and_results_beyond_what_can_be_measured_are_converted():
    def has(search: str, **value: dict) -> bool:
        return found("Observation", "value-quantity", search, value)

    year = {"system": UCUM, "code": "a"}
    range = {"low": {"value": 1, **year}, "high": {"value": 2, **year}}
    assert found("Condition", "onset-age", f"gt18|{UCUM}|mo", {"onsetRange": range})
    assert not found("Condition", "onset-age", f"gt24|{UCUM}|mo", {"onsetRange": range})
    little = {"value": 5, "comparator": "<", "system": UCUM, "code": "mg/L"}
    assert has(f"lt0.004|{UCUM}|g/L", valueQuantity=little)
    assert not has(f"ge0.005|{UCUM}|g/L", valueQuantity=little)
    samples = {"origin": {"value": 0, "system": UCUM, "code": "mV"}, "data": "1 2", "period": 1, "dimensions": 1}
    assert has(f"ge2000|{UCUM}|uV", valueSampledData=samples)


def test_a_composite_converts_as_well():
    observation = {
        "code": {"coding": [{"system": "http://loinc.org", "code": "2345-7"}]},
        "valueQuantity": {"value": 5400, "system": UCUM, "code": "umol/L"},
    }
    wanted = f"http://loinc.org|2345-7$ge5|{UCUM}|mmol/L"
    assert found("Observation", "code-value-quantity", wanted, observation)


def test_quantities_are_sorted_by_what_they_amount_to():
    amounts = [("a", 1, "kg"), ("b", 900, "g"), ("c", 1.1, "kg"), ("d", 2, "[lb_av]")]
    weights = [
        {"resourceType": "Observation", "id": id, "valueQuantity": {"value": value, "system": UCUM, "code": code}}
        for id, value, code in amounts
    ]
    for sort, order in [("value-quantity", "bdac"), ("-value-quantity", "cadb")]:
        query = parse("Observation", [("_sort", sort)], strict=True)
        assert "".join(one["id"] for one in sorted(weights, key=query.sort_key)) == order
