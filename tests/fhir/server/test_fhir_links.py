"""Chains and `_has` within a person's record, and `_filter` over HTTP: what is around a resource is asked as well."""

import pytest
from asking import Asker, patient, readings, save, token
from story import LE, TRAN, P, doctors, linked_visits, name, observations

from yteso.fhir.server import neighbours


@pytest.fixture
def story(conn) -> None:
    save(conn, patient(), *doctors(), *linked_visits())


ALL = "three0 three1 two0 two1 one0 one1"

CHAINS = [
    ("encounter.status=finished", "three0 three1 one0 one1"),
    ("encounter:Encounter.status=planned", "two0 two1"),
    ("encounter.status:not=planned", "three0 three1 one0 one1"),
    ("encounter.date=ge2026-03-02", "three0 three1 two0 two1"),
    (f"encounter._id={name('two')}", "two0 two1"),
    ("performer:Practitioner.name=le", "three1 one0"),
    ("performer:Practitioner.family=tran", "two0"),
    ("performer:Practitioner.name=le,tran", "three1 two0 one0"),
    ("performer:Practitioner.name:exact=le", ""),
    ("performer.name=le", "three1 one0"),
    ("patient.gender=male", ALL),
    ("patient.gender=female", ""),
    ("subject:Patient.name=an", ALL),
    ("subject:Group.code=x", ""),
    ("encounter.participant:Practitioner.name=le", "one0 one1"),
    ("encounter.subject:Patient.gender=male", ALL),
    ("encounter.status=finished&performer:Practitioner.name=le", "three1 one0"),
    ("_has:Provenance:target:agent=" + TRAN, "one0"),
    ("_has:Provenance:target:agent:Practitioner.name=tran", "one0"),
    ("_has:Provenance:target:agent=" + LE, ""),
    ("encounter._has:Observation:encounter:performer=" + TRAN, "two0 two1"),
    # expressions
    ("_filter=encounter.status eq finished and value-quantity gt 1||kg", "three0"),
    ("_filter=performer:Practitioner.name co le or value-quantity ge 100", "three1 two1 one0"),
    ("_filter=not (performer pr true)", "three0 two1 one1"),
    ("_filter=encounter[status eq finished].participant:Practitioner.family eq LE", "one0 one1"),
    # units
    ("value-quantity=1000|http://unitsofmeasure.org|g", "two0"),
    ("value-quantity=ge0.9|http://unitsofmeasure.org|kg", "three0 two0 one0"),
    ("value-quantity=gt38|http://unitsofmeasure.org|Cel", "two1"),
]


@pytest.mark.parametrize(("asked", "found"), CHAINS, ids=[asked for asked, _ in CHAINS])
def test_what_is_linked_is_asked(asker, story, asked: str, found: str) -> None:
    said = asker.get(f"/Observation?patient={P}&{asked}")
    assert (said.status, said.ids) == (200, observations(found))
    assert asker.get(f"/Patient/{P}/Observation?{asked}").ids == observations(found)
    pages = asker.pages(f"/Observation?patient={P}&{asked}&_count=1&_total=accurate")
    assert [id for page in pages for id in page.ids] == observations(found)


REVERSE = [
    ("_has:Observation:encounter:code=8310-5", "three two one"),
    ("_has:Observation:encounter:value-quantity=gt1||kg", "three"),
    ("_has:Observation:encounter:performer:Practitioner.name=tran", "two"),
    ("_has:Observation:encounter:_has:Provenance:target:agent=" + TRAN, "one"),
    ("_has:Observation:encounter:_has:Provenance:target:agent=" + LE, ""),
    ("_has:Observation:encounter:status=amended", ""),
    ("status=finished&_has:Observation:encounter:performer=" + LE, "three one"),
]


@pytest.mark.parametrize(("asked", "found"), REVERSE, ids=[asked for asked, _ in REVERSE])
def test_what_refers_to_a_resource_is_asked(asker, story, asked: str, found: str) -> None:
    assert asker.get(f"/Encounter?patient={P}&{asked}").ids == [f"Encounter/{name(key)}" for key in found.split()]


def test_what_is_hidden_answers_no_question(asker, story) -> None:
    hidden = asker.get(f"/Encounter?patient={P}&_has:Observation:encounter:value-quantity=2||kg")
    assert (hidden.status, hidden.ids) == (200, [])


def test_a_condition_on_a_type_outside_the_scope_is_refused(conn, node, story) -> None:
    client = Asker(token(conn, "lab", "system/Observation.read system/Encounter.read"))
    assert client.get(f"/Observation?patient={P}&encounter.status=planned").ids == observations("two0 two1")
    of_doctors = Asker(token(conn, "list", "system/Observation.read system/Practitioner.read"))
    assert of_doctors.get(f"/Observation?patient={P}&performer.name=le").ids == observations("three1 one0")
    for asked in (
        "performer:Practitioner.name=le",
        "encounter.participant:Practitioner.name=le",
        "_has:Provenance:target:agent=x",
        "encounter._has:Condition:encounter:code=x",
        "_filter=performer:Practitioner.name co le",
        "_filter=not (status eq final or patient.gender eq male)",
    ):
        said = client.get(f"/Observation?patient={P}&{asked}")
        assert (said.status, said.json()["issue"][0]["code"]) == (403, "forbidden"), asked


def test_who_is_looked_up_outside_the_record_is_in_the_log(conn, asker, story) -> None:
    asker.get(f"/Observation?patient={P}&performer:Practitioner.name=le")
    assert readings(conn) == [("dashboard", "client", "fhir", documents, "allowed") for documents in (4, 1, 1)]


def test_no_search_opens_the_whole_world(asker, story, monkeypatch) -> None:
    monkeypatch.setattr(neighbours, "OUTSIDE", 1)
    said = asker.get(f"/Observation?patient={P}&performer:Practitioner.name=le")
    assert (said.status, said.json()["issue"][0]["code"]) == (403, "too-costly")
    assert asker.get(f"/Observation?patient={P}&encounter.status=planned").status == 200


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("code.name=x", "code"),
        ("encounter:Patient.name=x", "Encounter"),
        ("encounter.nothing=x", "nothing"),
        ("focus.status=x", "focus:Patient"),
        ("_has:Observation:encounter=x", "_has"),
        ("_filter=status", "_filter"),
        ("_filter=status eq", "_filter"),
        ("_filter=status co (", "_filter"),
        ("_filter=nothing eq 1", "nothing"),
        ("_contained=true", "_contained"),
        ("_containedType=contained", "_containedType"),
    ],
)
def test_a_condition_that_leads_nowhere_is_refused_and_says_why(asker, story, asked: str, word: str) -> None:
    said = asker.get(f"/Observation?patient={P}&{asked}")
    assert said.status == 400
    assert word in said.text


@pytest.mark.parametrize("asked", ["encounter.nothing=x", "_filter=nothing eq 1", "_contained=true"])
def test_what_is_unknown_about_links_is_left_out_when_lenient(asker, story, asked: str) -> None:
    said = asker.get(f"/Observation?patient={P}&status=final&{asked}", Prefer="handling=lenient")
    assert said.ids == observations(ALL)
    assert said.link("self").endswith(f"/Observation?patient={P}&status=final")
