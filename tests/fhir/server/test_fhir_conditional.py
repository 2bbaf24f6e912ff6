"""Conditional create, update and delete: a search says which resource is meant; one, or nothing is done."""

import pytest
from asking import AN, Asker, token
from sending import CCCD, NUMBER, ORGANIZATION, PATIENT, create, observation, put, send

from yteso.record.ids import fhir_id


BY_NUMBER = f"identifier={CCCD}|{NUMBER}"


def test_create_once(writer) -> None:
    first = send(writer, "POST", "/Patient", PATIENT, If_None_Exist=BY_NUMBER)
    again = send(writer, "POST", "/Patient", PATIENT | {"gender": "female"}, If_None_Exist=BY_NUMBER)
    assert (first.status, again.status) == (201, 200)
    assert again.json() == first.json()
    assert again.headers["Location"] == first.headers["Location"]
    assert again.headers["ETag"] == 'W/"1"'


def test_create_once_as_a_whole_address_is_written(writer) -> None:
    for status in (201, 200):
        assert send(writer, "POST", "/Patient", PATIENT, If_None_Exist=f"identifier={NUMBER}").status == status


def test_what_was_deleted_does_not_count(writer) -> None:
    id = send(writer, "POST", "/Patient", PATIENT, If_None_Exist=BY_NUMBER).json()["id"]
    assert writer.ask(f"/Patient/{id}", "DELETE").status == 204
    assert send(writer, "POST", "/Patient", PATIENT, If_None_Exist=BY_NUMBER).status == 201


def test_update_of_the_one_that_fits(writer) -> None:
    id = create(writer, PATIENT)
    said = send(writer, "PUT", f"/Patient?{BY_NUMBER}", PATIENT | {"gender": "female"})
    assert (said.status, said.json()["id"], said.headers["ETag"]) == (200, id, 'W/"2"')
    said = send(writer, "PUT", f"/Patient?{BY_NUMBER}", PATIENT | {"id": id})
    assert (said.status, said.headers["ETag"]) == (200, 'W/"3"')
    assert send(writer, "PUT", f"/Patient?{BY_NUMBER}", PATIENT | {"id": "other"}).status == 400


def test_update_creates_what_is_not_there(writer) -> None:
    said = send(writer, "PUT", f"/Patient?{BY_NUMBER}", PATIENT)
    assert (said.status, len(said.json()["id"])) == (201, 26)
    said = send(writer, "PUT", "/Organization?identifier=x|1", ORGANIZATION | {"id": "mine"})
    assert (said.status, said.json()["id"]) == (201, "mine")


def test_delete_of_the_one_that_fits(writer) -> None:
    id = create(writer, PATIENT)
    assert writer.ask(f"/Patient?{BY_NUMBER}", "DELETE").status == 204
    assert writer.get(f"/Patient/{id}").status == 410
    assert writer.ask(f"/Patient?{BY_NUMBER}", "DELETE").status == 204


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_several_fit(writer, method) -> None:
    for _ in range(2):
        create(writer, PATIENT)
    terms = {"If_None_Exist": BY_NUMBER} if method == "POST" else {}
    address = "/Patient" if method == "POST" else f"/Patient?{BY_NUMBER}"
    said = send(writer, method, address, PATIENT if method != "DELETE" else b"", **terms)
    assert (said.status, said.json()["issue"][0]["code"]) == (412, "multiple-matches")


@pytest.mark.parametrize("condition", ["", "?_count=1", "?nonsense=1", "?identifier:wrong=1"])
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_what_is_no_condition(writer, method, condition) -> None:
    assert send(writer, method, f"/Patient{condition}", PATIENT if method == "PUT" else b"").status == 400


def test_if_match_counts_here_too(writer) -> None:
    create(writer, PATIENT)
    changed = PATIENT | {"gender": "female"}
    assert send(writer, "PUT", f"/Patient?{BY_NUMBER}", changed, If_Match='W/"2"').status == 412
    assert send(writer, "PUT", f"/Patient?{BY_NUMBER}", changed, If_Match='W/"1"').status == 200
    assert writer.ask(f"/Patient?{BY_NUMBER}", "DELETE", If_Match='W/"1"').status == 412


def test_within_a_patients_record(writer) -> None:
    id = create(writer, PATIENT)
    code = f"patient={id}&code=8867-4"
    for status in (201, 200):
        assert send(writer, "POST", "/Observation", observation(id), If_None_Exist=code).status == status


@pytest.mark.parametrize("type", ["Observation", "DiagnosticReport", "Procedure", "MedicationRequest"])
def test_by_an_identifier_across_everybody(writer, an, type) -> None:
    made = observation(create(writer, PATIENT)) | {"identifier": [{"system": "http://lab.example", "value": "77"}]}
    made |= {"resourceType": type}
    if type == "MedicationRequest":
        made = {name: made[name] for name in ("resourceType", "identifier", "subject", "status")}
        made |= {"status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}}
    elif type == "Procedure":
        made["status"] = "completed"
    for status in (201, 200):
        assert send(writer, "POST", f"/{type}", made, If_None_Exist="identifier=http://lab.example|77").status == status


def test_a_mapped_resource_may_fit_and_is_not_written(writer, an) -> None:
    condition = f"patient={fhir_id(AN)}&_id={fhir_id(AN)}"
    said = send(writer, "POST", "/Patient", PATIENT, If_None_Exist=f"_id={fhir_id(AN)}")
    assert (said.status, said.json()["id"]) == (200, fhir_id(AN)), condition
    said = send(writer, "PUT", f"/Patient?_id={fhir_id(AN)}", PATIENT)
    assert (said.status, said.json()["issue"][0]["code"]) == (422, "business-rule")


def test_a_condition_reads(conn, node) -> None:
    asker = Asker(token(conn, "blind", "system/*.write"))
    assert send(asker, "POST", "/Patient", PATIENT).status == 201
    assert send(asker, "POST", "/Patient", PATIENT, If_None_Exist=BY_NUMBER).status == 403


def test_conditional_read(writer) -> None:
    put(writer, ORGANIZATION | {"id": "a"})
    assert writer.get("/Organization/a", If_None_Match='W/"1"').status == 304
    put(writer, ORGANIZATION | {"id": "a", "name": "B"})
    assert writer.get("/Organization/a", If_None_Match='W/"1"').status == 200
