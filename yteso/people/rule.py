"""The provisional rule of who is the same person. Pure; the store around it stays when the rule is replaced.

Two subjects are the same person when they have the same personal number and their birth dates agree or their names
do. Without a personal number a subject is a person of its own. What is missing neither agrees nor disagrees.
The outcome is the set of connected components, so the order of arrival does not matter.
"""

from collections.abc import Hashable, Iterable
from typing import Protocol
from uuid import UUID


class Facts(Protocol):
    subject: UUID
    number: str
    birth: str
    folded: str


def births_agree(one: str, other: str) -> bool:
    """Equal as far as both are known: year, month and day, of which 00 is unknown. At least the year is known."""
    known = [(a, b) for a, b in zip(_parts(one), _parts(other), strict=True) if a.strip("0") and b.strip("0")]
    return bool(known) and known[0] == (one[:4], other[:4]) and all(a == b for a, b in known)


def why(facts: Facts, others: Iterable[Facts]) -> dict[str, object]:
    """The reason for a link, kept with it: on what a subject agrees with the rest of its person."""
    agreed = set()
    for other in others:
        agreed |= {"birth"} if births_agree(facts.birth, other.birth) else set()
        agreed |= {"name"} if facts.folded and facts.folded == other.folded else set()
    return {"rule": "number", "agrees": sorted(agreed)} if agreed else {"rule": "facility patient number"}


def same_people(subjects: Iterable[Facts]) -> list[list[Facts]]:
    """The subjects grouped by person."""
    subjects = list(subjects)
    groups = _Groups()
    births: dict[str, set[str]] = {}
    for facts in subjects:
        if facts.number:
            births.setdefault(facts.number, set()).add(facts.birth)
            if facts.folded:
                groups.join(facts.subject, (facts.number, "name", facts.folded))
            if births_agree(facts.birth, facts.birth):
                groups.join(facts.subject, (facts.number, "birth", facts.birth))
    for number, known in births.items():
        for partial in (birth for birth in known if "00" in (birth[4:6], birth[6:])):
            for birth in known:
                if births_agree(partial, birth):
                    groups.join((number, "birth", partial), (number, "birth", birth))
    people: dict[Hashable, list[Facts]] = {}
    for facts in subjects:
        people.setdefault(groups.of(facts.subject), []).append(facts)
    return list(people.values())


def _parts(birth: str) -> tuple[str, str, str]:
    return birth[:4], birth[4:6], birth[6:]


class _Groups:
    """Union-find: what was joined, directly or through others, has one representative."""

    def __init__(self) -> None:
        self._parent: dict[Hashable, Hashable] = {}

    def of(self, item: Hashable) -> Hashable:
        while (parent := self._parent.get(item, item)) != item:
            self._parent[item] = item = self._parent.get(parent, parent)
        return item

    def join(self, one: Hashable, other: Hashable) -> None:
        self._parent[self.of(one)] = self.of(other)
