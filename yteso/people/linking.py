"""Which person keeps which subjects when the grouping changes. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from yteso.people.rule import same_people


@dataclass(slots=True, frozen=True)
class Linked:
    """A subject as it stands, with its open link, if it has one: to whom, since when, and how old that person is."""

    subject: UUID
    number: str
    birth: str
    folded: str
    person: UUID | None
    since: datetime | None
    created: datetime | None


@dataclass(slots=True)
class Person:
    id: UUID | None
    members: list[Linked]


def people_of(subjects: Iterable[Linked]) -> list[Person]:
    """The subjects by person; `id` is None for a person who is new.

    Going through known people from the oldest on, each stays with the group that has been its own the longest. So the
    older of two joined people remains, and of two parted ones the first keeps the name. A subject of whom nothing is
    said any more gives way to those who are known.
    """
    people = [Person(None, members) for members in same_people(subjects)]
    claims = sorted(
        (member.created, member.person, not _known(member), member.since, n)
        for n, person in enumerate(people)
        for member in person.members
        if member.person
    )
    given: set[UUID] = set()
    for _, id, _, _, n in claims:
        if people[n].id is None and id not in given:
            people[n].id = id
            given.add(id)
    return people


def _known(member: Linked) -> bool:
    return bool(member.number or member.birth or member.folded)
