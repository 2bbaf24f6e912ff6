"""Batches, whose entries are independent, and transactions, of which all is done or nothing."""

import pytest
from asking import Asker, token
from sending import CCCD, NUMBER, ORGANIZATION, PATIENT, bundle, create, entry, observation, places, put, send, statuses


WHO = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"
BY_NUMBER = f"identifier={CCCD}|{NUMBER}"


def transaction(asker, *entries, **headers):
    return send(asker, "POST", "", bundle("transaction", *entries), **headers)


def stored(conn) -> int:
    conn.rollback()
    return conn.execute("SELECT count(*) FROM record_document WHERE withdrawn IS NULL").fetchone()[0]


def test_a_patient_and_what_is_about_them(writer) -> None:
    said = transaction(writer, entry("POST", "Observation", observation(WHO)), entry("POST", "Patient", PATIENT, WHO))
    assert statuses(said) == ["201", "201"]
    result, patient = (one["resource"] for one in said.json()["entry"])
    assert said.json()["type"] == "transaction-response"
    assert result["subject"]["reference"] == f"Patient/{patient['id']}"
    assert writer.get(f"/Observation?patient={patient['id']}").ids == [f"Observation/{result['id']}"]
    response = said.json()["entry"][1]["response"]
    assert response["location"].endswith(f"/Patient/{patient['id']}/_history/1")
    assert response["etag"] == 'W/"1"'
    assert response["lastModified"]


@pytest.mark.parametrize(
    ("full", "written"),
    [
        ("https://there.example/fhir/Patient/7", "https://there.example/fhir/Patient/7"),
        ("https://there.example/fhir/Patient/7", "Patient/7"),
        (WHO, WHO),
    ],
)
def test_references_between_entries(writer, full, written) -> None:
    about = observation("x", subject={"reference": written, "display": written})
    about["text"] = {
        "status": "generated",
        "div": f'<div xmlns="http://www.w3.org/1999/xhtml"><a href="{written}">x</a></div>',
    }
    about["identifier"] = [{"system": "urn:ietf:rfc:3986", "value": written}]
    about["extension"] = [{"url": "http://x.example/e", "valueUri": written}]
    said = transaction(writer, entry("POST", "Patient", PATIENT, full), entry("POST", "Observation", about))
    patient, result = (one["resource"] for one in said.json()["entry"])
    place = f"Patient/{patient['id']}"
    assert result["subject"] == {"reference": place, "display": written}
    assert result["identifier"][0]["value"] == written
    assert result["extension"][0]["valueUri"] == place
    assert f'href="{place}"' in result["text"]["div"]


def test_conditional_references(writer) -> None:
    id = create(writer, PATIENT)
    said = transaction(writer, entry("POST", "Observation", observation(f"Patient?{BY_NUMBER}")))
    assert said.json()["entry"][0]["resource"]["subject"]["reference"] == f"Patient/{id}"


def test_a_conditional_reference_to_what_the_transaction_makes(writer) -> None:
    said = transaction(
        writer,
        entry("POST", "Observation", observation(f"Patient?{BY_NUMBER}")),
        entry("PUT", "Patient/an", PATIENT | {"id": "an"}),
    )
    assert said.json()["entry"][0]["resource"]["subject"]["reference"] == "Patient/an"


def test_a_conditional_reference_to_nobody(writer, conn) -> None:
    said = transaction(
        writer, entry("POST", "Organization", ORGANIZATION), entry("POST", "Observation", observation("Patient?_id=x"))
    )
    assert (said.status, places(said)) == (412, ["Bundle.entry[1]"])
    assert stored(conn) == 0


def test_create_once_and_refer_to_it(writer) -> None:
    id = create(writer, PATIENT)
    said = transaction(
        writer,
        entry("POST", "Patient", PATIENT, WHO, ifNoneExist=BY_NUMBER),
        entry("POST", "Observation", observation(WHO)),
    )
    assert statuses(said) == ["200", "201"]
    assert said.json()["entry"][1]["resource"]["subject"]["reference"] == f"Patient/{id}"


def test_everything_in_its_order(writer) -> None:
    """Deletions first, then what is made, then changes, and what is read sees all of it."""
    put(writer, ORGANIZATION | {"id": "a"})
    put(writer, ORGANIZATION | {"id": "b"})
    said = transaction(
        writer,
        entry("GET", "Organization/b"),
        entry("GET", "Patient?_id=p"),
        entry("PUT", "Organization/b", ORGANIZATION | {"id": "b", "name": "B"}, ifMatch='W/"1"'),
        entry("PUT", f"Patient?{BY_NUMBER}", PATIENT | {"id": "p"}),
        entry("DELETE", "Organization/a"),
        entry("DELETE", "Organization?identifier=x|1"),
        entry("HEAD", "Organization/b"),
    )
    assert statuses(said) == ["200", "200", "200", "201", "204", "204", "200"]
    entries = said.json()["entry"]
    assert entries[0]["resource"]["name"] == "B"
    assert entries[1]["resource"]["entry"][0]["resource"]["id"] == "p"
    assert writer.get("/Organization/a").status == 410


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        (entry("POST", "Observation", observation("nobody")), 422),
        (entry("PUT", "Organization/a", ORGANIZATION | {"id": "a"}, ifMatch='W/"7"'), 412),
        (entry("PUT", "Organization/a", ORGANIZATION | {"id": "b"}), 400),
        (entry("PUT", "Organization/a", PATIENT | {"id": "a"}), 400),
        (entry("PUT", "Organization", ORGANIZATION), 400),
        (entry("POST", "Nothing", ORGANIZATION), 404),
        (entry("POST", "Patient/$nothing", PATIENT), 404),
        (entry("POST", "https://other.example/fhir/Patient", PATIENT), 400),
        (entry("GET", "Organization/nothing"), 404),
        (entry("GET", "Organization?nonsense=1"), 400),
        (entry("POST", "Patient", PATIENT | {"gender": "x"}), 422),
        (entry("PUT", "Organization/made", ORGANIZATION | {"id": "made"}), 400),
    ],
)
def test_all_or_nothing(writer, conn, wrong, status) -> None:
    made = entry("PUT", "Organization/made", ORGANIZATION | {"id": "made"})
    said = transaction(writer, made, wrong, entry("POST", "Patient", PATIENT))
    assert said.status == status, said.body
    assert all(place.startswith("Bundle.entry[1]") for place in places(said))
    assert places(said)
    assert stored(conn) == 0
    assert conn.execute("SELECT count(*) FROM access_write").fetchone()[0] == 0


def test_every_problem_names_its_entry(writer) -> None:
    said = transaction(
        writer,
        entry("POST", "Patient", PATIENT | {"gender": "x"}),
        entry("POST", "Patient", PATIENT | {"birthDate": "yesterday"}),
    )
    assert (said.status, places(said)) == (
        422,
        ["Bundle.entry[0].resource.gender", "Bundle.entry[1].resource.birthDate"],
    )


def test_the_scope_counts_for_each_entry(conn, node) -> None:
    asker = Asker(token(conn, scope="system/Organization.*"))
    said = transaction(asker, entry("POST", "Organization", ORGANIZATION), entry("POST", "Patient", PATIENT))
    assert (said.status, places(said)) == (403, ["Bundle.entry[1]"])
    batch = send(
        asker, "POST", "", bundle("batch", entry("POST", "Organization", ORGANIZATION), entry("GET", "Patient/x"))
    )
    assert statuses(batch) == ["201", "403"]


def test_a_patient_is_deleted_with_all_that_is_about_them(writer) -> None:
    id = create(writer, PATIENT)
    about = create(writer, observation(id))
    said = transaction(writer, entry("DELETE", f"Patient/{id}"), entry("DELETE", f"Observation/{about}"))
    assert statuses(said) == ["204", "204"]
    assert writer.get(f"/Patient/{id}").status == 410


def test_a_patient_is_not_deleted_by_whom_something_new_is_said(writer) -> None:
    id = create(writer, PATIENT)
    said = transaction(writer, entry("DELETE", f"Patient/{id}"), entry("POST", "Observation", observation(id)))
    assert (said.status, places(said)) == (422, ["Bundle.entry[1]"])
    assert writer.get(f"/Patient/{id}").status == 200


def test_return_minimal(writer) -> None:
    said = transaction(writer, entry("POST", "Patient", PATIENT), Prefer="return=minimal")
    assert statuses(said) == ["201"]
    assert "resource" not in said.json()["entry"][0]


def test_an_empty_transaction(writer) -> None:
    said = send(writer, "POST", "/", {"resourceType": "Bundle", "type": "transaction"})
    assert (said.status, said.json()["type"], "entry" in said.json()) == (200, "transaction-response", False)


def test_a_batch_does_what_it_can(writer) -> None:
    put(writer, ORGANIZATION | {"id": "a"})
    said = send(
        writer,
        "POST",
        "/",
        bundle(
            "batch",
            entry("GET", "Organization/a"),
            entry("GET", "Organization/nothing"),
            entry("POST", "Patient", PATIENT),
            entry("POST", "Patient", PATIENT | {"gender": "x"}),
            entry("GET", f"Patient?{BY_NUMBER}"),
            entry("DELETE", "Organization/a"),
            entry("GET", "Organization/a"),
            entry("GET", "Organization/a/_history/1", ifNoneMatch='W/"1"'),
        ),
    )
    assert statuses(said) == ["200", "404", "201", "422", "200", "204", "410", "304"]
    entries = said.json()["entry"]
    assert said.json()["type"] == "batch-response"
    assert entries[1]["response"]["outcome"]["issue"][0]["code"] == "not-found"
    assert entries[3]["response"]["outcome"]["issue"][0]["expression"] == ["gender"]
    assert entries[4]["resource"]["entry"][0]["resource"]["resourceType"] == "Patient"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"resourceType": "Bundle", "type": "collection"}, 400),
        ({"resourceType": "Bundle", "type": "nonsense"}, 422),
        ({"resourceType": "Bundle", "type": "batch", "entry": [{"resource": PATIENT}]}, 400),
        (PATIENT, 400),
        (b"{", 400),
    ],
)
def test_what_is_no_batch(writer, body, status) -> None:
    assert send(writer, "POST", "", body).status == status


def test_too_many_entries(writer, monkeypatch) -> None:
    from yteso.fhir.server import entries

    monkeypatch.setattr(entries, "MOST", 1)
    assert transaction(writer, entry("GET", "Patient/a"), entry("GET", "Patient/b")).status == 413
