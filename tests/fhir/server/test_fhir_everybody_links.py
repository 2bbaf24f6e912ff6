"""Chains and `_has` across everybody: found by the index from one to the other, never by looking at everything."""

import pytest
from asking import Asker, readings, token
from test_fhir_everybody import CCCD, LOINC, organization, person, put, result

from yteso.fhir.server import settling


@pytest.fixture
def stored(node: None, conn) -> Asker:
    writer = Asker(token(conn, "emr", "system/*.read system/*.write"))
    doctor = {"resourceType": "Practitioner", "id": "d1", "name": [{"family": "Đặng", "given": ["Thuý"]}]}
    put(
        writer,
        organization("g1", identifier=[{"system": "urn:x", "value": "79001"}]),
        doctor,
        person("p1", managingOrganization={"reference": "Organization/g1"}),
        person("p2", "Trần Thị Bình", "1985-12-31"),
        result("o1", "p1", performer=[{"reference": "Practitioner/d1"}]),
        result("o2", "p2", effectiveDateTime="2026-04-01"),
        result("o3", "p2", code={"coding": [{"system": LOINC, "code": "718-7"}]}),
    )
    return writer


def number(id: str) -> str:
    return person(id)["identifier"][0]["value"]


TABLE = [
    (f"Observation?patient.identifier={CCCD}|{number('p1')}", "o1"),
    (f"Observation?subject:Patient.identifier={CCCD}|{number('p2')}", "o2 o3"),
    (f"Observation?patient.identifier={CCCD}|{number('p2')}&code={LOINC}|718-7", "o3"),
    (f"Observation?patient.identifier={CCCD}|0", ""),
    ("Observation?patient.name=tran", "o2 o3"),
    ("Observation?patient.name=tran,nguyen", "o1 o2 o3"),
    ("Observation?performer:Practitioner.name=dang", "o1"),
    ("Observation?performer.name=dang", "o1"),
    ("Observation?patient.organization.identifier=urn:x|79001", "o1"),
    ("Observation?patient.organization:Organization.name=benh", "o1"),
    (f"Patient?_has:Observation:patient:code={LOINC}|718-7", "p2"),
    (f"Patient?_has:Observation:patient:code={LOINC}|8867-4", "p1 p2"),
    (f"Patient?_has:Observation:patient:code={LOINC}|8867-4&name=nguyen", "p1"),
    ("Patient?_has:Observation:patient:code=nothing", ""),
    ("Patient?_has:Observation:patient:performer:Practitioner.name=dang", "p1"),
    (f"Organization?_has:Patient:organization:_has:Observation:patient:code={LOINC}|8867-4", "g1"),
    (f"Organization?_has:Patient:organization:_has:Observation:patient:code={LOINC}|718-7", ""),
    ("Practitioner?_has:Observation:performer:patient.name=nguyen", "d1"),
    # what the index does not lead to is asked of what another condition leads to
    (f"Observation?code={LOINC}|8867-4&patient.birthdate=gt1986", "o1"),
    (f"Observation?code={LOINC}|8867-4&patient._lastUpdated=gt2020", "o1 o2"),
    # expressions
    ("Observation?_filter=patient.name sw tran", "o2 o3"),
    ("Observation?_filter=patient.name sw tran and code eq 718-7", "o3"),
    (f"Observation?code={LOINC}|8867-4&_filter=not (patient.name sw tran)", "o1"),
    # in several types, in order, with company
    (f"?_type=Observation,Condition&patient.identifier={CCCD}|{number('p1')}", "o1"),
    ("Observation?patient.name=tran&_sort=-date", "o2 o3"),
    ("Observation?patient.name=tran,nguyen&_sort=date,_id", "o1 o3 o2"),
]


@pytest.mark.parametrize(("asked", "found"), TABLE, ids=[asked for asked, _ in TABLE])
def test_what_is_linked_is_found_across_everybody(stored, asked: str, found: str) -> None:
    ids = [one.partition("/")[2] for said in stored.pages(f"/{asked}&_count=2") for one in said.ids]
    assert (ids if "_sort" in asked else sorted(ids)) == found.split()
    assert stored.get(f"/{asked}&_summary=count").json()["total"] == len(found.split())


def test_what_comes_along_across_everybody(stored) -> None:
    said = stored.get(f"/Patient?identifier={CCCD}|{number('p2')}&_revinclude=Observation:patient")
    assert {entry["resource"]["id"] for entry in said.json()["entry"]} == {"p2", "o2", "o3"}
    said = stored.get(
        "/Observation?patient.name=nguyen&_include=Observation:patient&_include:iterate=Patient:organization"
    )
    assert [entry["resource"]["id"] for entry in said.json()["entry"]] == ["o1", "p1", "g1"]


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("Observation?patient.birthdate=gt1986", "birthdate"),
        ("Observation?patient.name:contains=an", "name"),
        ("Patient?_has:Observation:patient:value-quantity=gt5", "code"),
        ("Observation?_filter=not (patient.name sw tran)", "code"),
        ("Observation?_filter=patient.name sw tran or date ge 2026", "code"),
        ("Observation?_filter=patient.name co tran", "name"),
    ],
)
def test_what_would_look_at_everything_is_refused_and_says_what_to_add(stored, asked: str, word: str) -> None:
    said = stored.get(f"/{asked}")
    assert (said.status, said.json()["issue"][0]["code"]) == (403, "too-costly")
    assert word in said.text


def test_a_condition_that_leads_to_too_many_is_refused(stored, monkeypatch) -> None:
    monkeypatch.setattr(settling, "TARGETS", 1)
    assert stored.get("/Observation?patient.name=tran").status == 200
    said = stored.get("/Observation?patient.name=tran,nguyen")
    assert (said.status, said.json()["issue"][0]["code"]) == (403, "too-costly")


def test_a_type_outside_the_scope_leads_nowhere(conn, stored) -> None:
    client = Asker(token(conn, "lab", "system/Observation.read system/Practitioner.read"))
    assert client.get("/Observation?performer.name=dang").ids == ["Observation/o1"]
    assert client.get("/Observation?patient.name=tran").status == 403
    assert client.get("/Practitioner?_has:Observation:performer:patient.name=tran").status == 403


def test_who_was_found_on_the_way_is_in_the_log(conn, stored) -> None:
    before = len(readings(conn))
    stored.get("/Observation?patient.name=nguyen")
    lines = readings(conn)[before:]
    assert [outcome for *_, outcome in lines] == ["allowed"] * len(lines)
    assert len(lines) >= 2
