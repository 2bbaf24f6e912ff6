"""The sections: which there are (data/sections.csv), what is in them, and what is said where nothing is."""

import csv
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from yteso.fhir.documents.summary import history, medications, narrative, observations, pregnancy, problems
from yteso.fhir.documents.summary.entries import Entry
from yteso.fhir.documents.summary.gathering import Gathered
from yteso.mapping.names import systems


ABSENT = "http://hl7.org/fhir/uv/ips/CodeSystem/absent-unknown-uv-ips"
EMPTY = "http://terminology.hl7.org/CodeSystem/list-empty-reason"

FILLED: dict[str, Callable[[Gathered], list[Entry]]] = {
    "problems": problems.current,
    "allergies": history.allergies,
    "medications": medications.current,
    "immunizations": history.immunizations,
    "procedures": history.procedures,
    "devices": history.devices,
    "results": observations.results,
    "vital-signs": observations.vital_signs,
    "past-illness": problems.past,
    "pregnancy": pregnancy.pregnancy,
    "social-history": observations.social_history,
}


@dataclass(slots=True, frozen=True)
class Section:
    """`most` entries at most; `unknown` is the code that stands for no information where the section is required."""

    name: str
    loinc: str
    display: str
    title: str
    types: frozenset[str]
    required: bool
    most: int
    columns: tuple[str, ...]
    unknown: tuple[str, str]


@dataclass(slots=True, frozen=True)
class Filled:
    """A section, its entries, how many more there were, and why it is empty if somebody may not read it."""

    section: Section
    entries: list[Entry]
    more: int = 0
    withheld: bool = False

    def json(self, references: list[str]) -> dict[str, Any]:
        """The section of the Composition, of which `references` are the entries."""
        coding = {"system": systems()["loinc"], "code": self.section.loinc, "display": self.section.display}
        said = {"title": self.section.title, "code": {"coding": [coding]}, "text": self._narrative()}
        if self.withheld:
            return said | {"emptyReason": {"coding": [{"system": EMPTY, "code": "withheld"}]}}
        return said | {"entry": [{"reference": reference} for reference in references]}

    def _narrative(self) -> dict[str, Any]:
        if self.withheld:
            return narrative.words("Phần này không thuộc phạm vi được đọc.")
        rows = [entry.row for entry in self.entries if entry.row]
        if not rows:
            return narrative.words("Hồ sơ chưa có thông tin về phần này; điều đó không có nghĩa là không có.")
        more = f"Còn {self.more} mục cũ hơn trong hồ sơ, không liệt kê ở đây." if self.more else ""
        return narrative.table(self.section.columns, rows, more)


@cache
def sections() -> list[Section]:
    text = files("yteso.fhir.documents").joinpath("data/sections.csv").read_text("utf-8")
    return [
        Section(
            *(row[name] for name in ("name", "loinc", "display", "title")),
            types=frozenset(row["types"].split()),
            required=row["required"] == "yes",
            most=int(row["most"]),
            columns=tuple(row["columns"].split("|")),
            unknown=(row["unknown"], row["unknown_text"]),
        )
        for row in csv.DictReader(text.splitlines())
    ]


def filled(gathered: Gathered, allowed: frozenset[str] | None) -> list[Filled]:
    """The required sections, and those of the others that have something; `allowed` types are looked at, None: all."""
    found = []
    for section in sections():
        if allowed is not None and section.types.isdisjoint(allowed):
            if section.required:
                found.append(Filled(section, [], withheld=True))
            continue
        entries = FILLED[section.name](gathered)
        if entries or section.required:
            shown = entries[: section.most] or [_unknown(section)]
            found.append(Filled(section, shown, more=len(entries[section.most :])))
    return found


def _unknown(section: Section) -> Entry:
    """What the IPS puts where nothing is known: the absence is said with a code, not left to be guessed."""
    code, display = section.unknown
    concept = {"coding": [{"system": ABSENT, "code": code, "display": display}], "text": "Chưa có thông tin"}
    resource: dict[str, Any] = {
        "problems": {
            "resourceType": "Condition",
            "clinicalStatus": {"coding": [{"system": systems()["cond-clinical"], "code": "active"}]},
            "category": [{"coding": [{"system": systems()["cond-category"], "code": "problem-list-item"}]}],
            "code": concept,
        },
        "allergies": {
            "resourceType": "AllergyIntolerance",
            "clinicalStatus": {"coding": [{"system": systems()["allergy-clinical"], "code": "active"}]},
            "code": concept,
        },
        "medications": {
            "resourceType": "MedicationStatement",
            "status": "unknown",
            "medicationCodeableConcept": concept,
            "_effectiveDateTime": {"extension": [{"url": systems()["x-absent"], "valueCode": "unknown"}]},
        },
    }[section.name]
    return Entry(code, resource, ())
