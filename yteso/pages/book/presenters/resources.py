"""A visit's resources, and the small questions every presenter asks of one."""

import json
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from yteso.mapping import BASE
from yteso.mapping.names import systems
from yteso.record import Document
from yteso.record.ids import fhir_id


Resource = dict[str, Any]
Name = Callable[[str], str]
"""A facility's name by its code."""

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")


class Visit:
    """A document of one visit; its resources are parsed when first asked for, numbers exactly as written."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.id = fhir_id(document.id)
        self.facility = document.facility
        self.started: datetime = document.started.astimezone(LOCAL)
        self.ended: datetime = document.ended.astimezone(LOCAL)
        self.on: date = self.ended.date()
        self._parsed: dict[str, list[Resource]] = {}

    def all(self, kind: str) -> list[Resource]:
        if kind not in self._parsed:
            self._parsed[kind] = [parse(body) for _, _, body in self.document.body.of_type(kind)]
        return self._parsed[kind]

    def get(self, id: str) -> Resource | None:
        body = self.document.body.get(id)
        return parse(body) if body else None

    def has(self, kind: str, letter: str = "") -> bool:
        """Whether there is such a resource; `letter` begins the local id (which table it came from)."""
        start = f"{kind}/{self.id}-{letter}"
        return any(name.startswith(start) for name in self.document.body.names)

    @cached_property
    def encounter(self) -> Resource:
        return next(iter(self.all("Encounter")), {})

    @property
    def patient(self) -> Resource:
        """The patient as this visit stated them."""
        return next(iter(self.encounter.get("contained", ())), {})


def parse(body: bytes) -> Resource:
    return json.loads(body, parse_float=Decimal)


def code(concept: Resource | None, system: str) -> str:
    """The code of a concept in one of our systems (short name of the mapping), else ""."""
    address = systems()[system]
    codings = (concept or {}).get("coding", ())
    return next((coding.get("code", "") for coding in codings if coding.get("system") == address), "")


def text(concept: Resource | None) -> str:
    """A concept in words: its text, else the name of its first named code."""
    concept = concept or {}
    named = (coding["display"] for coding in concept.get("coding", ()) if coding.get("display"))
    return concept.get("text") or next(named, "")


def first(items: list[Resource] | None) -> Resource:
    return items[0] if items else {}


def identifier(resource: Resource, system: str) -> str:
    address = systems()[system]
    found = resource.get("identifier", ())
    return next((one.get("value", "") for one in found if one.get("system", "").startswith(address)), "")


def stated(resource: Resource, url: str) -> Any:
    """The value of an extension by its short name, None when it is not there."""
    for extension in resource.get("extension", ()):
        if extension["url"] == systems()[url]:
            return next((value for key, value in extension.items() if key.startswith("value")), None)
    return None


def kept(resource: Resource, table: str) -> dict[str, str]:
    """National fields that have no place in FHIR, under their names."""
    for extension in resource.get("extension", ()):
        if extension["url"] == f"{BASE}/{table.lower()}":
            return {one["url"]: one.get("valueString", "") for one in extension["extension"]}
    return {}


def moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value).astimezone(LOCAL) if value and "T" in value else None


def local_id(resource: Resource) -> str:
    """The part of an id that names the place in its visit: `m3` the third drug row."""
    return resource.get("id", "").partition("-")[2]


def referred(reference: Resource | None) -> str:
    """The id in a reference."""
    return (reference or {}).get("reference", "").rpartition("/")[2]
