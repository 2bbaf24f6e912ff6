"""Medicines somebody takes now.

Running: the last day of supply, from the day of the order and the days the dose says, is today or later.
Just ended: a medicine of several visits whose supply ended within the last month; people tend to go on taking those.
"""

from dataclasses import dataclass
from datetime import date

from yteso.mapping import doses
from yteso.pages.base import formats
from yteso.pages.book.presenters.drugs import Drug, drugs
from yteso.pages.book.presenters.resources import Name, Visit


MONTH = 30
LONG = 14
"""Days of supply that make a medicine one of long use."""


@dataclass(frozen=True)
class Medicine:
    drug: Drug
    visit: str
    facility: str
    until: str
    long_term: bool


@dataclass(frozen=True)
class Medicines:
    running: list[Medicine]
    ended: list[Medicine]


def medicines(visits: list[Visit], facility: Name, today: date) -> Medicines:
    """`visits` newest first. The latest order of a medicine is the one that counts."""
    orders: dict[str, list[tuple[Drug, Visit]]] = {}
    for visit in visits:
        if (today - visit.on).days <= doses.LONGEST + MONTH and visit.has("MedicationRequest"):
            for drug in drugs(visit):
                if drug.end and drug.days > 1:
                    orders.setdefault(drug.key, []).append((drug, visit))
    running, ended = [], []
    for found in orders.values():
        drug, visit = max(found, key=lambda one: one[0].end)
        long_term = len({one.id for _drug, one in found}) > 1 and drug.days >= LONG
        medicine = Medicine(drug, visit.id, facility(visit.facility), formats.day(drug.end), long_term)
        if drug.start <= today <= drug.end:
            running.append(medicine)
        elif long_term and 0 < (today - drug.end).days <= MONTH:
            ended.append(medicine)
    return Medicines(_latest(running), _latest(ended))


def _latest(found: list[Medicine]) -> list[Medicine]:
    return sorted(found, key=lambda one: (one.drug.end, one.drug.name), reverse=True)
