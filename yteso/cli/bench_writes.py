"""What `yteso bench fhir` writes: observations of known patients, one by one, again, and a visit at a time."""

from collections.abc import Iterator
from itertools import count, cycle
from uuid import uuid4

import orjson


ENTRIES = 20
"""Resources of a transaction: a patient, an encounter, and observations."""

KNOWN = 1_000
"""Different resources that are updated in turn."""

CODES = (("8867-4", "Nhịp tim", "/min"), ("8310-5", "Thân nhiệt", "Cel"), ("29463-7", "Cân nặng", "kg"))


def requests(port: int, token: str, patients: list[str]) -> dict[str, Iterator[bytes]]:
    """Endless requests for each operation, every one with a content of its own."""
    head = f"Host: localhost:{port}\r\nAuthorization: Bearer {token}\r\nContent-Type: application/fhir+json\r\n"
    numbers, patient = count(), cycle(patients)

    def made(method: str, path: str, body: dict) -> bytes:
        text = orjson.dumps(body)
        return f"{method} /fhir/R4{path} HTTP/1.1\r\n{head}Content-Length: {len(text)}\r\n\r\n".encode() + text

    def creates() -> Iterator[bytes]:
        for n in numbers:
            yield made("POST", "/Observation", _observation(n, f"Patient/{next(patient)}"))

    def updates() -> Iterator[bytes]:
        for n, whose in zip(numbers, patient, strict=False):
            id = f"bench-{n % KNOWN}"
            yield made("PUT", f"/Observation/{id}", _observation(n, f"Patient/{whose}") | {"id": id})

    def transactions() -> Iterator[bytes]:
        for n in numbers:
            yield made("POST", "", _visit(n))

    return {"create": creates(), "update": updates(), "transaction": transactions()}


def _visit(n: int) -> dict:
    whose, when = f"urn:uuid:{uuid4()}", f"urn:uuid:{uuid4()}"
    patient = {
        "resourceType": "Patient",
        "identifier": [{"system": "http://bench.example/mrn", "value": f"B{n}"}],
        "name": [{"text": f"Nguyễn Văn {n}"}],
        "gender": "female",
        "birthDate": "1990-01-05",
    }
    encounter = {
        "resourceType": "Encounter",
        "status": "finished",
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": "AMB"},
        "subject": {"reference": whose},
        "period": {"start": "2026-03-01T08:00:00+07:00", "end": "2026-03-01T09:00:00+07:00"},
    }
    about = {"encounter": {"reference": when}}
    results = [_observation(n * ENTRIES + i, whose) | about for i in range(ENTRIES - 2)]
    entries = [(whose, patient), (when, encounter), *((f"urn:uuid:{uuid4()}", one) for one in results)]
    return {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {"fullUrl": full, "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
            for full, one in entries
        ],
    }


def _observation(n: int, whose: str) -> dict:
    code, name, unit = CODES[n % len(CODES)]
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [
            {
                "coding": [
                    {"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "vital-signs"}
                ]
            }
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": code, "display": name}], "text": name},
        "subject": {"reference": whose},
        "effectiveDateTime": f"2026-03-{n % 28 + 1:02}T08:00:00+07:00",
        "valueQuantity": {
            "value": n,
            "unit": unit,
            "system": "http://unitsofmeasure.org",
            "code": unit,
        },
    }
