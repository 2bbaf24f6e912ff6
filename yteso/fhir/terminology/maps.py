"""Concept maps: which code of another system a code stands for (https://hl7.org/fhir/R4/conceptmap.html)."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, partial
from typing import NamedTuple


class Row(NamedTuple):
    """One line of a map. `equivalence` is of the value set concept-map-equivalence; a code without a target is
    unmatched and has target "".
    """

    source: str
    target: str
    equivalence: str
    comment: str = ""


@dataclass(frozen=True, eq=False)
class Group:
    """From one code system to another; versions are "" where they do not matter."""

    source: str
    target: str
    load: Callable[[], Iterable[Row]] = field(repr=False)
    source_version: str = ""
    target_version: str = ""

    @cached_property
    def rows(self) -> list[Row]:
        return list(self.load())

    @cached_property
    def forth(self) -> dict[str, list[Row]]:
        return _by((row.source, row) for row in self.rows)

    @cached_property
    def back(self) -> dict[str, list[Row]]:
        return _by((row.target, row) for row in self.rows if row.target)


@dataclass(frozen=True, eq=False)
class ConceptMap:
    """`since`: the day from which it holds."""

    url: str
    id: str
    version: str
    vi: str
    en: str
    groups: tuple[Group, ...]
    since: date | None = None
    source: str = ""


class Match(NamedTuple):
    """`system` and `version` are those of `code`, which is "" where the map says that there is none."""

    system: str
    version: str
    code: str
    equivalence: str
    map: str


_REVERSED = {"wider": "narrower", "narrower": "wider", "subsumes": "specializes", "specializes": "subsumes"}


def translate(
    found: Iterable[ConceptMap], system: str, code: str, target: str = "", *, version: str = "", reverse: bool = False
) -> Iterator[Match]:
    """What a code stands for by these maps; `system` and `target` "" are any, `reverse` reads the maps backwards."""
    for one in found:
        for group in one.groups:
            ends = (group.source, group.source_version), (group.target, group.target_version)
            (start, start_version), (end, end_version) = reversed(ends) if reverse else ends
            if system not in ("", start) or target not in ("", end) or (version and start_version not in ("", version)):
                continue
            for row in (group.back if reverse else group.forth).get(code, ()):
                equivalence = _REVERSED.get(row.equivalence, row.equivalence) if reverse else row.equivalence
                yield Match(end, end_version, row.source if reverse else row.target, equivalence, one.url)


def stored(resource: dict) -> ConceptMap:
    """The map that a ConceptMap resource describes."""
    groups = tuple(
        Group(
            each.get("source", ""),
            each.get("target", ""),
            partial(_rows, each.get("element", ())),
            each.get("sourceVersion", ""),
            each.get("targetVersion", ""),
        )
        for each in resource.get("group", ())
    )
    title = resource.get("title") or resource.get("name") or ""
    return ConceptMap(
        resource.get("url", ""), resource.get("id", ""), resource.get("version", ""), title, title, groups
    )


def _rows(elements: Iterable[dict]) -> Iterator[Row]:
    for element in elements:
        for target in element.get("target", ()):
            yield Row(
                element.get("code", ""),
                target.get("code", ""),
                target.get("equivalence", "equivalent"),
                target.get("comment", ""),
            )


def _by(pairs: Iterable[tuple[str, Row]]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for code, row in pairs:
        found.setdefault(code, []).append(row)
    return found
