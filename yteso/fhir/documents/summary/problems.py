"""Problems and past illnesses: every visit states its diagnoses anew, a summary states each disease once.

A disease is a problem now when it is one that lasts (data/lasting.csv), when a visit of the last year treated it as a
long illness, when it was diagnosed within the last three months, or when somebody keeps it on a problem list as active.
What is left is past. Reasons for contact and causes of injury (ICD-10 V to Z) are neither, but for those that last.
"""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from importlib.resources import files

from yteso.fhir.documents import dates
from yteso.fhir.documents.summary import concepts
from yteso.fhir.documents.summary.entries import Entry, excerpt, status
from yteso.fhir.documents.summary.gathering import Gathered, Source
from yteso.mapping.names import systems


LONG_CARE = ("05", "08")
"""Kinds of care (MA_LOAI_KCB) that are visits of one long illness."""

YEAR, RECENT = 365, 90
ACTIVE = ("active", "recurrence", "relapse")
_ELEMENTS = ("verificationStatus", "severity", "code", "bodySite", "onset[x]", "abatement[x]")


@dataclass(frozen=True)
class Course:
    """One disease over all that was said of it, the latest first."""

    said: list[Source]
    long_care: date | None

    @property
    def code(self) -> str:
        return concepts.code(self.said[0].resource["code"], systems()["icd10"])

    @cached_property
    def first(self) -> date:
        return min(min(one.visit[0], one.day("onsetDateTime", "recordedDate")) for one in self.said)

    @cached_property
    def last(self) -> date:
        return max(one.day("recordedDate") for one in self.said)

    @property
    def visits(self) -> int:
        return len({one.document.id for one in self.said})

    def current(self, today: date) -> bool:
        listed = [one for one in self.said if _listed(one)]
        if listed:
            return _clinical(listed[0]) in ACTIVE
        if lasts(self.code) or (self.long_care and (today - self.long_care).days <= YEAR):
            return True
        return (today - self.last).days <= RECENT

    @property
    def illness(self) -> bool:
        return self.code[:1] not in tuple("VWXYZ") or lasts(self.code) or any(_listed(one) for one in self.said)


def current(gathered: Gathered) -> list[Entry]:
    return _entries(gathered, lambda course: course.current(gathered.today), "active")


def past(gathered: Gathered) -> list[Entry]:
    return _entries(gathered, lambda course: not course.current(gathered.today), "inactive")


@cache
def lasts(code: str) -> bool:
    return any(start <= code[:3] <= end for start, end in _lasting())


def _entries(gathered: Gathered, wanted: Callable[[Course], bool], clinical: str) -> list[Entry]:
    chosen = [(key, course) for key, course in _courses(gathered).items() if course.illness and wanted(course)]
    chosen.sort(key=lambda one: one[1].last, reverse=True)
    return [_entry(key, course, clinical) for key, course in chosen]


def _courses(gathered: Gathered) -> dict[str, Course]:
    treated = _long_care(gathered)
    said: dict[str, list[Source]] = {}
    for one in gathered.of("Condition", "recordedDate"):
        key = concepts.key(one.resource.get("code"))
        if key and _stands(one):
            said.setdefault(key, []).append(one)
    return {
        key: Course(found, max((treated[one.name] for one in found if one.name in treated), default=None))
        for key, found in said.items()
    }


def _long_care(gathered: Gathered) -> dict[str, date]:
    """The main diagnoses of visits that belong to a long illness, and the day of the visit."""
    found = {}
    for encounter in gathered.encounters:
        kinds = [concepts.code(kind, systems()["loai-kcb"]) for kind in encounter.resource.get("type", ())]
        for diagnosis in encounter.resource.get("diagnosis", ()) if set(kinds) & set(LONG_CARE) else ():
            if concepts.code(diagnosis.get("use")) == "DD":
                found[diagnosis["condition"].get("reference", "")] = encounter.visit[1]
    return found


def _stands(source: Source) -> bool:
    """What was refuted is none; what was only supposed on admission, in words, is said again at the end."""
    verified = status(source.resource.get("verificationStatus"))
    supposed = verified in ("provisional", "differential") and not concepts.codings(source.resource.get("code"))
    return verified not in ("refuted", "entered-in-error") and not supposed


def _listed(source: Source) -> bool:
    return any(concepts.code(one) == "problem-list-item" for one in source.resource.get("category", ()))


def _clinical(source: Source) -> str:
    return status(source.resource.get("clinicalStatus")) or "active"


def _entry(key: str, course: Course, clinical: str) -> Entry:
    latest = course.said[0]
    resource = excerpt(latest, *_ELEMENTS)
    stated = _clinical(latest)
    if (stated in ACTIVE) != (clinical == "active"):
        stated = clinical
    if not any(name.startswith("onset") for name in resource):
        resource["onsetDateTime"] = course.first.isoformat()
    visits = f"ghi nhận ở {course.visits} lượt khám, từ {dates.shown(course.first)} đến {dates.shown(course.last)}"
    resource |= {
        "clinicalStatus": _concept("cond-clinical", stated),
        "category": [_concept("cond-category", "problem-list-item")],
        "code": concepts.named(resource["code"]),
        "recordedDate": course.last.isoformat(),
        "note": [{"text": f"Trong hồ sơ: {visits}."}],
    }
    shown = (dates.shown(course.first), dates.shown(course.last), str(course.visits))
    return Entry(key, resource, (concepts.label(resource["code"]), concepts.code(resource["code"]), *shown))


def _concept(system: str, code: str) -> concepts.Concept:
    return {"coding": [{"system": systems()[system], "code": code}]}


@cache
def _lasting() -> list[tuple[str, str]]:
    text = files("yteso.fhir.documents").joinpath("data/lasting.csv").read_text("utf-8")
    return [(row["from"], row["to"]) for row in csv.DictReader(text.splitlines())]
