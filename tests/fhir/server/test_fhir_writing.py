"""create, update and delete: what goes in comes out, and every version stays."""

import json

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


def test_conditional(writer) -> None:
    c = "identifier=http://fhir.hl7.org.vn/core/sid/cccd|001090000009"
    said = send(writer, "POST", "/Patient", PATIENT, If_None_Exist=c)
    assert said.status == 201, said.body
    id = said.json()["id"]
    said = send(writer, "POST", "/Patient", PATIENT, If_None_Exist=c)
    assert (said.status, said.json()["id"]) == (200, id)
    said = send(writer, "PUT", "/Patient?" + c, PATIENT | {"gender": "female"})
    assert (said.status, said.json()["id"], said.headers["ETag"]) == (200, id, 'W/"2"')
    assert writer.ask("/Patient?" + c, "DELETE").status == 204
    assert writer.ask("/Patient?" + c, "DELETE").status == 204
    assert writer.get(f"/Patient/{id}").status == 410


def bundle(kind, *entries):
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def entry(method, url, resource=None, full=None, **terms):
    said = {"request": {"method": method, "url": url} | terms}
    return said | ({"resource": resource} if resource else {}) | ({"fullUrl": full} if full else {})


def test_transaction(writer) -> None:
    p = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"
    o = about("x") | {"subject": {"reference": p}}
    said = send(
        writer,
        "POST",
        "",
        bundle(
            "transaction",
            entry("GET", "Patient?identifier=001090000009"),
            entry("POST", "Observation", o),
            entry("POST", "Patient", PATIENT, p),
            entry(
                "PUT",
                "Observation/abc",
                about("x") | {"id": "abc", "subject": {"reference": "Patient?identifier=001090000009"}},
            ),
        ),
    )
    assert said.status == 200, said.body
    print(json.dumps(said.json(), indent=1))
    statuses = [e["response"]["status"] for e in said.json()["entry"]]
    assert statuses == ["200 OK", "201 Created", "201 Created", "201 Created"]
    assert said.json()["entry"][0]["resource"]["entry"][0]["resource"]["resourceType"] == "Patient"
    said = send(
        writer,
        "POST",
        "/",
        bundle(
            "batch",
            entry("GET", "Observation/abc"),
            entry("GET", "Patient/none"),
            entry("POST", "Patient", {"resourceType": "Patient", "x": 1}),
            entry("POST", "Patient", PATIENT),
        ),
    )
    print(json.dumps(said.json(), indent=1))
    assert said.status == 200
    assert [e["response"]["status"][:3] for e in said.json()["entry"]] == ["200", "404", "422", "201"]
