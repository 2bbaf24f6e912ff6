"""Whose a resource is, and what a Patient says about who it is."""

from datetime import UTC, datetime

import pytest

from yteso.fhir.writing.patients import patients, statement
from yteso.record import own


BASE = "http://localhost/fhir/R4"
NOW = datetime(2026, 3, 1, tzinfo=UTC)
SID = "http://fhir.hl7.org.vn/core/sid"


def to(text: str) -> dict:
    return {"reference": text}


@pytest.mark.parametrize(
    ("resource", "expected"),
    [
        ({"resourceType": "Observation", "subject": to("Patient/a")}, ["a"]),
        ({"resourceType": "Observation", "subject": to("Patient/a/_history/2")}, ["a"]),
        ({"resourceType": "Observation", "subject": to(f"{BASE}/Patient/a")}, ["a"]),
        ({"resourceType": "Observation", "subject": to("https://other.example/Patient/a")}, []),
        ({"resourceType": "Observation", "subject": to("#a")}, []),
        ({"resourceType": "Observation", "subject": to("Group/a")}, []),
        ({"resourceType": "Observation", "subject": {"identifier": {"value": "1"}}}, []),
        ({"resourceType": "Observation", "subject": to("Patient/a"), "performer": [to("Patient/b")]}, ["a"]),
        ({"resourceType": "Observation", "subject": to("Device/d"), "performer": [to("Patient/b")]}, ["b"]),
        ({"resourceType": "AllergyIntolerance", "patient": to("Patient/a")}, ["a"]),
        ({"resourceType": "Appointment", "participant": [{"actor": to("Patient/a")}]}, ["a"]),
        ({"resourceType": "Group", "member": [{"entity": to("Patient/a")}, {"entity": to("Patient/b")}]}, ["a", "b"]),
        ({"resourceType": "Organization", "partOf": to("Organization/a")}, []),
        ({"resourceType": "Practitioner"}, []),
        ({"resourceType": "Library", "subjectReference": to("Patient/a")}, []),
    ],
)
def test_whose_it_is(resource, expected):
    assert patients(resource, BASE) == expected


@pytest.mark.parametrize(
    ("patient", "expected"),
    [
        ({}, {}),
        ({"birthDate": "1990"}, {"birth": "19900000"}),
        ({"birthDate": "1990-05"}, {"birth": "19900500"}),
        ({"birthDate": "1990-05-09"}, {"birth": "19900509"}),
        ({"gender": "male"}, {"sex": "1"}),
        ({"gender": "other"}, {}),
        (
            {"name": [{"family": "Nguyễn", "given": ["Văn", "An"]}]},
            {"name": "Nguyễn Văn An", "folded": "NGUYEN VAN AN"},
        ),
        ({"name": [{"use": "old", "text": "A"}, {"text": "B"}]}, {"name": "B", "folded": "B"}),
        ({"name": [{"text": "A"}, {"use": "official", "text": "B"}]}, {"name": "B", "folded": "B"}),
        ({"identifier": [{"system": f"{SID}/cccd", "value": "001090000009"}]}, {"number": "001090000009"}),
        ({"identifier": [{"use": "old", "system": f"{SID}/cccd", "value": "001090000009"}]}, {}),
        ({"identifier": [{"system": f"{SID}/cccd", "value": "111111111111"}]}, {}),
        ({"identifier": [{"type": {"coding": [{"code": "PPN"}]}, "value": "B1234567"}]}, {"number": "B1234567"}),
        ({"identifier": [{"system": "http://x.example", "value": "001090000009"}]}, {}),
        ({"identifier": [{"system": f"{SID}/bhyt", "value": "gd4790000000001"}]}, {"card": "GD4790000000001"}),
        ({"telecom": [{"system": "email", "value": "a@b"}, {"system": "phone", "value": "09"}]}, {"phone": "09"}),
    ],
)
def test_who_it_is(patient, expected):
    said = statement(own("Patient", "a"), {"resourceType": "Patient"} | patient, NOW)
    told = ("number", "birth", "name", "folded", "sex", "card", "phone")
    assert {name: getattr(said, name) for name in told} == dict.fromkeys(told, "") | expected
    assert (said.subject, said.seen) == (own("Patient", "a"), NOW)
