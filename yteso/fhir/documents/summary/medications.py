"""Medications now: what is said to be taken, and orders whose supply lasts until today.

A long-term medication whose supply ended within the last month is listed as well, with the status unknown: people tend
to go on taking those. Nothing is said of single doses given during a stay.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from yteso.fhir.documents import dates
from yteso.fhir.documents.summary import concepts
from yteso.fhir.documents.summary.entries import Entry, Linked, excerpt, right, unreferenced
from yteso.fhir.documents.summary.gathering import Gathered, Source
from yteso.mapping import doses
from yteso.mapping.names import BASE, systems


MONTH, LONG = timedelta(days=30), 14
"""`LONG`: days of supply that make a medication one of long use."""

OPEN_END = date.max
NOT_ORDERED = ("cancelled", "stopped", "draft", "on-hold")
NOT_TAKEN = ("completed", "stopped", "on-hold", "not-taken", "intended")


@dataclass(slots=True, frozen=True)
class Supply:
    """One order or statement, and the first and last day it holds for."""

    source: Source
    start: date
    end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1


def current(gathered: Gathered) -> list[Entry]:
    found: dict[str, list[Supply]] = {}
    for supply in _supplies(gathered):
        found.setdefault(_key(supply.source, gathered), []).append(supply)
    entries = [entry for key, supplies in found.items() if key and (entry := _entry(key, supplies, gathered))]
    return sorted(entries, key=lambda entry: entry.row[0])


def _supplies(gathered: Gathered) -> list[Supply]:
    taken = right(gathered.of("MedicationStatement"), *NOT_TAKEN)
    stated = [_supply(one, "effectivePeriod", "effectiveDateTime") for one in taken]
    ordered = [_order(one) for one in right(gathered.of("MedicationRequest"), *NOT_ORDERED)]
    return stated + [one for one in ordered if one]


def _supply(source: Source, *elements: str) -> Supply:
    end = dates.day(source.resource.get("effectivePeriod", {}).get("end", ""))
    return Supply(source, source.day(*elements), end or OPEN_END)


def _order(source: Source) -> Supply | None:
    """None when nobody can tell how long it lasts, and for a single day."""
    if source.resource.get("status") == "active":
        return _supply(source, "authoredOn")
    dose = next(iter(source.resource.get("dosageInstruction", ())), {}).get("text", "")
    quantity = source.resource.get("dispenseRequest", {}).get("quantity", {}).get("value")
    days = doses.days(dose, quantity) or 0
    start = source.day("authoredOn")
    return Supply(source, start, start + timedelta(days=days - 1)) if days > 1 else None


def _entry(key: str, supplies: list[Supply], gathered: Gathered) -> Entry | None:
    running = [one for one in supplies if one.start <= gathered.today <= one.end]
    last = max(running or supplies, key=lambda one: (one.end, one.start))
    lasting = len({one.source.document.id for one in supplies}) > 1 and last.days >= LONG
    if not running and not (lasting and last.end < gathered.today <= last.end + MONTH):
        return None
    concept, link = _medication(last.source, gathered)
    start = _since(supplies, last)
    end = {} if last.end == OPEN_END else {"end": last.end.isoformat()}
    resource = excerpt(last.source, "reasonCode", "note") | {
        "resourceType": "MedicationStatement",
        "status": "active" if running else "unknown",
        "effectivePeriod": {"start": start.isoformat()} | end,
    }
    if dosage := _dosage(last.source):
        resource["dosage"] = dosage
    if not link:
        resource["medicationCodeableConcept"] = concepts.named(concept)
    row = (concepts.label(concept), _strength(last.source), _words(dosage), dates.shown(start))
    return Entry(key, resource, (*row, dates.shown(last.end) if end else ""), link)


def _since(supplies: list[Supply], last: Supply) -> date:
    """Since when it has been taken without a month between."""
    start = last.start
    for one in sorted(supplies, key=lambda one: one.start, reverse=True):
        if one.end == OPEN_END or one.end + MONTH >= start:
            start = min(start, one.start)
    return start


def _key(source: Source, gathered: Gathered) -> str:
    concept, _ = _medication(source, gathered)
    return concepts.code(concept, systems()["thuoc"]) or concepts.key(concept)


def _medication(source: Source, gathered: Gathered) -> tuple[concepts.Concept, dict[str, Linked]]:
    """What it is; and the Medication that says so, where there is one."""
    if concept := source.resource.get("medicationCodeableConcept"):
        return concept, {}
    drug = gathered.referred(source, "medicationReference")
    if drug and "code" in drug.resource:
        linked = Linked(f"{source.name} {drug.name}", excerpt(drug, "code", "status", "form", "amount", "batch"))
        return drug.resource["code"], {"medicationReference": linked}
    reference = source.resource.get("medicationReference", {})
    return {"text": reference.get("display") or reference.get("reference", "")}, {}


def _dosage(source: Source) -> list[dict[str, Any]]:
    return unreferenced(source.resource.get("dosageInstruction") or source.resource.get("dosage") or [])


def _words(dosage: list[dict[str, Any]]) -> str:
    return "; ".join(one["text"] for one in dosage if one.get("text"))


def _strength(source: Source) -> str:
    """As the drug row of the visit file states it."""
    kept = next((one for one in source.resource.get("extension", ()) if one.get("url") == f"{BASE}/xml2"), {})
    return next((one["valueString"] for one in kept.get("extension", ()) if one.get("url") == "HAM_LUONG"), "")
