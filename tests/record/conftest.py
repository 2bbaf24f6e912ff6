"""Documents to save: small, but shaped like a visit."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from yteso.record import Document
from yteso.record.ids import derive, document_id, fhir_id, subject_id


START = datetime(2026, 3, 1, 8, tzinfo=UTC)


def build_visit(key: str = "LK1", **options: object) -> Document:
    """A visit document; `text` is its content, `day` when it ended, `made` and `received` count days and minutes."""
    facility, patient = options.get("facility", "99001"), options.get("patient", "BN1")
    text, day = options.get("text", "first"), options.get("day", 0)
    id = document_id("visit", facility, key)
    resources = [("Encounter", fhir_id(id), json.dumps({"resourceType": "Encounter", "text": text}).encode())]
    resources += [
        ("Observation", fhir_id(id, f"o{n}"), json.dumps({"resourceType": "Observation", "value": n}).encode())
        for n in range(options.get("observations", 2))
    ]
    return Document(
        subject=options.get("subject", subject_id(facility, patient)),
        id=id,
        kind="visit",
        source=key,
        facility=facility,
        made=date(2026, 3, 1) + timedelta(days=options.get("made", 0)),
        received=START + timedelta(minutes=options.get("received", 0)),
        digest=derive(text, patient).bytes,
        started=START + timedelta(days=day, hours=-1),
        ended=START + timedelta(days=day),
        labels=options.get("labels", []),
        tokens=options.get("tokens", []),
        resources=resources,
    )


def build_patient(text: str = "An", **options: object) -> Document:
    """A patient document as stated by the visit that ended on `day`."""
    subject = options.get("subject", subject_id("99001", "BN1"))
    content = json.dumps({"resourceType": "Patient", "name": text}).encode()
    return Document(
        subject=subject,
        id=subject,
        kind="patient",
        source="",
        facility="99001",
        made=date(2026, 3, 1) + timedelta(days=options.get("made", 0)),
        received=START + timedelta(minutes=options.get("received", 0)),
        digest=derive(text).bytes,
        started=START + timedelta(days=options.get("day", 0)),
        resources=[("Patient", fhir_id(subject), content)],
    )


@pytest.fixture
def visit() -> Callable[..., Document]:
    return build_visit


@pytest.fixture
def patient() -> Callable[..., Document]:
    return build_patient
