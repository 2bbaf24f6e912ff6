"""How an illness went: the notes of each day, and the vital signs taken with them."""

import re
from dataclasses import dataclass

from django.utils.translation import gettext as _

from yteso.pages.base import formats
from yteso.pages.book.presenters.resources import Resource, Visit, code, local_id, moment, stated
from yteso.pages.book.presenters.words import amount


SIGNS = re.compile(r"CSST\s*<[^<>]*>\s*")
"""The coded vital signs inside a note; the page shows them as a table."""

PULSE, TEMPERATURE, BREATHS, PRESSURE = "8867-4", "8310-5", "9279-1", "85354-9"
WEIGHT, HEIGHT = "29463-7", "8302-2"


@dataclass(frozen=True)
class Note:
    when: str
    parts: list[str]


@dataclass(frozen=True)
class Signs:
    """One measuring; "" what was not measured."""

    when: str
    pulse: str
    temperature: str
    breaths: str
    pressure: str


def notes(visit: Visit) -> list[Note]:
    return [found for one in visit.all("ClinicalImpression") if (found := _note(one, visit)).parts]


def _note(resource: Resource, visit: Visit) -> Note:
    written = resource.get("summary", "")
    if visit.has("Observation", local_id(resource)):
        written = SIGNS.sub("", written)
    titles = {"HOI_CHAN": _("Hội chẩn"), "PHAU_THUAT": _("Phẫu thuật")}
    more = [f"{titles.get(stated(one, 'x-muc'), '')}: {one.get('text', '')}" for one in resource.get("note", ())]
    parts = [resource.get("description", ""), written.strip(), *more]
    when = moment(resource.get("effectiveDateTime"))
    return Note(formats.moment(when), [part for part in parts if part])


def signs(visit: Visit) -> list[Signs]:
    """By moment, in the order they were taken."""
    at: dict[str, dict[str, str]] = {}
    for observation in visit.all("Observation"):
        known = code(observation.get("code"), "loinc")
        if observation["id"].startswith(f"{visit.id}-n") and known in (PULSE, TEMPERATURE, BREATHS, PRESSURE):
            at.setdefault(observation.get("effectiveDateTime", ""), {})[known] = measured(observation)
    return [
        Signs(formats.moment(moment(when)), *(found.get(one, "") for one in (PULSE, TEMPERATURE, BREATHS, PRESSURE)))
        for when, found in sorted(at.items())
    ]


def body(visit: Visit) -> dict[str, str]:
    """LOINC code → weight and height with their units, where stated."""
    places = {WEIGHT: visit.get(f"{visit.id}-w"), HEIGHT: visit.get(f"{visit.id}-h")}
    return {known: measured(one) for known, one in places.items() if one}


def measured(observation: Resource) -> str:
    parts = observation.get("component")
    if parts:
        return "/".join(amount(part["valueQuantity"]["value"]) for part in parts) + " mmHg"
    quantity = observation.get("valueQuantity", {})
    return f"{amount(quantity.get('value'))} {quantity.get('unit', '')}".strip()
