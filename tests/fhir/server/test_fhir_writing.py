"""create, update and delete: what goes in comes out, and every version stays."""

import pytest
from asking import Asker, compact, token


PATIENT = {
    "resourceType": "Patient",
    "identifier": [{"system": "http://fhir.hl7.org.vn/core/sid/cccd", "value": "001090000009"}],
    "name": [{"use": "official", "text": "Nguyễn Văn An"}],
    "gender": "male",
    "birthDate": "1990-01-05",
}


@pytest.fixture
def writer(node: None, conn) -> Asker:
    return Asker(token(conn, "emr", "system/*.read system/*.write"))


def send(asker, method, address, resource, **headers):
    body = resource if isinstance(resource, bytes) else compact(resource)
    return asker.ask(address, method, body, Content_Type="application/fhir+json", **headers)


def created(asker, resource):
    said = send(asker, "POST", f"/{resource['resourceType']}", resource)
    assert said.status == 201, said.body
    return said.json()["id"]


def about(patient, **more):
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "subject": {"reference": f"Patient/{patient}"},
    } | more


def test_create_read_update_delete(writer) -> None:
    said = send(writer, "POST", "/Patient", PATIENT)
    assert said.status == 201, said.body
    id = said.json()["id"]
    assert said.headers["ETag"] == 'W/"1"'
    assert said.headers["Location"] == f"http://localhost/fhir/R4/Patient/{id}/_history/1"
    assert writer.get(f"/Patient/{id}").json() == said.json()
    said = send(writer, "PUT", f"/Patient/{id}", PATIENT | {"id": id, "gender": "female"})
    assert (said.status, said.headers["ETag"]) == (200, 'W/"2"')
    assert writer.ask(f"/Patient/{id}", "DELETE").status == 204
    assert writer.get(f"/Patient/{id}").status == 410
    assert send(writer, "PUT", f"/Patient/{id}", PATIENT | {"id": id}).headers["ETag"] == 'W/"4"'
    assert [e["request"]["method"] for e in writer.get(f"/Patient/{id}/_history").json()["entry"]] == [
        "PUT",
        "DELETE",
        "PUT",
        "PUT",
    ]
    o = created(writer, about(id))
    assert set(writer.get(f"/Patient/{id}/$everything").ids) == {f"Patient/{id}", f"Observation/{o}"}
    assert writer.get(f"/Observation?patient={id}&code=8867-4").ids == [f"Observation/{o}"]
