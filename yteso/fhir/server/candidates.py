"""Patient/$match: who may be meant by a Patient, from the people context.

https://hl7.org/fhir/R4/patient-operation-match.html
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from yteso import people
from yteso.fhir import structure
from yteso.fhir.server import bundles, inputs, person
from yteso.fhir.server.faults import wrong
from yteso.fhir.server.inputs import Input
from yteso.fhir.server.node import desk, taken
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import WHOLE
from yteso.fhir.writing import patients
from yteso.mapping.names import systems
from yteso.people import Candidate
from yteso.record import Document
from yteso.record.ids import subject_id


COUNT, MOST = 10, 100
"""Candidates without `count`, and at most."""

_GRADE = "http://hl7.org/fhir/StructureDefinition/match-grade"
_NOBODY = UUID(int=0)


def match(request: Request) -> Answer:
    """The candidates, the most likely first; each of them is a reading of that person."""
    person.permit(request, "Patient")
    given = dict(inputs.inputs(request))
    asked = _patient(given.get("resource"))
    only_certain = _text(given, "onlyCertainMatches", "false", ("true", "false")) == "true"
    most = _count(given)
    said = patients.statement(_NOBODY, asked, datetime.now(UTC))
    with taken() as conn:
        found = people.candidates(conn, said, set(_numbered(asked)), MOST)
    certain = [one for one in found if not only_certain or one.grade == "certain"]
    if only_certain and len(certain) > 1:
        certain = []  # two people who are both certain are not
    entries = [_entry(request.base, *pair) for pair in _shown(request, certain[:most])]
    return bundles.answer("searchset", entries, total=len(entries))


def _patient(given: Input | None) -> dict[str, Any]:
    """The Patient that was sent: it may say little, but it is a sound resource."""
    if isinstance(given, bytes):
        asked = orjson.loads(given)
        if asked.get("resourceType") == "Patient" and not structure.check(given):
            return asked
    raise wrong(
        "Gửi Parameters có resource là một Patient hợp lệ.", "Send Parameters whose resource is a sound Patient."
    )


def _numbered(asked: dict[str, Any]) -> Iterator[UUID]:
    """Subjects by the patient numbers that facilities gave."""
    for one in asked.get("identifier", ()):
        facility = one.get("system", "").removeprefix(systems()["ma-bn"] + "/")
        if facility != one.get("system", "") and one.get("value"):
            yield subject_id(facility, one["value"])


def _shown(request: Request, found: list[Candidate]) -> Iterator[tuple[Candidate, Document]]:
    for one in found:
        document = desk().document(request.client.reader, one.known.subject)
        if document and not document.withdrawn:
            yield one, document


def _entry(base: str, candidate: Candidate, document: Document) -> bytes:
    ((type, id, json),) = document.body.of_type("Patient")
    resource = WHOLE(type, json, document.version, document.written)
    search = {
        "extension": [{"url": _GRADE, "valueCode": candidate.grade}],
        "mode": "match",
        "score": candidate.score,
    }
    address = f"{base}/{type}/{id}".encode()
    return b'{"fullUrl":"%s","resource":%s,"search":%s}' % (address, resource, orjson.dumps(search))


def _text(given: dict[str, Input], name: str, otherwise: str, values: tuple[str, ...]) -> str:
    text = given.get(name, otherwise)
    if text not in values:
        raise wrong(f"{name} là {' hoặc '.join(values)}.", f"{name} is {' or '.join(values)}.")
    return text


def _count(given: dict[str, Input]) -> int:
    text = given.get("count", str(COUNT))
    if not isinstance(text, str) or not text.isascii() or not text.isdigit() or not int(text[:9]):
        raise wrong("count là số nguyên dương.", "count is a positive whole number.")
    return min(int(text[:9]), MOST)
