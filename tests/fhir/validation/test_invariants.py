"""The invariants of R4: each is evaluated, broken ones are named, the official examples keep them."""

import json
from pathlib import Path

import pytest
from official import examples

from yteso.fhir.definitions import RESOURCES, structure
from yteso.fhir.structure import check
from yteso.fhir.validation import Validator
from yteso.fhir.validation.fhirpath import parse
from yteso.fhir.validation.invariants import invariants


BROKEN = [json.loads(line) for line in (Path(__file__).parent / "broken.jsonl").read_text("utf-8").splitlines()]
"""Resources that break one invariant each: its key, where it is broken, the resource."""


def found(resource: dict | bytes) -> list[tuple[str, str, str]]:
    data = resource if isinstance(resource, bytes) else json.dumps(resource).encode()
    return [(one.severity, one.problem, one.location, one.en) for one in Validator().validate(data)]


@pytest.mark.parametrize("case", BROKEN, ids=[f"{number} {case['key']}" for number, case in enumerate(BROKEN)])
def test_a_broken_invariant_is_named_where_it_is_broken(case):
    data = json.dumps(case["resource"]).encode()
    assert check(data) == []
    named = [(one.location, one.en) for one in Validator().validate(data) if one.problem == "invariant"]
    assert [place for place, text in named if text.endswith(f"[{case['key']}]")] == [case["at"]]


@pytest.mark.parametrize("name", sorted(examples()))
def test_an_official_example_breaks_none(name):
    said = [one for one in Validator().validate(examples()[name]) if one.severity != "information"]
    assert [one for one in said if one.problem != "unknown-profile"] == []


def test_all_are_evaluated_and_nothing_is_left_aside():
    for listed in invariants().values():
        for invariant in listed:
            parse(invariant.expression)
    said = [one for data in examples().values() for one in Validator().validate(data)]
    assert not [one for one in said if one.problem == "not-evaluated"]


def test_each_is_stated_at_an_element_that_there_is():
    for path in invariants():
        type, _, rest = path.partition(".")
        if type != "DomainResource" and not rest:
            assert structure(type)
        elif rest:
            parent, _, name = path.rpartition(".")
            assert name in structure(parent).elements


def test_what_is_said_is_vietnamese_first():
    (one,) = [one for one in Validator().validate(b'{"resourceType":"Organization"}') if one.severity == "error"]
    assert one.vi == "Phải có name hoặc identifier [org-1]"
    assert one.code == "invariant"
    assert all(invariant.vi != invariant.en for listed in invariants().values() for invariant in listed)


def test_advice_is_no_error():
    assert found({"resourceType": "Basic", "code": {"text": "x"}})[0][:3] == ("information", "invariant", "Basic")


def test_resources_within_a_bundle_are_looked_at():
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Organization"}}]}
    assert ("error", "invariant", "Bundle.entry[0].resource") in [one[:3] for one in found(bundle)]


@pytest.mark.parametrize(
    ("start", "end", "holds"),
    [
        ("2026-01-01", "2026-01", True),
        ("2026-01", "2026-01-01", True),
        ("2026", "2026-01-01T08:00:00Z", True),
        ("2026-01-01T10:00:00+07:00", "2026-01-01T04:00:00Z", True),
        ("2026-01-01T12:00:00+07:00", "2026-01-01T04:00:00Z", False),
        ("2026-02", "2026-01-31T08:00:00+07:00", False),
        ("2026-01-01", "2026-01-01", True),
    ],
)
def test_dates_of_different_precision_and_zones_are_compared_as_far_as_they_are_known(start, end, holds):
    period = {"resourceType": "Basic", "code": {"text": "x"}, "extension": [{"url": "a", "valuePeriod": {}}]}
    period["extension"][0]["valuePeriod"] = {"start": start, "end": end}
    assert ("error" not in [one[0] for one in found(period)]) is holds


def test_an_extension_in_the_place_of_a_value_is_a_value_of_its_own_kind():
    absent = {
        "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
    }
    resource = {"resourceType": "Basic", "code": {"text": "x"}}
    resource["extension"] = [{"url": "a", "valuePeriod": {"_start": absent, "end": "2026-01-01"}}]
    assert "error" not in [one[0] for one in found(resource)]
    resource["extension"] = [
        {"url": "a", "valuePeriod": {"start": "2026-02-01", "_start": absent, "end": "2026-01-01"}}
    ]
    assert "error" in [one[0] for one in found(resource)]


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b"{", b'{"resourceType":"Foo"}', b'{"resourceType":["Patient"]}']
)
def test_what_is_no_resource_is_left_to_the_structure(data):
    assert Validator().validate(data) == check(data)


@pytest.mark.parametrize("kind", sorted(RESOURCES))
def test_the_least_of_every_type_is_looked_at_without_a_stumble(kind):
    said = Validator().validate(json.dumps({"resourceType": kind, "id": []}).encode())
    assert said
    assert all(one.problem != "not-evaluated" for one in said)
