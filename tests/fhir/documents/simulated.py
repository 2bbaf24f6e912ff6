"""Simulated people as the record holds them, and made-up resources beside them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

from yteso import mapping
from yteso.fhir.documents import exact
from yteso.fhir.documents.summary import TYPES, Gathered, Source, summary
from yteso.intake.envelope import read
from yteso.mapping import Mapped
from yteso.record import PATIENT, Document, from_visit
from yteso.record.ids import derive, fhir_id, subject_id
from yteso.sandbox.simulate import visits


SAVED = datetime(2026, 10, 1, tzinfo=UTC)
TODAY = date(2026, 10, 20)
HERE = "99001"
AN = subject_id(HERE, "BN1")


@cache
def province() -> dict[str, list[Mapped]]:
    """Visits of sixty people by their personal number, or name, in order."""
    found = defaultdict(list)
    for file in visits(60, 120, 3, 1):
        envelope, dossiers = read(file.bytes)
        for one in dossiers:
            mapped = mapping.map_visit(one, envelope.header)
            found[mapped.identity.number or mapped.identity.name].append(mapped)
    return {number: sorted(said, key=lambda one: one.started) for number, said in found.items()}


def documents(visits: Iterable[Mapped]) -> list[Document]:
    """As they stand after these visits."""
    found = {}
    for mapped in visits:
        for document in from_visit(mapped, digest=bytes(16), made=None, received=SAVED):
            document.written, document.version = SAVED, 1
            found[document.id] = document
    return list(found.values())


def gathered(documents: Iterable[Document], today: date = TODAY, **facilities: str) -> Gathered:
    found = [
        Source(exact.read(json), document) for document in documents for type, _, json in document.body if type in TYPES
    ]
    return Gathered(found, facilities, today)


def patient(subject: UUID = AN, **elements: Any) -> Document:
    said = {"name": [{"text": "Nguyễn Văn An"}], "gender": "female", "birthDate": "1990-01-05"} | elements
    return document(subject, {"resourceType": "Patient", "id": fhir_id(subject)} | said, kind=PATIENT, id=subject)


def visit(day: date, *resources: dict[str, Any], care: str = "01", key: str = "", **options: Any) -> Document:
    """Of An's, whose resources get ids of their own; the first Condition is the main diagnosis."""
    id = derive("visit", day.isoformat(), key)
    named = [{"id": f"{fhir_id(id)}-{n}", **one} for n, one in enumerate(resources)]
    whose = {"reference": f"Patient/{fhir_id(AN)}"}
    for one in named:
        one |= {"patient" if one["resourceType"] in ("AllergyIntolerance", "Immunization") else "subject": whose}
    main = next((f"Condition/{one['id']}" for one in named if one["resourceType"] == "Condition"), None)
    use = {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/diagnosis-role", "code": "DD"}]}
    encounter = {
        "resourceType": "Encounter",
        "id": fhir_id(id),
        "status": "finished",
        "class": {"code": "AMB"},
        "type": [{"coding": [{"system": f"{mapping.BASE}/cs/loai-kcb", "code": care}]}],
        "subject": whose,
        **({"diagnosis": [{"condition": {"reference": main}, "use": use}]} if main else {}),
    }
    return document(AN, encounter, *named, day=day, id=id, **options)


def document(subject: UUID, *resources: dict[str, Any], **options: Any) -> Document:
    day = options.pop("day", None)
    start = datetime(day.year, day.month, day.day, 1, tzinfo=UTC) if day else SAVED
    settled = {"kind": "visit", "id": derive(str(resources)), "facility": HERE} | options
    return Document(
        subject=subject,
        source="",
        made=start.date(),
        received=SAVED,
        digest=bytes(16),
        started=start,
        ended=start,
        resources=[(one["resourceType"], one["id"], exact.write(one)) for one in resources],
        written=SAVED,
        version=1,
        **settled,
    )


def condition(code: str, display: str = "", **elements: Any) -> dict[str, Any]:
    coding = {"system": "http://hl7.org/fhir/sid/icd-10", "code": code, "display": display or f"Bệnh {code}"}
    return {"resourceType": "Condition", "code": {"coding": [coding]}} | elements


def order(code: str, on: date, days: int, **elements: Any) -> dict[str, Any]:
    return {
        "resourceType": "MedicationRequest",
        "status": "completed",
        "intent": "order",
        "medicationCodeableConcept": {
            "coding": [{"system": f"{mapping.BASE}/cs/thuoc", "code": code}],
            "text": f"Thuốc {code}",
        },
        "authoredOn": f"{on}T08:00:00+07:00",
        "dosageInstruction": [{"text": f"1 viên/lần * 1 lần/ngày * {days} ngày [1 viên/ngày]"}],
    } | elements


def observation(code: str, value: Any, at: date | str, category: str = "laboratory", **elements: Any) -> dict[str, Any]:
    system = "http://terminology.hl7.org/CodeSystem/observation-category"
    return {
        "resourceType": "Observation",
        "status": "final",
        "category": [{"coding": [{"system": system, "code": category}]}],
        "code": {"coding": [{"system": "http://loinc.org", "code": code}], "text": f"Chỉ số {code}"},
        "effectiveDateTime": str(at),
        "valueQuantity": {"value": value, "unit": "mmol/L"},
    } | elements


def ago(days: int) -> date:
    return TODAY - timedelta(days)


def of(*documents: Document, allowed: frozenset[str] | None = None, **options: Any) -> tuple[bytes, dict[str, Any]]:
    """The summary of these documents: its bytes, and as it is read."""
    text = summary(gathered(documents, **options), allowed)
    return text, exact.read(text)
