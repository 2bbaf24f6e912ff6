"""`_filter`: what each operation finds, how tests are joined, and where a wrong expression is wrong."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_cases import examples, found, table

from yteso.fhir.search import ANY, SearchError, parse
from yteso.fhir.search.filter_syntax import DEPTH, OPERATIONS, TESTS, Comparison, Joined, Negated, Step, tree
from yteso.fhir.search.filters import KNOWN


UCUM, ICD = "http://unitsofmeasure.org", "http://hl7.org/fhir/sid/icd-10"

PATIENT = {
    "resourceType": "Patient",
    "id": "p1",
    "name": [{"text": "Đặng Thị Hằng", "family": "Đặng"}, {"text": "Bé Na"}],
    "birthDate": "1990-05-17",
    "gender": "female",
    "identifier": [{"system": "urn:cccd", "value": "001190012345"}],
    "generalPractitioner": [{"reference": "Practitioner/d1"}],
}
TESTS_OF_A_PATIENT = table("""
    # strings, whatever their case and tones
    name co "hang"                       | yes
    name co "na"                         | yes
    name co lan                          | no
    name eq "dang thi hang"              | yes
    name eq dang                         | yes
    name eq "dang thi"                   | no
    name ne "Bé Na"                      | yes
    name sw "Đặng"                       | yes
    name sw hang                         | no
    name ew HẰNG                         | yes
    family ne dang                       | no
    # tokens
    gender eq female                     | yes
    gender eq FEMALE                     | no
    gender sw FEM                        | yes
    gender ne female                     | no
    gender ne male                       | yes
    gender eq http://hl7.org/fhir/administrative-gender|female | yes
    identifier eq urn:cccd|001190012345  | yes
    identifier sw 0011                   | yes
    identifier co 900                    | yes
    identifier ew 345                    | yes
    identifier ew 346                    | no
    # dates
    birthdate ge 1990                    | yes
    birthdate gt 1990-05-17              | no
    birthdate eq 1990-05                 | yes
    birthdate ne 1990-05                 | no
    birthdate lt 1990-06-01              | yes
    birthdate sa 1990-05-16              | yes
    birthdate eb 1990-05-17              | no
    birthdate ap 1990-05-17              | yes
    birthdate po 1990-05                 | yes
    birthdate po 1991                    | no
    # there, or not
    birthdate pr true                    | yes
    birthdate pr false                   | no
    death-date pr false                  | yes
    # references
    general-practitioner re Practitioner/d1 | yes
    general-practitioner eq d1           | yes
    general-practitioner re Practitioner/d2 | no
    general-practitioner ne Practitioner/d2 | yes
    # joined; from left to right, and and or alike
    name co hang and gender eq female    | yes
    name co hang and gender eq male      | no
    name co lan or gender eq female      | yes
    name co lan or gender eq male        | no
    gender eq female or name co lan and name co lan | no
    gender eq female or (name co lan and name co lan) | yes
    (gender eq male or gender eq female) and birthdate ge 1990 | yes
    not (gender eq male)                 | yes
    not(gender eq female)                | no
    not (gender eq male) and not (name co lan) | yes
    not (gender eq male and name co lan or birthdate ge 1990) | no
      ( ( name co "hang" ) )             | yes
    # chains
    general-practitioner.name co "lê"    | yes
    general-practitioner:Practitioner.name co "lê" | yes
    general-practitioner.name co "tran"  | no
    general-practitioner:Organization.name co "lê" | no
    general-practitioner[gender eq male].name co "lê" | yes
    general-practitioner[gender eq female].name co "lê" | no
    general-practitioner:Practitioner[gender eq female or name sw "LE"].name co "lê" | yes
""")
HELD = {"Practitioner/d1": {"resourceType": "Practitioner", "id": "d1", "gender": "male", "name": [{"text": "Lê Văn"}]}}


@pytest.mark.parametrize(("expression", "expected"), TESTS_OF_A_PATIENT)
def test_what_a_filter_finds_among_patients(expression, expected):
    query = parse("Patient", [("_filter", expression)], strict=True)
    assert query.matches(PATIENT, HELD.get, lambda *_: ()) == (expected == "yes")


OBSERVATION = {
    "code": {"coding": [{"system": "http://loinc.org", "code": "2345-7"}]},
    "valueQuantity": {"value": 5400, "system": UCUM, "code": "umol/L"},
    "effectivePeriod": {"start": "2026-11-01", "end": "2026-11-30"},
    "component": [{"code": {"coding": [{"code": "x"}]}}],
}
TESTS_OF_AN_OBSERVATION = table(f"""
    value-quantity eq 5.4|{UCUM}|mmol/L | yes
    value-quantity ne 5.4|{UCUM}|mmol/L | no
    value-quantity gt 5|{UCUM}|mmol/L   | yes
    value-quantity le 5400              | yes
    code eq http://loinc.org|2345-7     | yes
    combo-code ne http://loinc.org|2345-7 | yes
    code ne http://loinc.org|2345-7     | no
    date po 2026-11-30T23:00            | yes
    date po 2026-12                     | no
    date ge 2026-11-15                  | yes
""")


@pytest.mark.parametrize(("expression", "expected"), TESTS_OF_AN_OBSERVATION)
def test_what_a_filter_finds_among_observations(expression, expected):
    assert found("Observation", "_filter", expression, OBSERVATION) == (expected == "yes")


CONCEPTS = table(f"""
    # coded | expression                     | found
    # ss: the value subsumes what is there; sb: what is there subsumes the value
    A00.1   | code ss {ICD}|A00              | yes
    A00.1   | code ss {ICD}|A01              | no
    A00     | code ss {ICD}|A00.0            | no
    A00     | code sb {ICD}|A00.0            | yes
    A00     | code sb {ICD}|B00              | no
    A00     | code in http://yteso.vn/vs/ta  | yes
    B00     | code in http://yteso.vn/vs/ta  | no
    A00     | code ni http://yteso.vn/vs/ta  | no
    B00     | code ni http://yteso.vn/vs/ta  | yes
""")


@pytest.mark.parametrize(("coded", "expression", "expected"), CONCEPTS)
def test_concepts_and_sets_of_them(coded, expression, expected):
    sets = {"http://yteso.vn/vs/ta": [(ICD, "A00")]}
    condition = {"code": {"coding": [{"system": ICD, "code": coded}]}}
    assert found("Condition", "_filter", expression, condition, expand=sets.get) == (expected == "yes")


def test_what_is_not_there_passes_no_test_but_its_absence():
    nobody = {"resourceType": "Patient"}
    for operation in ("eq", "ne", "co", "sw", "ew"):
        assert not parse("Patient", [("_filter", f"name {operation} x")], strict=True).matches(nobody)
    assert parse("Patient", [("_filter", "not (name eq x)")], strict=True).matches(nobody)


def test_a_value_with_commas_or_quotes_is_one_value():
    resource = {"name": [{"text": 'Lê, "Bảy"'}], "identifier": [{"value": "a,b"}]}
    assert found("Patient", "_filter", r'name eq "Lê, \"Bảy\""', resource)
    assert found("Patient", "_filter", "identifier eq a,b", resource)
    assert found("Patient", "_filter", r'name sw "Lê"', resource)


def test_several_filters_and_other_parameters_all_hold():
    for more, expected in [
        (("gender", "female"), True),
        (("gender", "male"), False),
        (("_filter", "name co x"), False),
    ]:
        query = parse("Patient", [("_filter", "name co hang"), more], strict=True)
        assert query.matches(PATIENT) is expected


def test_the_tree_of_an_expression():
    made = tree('subject:Patient[active eq true].name co "an" and not (code eq a or code eq b)', "_filter")
    step = Step("subject", "Patient", Comparison((Step("active"),), "eq", "true"))
    first = Comparison((step, Step("name")), "co", "an")
    others = Joined("or", (Comparison((Step("code"),), "eq", "a"), Comparison((Step("code"),), "eq", "b")))
    assert made == Joined("and", (first, Negated(others)))


WRONG = table("""
    name                         | filter
    name co                      | filter
    name "an"                    | filter
    name is an                   | filter
    name co "an                  | filter
    name co "\\x"                | filter
    (name co an                  | filter
    name co an)                  | filter
    name co an and               | filter
    name co an xor name co b     | filter
    and name co an               | filter
    not name co an               | filter
    general-practitioner[name co an] re d1 | filter
    general-practitioner[name co an | filter
    name. co an                  | filter
    nothing eq an                | unknown_parameter
    general-practitioner.nothing eq an | unknown_parameter
    gender.name eq an            | not_reference
    general-practitioner:Encounter.status eq an | target
    name:Patient eq an           | modifier
    name gt an                   | filter_operation
    birthdate co 1990            | filter_operation
    birthdate eq hôm-qua         | date
    gender po female             | filter_operation
    name pr maybe                | filter_present
    gender in http://x           | value_set
    gender ss female             | needs_system
    general-practitioner re "a b" | reference
    link.link.link.link.link.name co a | chain_long
""")


@pytest.mark.parametrize(("expression", "reason"), WRONG)
def test_a_wrong_expression_is_refused(expression, reason):
    with pytest.raises(SearchError) as raised:
        parse("Patient", [("_filter", expression)], strict=True)
    assert raised.value.reason == reason


def test_a_refusal_says_where_the_reading_stopped():
    with pytest.raises(SearchError, match="character 11: «is an»"):
        parse("Patient", [("_filter", "birthdate is an")], strict=True)


def test_an_expression_is_not_too_large():
    deep = "(" * (DEPTH + 1) + "name co a" + ")" * (DEPTH + 1)
    long = " and ".join(["name co a"] * (TESTS + 1))
    for expression in (deep, long, "(" * 9_000):
        with pytest.raises(SearchError) as raised:
            parse("Patient", [("_filter", expression)], strict=True)
        assert raised.value.reason == "filter_large"
    for expression in (deep[1:-1], " or ".join(["name co a", "name co b and name co c"] * 30)):
        parse("Patient", [("_filter", expression)], strict=True).matches(PATIENT)


def test_a_lenient_search_leaves_out_a_filter_on_what_is_unknown():
    query = parse("Patient", [("_filter", "nothing eq 1")], strict=False)
    assert query.ignored == (("_filter", "nothing eq 1"),)


def test_a_filter_over_several_types_asks_what_all_of_them_have():
    query = parse(ANY, [("_filter", "status eq final"), ("_type", "Observation,DiagnosticReport")], strict=True)
    for kind, status, expected in [
        ("Observation", "final", True),
        ("DiagnosticReport", "final", True),
        ("DiagnosticReport", "partial", False),
        ("Encounter", "final", False),
    ]:
        assert query.matches({"resourceType": kind, "status": status}) is expected


NAMES = ["name", "birthdate", "subject", "code", "date", "value-quantity", "patient", "_id"]
VALUES = ["true", "1990", "an", '"an bình"', "a|b", "|", "\\", "Patient/1", "5.4||mg", f"5.4|{UCUM}|mg"]
WORDS = st.sampled_from([*NAMES, *OPERATIONS, *VALUES, "and", "or", "not", *'()[].:"'])
expressions = st.lists(WORDS | st.text(max_size=4), max_size=12).map(" ".join)
proper = st.builds(
    "{} {} {}".format,
    st.sampled_from([*NAMES, "patient.name", "_lastUpdated", "url"]),
    st.sampled_from(OPERATIONS),
    st.sampled_from(VALUES),
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["Patient", "Observation", "ValueSet"]), expressions | proper)
def test_no_expression_raises_anything_but_a_search_error(kind, expression):
    try:
        query = parse(kind, [("_filter", expression)], strict=True)
    except SearchError as error:
        assert error.vi and error.en
        return
    for resource in examples()[::20]:
        assert query.matches(resource, lambda _: None, lambda *_: ()) in (True, False)


def test_every_operation_goes_with_some_type():
    assert {operation for known in KNOWN.values() for operation in known} | {"pr"} == set(OPERATIONS)
