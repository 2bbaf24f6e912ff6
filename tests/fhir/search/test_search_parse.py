"""The query string as a whole: which parameters there are, how results come back, what is said of mistakes."""

import csv
import re
from pathlib import Path

import pytest
from search_cases import found

from yteso.fhir.search import ANY, SearchError, parameters, parse
from yteso.fhir.search.conditions import MODIFIERS
from yteso.fhir.search.definitions import DATA, UNSUPPORTED
from yteso.fhir.search.filter_syntax import OPERATIONS
from yteso.fhir.search.kinds.dates import PREFIXES
from yteso.fhir.search.results import Include


FINAL = {"resourceType": "Observation", "status": "final", "code": {"coding": [{"code": "a"}, {"code": "b"}]}}


def test_no_parameter_finds_every_resource_of_the_type_and_no_other():
    query = parse("Observation", [], strict=True)
    assert query.matches(FINAL)
    assert not query.matches({"resourceType": "Patient"})
    assert not query.matches({})


def test_a_parameter_given_twice_must_hold_twice():
    for second, expected in [("b", True), ("c", False), ("c,b", True)]:
        assert parse("Observation", [("code", "a"), ("code", second)], strict=True).matches(FINAL) is expected


@pytest.mark.parametrize("code", ["_id", "_lastUpdated", "_tag", "_profile", "_security", "_source"])
def test_parameters_of_every_resource(code):
    assert code in parameters("Binary")
    resource = {"meta": {"lastUpdated": "2026-11-25T08:00:00Z"}}
    assert found("Binary", f"{code}:missing", "false", resource) == (code == "_lastUpdated")
    assert found("Binary", "_lastUpdated", "gt2026-11-25T07:59:00Z", resource)


def test_a_search_in_all_types():
    query = parse(ANY, [("_type", "Patient,Observation"), ("_id", "x")], strict=True)
    assert query.results.types == ["Patient", "Observation"]
    assert query.matches({"resourceType": "Patient", "id": "x"})
    assert not query.matches({"resourceType": "Group", "id": "x"})
    assert parse(ANY, [("_id", "x")], strict=True).matches({"resourceType": "Group", "id": "x"})
    with pytest.raises(SearchError):
        parse(ANY, [("code", "x")], strict=True)


def test_a_search_in_several_types_takes_what_all_of_them_have():
    types = ("_type", "Observation,DiagnosticReport")
    query = parse(ANY, [("code", "a"), types], strict=True)
    code = {"code": {"coding": [{"code": "a"}]}}
    assert query.matches({"resourceType": "Observation", **code})
    assert query.matches({"resourceType": "DiagnosticReport", **code})
    assert not query.matches({"resourceType": "Condition", **code})
    assert not query.matches({"resourceType": "Observation"})
    chained = parse(ANY, [("patient.gender", "male"), types], strict=True)
    male = {"Patient/1": {"resourceType": "Patient", "gender": "male"}}
    assert chained.matches({"resourceType": "Observation", "subject": {"reference": "Patient/1"}}, male.get)
    for name in ("value-quantity", "nothing", "patient.nothing"):
        with pytest.raises(SearchError) as raised:
            parse(ANY, [types, (name, "1")], strict=True)
        assert raised.value.reason == "unknown_parameter"
        assert parse(ANY, [types, (name, "1")], strict=False).ignored == ((name, "1"),)


def test_contained_resources_are_not_searched_for_on_their_own():
    assert parse("Observation", [("_contained", "false")], strict=True).criteria == ()
    for asked in [("_contained", "true"), ("_contained", "both"), ("_containedType", "contained")]:
        with pytest.raises(SearchError) as raised:
            parse("Observation", [asked], strict=True)
        assert raised.value.reason == "contained"


def test_an_unknown_parameter_is_an_error_or_ignored_and_named():
    asked = [("cod", "a"), ("status", "final"), ("patient.nam", "x"), ("date", ""), ("_text", "x")]
    query = parse("Observation", asked, strict=False)
    assert query.ignored == (("cod", "a"), ("patient.nam", "x"), ("date", ""), ("_text", "x"))
    assert [one.written for one in query.conditions] == ["status"]
    for one in ("cod", "patient.nam", "date", "_text"):
        with pytest.raises(SearchError):
            parse("Observation", [pair for pair in asked if pair[0] == one], strict=True)


@pytest.mark.parametrize(("name", "text"), [("date", "x"), ("code:exact", "x"), ("_count", "x"), ("_sort:up", "date")])
def test_a_mistake_in_a_known_parameter_is_an_error_even_when_lenient(name, text):
    with pytest.raises(SearchError):
        parse("Observation", [(name, text)], strict=False)


def test_how_the_answer_is_written_is_no_search():
    query = parse("Observation", [("_format", "json"), ("_pretty", "true")], strict=True)
    assert (query.criteria, query.ignored) == ((), ())


def test_an_unknown_type():
    with pytest.raises(SearchError, match="Nobody"):
        parse("Nobody", [], strict=False)


def test_result_parameters():
    query = parse(
        "Observation",
        [
            ("_sort", "-date,code"),
            ("_count", "50"),
            ("_summary", "data"),
            ("_elements", "id,status"),
            ("_elements", "code.text"),
            ("_total", "accurate"),
            ("_include", "Observation:subject:Patient"),
            ("_include:iterate", "Patient:general-practitioner"),
            ("_include", "*"),
            ("_include", "Observation:*"),
            ("_revinclude", "Provenance:target"),
            ("_revinclude:recurse", "Provenance:target:Observation"),
        ],
        strict=True,
    )
    results = query.results
    assert [(parameter.code, descending) for parameter, descending in results.sort] == [("date", True), ("code", False)]
    assert (results.count, results.summary, results.total) == (50, "data", "accurate")
    assert results.elements == ["id", "status", "code.text"]
    assert results.includes == [
        Include("Observation", "subject", "Patient"),
        Include("Patient", "general-practitioner", iterate=True),
        Include("*", "*"),
        Include("Observation", "*"),
    ]
    assert results.revincludes == [
        Include("Provenance", "target"),
        Include("Provenance", "target", "Observation", iterate=True),
    ]
    assert query.criteria == ()


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("_sort", "nothing", "sort"),
        ("_sort", "date,", "sort"),
        ("_sort", "code-value-quantity", "sort"),
        ("_sort:desc", "date", "modifier"),
        ("_count", "-1", "count"),
        ("_count", "ten", "count"),
        ("_count", "1" * 30, "count"),
        ("_summary", "yes", "one_of"),
        ("_total", "some", "one_of"),
        ("_elements", "id,", "element"),
        ("_elements", "id;drop", "element"),
        ("_include", "Observation", "include"),
        ("_include", "Observation:nothing", "include"),
        ("_include", "Observation:code", "include"),
        ("_include", "Nobody:subject", "include"),
        ("_include", "Observation:subject:Nobody", "unknown_type"),
        ("_include:twice", "Observation:subject", "modifier"),
        ("_revinclude", "*", "include"),
        ("_type", "Patient", "types"),
        ("code", "a" * 20_000, "long"),
    ],
)
def test_mistakes_in_result_parameters(name, text, reason):
    with pytest.raises(SearchError) as raised:
        parse("Observation", [(name, text)], strict=True)
    assert raised.value.reason == reason


def test_an_error_says_parameter_value_what_is_wrong_and_how_to_mend_it_in_both_languages():
    with pytest.raises(SearchError) as raised:
        parse("Observation", [("date", "hôm qua")], strict=True)
    error = raised.value
    assert (error.reason, error.parameter, error.value) == ("date", "date", "hôm qua")
    assert error.vi.startswith("date: «hôm qua» không phải ngày giờ. Viết 2026")
    assert error.en.startswith("date: «hôm qua» is not a date. Write 2026")
    assert str(error) == f"{error.vi} / {error.en}"


def test_an_error_repeats_no_more_than_the_beginning_of_a_long_value():
    with pytest.raises(SearchError) as raised:
        parse("Observation", [("date", "x" * 5_000)], strict=True)
    assert len(str(raised.value)) < 1_000


def test_every_message_is_in_both_languages_asks_for_the_same_and_is_used():
    code = "\n".join(path.read_text() for path in DATA.parent.rglob("*.py"))
    with (DATA / "messages.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, strict=True))
    for row in rows:
        assert f'SearchError("{row["reason"]}"' in code
        for part in ("message", "hint"):
            assert row[f"{part}_vi"].endswith("."), row
            assert row[f"{part}_en"].endswith("."), row
            vi, en = (set(re.findall(r"{(\w+)}", row[f"{part}_{language}"])) for language in ("vi", "en"))
            assert vi == en, row
    assert set(re.findall(r'SearchError\("(\w+)"', code)) == {row["reason"] for row in rows}


def test_the_manual_names_every_type_modifier_prefix_operation_and_what_is_not_offered():
    manual = (Path(__file__).parents[3] / "docs/reference/search.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| (\w+) \| (.*)$", manual, re.MULTILINE))
    for kind, modifiers in MODIFIERS.items():
        assert [one for one in modifiers if f"`:{one}`" not in rows[kind]] == []
    assert [one for one in (*PREFIXES, *UNSUPPORTED, *OPERATIONS) if not re.search(f"`{one}[` ]", manual)] == []
