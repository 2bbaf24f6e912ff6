"""Code systems, value sets and concept maps that were written over FHIR, kept in memory as long as they stand."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple
from uuid import UUID

import orjson

from yteso.fhir.server.node import connections
from yteso.fhir.terminology import Library, codings
from yteso.record import Document, current, of_types


TYPES = ("CodeSystem", "ValueSet", "ConceptMap")


class Held(NamedTuple):
    """A resource with its version and time."""

    resource: dict
    version: int
    written: datetime


class Shelf:
    def __init__(self) -> None:
        self._held: dict[UUID, Held] = {}

    def all(self) -> list[Held]:
        """As they stand now, newest first; those that changed since the last time are read."""
        with connections().taken() as conn:
            versions = of_types(conn, TYPES)
            held = self._held
            kept = {id: held[id] for id, version in versions.items() if id in held and held[id].version == version}
            kept |= {id: _held(current(conn, id)) for id in versions if id not in kept}
        self._held = kept
        return [kept[id] for id in versions]

    def of(self, type: str) -> list[Held]:
        return [one for one in self.all() if one.resource["resourceType"] == type]


shelf = cache(Shelf)


def terms() -> Library:
    """All the terminology that is known at this moment."""
    written = shelf().all()

    def stored(type: str, url: str) -> Iterator[dict]:
        for one in written:
            if one.resource["resourceType"] == type and url in ("", one.resource.get("url")):
                yield one.resource

    return Library(stored)


def expand(canonical: str) -> frozenset[tuple[str, str | None]] | None:
    """The codes of a value set, as searches ask for them (`:in`, `:not-in`)."""
    return codings(canonical, library=terms())


def _held(document: Document) -> Held:
    json = document.body.find(*document.source.split("/"))
    return Held(orjson.loads(json), document.version, document.written)
