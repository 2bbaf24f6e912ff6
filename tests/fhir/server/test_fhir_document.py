"""Composition/$document: a Composition and all that it refers to, as one document."""

import psycopg
import pytest
from asking import AN, BASE, Asker, compact, note, patient, readings, save, token, visit, withdraw
from simulated import province

from yteso import record
from yteso.fhir.structure import check
from yteso.record import Document, from_visit
from yteso.record.ids import fhir_id


P = fhir_id(AN)


def paper(key: str = "p", **options) -> Document:
    """A visit with a discharge paper: it refers to the patient, the encounter and the visit's first result."""
    made = visit(key, 3, **options)
    id, whose = f"{fhir_id(made.id)}-d1", {"reference": f"Patient/{P}"}
    content = {
        "resourceType": "Composition",
        "id": id,
        "status": "final",
        "type": {"text": "Giấy ra viện"},
        "subject": whose,
        "encounter": {"reference": f"Encounter/{fhir_id(made.id)}"},
        "date": "2026-03-04",
        "author": [{"display": "BS. Bình"}],
        "title": "Giấy ra viện",
        "section": [{"text": note("khỏe"), "entry": [{"reference": f"Observation/{fhir_id(made.id)}-o0"}]}],
    }
    made.resources.append(("Composition", id, compact(content)))
    return made


C = f"{fhir_id(paper().id)}-d1"


@pytest.fixture
def discharged(conn: psycopg.Connection) -> None:
    save(conn, patient(), paper())


def names(bundle: dict) -> list[str]:
    return [entry["fullUrl"].removeprefix(f"{BASE}/") for entry in bundle["entry"]]


def test_a_composition_with_all_that_it_refers_to(asker, discharged) -> None:
    said = asker.get(f"/Composition/{C}/$document")
    bundle = said.json()
    assert (said.status, bundle["type"]) == (200, "document")
    visit = C.partition("-")[0]
    assert names(bundle) == [f"Composition/{C}", f"Patient/{P}", f"Encounter/{visit}", f"Observation/{visit}-o0"]
    assert all(entry["resource"] == asker.get(entry["fullUrl"]).json() for entry in bundle["entry"])


def test_the_papers_of_simulated_stays(conn, asker) -> None:
    stays = [
        one for visits in province().values() for one in visits if any(k == "Composition" for k, _, _ in one.resources)
    ]
    assert stays
    record.save(
        conn, [doc for one in stays for doc in from_visit(one, digest=bytes(16), made=None, received=one.ended)]
    )
    conn.commit()
    for kind, id, _ in (resource for one in stays for resource in one.resources):
        if kind == "Composition":
            said = asker.get(f"/Composition/{id}/$document")
            assert check(said.body) == []
            assert _open(said.json()) == set()


def _open(bundle: dict) -> set[str]:
    """References to resources of this server that the bundle does not hold."""
    from yteso.fhir.documents.closure import references

    return set(references(bundle, BASE)) - set(names(bundle))


def test_it_stays_the_same_while_nothing_changes(conn, asker, discharged) -> None:
    one = asker.get(f"/Composition/{C}/$document").body
    save(conn, visit("other", 1))
    assert asker.get(f"/Composition/{C}/$document").body == one
    save(conn, paper(text="second", made=1))
    changed = asker.get(f"/Composition/{C}/$document").json()
    assert changed["identifier"]["value"].encode() not in one
    assert changed["identifier"]["system"] == "urn:ietf:rfc:3986"
    assert changed["timestamp"] == max(entry["resource"]["meta"]["lastUpdated"] for entry in changed["entry"])


@pytest.mark.parametrize("id", [C, f"Composition/{C}", f"{BASE}/Composition/{C}"])
def test_it_may_be_named_by_a_parameter(asker, discharged, id) -> None:
    assert asker.get(f"/Composition/$document?id={id}").body == asker.get(f"/Composition/{C}/$document").body


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/Composition/x/$document", 404),
        (f"/Composition/{P}/$document", 404),
        ("/Composition/$document", 400),
        (f"/Composition/$document?id=http://there/Composition/{C}", 400),
        (f"/Composition/{C}/$document?persist=true", 400),
        (f"/Composition/{C}/$document?graph=http://x", 400),
        (f"/Composition/{C}/$document?persist=false", 200),
    ],
)
def test_what_is_done_and_what_not(asker, discharged, address, status) -> None:
    assert asker.get(address).status == status


def test_what_was_taken_back_is_gone(conn, asker, discharged) -> None:
    withdraw(conn, paper())
    assert asker.get(f"/Composition/{C}/$document").status == 410


def test_what_the_scope_does_not_have_is_left_out(conn, node, discharged) -> None:
    scope = "system/Composition.read system/Encounter.read"
    said = Asker(token(conn, "papers", scope)).get(f"/Composition/{C}/$document")
    assert [name.partition("/")[0] for name in names(said.json())] == ["Composition", "Encounter"]
    assert Asker(token(conn, "lab", "system/Observation.read")).get(f"/Composition/{C}/$document").status == 403


def test_what_is_hidden_is_not_there(conn, asker, discharged) -> None:
    save(conn, paper("q", labels=["hiv"]))
    assert asker.get(f"/Composition/{fhir_id(paper('q').id)}-d1/$document").status == 404


def test_every_document_is_read_and_logged_once(conn, asker, discharged) -> None:
    asker.get(f"/Composition/{C}/$document")
    assert readings(conn) == [("dashboard", "client", "fhir", 1, "allowed")] * 2
