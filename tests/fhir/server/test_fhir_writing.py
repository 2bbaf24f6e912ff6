"""create, update and delete: what goes in comes out, every version stays, nobody overwrites what they have not seen."""

import json

import pytest
from asking import AN, HERE, THERE, Asker, link, patient, save, token, visit
from sending import CCCD, NUMBER, ORGANIZATION, PATIENT, create, observation, places, put, send

from yteso import people
from yteso.record import own
from yteso.record.ids import fhir_id


def test_create_says_where_it_is(writer) -> None:
    said = send(writer, "POST", "/Patient", PATIENT)
    id = said.json()["id"]
    assert (said.status, said.headers["ETag"]) == (201, 'W/"1"')
    assert said.headers["Location"] == f"http://localhost/fhir/R4/Patient/{id}/_history/1"
    assert "Last-Modified" in said.headers
    read = writer.get(f"/Patient/{id}")
    assert read.json() == said.json()
    assert read.headers["ETag"] == said.headers["ETag"]
    assert read.headers["Last-Modified"] == said.headers["Last-Modified"]
    assert len(id) == 26


def test_the_server_gives_the_id_of_what_is_created(writer) -> None:
    assert create(writer, PATIENT | {"id": "mine"}) != "mine"
    assert writer.get("/Patient/mine").status == 404


def test_the_client_gives_the_id_of_what_is_put(writer) -> None:
    said = put(writer, ORGANIZATION | {"id": "bv-A.1"})
    assert (said.status, said.json()["id"], said.headers["ETag"]) == (201, "bv-A.1", 'W/"1"')
    said = put(writer, ORGANIZATION | {"id": "bv-A.1", "name": "B"})
    assert (said.status, said.headers["ETag"]) == (200, 'W/"2"')
    assert writer.get("/Organization/bv-A.1").json()["name"] == "B"
    assert writer.get("/Organization/bv-A.1/_history/1").json()["name"] == "Bệnh viện A"


def test_two_types_may_have_the_same_id(writer) -> None:
    for resource in (ORGANIZATION, PATIENT, {"resourceType": "Practitioner"}):
        assert put(writer, resource | {"id": "1"}).status == 201
    for type in ("Organization", "Patient", "Practitioner"):
        assert writer.get(f"/{type}/1").json()["resourceType"] == type


def test_what_changes_nothing_makes_no_version(writer) -> None:
    first = put(writer, ORGANIZATION | {"id": "a"})
    again = put(writer, json.loads(first.body))
    assert (again.status, again.headers["ETag"]) == (200, 'W/"1"')
    assert again.headers["Last-Modified"] == first.headers["Last-Modified"]
    spaced = json.dumps(ORGANIZATION | {"id": "a"}, indent=4, ensure_ascii=False).encode()
    assert send(writer, "PUT", "/Organization/a", spaced).headers["ETag"] == 'W/"1"'


def test_delete_and_bring_back(writer) -> None:
    put(writer, ORGANIZATION | {"id": "a"})
    said = writer.ask("/Organization/a", "DELETE")
    assert (said.status, said.headers["ETag"]) == (204, 'W/"2"')
    gone = writer.get("/Organization/a")
    assert (gone.status, gone.json()["issue"][0]["code"]) == (410, "deleted")
    assert writer.get("/Organization/a/_history/1").status == 200
    assert writer.get("/Organization/a/_history/2").status == 410
    assert writer.ask("/Organization/a", "DELETE").headers["ETag"] == 'W/"2"'
    back = put(writer, ORGANIZATION | {"id": "a"})
    assert (back.status, back.headers["ETag"]) == (201, 'W/"3"')
    history = writer.get("/Organization/a/_history").json()
    assert [one["response"]["etag"] for one in history["entry"]] == ['W/"3"', 'W/"2"', 'W/"1"']
    assert "resource" not in history["entry"][1]


def test_delete_what_never_was(writer) -> None:
    assert writer.ask("/Organization/a", "DELETE").status == 404


@pytest.mark.parametrize(
    ("tag", "status"),
    [('W/"2"', 200), ('"2"', 200), ("*", 200), ('W/"1", W/"2"', 200), ('W/"1"', 412), ('W/"3"', 412), ("2", 400)],
)
@pytest.mark.parametrize("method", ["PUT", "DELETE"])
def test_if_match(writer, method, tag, status) -> None:
    for name in ("A", "B"):
        put(writer, ORGANIZATION | {"id": "a", "name": name})
    body = ORGANIZATION | {"id": "a", "name": "C"} if method == "PUT" else b""
    said = send(writer, method, "/Organization/a", body, If_Match=tag)
    assert said.status == (204 if (method, status) == ("DELETE", 200) else status)
    if status != 200:
        assert writer.get("/Organization/a").json()["name"] == "B"
    if status == 412:
        assert 'W/"2"' in said.text


@pytest.mark.parametrize("tag", ['W/"1"', "*"])
def test_if_match_of_what_is_not_there(writer, tag) -> None:
    assert put(writer, ORGANIZATION | {"id": "a"}, If_Match=tag).status == 412
    assert writer.get("/Organization/a").status == 404


def test_create_only(writer) -> None:
    assert put(writer, ORGANIZATION | {"id": "a"}, If_None_Match="*").status == 201
    assert put(writer, ORGANIZATION | {"id": "a", "name": "B"}, If_None_Match="*").status == 412


@pytest.mark.parametrize(
    ("prefer", "told"),
    [
        ("", "Organization"),
        ("return=representation", "Organization"),
        ("return=minimal", ""),
        ("return=OperationOutcome", "OperationOutcome"),
        ("respond-async, return=minimal; wait=10", ""),
    ],
)
def test_prefer(writer, prefer, told) -> None:
    made = put(writer, ORGANIZATION | {"id": "a"}, Prefer=prefer)
    changed = put(writer, ORGANIZATION | {"id": "a", "name": "B"}, Prefer=prefer)
    assert (made.status, changed.status) == (201, 200)
    for said in (made, changed):
        assert (said.json()["resourceType"] if said.body else "") == told
        assert {"ETag", "Last-Modified", "Location"} <= said.headers.keys()
    deleted = writer.ask("/Organization/a", "DELETE", Prefer=prefer)
    assert deleted.status == (200 if told == "OperationOutcome" else 204)


# ---- what goes in comes out

TRUE = b"""{
 "resourceType" : "Observation", "id": "a",
 "meta": {"versionId": "77", "lastUpdated": "1999-01-01T00:00:00Z", "profile": ["http://x.example/p"],
          "tag": [{"code": "t"}], "security": [{"code": "R"}]},
 "contained": [{"resourceType": "Device", "id": "d"}],
 "extension": [{"url": "http://x.example/e", "valueDecimal": 1.50}],
 "status": "final", "_status": {"extension": [{"url": "http://x.example/why", "valueString": "a\\u0301 \\/ \\"b\\""}]},
 "code": {"text": "Th\\u1eed"},
 "device": {"reference": "#d"},
 "valueQuantity": {"value": 0.10000000000000000000001, "unit": "g"},
 "component": [{"code": {"text": "x"}, "valueQuantity": {"value": 1E-3}}]
}"""


def test_values_come_back_as_they_were_written(writer) -> None:
    assert send(writer, "PUT", "/Observation/a", TRUE).status == 201
    body = writer.get("/Observation/a").body
    for text in (b":1.50}", b"0.10000000000000000000001", b"1E-3", b'a\\u0301 \\/ \\"b\\"', b"Th\\u1eed"):
        assert text in body
    sent, read = json.loads(TRUE), json.loads(body)
    meta = read.pop("meta")
    own = sent.pop("meta")
    assert read == sent
    assert {name: meta[name] for name in ("profile", "tag", "security")} == {
        name: own[name] for name in ("profile", "tag", "security")
    }
    assert meta["versionId"] == "1"
    assert not meta["lastUpdated"].startswith("1999")


# ---- what is refused


@pytest.mark.parametrize(
    ("body", "status", "place"),
    [
        (b"", 400, ""),
        (b"{", 400, ""),
        (b"[]", 422, ""),
        (b'{"resourceType":"Organization"', 400, ""),
        (b'{"resourceType":"Organization","id":"a","nonsense":1}', 422, "Organization.nonsense"),
        (b'{"resourceType":"Organization","id":"a","active":"yes"}', 422, "Organization.active"),
        (b'{"resourceType":"Organization","id":"a","name":"\\ud800"}', 422, ""),
        (b'{"resourceType":"Organization","id":"a","name":"\\u0000"}', 422, ""),
        (b'{"resourceType":"Organization","id":"a","extension":[{"url":"x","valueDecimal":1e999}]}', 422, ""),
        (b'{"resourceType":"Organization","id":"a","name":"x","name":"y"}', 422, "Organization"),
    ],
)
def test_what_is_not_sound(writer, body, status, place) -> None:
    said = send(writer, "PUT", "/Organization/a", body)
    assert said.status == status, said.body
    assert place in (*places(said), "")
    assert writer.get("/Organization/a").status == 404


def test_every_problem_is_told_with_its_place(writer) -> None:
    said = send(writer, "POST", "/Patient", PATIENT | {"gender": "x", "birthDate": "1990-13-01", "photo": {}})
    assert said.status == 422
    assert {"Patient.gender", "Patient.birthDate", "Patient.photo"} <= set(places(said))


@pytest.mark.parametrize(
    ("address", "resource"),
    [
        ("/Organization/a", ORGANIZATION),
        ("/Organization/a", ORGANIZATION | {"id": "b"}),
        ("/Organization/a", PATIENT | {"id": "a"}),
    ],
)
def test_address_and_body_must_agree(writer, address, resource) -> None:
    assert send(writer, "PUT", address, resource).status == 400


def test_a_part_of_a_resource_is_not_put_back(writer) -> None:
    put(writer, ORGANIZATION | {"id": "a"})
    part = writer.get("/Organization/a?_elements=name").json()
    said = put(writer, part)
    assert (said.status, "SUBSETTED" in said.text) == (422, True)


@pytest.mark.parametrize("kind", ["", "text/plain", "application/fhir+json; charset=latin-1"])
def test_a_body_of_another_kind(writer, kind) -> None:
    assert send(writer, "POST", "/Patient", PATIENT, Content_Type=kind).status == 415


def test_a_body_that_is_too_long(writer, monkeypatch) -> None:
    from yteso.fhir.server import requests

    monkeypatch.setattr(requests, "LARGEST", 100)
    assert send(writer, "POST", "/Patient", PATIENT).status == 413


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("system/*.write", {"Patient", "Organization"}),
        ("system/*.*", {"Patient", "Organization"}),
        ("system/Organization.cud", {"Organization"}),
        ("system/Organization.cruds", {"Organization"}),
        ("system/*.read", set()),
        ("system/*.rs system/Patient.write", {"Patient"}),
    ],
)
def test_the_scope_says_what_may_be_written(conn, node, scope, allowed) -> None:
    asker = Asker(token(conn, scope=scope))
    for resource in (PATIENT, ORGANIZATION):
        type = resource["resourceType"]
        expected = (201, 201, 204) if type in allowed else (403, 403, 403)
        made = send(asker, "POST", f"/{type}", resource)
        updated = put(asker, resource | {"id": "a"})
        assert (made.status, updated.status, asker.ask(f"/{type}/a", "DELETE").status) == expected


def test_what_comes_from_a_dossier_is_not_written(writer, an) -> None:
    result = writer.get(f"/Observation/{fhir_id(visit('a').id)}-o0").json()
    known = writer.get(f"/Patient/{fhir_id(AN)}").json()
    for resource in (result, known):
        said = put(writer, resource | {"language": "vi"})
        assert (said.status, said.json()["issue"][0]["code"]) == (422, "business-rule")
        assert writer.ask(f"/{resource['resourceType']}/{resource['id']}", "DELETE").status == 422


# ---- whose it is


def test_a_patient_is_a_person_and_what_is_about_them_is_theirs(writer, conn) -> None:
    id = create(writer, PATIENT)
    about = create(writer, observation(id))
    care = create(writer, {"resourceType": "CarePlan", "status": "active", "intent": "plan"} | _of(id))
    other = create(writer, ORGANIZATION)
    expected = {f"Patient/{id}", f"Observation/{about}", f"CarePlan/{care}"}
    assert set(writer.get(f"/Patient/{id}/$everything").ids) == expected
    assert writer.get(f"/Observation?patient={id}&code=8867-4").ids == [f"Observation/{about}"]
    assert writer.get(f"/Patient/{id}/CarePlan").ids == [f"CarePlan/{care}"]
    (person,) = people.find(conn, NUMBER)
    assert people.subjects_of(conn, person) == [own("Patient", id)]
    (known,) = people.known_as(conn, person)
    assert (known.name, known.birth, known.sex) == ("Nguyễn Văn An", "19900105", "1")
    assert writer.get(f"/Organization/{other}").status == 200


def test_a_patient_is_linked_by_the_rule_of_the_intake(writer, an) -> None:
    """An is known by 001090000001 at two facilities; the client knows the same person."""
    id = create(writer, PATIENT | {"identifier": [{"system": CCCD, "value": "001090000001"}]})
    mapped = writer.get(f"/Patient/{fhir_id(AN)}/$everything?_count=1000").ids
    assert f"Patient/{id}" in mapped
    assert set(writer.get(f"/Patient/{id}/$everything?_count=1000").ids) == set(mapped)
    put(writer, PATIENT | {"id": id, "identifier": [{"system": CCCD, "value": "001090000077"}]})
    assert writer.get(f"/Patient/{id}/$everything").ids == [f"Patient/{id}"]


def test_what_is_written_about_a_mapped_patient_is_in_their_record(writer, an) -> None:
    id = create(writer, observation(fhir_id(AN)))
    assert f"Observation/{id}" in writer.get(f"/Observation?patient={fhir_id(AN)}").ids


def test_a_resource_moves_with_its_patient(writer) -> None:
    one, other = create(writer, PATIENT), create(writer, {"resourceType": "Patient"})
    put(writer, observation(one) | {"id": "o"})
    put(writer, observation(other) | {"id": "o"})
    assert writer.get(f"/Observation?patient={one}").ids == []
    assert writer.get(f"/Observation?patient={other}").ids == ["Observation/o"]
    assert writer.get("/Observation/o/_history").json()["total"] == 2


@pytest.mark.parametrize(
    "reference", ["Patient/nobody", f"Patient/{fhir_id(AN)}", "http://localhost/fhir/R4/Patient/x"]
)
def test_a_reference_to_nobody(writer, reference) -> None:
    said = send(writer, "POST", "/Observation", observation("x", subject={"reference": reference}))
    assert (said.status, said.json()["issue"][0]["code"]) == (422, "not-found")


@pytest.mark.parametrize(
    "subject",
    [
        {"reference": "https://other.example/fhir/Patient/1"},
        {"reference": "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"},
        {"identifier": {"system": CCCD, "value": NUMBER}},
        {"display": "somebody"},
    ],
)
def test_a_subject_that_is_not_here(writer, subject) -> None:
    id = create(writer, observation("x", subject=subject))
    assert writer.get(f"/Observation/{id}").status == 200


def test_a_patient_stays_while_something_is_about_them(writer, conn) -> None:
    id = create(writer, PATIENT)
    about = create(writer, observation(id))
    assert writer.ask(f"/Patient/{id}", "DELETE").status == 409
    assert writer.get(f"/Patient/{id}").status == 200
    assert writer.ask(f"/Observation/{about}", "DELETE").status == 204
    assert writer.ask(f"/Patient/{id}", "DELETE").status == 204
    assert people.find(conn, NUMBER) == []
    assert send(writer, "POST", "/Observation", observation(id)).status == 422


def test_what_is_sensitive_is_hidden_like_a_visit(writer) -> None:
    from yteso.mapping.names import systems

    id = create(writer, PATIENT)
    label = {"meta": {"security": [{"system": systems()["nhan"], "code": "hiv"}]}}
    assert put(writer, observation(id) | {"id": "o"} | label).status == 201
    assert writer.get("/Observation/o").status == 404
    assert writer.get(f"/Observation?patient={id}").ids == []
    assert put(writer, observation(id) | {"id": "o"}).status == 403
    assert writer.ask("/Observation/o", "DELETE").status == 403


# ---- who wrote it


def test_every_version_says_who_wrote_it(writer, conn) -> None:
    put(writer, ORGANIZATION | {"id": "a"})
    put(writer, ORGANIZATION | {"id": "a"})
    put(writer, ORGANIZATION | {"id": "a", "name": "B"})
    put(writer, ORGANIZATION | {"id": "a", "name": "C"}, If_Match='W/"1"')
    writer.ask("/Organization/a", "DELETE")
    rows = conn.execute("SELECT account, purpose, document, version FROM access_write ORDER BY version").fetchall()
    assert rows == [("emr", "fhir", own("Organization", "a"), version) for version in (1, 2, 3)]


@pytest.mark.parametrize("statement", ["UPDATE access_write SET account = 'x'", "DELETE FROM access_write"])
def test_who_wrote_it_stays(writer, conn, statement) -> None:
    import psycopg

    put(writer, ORGANIZATION | {"id": "a"})
    with pytest.raises(psycopg.errors.RestrictViolation):
        conn.execute(statement)


def test_the_person_is_whom_the_intake_says_too(conn, writer) -> None:
    """A visit that comes after the Patient was written joins the same person."""
    id = create(writer, PATIENT | {"identifier": [{"system": CCCD, "value": "001090000001"}]})
    link(conn, "001090000001", (HERE, "BN1"), (THERE, "BN7"))
    save(conn, patient(), visit("a", 1))
    assert f"Encounter/{fhir_id(visit('a').id)}" in writer.get(f"/Patient/{id}/$everything").ids


def _of(patient: str) -> dict:
    return {"subject": {"reference": f"Patient/{patient}"}}
