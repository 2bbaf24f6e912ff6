"""Search parameters over HTTP: the patient chooses the record, the others choose in it."""

import pytest
from asking import AN, THERE, save, visit

from yteso.fhir import search
from yteso.record.ids import fhir_id


P = fhir_id(AN)
FORM = "application/x-www-form-urlencoded"


def observation(key: str, number: int, **whose: str) -> str:
    return f"Observation/{fhir_id(visit(key, **whose).id)}-o{number}"


D = [observation("d", n, facility=THERE, patient="BN7") for n in range(2)]
C, B, A = ([observation(key, n) for n in range(2)] for key in "cba")
ALL = D + C + B + A
FIRSTS, SECONDS = ALL[0::2], ALL[1::2]

TABLE = [
    ("value-quantity=1", SECONDS),
    ("value-quantity=0||kg", FIRSTS),
    ("value-quantity=gt0", SECONDS),
    ("value-quantity=lt1,ge1", ALL),
    ("value-quantity=1||g", []),
    ("code:text=a", A),
    ("code:text=a,c", C + A),
    ("code:text=c&value-quantity=1", C[1:]),
    ("status=final", ALL),
    ("status=amended", []),
    ("status:not=final", []),
    ("code:missing=true", []),
    ("date:missing=true", ALL),
    ("patient:missing=false", ALL),
    (f"_id={B[1].partition('/')[2]}", B[1:]),
    ("_lastUpdated=ge2026-01-01", ALL),
    ("_lastUpdated=lt2026-01-01", []),
]


@pytest.mark.parametrize(("asked", "found"), TABLE, ids=[asked for asked, _ in TABLE])
def test_what_is_asked_is_found(asker, an, asked: str, found: list[str]) -> None:
    assert asker.get(f"/Observation?patient={P}&{asked}").ids == found
    assert asker.get(f"/Patient/{P}/Observation?{asked}").ids == found
    assert asker.ask("/Observation/_search", "POST", f"{asked}&patient={P}".encode(), Content_Type=FORM).ids == found
    assert asker.get(f"/Observation?patient={P}&{asked}&_total=accurate&_count=1").json()["total"] == len(found)


def test_pages_of_what_was_asked(asker, an, conn) -> None:
    pages = asker.pages(f"/Observation?patient={P}&value-quantity=1&_count=2")
    first = next(pages)
    save(conn, visit("g", 7))
    assert first.ids + [id for said in pages for id in said.ids] == SECONDS


def test_an_encounter_by_its_status(asker, an) -> None:
    assert len(asker.get(f"/Encounter?patient={P}&status=finished").ids) == 4
    assert asker.get(f"/Encounter?patient={P}&status=planned").ids == []


def test_a_part_of_what_was_asked(asker, an) -> None:
    said = asker.get(f"/Observation?patient={P}&code:text=b&_elements=status")
    assert said.ids == B
    assert all("valueQuantity" not in entry["resource"] for entry in said.json()["entry"])


@pytest.mark.parametrize(
    ("asked", "word"),
    [
        ("date=hôm-qua", "date"),
        ("value-quantity=nhiều", "value-quantity"),
        ("status:above=final", "status"),
        ("patient:missing=maybe", "missing"),
        ("code:in=http://nowhere.example/vs", "code"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_says_why(asker, an, asked: str, word: str) -> None:
    said = asker.get(f"/Observation?patient={P}&{asked}")
    assert said.status == 400
    assert word in said.text
    assert asker.get(f"/Observation?patient={P}&{asked}", Prefer="handling=lenient").status == 400


def test_every_parameter_that_is_offered_is_answered(asker, an) -> None:
    (rest,) = asker.get("/metadata").json()["rest"]
    offered = {one["type"]: one["searchParam"] for one in rest["resource"] if "searchParam" in one}
    assert {"Observation", "Encounter", "MedicationRequest", "Condition"} <= offered.keys()
    for type, parameters in offered.items():
        assert {one["name"] for one in parameters} == search.parameters(type).keys()
        names = [one["name"] for one in parameters if one["type"] not in ("composite", "special")]
        asked = "&".join(f"{name}:missing=false" for name in names)
        assert asker.get(f"/Patient/{P}/{type}?{asked}").status in (200, 404), type
