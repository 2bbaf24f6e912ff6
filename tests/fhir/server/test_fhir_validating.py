"""$validate: of what is sent and of what is stored, by type, mode and profile."""

import json
from typing import Any

import pytest
from asking import AN, HERE

from yteso.fhir.xml import to_xml
from yteso.record.ids import document_id, fhir_id


JSON, XML = "application/fhir+json", "application/fhir+xml"
PATIENT = {"resourceType": "Patient", "contact": [{"gender": "male"}], "birthdate": "2026-01-01"}
GOOD = {
    "resourceType": "Basic",
    "code": {"text": "x"},
    "text": {"status": "generated", "div": '<div xmlns="http://www.w3.org/1999/xhtml">x</div>'},
}


def parameters(resource: dict[str, Any] | None = None, **texts: str) -> dict[str, Any]:
    listed: list[dict[str, Any]] = [{"name": name, "valueString": text} for name, text in texts.items()]
    if resource:
        listed.append({"name": "resource", "resource": resource})
    return {"resourceType": "Parameters", "parameter": listed}


def send(asker, address: str, content: dict[str, Any] | bytes, kind: str = JSON) -> list[dict[str, Any]]:
    """The issues of the outcome."""
    body = content if isinstance(content, bytes) else json.dumps(content).encode()
    said = asker.ask(address, "POST", body, Content_Type=kind)
    assert said.status == 200, said.body
    assert said.json()["resourceType"] == "OperationOutcome"
    return said.json()["issue"]


def severe(issues: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(one["code"], one["expression"][0]) for one in issues if one["severity"] == "error"]


def test_every_problem_is_named_with_its_place_and_how_to_mend_it(asker) -> None:
    issues = send(asker, "/Patient/$validate", PATIENT)
    assert severe(issues) == [("structure", "Patient.birthdate"), ("invariant", "Patient.contact[0]")]
    assert issues[1]["details"]["text"].startswith("Người liên hệ phải có name")
    assert " / SHALL at least contain a contact's details" in issues[1]["details"]["text"]
    assert "[pat-1]" in issues[1]["details"]["text"]


def test_what_is_sound_is_said_to_be(asker) -> None:
    assert [one["severity"] for one in send(asker, "/Basic/$validate", GOOD)] == ["information"]
    assert send(asker, "/Basic/$validate", GOOD)[0]["details"]["text"] == "Không có vấn đề gì. / No issues were found."


def test_a_resource_comes_by_itself_in_parameters_or_in_xml(asker) -> None:
    expected = send(asker, "/Organization/$validate", {"resourceType": "Organization", "active": True})
    for content, kind in (
        (parameters({"resourceType": "Organization", "active": True}), JSON),
        (parameters({"resourceType": "Organization", "active": True}, mode="create"), JSON),
        (to_xml(b'{"resourceType":"Organization","active":true}'), XML),
    ):
        assert send(asker, "/Organization/$validate", content, kind) == expected


def test_parameters_are_a_resource_as_well(asker) -> None:
    own = {"resourceType": "Parameters", "parameter": [{"name": "a"}]}
    assert severe(send(asker, "/Parameters/$validate", own)) == [("invariant", "Parameters.parameter[0]")]
    assert severe(send(asker, "/Parameters/$validate", parameters(own))) == [("invariant", "Parameters.parameter[0]")]


def test_content_that_is_broken_is_told_what_is_broken(asker) -> None:
    (issue,) = send(asker, "/Patient/$validate", b'{"resourceType": "Patient",}')
    assert (issue["code"], issue["severity"]) == ("structure", "error")
    assert "JSON" in issue["details"]["text"]


def test_the_address_is_that_of_the_type_and_of_the_id(asker) -> None:
    assert severe(send(asker, "/Patient/$validate", GOOD)) == [("invalid", "resourceType")]
    assert severe(send(asker, "/Basic/a/$validate", GOOD | {"id": "b"})) == [("invalid", "Basic.id")]
    assert severe(send(asker, "/Basic/a/$validate", GOOD | {"id": "a"})) == []
    assert severe(send(asker, "/Basic/a/$validate", parameters(GOOD, mode="create"))) == []


def test_a_profile_that_is_not_known_is_named(asker) -> None:
    for address, content in (
        ("/Basic/$validate?profile=http://a.vn/p", GOOD),
        ("/Basic/$validate", parameters(GOOD, profile="http://a.vn/p", mode="profile")),
    ):
        issues = send(asker, address, content)
        assert severe(issues) == [("not-found", "Basic")]
        assert "http://a.vn/p" in issues[0]["details"]["text"]


def test_a_stored_resource(asker, an) -> None:
    id = fhir_id(document_id("visit", HERE, "a"), "o1")
    said = asker.get(f"/Observation/{id}/$validate")
    assert said.status == 200
    assert {one["severity"] for one in said.json()["issue"]} == {"information"}
    said = asker.get(
        f"/Patient/{fhir_id(AN)}/$validate?profile=http://hl7.org/fhir/StructureDefinition/Group", If_None_Match="*"
    )
    assert severe(said.json()["issue"]) == [("invalid", "Patient")]
    assert severe(
        send(asker, f"/Patient/{fhir_id(AN)}/$validate", parameters(mode="profile", profile="http://a.vn/p"))
    ) == [("not-found", "Patient")]
    assert asker.get("/Patient/unknown/$validate").status == 404


def test_whether_a_resource_may_be_deleted(asker, an) -> None:
    (issue,) = send(asker, f"/Patient/{fhir_id(AN)}/$validate", parameters(mode="delete"))
    assert issue["severity"] == "information"
    assert (
        asker.ask(
            "/Patient/unknown/$validate", "POST", json.dumps(parameters(mode="delete")).encode(), Content_Type=JSON
        ).status
        == 404
    )


@pytest.mark.parametrize(
    "content",
    [parameters(), parameters(GOOD, mode="other"), parameters(GOOD, mode="profile"), parameters(resource="x")],
)
def test_a_request_that_makes_no_sense_is_refused(asker, content) -> None:
    said = asker.ask("/Basic/$validate", "POST", json.dumps(content).encode(), Content_Type=JSON)
    assert said.status == 400
    assert said.text


def test_what_is_too_large_is_refused(asker) -> None:
    large = GOOD | {"code": {"text": "x" * 2_000_000}}
    assert asker.ask("/Basic/$validate", "POST", json.dumps(large).encode(), Content_Type=JSON).status == 413


def test_it_is_in_the_capability_statement(asker) -> None:
    (rest,) = asker.get("/metadata").json()["rest"]
    assert all(
        {"name": "validate", "definition": "http://hl7.org/fhir/OperationDefinition/Resource-validate"}
        in one["operation"]
        for one in rest["resource"]
    )
