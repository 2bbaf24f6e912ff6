"""An's record with links: three visits, a doctor who belongs to nobody, a note about where a result came from.

visit  day  status       observations (value, its doctor)       labels
one    1    finished     one0 900 g  Lê     one1 36.5 Cel –
two    2    planned      two0 1 kg   Trần   two1 101.3 [degF] –
three  3    finished     three0 1.1 kg –    three1 37 Cel Lê
hiv    4    finished     hiv0 2 kg   Lê                         hiv
"""

from datetime import timedelta
from typing import Any

from asking import AN, HERE, START, compact

from yteso.record import Document
from yteso.record.ids import derive, document_id, fhir_id


UCUM = "http://unitsofmeasure.org"
P = fhir_id(AN)
LE, TRAN = fhir_id(derive("doctor", "Lê")), fhir_id(derive("doctor", "Trần"))

_VISITS = {
    "one": (1, "finished", [(900, "g", LE), (36.5, "Cel", "")]),
    "two": (2, "planned", [(1, "kg", TRAN), (101.3, "[degF]", "")]),
    "three": (3, "finished", [(1.1, "kg", ""), (37, "Cel", LE)]),
    "hiv": (4, "finished", [(2, "kg", LE)]),
}


def name(key: str) -> str:
    """The logical id of a visit's Encounter ("one") or of its observation ("one0")."""
    number = key[-1] if key[-1].isdigit() else ""
    return fhir_id(document_id("visit", HERE, key.removesuffix(number)), f"o{number}" if number else "")


def observations(keys: str) -> list[str]:
    return [f"Observation/{name(key)}" for key in keys.split()]


def linked_visits(*keys: str) -> list[Document]:
    return [_visit(key, *_VISITS[key]) for key in keys or _VISITS]


def _visit(key: str, day: int, status: str, values: list[tuple[float, str, str]]) -> Document:
    whose, at = {"reference": f"Patient/{P}"}, f"2026-03-0{day}T08:00:00Z"
    encounter = {
        **{"resourceType": "Encounter", "id": name(key), "status": status, "subject": whose},
        **{"class": {"code": "AMB"}, "period": {"start": at, "end": at}},
        "participant": [{"individual": {"reference": f"Practitioner/{LE}"}}] if key == "one" else [],
    }
    content: list[dict[str, Any]] = [{part: value for part, value in encounter.items() if value}]
    for n, (value, code, doctor) in enumerate(values):
        observation = {
            **{"resourceType": "Observation", "id": name(f"{key}{n}"), "status": "final", "subject": whose},
            "encounter": {"reference": f"Encounter/{name(key)}"},
            "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7" if code[-1] == "g" else "8310-5"}]},
            "effectiveDateTime": at,
            "valueQuantity": {"value": value, "system": UCUM, "code": code, "unit": code},
        }
        if doctor:
            observation["performer"] = [{"reference": f"Practitioner/{doctor}"}]
        content.append(observation)
    if key == "one":
        target = {"reference": f"Observation/{name('one0')}"}
        agent = {"who": {"reference": f"Practitioner/{TRAN}"}}
        content.append({"resourceType": "Provenance", "id": name(key) + "-p", "target": [target], "agent": [agent]})
    return _document(document_id("visit", HERE, key), AN, day, content, ["hiv"] if key == "hiv" else [])


def doctors() -> list[Document]:
    """Each is a document of its own, about nobody but itself."""
    return [
        _document(derive("doctor", word), derive("doctor", word), 0, [practitioner(word)], [])
        for word in ("Lê", "Trần")
    ]


def practitioner(word: str) -> dict[str, Any]:
    return {"resourceType": "Practitioner", "id": fhir_id(derive("doctor", word)), "name": [{"family": word}]}


def _document(id: Any, subject: Any, day: int, content: list[dict[str, Any]], labels: list[str]) -> Document:
    return Document(
        *(subject, id, "visit", id.hex, HERE, START.date(), START, derive(id.hex).bytes),
        started=START + timedelta(days=day, hours=-1),
        ended=START + timedelta(days=day),
        labels=labels,
        resources=[(one["resourceType"], one["id"], compact(one)) for one in content],
    )
