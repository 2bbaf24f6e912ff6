"""What there is to summarise: the resources of a person over all their subjects, each with the document it is in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yteso.fhir.documents import dates
from yteso.record import Document
from yteso.record.document import LOCAL


TYPES = frozenset(
    {
        *("Patient", "Encounter", "Condition", "AllergyIntolerance", "Immunization", "Procedure"),
        *("MedicationRequest", "MedicationStatement", "Medication", "DeviceUseStatement", "Device"),
        *("Observation", "DiagnosticReport"),
    }
)
"""Types that the summary is made of."""


@dataclass(slots=True, frozen=True)
class Source:
    """A resource, and the document of the record that it is in."""

    resource: dict[str, Any]
    document: Document

    @property
    def name(self) -> str:
        return f"{self.resource['resourceType']}/{self.resource['id']}"

    @property
    def visit(self) -> tuple[date, date]:
        """First and last day of the care in which it was stated; the day it was saved where there was none."""
        end = self.document.ended or self.document.started or self.document.written
        return _local(self.document.started or end), _local(end)

    def day(self, *elements: str) -> date:
        """The day in the first of these elements that has one; else that of the visit."""
        for element in elements:
            value = self.resource.get(element, "")
            text = value if isinstance(value, str) else value.get("start") or value.get("end") or ""
            if found := dates.day(text):
                return found
        return self.visit[1]


class Gathered:
    """`facilities` are names by code; `today` decides what is current."""

    def __init__(self, found: Iterable[Source], facilities: dict[str, str], today: date) -> None:
        self.today = today
        self.facilities = facilities
        self._of: dict[str, list[Source]] = defaultdict(list)
        self._named: dict[str, Source] = {}
        for one in found:
            self._of[one.resource["resourceType"]].append(one)
            self._named[one.name] = one

    def of(self, type: str, *elements: str) -> list[Source]:
        """The resources of a type; with elements, the newest first by the day in the first of them that has one."""
        found = self._of[type]
        return sorted(found, key=lambda one: one.day(*elements), reverse=True) if elements else found

    def referred(self, source: Source, element: str) -> Source | None:
        """What an element of a resource refers to: something contained in it, or another resource that is here."""
        reference = source.resource.get(element, {}).get("reference", "")
        if reference.startswith("#"):
            contained = source.resource.get("contained", ())
            found = next((one for one in contained if one.get("id") == reference[1:]), None)
            return found and Source(found, source.document)
        return self._named.get(_plain(reference))

    @property
    def patients(self) -> list[Source]:
        """What is said of the person, the latest first."""
        return sorted(self._of["Patient"], key=lambda one: one.document.rank, reverse=True)

    @property
    def written(self) -> list[datetime]:
        """When what is here was saved."""
        return [one.document.written for one in self._named.values()]

    @property
    def encounters(self) -> list[Source]:
        return self._of["Encounter"]

    def facility(self, source: Source) -> str:
        """Name of the place of care."""
        code = source.document.facility
        return self.facilities.get(code, code)


def missing(found: Iterable[Source], base: str) -> list[str]:
    """Names of the medications and devices that these refer to and that are not among them; `base` is our address."""
    found = list(found)
    here = {one.name for one in found}
    elements = {"MedicationRequest": "medicationReference", "MedicationStatement": "medicationReference"}
    elements["DeviceUseStatement"] = "device"
    texts = (one.resource.get(elements.get(one.resource["resourceType"], ""), {}).get("reference", "") for one in found)
    names = dict.fromkeys(_plain(text.removeprefix(f"{base}/")) for text in texts)
    return [name for name in names if name.count("/") == 1 and name not in here]


def _plain(reference: str) -> str:
    """Type/id, without the address of the server and the version."""
    parts = reference.partition("/_history/")[0].split("/")
    return "/".join(parts[-2:])


def _local(moment: datetime) -> date:
    return moment.astimezone(LOCAL).date()
