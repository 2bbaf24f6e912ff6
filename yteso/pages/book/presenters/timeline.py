"""The book's first page: visits of all facilities, newest first, and what comes next."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from django.http import QueryDict
from django.utils.translation import gettext as _

from yteso.pages.base import formats
from yteso.pages.book.presenters.head import Head
from yteso.pages.book.presenters.resources import Name, Resource, Visit, stated


@dataclass(frozen=True)
class Wanted:
    """What the reader narrowed the list to; "" is everything."""

    year: str = ""
    facility: str = ""
    care: str = ""

    @classmethod
    def asked(cls, query: QueryDict) -> "Wanted":
        return cls(query.get("nam", ""), query.get("co-so", ""), query.get("loai", ""))

    def takes(self, head: Head) -> bool:
        return (
            self.year in ("", str(head.year))
            and self.facility in ("", head.facility_code)
            and self.care in ("", head.care)
        )


@dataclass(frozen=True)
class Year:
    year: int
    heads: list[Head]


@dataclass(frozen=True)
class Coming:
    """A re-examination that is still ahead. `until` says how far: "hôm nay", "còn 5 ngày"."""

    visit: str
    day: date
    when: str
    until: str
    facility: str
    diagnosis: str


def years(heads: list[Head]) -> list[Year]:
    return [Year(year, list(found)) for year, found in groupby(heads, key=lambda head: head.year)]


def choices(heads: list[Head], wanted: Wanted) -> dict[str, list[dict[str, object]]]:
    """Options of the three filters, in the shape the select component takes; only what occurs."""
    return {
        "years": _options({str(head.year): str(head.year) for head in heads}, wanted.year, _("Mọi năm")),
        "facilities": _options(
            dict(sorted({head.facility_code: head.facility for head in heads}.items(), key=lambda one: one[1])),
            wanted.facility,
            _("Mọi cơ sở"),
        ),
        "kinds": _options({head.care: head.kind for head in heads if head.care}, wanted.care, _("Mọi loại")),
    }


def _options(found: dict[str, str], chosen: str, everything: str) -> list[dict[str, object]]:
    return [
        {"value": value, "text": words, "selected": value == chosen}
        for value, words in [("", everything), *found.items()]
    ]


def coming(visits: list[Visit], heads: list[Head], facility: Name, today: date) -> list[Coming]:
    """Appointments from today on, the nearest first."""
    found = [
        Coming(visit.id, day, formats.day(day), _until((day - today).days), facility(visit.facility), head.diagnosis)
        for visit, head in zip(visits, heads, strict=True)
        if visit.has("Appointment")
        for appointment in visit.all("Appointment")
        if (day := appointed(appointment)) and day >= today
    ]
    return sorted(found, key=lambda one: one.day)


def appointed(appointment: Resource) -> date | None:
    said = stated(appointment, "x-ngay-hen")
    if not said:
        said = next((one.get("start", "")[:10] for one in appointment.get("requestedPeriod", ())), "")
    return date.fromisoformat(said) if said else None


def _until(days: int) -> str:
    if days == 0:
        return _("hôm nay")
    return _("ngày mai") if days == 1 else _("còn %(days)s ngày") % {"days": days}
