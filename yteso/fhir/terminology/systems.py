"""A code system in one edition, and its concepts, above and below each other.

Source: FHIR R4, CodeSystem (https://hl7.org/fhir/R4/codesystem.html).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple


Value = str | bool
NOTHING: Mapping[str, Value] = MappingProxyType({})
ABSTRACT = "notSelectable"
INACTIVE = "inactive"


class Concept(NamedTuple):
    """One code. `vi` and `en` are its names, "" where there is none; `parents` are codes of the same system."""

    code: str
    vi: str = ""
    en: str = ""
    parents: tuple[str, ...] = ()
    properties: Mapping[str, Value] = NOTHING

    def display(self, language: str = "vi") -> str:
        """The name in the language, or in the other one."""
        return (self.en or self.vi) if language == "en" else (self.vi or self.en)

    @property
    def abstract(self) -> bool:
        """A group that stands for no case of its own."""
        return self.properties.get(ABSTRACT) is True

    @property
    def active(self) -> bool:
        return self.properties.get(INACTIVE) is not True


@dataclass(frozen=True, eq=False)
class System:
    """One edition, in force from `since` to `until`, both included; None is open.

    `content`: "complete", "fragment" (not every code is known here) or "not-present" (none is). `source` is the legal
    document or the publisher. `load` gives the concepts; it is called once.
    """

    url: str
    version: str
    id: str
    vi: str
    en: str
    load: Callable[[], Iterable[Concept]] = field(repr=False)
    since: date | None = None
    until: date | None = None
    content: str = "complete"
    source: str = ""

    @cached_property
    def concepts(self) -> dict[str, Concept]:
        """By code, in the order of the list."""
        return {concept.code: concept for concept in self.load()}

    def title(self, language: str = "vi") -> str:
        """The name in the language, or in the other one, or the address."""
        return ((self.en or self.vi) if language == "en" else (self.vi or self.en)) or self.url

    def covers(self, on: date) -> bool:
        return (self.since is None or self.since <= on) and (self.until is None or on <= self.until)

    def above(self, code: str) -> frozenset[str]:
        """The code and all more general ones; empty when the system lacks it."""
        found, todo = set(), [code]
        while todo:
            one = todo.pop()
            if one in self.concepts and one not in found:
                found.add(one)
                todo += self.concepts[one].parents
        return frozenset(found)

    def below(self, code: str) -> frozenset[str]:
        """The code and all more special ones; empty when the system lacks it."""
        found, todo = set(), [code] if code in self.concepts else []
        while todo:
            one = todo.pop()
            if one not in found:
                found.add(one)
                todo += self.children.get(one, ())
        return frozenset(found)

    @cached_property
    def children(self) -> dict[str, list[str]]:
        """Code → the codes directly below it."""
        found: dict[str, list[str]] = {}
        for concept in self.concepts.values():
            for parent in concept.parents:
                found.setdefault(parent, []).append(concept.code)
        return found
