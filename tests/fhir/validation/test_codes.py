"""Coded values against the value sets of FHIR and of others."""

import json

import pytest
from official import examples

from yteso.fhir.terminology import Library
from yteso.fhir.validation import Validator
from yteso.fhir.validation.codes import Codes


SETS = "http://hl7.org/fhir/ValueSet/"
REASON = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
SNOMED = "http://snomed.info/sct"


@pytest.mark.parametrize(
    ("value", "known"),
    [
        ("unknown", True),
        ("nothing", False),
        ({"system": REASON, "code": "unknown"}, True),
        ({"system": "http://a.vn", "code": "unknown"}, False),
        ({"code": "unknown"}, False),
        ({"coding": [{"system": "http://a.vn", "code": "x"}, {"system": REASON, "code": "error"}]}, True),
        ({"coding": [{"system": REASON, "code": "x"}]}, False),
        ({"value": 1, "system": REASON, "code": "error"}, True),
        ({"text": "x"}, False),
        ({"coding": ["x", {"code": 1}]}, False),
    ],
)
def test_a_coded_value_is_looked_for_in_its_value_set(value, known):
    assert Codes().member_of(value, SETS + "data-absent-reason") is known
    assert Codes().member_of(value, SETS + "data-absent-reason|4.0.1") is known


def test_of_a_value_set_that_nobody_has_nothing_is_known():
    assert Codes().member_of("x", "http://a.vn/vs") is None


def test_of_codes_whose_system_is_not_here_nothing_is_known():
    of_snomed = {"include": [{"system": SNOMED, "filter": [{"property": "concept", "op": "is-a", "value": "1"}]}]}
    sets = {"http://a.vn/vs": {"compose": of_snomed}}
    sets["http://a.vn/around"] = {"compose": {"include": [{"valueSet": ["http://a.vn/vs"]}]}}
    library = Library(lambda type, url: [sets[url]] if type == "ValueSet" and url in sets else [])
    for url in sets:
        assert Codes(library).member_of({"system": SNOMED, "code": "2"}, url) is None
        assert Codes(library).member_of({"system": "http://a.vn", "code": "2"}, url) is False


def test_a_code_beyond_an_extensible_value_set_is_a_warning():
    resource = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
    resource["dataAbsentReason"] = {"coding": [{"system": "http://a.vn", "code": "x"}]}
    said = Validator(member_of=Codes().member_of).validate(json.dumps(resource).encode())
    assert [(one.severity, one.location) for one in said if one.problem == "extensible"] == [
        ("warning", "Observation.dataAbsentReason")
    ]


@pytest.mark.parametrize("name", sorted(examples()))
def test_no_official_example_is_refused_for_its_codes(name):
    said = Validator(member_of=Codes().member_of).validate(examples()[name])
    assert [one for one in said if one.severity == "error"] == []
