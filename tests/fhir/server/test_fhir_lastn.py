"""Observation/$lastn: of each code the latest of one person, over all linked subjects."""

import json

import pytest
from asking import AN, BASE, HERE, THERE, Asker, compact, link, readings, save, token, visit

from yteso.record.ids import fhir_id, subject_id


P = fhir_id(AN)
VITAL = "vital-signs"


@pytest.fixture
def measured(conn) -> None:
    """An's weight on four days here, and on a fifth elsewhere; a temperature; and a result of the laboratory."""
    link(conn, "001090000001", (HERE, "BN1"), (THERE, "BN7"))
    save(
        conn,
        *(_visit(day, _observation("29463-7", day)) for day in range(1, 5)),
        _visit(9, _observation("29463-7", 9), facility=THERE, patient="BN7"),
        _visit(6, _observation("8310-5", 6), _observation("2345-7", 6, category="laboratory")),
    )


def _visit(day: int, *observations: dict, **options):
    """A visit whose observations are these."""
    made = visit(f"m{day}", day, observations=0, **options)
    whose = {"reference": f"Patient/{fhir_id(made.subject)}"}
    found = [{**one, "id": f"{fhir_id(made.id)}-{n}", "subject": whose} for n, one in enumerate(observations)]
    made.resources += [("Observation", one["id"], compact(one)) for one in found]
    return made


def _observation(code: str, day: int, category: str = VITAL) -> dict:
    system = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": system, "code": category}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}]},
        "effectiveDateTime": f"2026-03-{day:02}",
        "valueQuantity": {"value": day},
    }


def days(said) -> list[int]:
    assert said.status == 200, said.text
    return [
        entry["resource"]["valueQuantity"]["value"]
        for entry in said.json().get("entry", ())
        if entry["search"]["mode"] == "match"
    ]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (f"category={VITAL}", [9, 6]),
        (f"category={VITAL}&max=3", [9, 6, 4, 3]),
        (f"category={VITAL}&max=100", [9, 6, 4, 3, 2, 1]),
        ("code=29463-7", [9]),
        ("code=29463-7&max=2", [9, 4]),
        ("code=29463-7,2345-7", [9, 6]),
        ("code=29463-7&date=lt2026-03-04", [3]),
        ("category=laboratory", [6]),
        ("code:not=29463-7", [6, 6]),
        ("combo-code=http://loinc.org|8310-5", [6]),
        ("category=imaging", []),
        (f"category={VITAL}&status=amended", []),
    ],
)
def test_the_latest_of_each_code(asker, measured, query, found) -> None:
    for whose in (f"patient={P}", f"subject=Patient/{P}", f"patient={fhir_id(subject_id(THERE, 'BN7'))}"):
        assert days(asker.get(f"/Observation/$lastn?{whose}&{query}")) == found


def test_it_is_a_search_with_its_number_and_its_address(asker, measured) -> None:
    said = asker.get(f"/Observation/$lastn?patient={P}&category={VITAL}").json()
    assert (said["type"], said["total"]) == ("searchset", 2)
    assert said["link"] == [
        {"relation": "self", "url": f"{BASE}/Observation/$lastn?patient={P}&category={VITAL}&max=1"}
    ]
    assert said["entry"][0]["resource"] == asker.get(said["entry"][0]["fullUrl"]).json()


def test_by_post_in_either_form(asker, measured) -> None:
    given = {"patient": P, "category": VITAL, "max": "2"}
    listed = [{"name": name, "valueString": value} for name, value in given.items()]
    body = json.dumps({"resourceType": "Parameters", "parameter": listed}).encode()
    assert days(asker.ask("/Observation/$lastn", "POST", body, Content_Type="application/fhir+json")) == [9, 6, 4]
    form = "&".join(f"{name}={value}" for name, value in given.items()).encode()
    said = asker.ask("/Observation/$lastn", "POST", form, Content_Type="application/x-www-form-urlencoded")
    assert days(said) == [9, 6, 4]


@pytest.mark.parametrize(
    ("query", "status", "word"),
    [
        (f"patient={P}", 400, "category"),
        (f"patient={P}&date=2026", 400, "category"),
        (f"category={VITAL}", 403, "patient="),
        (f"patient={P}&category={VITAL}&max=0", 400, "max"),
        (f"patient={P}&category={VITAL}&max=x", 400, "max"),
        (f"patient={P}&category={VITAL}&max=1&max=2", 400, "max"),
        (f"patient={P}&category={VITAL}&_count=5", 400, "_count"),
        (f"patient={P}&category={VITAL}&nothing=5", 400, "nothing"),
    ],
)
def test_what_cannot_be_asked(asker, measured, query, status, word) -> None:
    said = asker.get(f"/Observation/$lastn?{query}")
    assert said.status == status
    assert word in said.text


def test_a_part_of_each(asker, measured) -> None:
    said = asker.get(f"/Observation/$lastn?patient={P}&category={VITAL}&_elements=status")
    assert all("effectiveDateTime" not in entry["resource"] for entry in said.json()["entry"])
    assert asker.get(f"/Observation/$lastn?patient={P}&category={VITAL}&_summary=count").json()["total"] == 2


def test_of_nobody_there_is_nothing(asker) -> None:
    assert days(asker.get(f"/Observation/$lastn?patient=x&category={VITAL}")) == []


def test_what_is_hidden_is_not_the_latest(conn, asker, measured) -> None:
    save(conn, _visit(20, _observation("29463-7", 20), labels=["hiv"]))
    assert days(asker.get(f"/Observation/$lastn?patient={P}&code=29463-7")) == [9]


def test_a_scope_without_observations(conn, node, measured) -> None:
    said = Asker(token(conn, "desk", "system/Patient.read")).get(f"/Observation/$lastn?patient={P}&code=29463-7")
    assert said.status == 403


def test_it_is_a_reading(conn, asker, measured) -> None:
    asker.get(f"/Observation/$lastn?patient={P}&category={VITAL}")
    assert readings(conn) == [("dashboard", "client", "fhir", 6, "allowed")]
