"""Whose record an identifier means: a personal number, an insurance card, or the number a facility gave."""

from uuid import UUID

from yteso import people
from yteso.fhir.server.faults import Fault, not_found, wrong
from yteso.fhir.server.node import taken
from yteso.mapping.names import systems
from yteso.record.ids import subject_id


NUMBERS = ("cccd", "cmnd", "passport", "bhyt")


def subject(identifier: str) -> UUID:
    """A subject of the one person with this identifier (system|value, or value); raises Fault."""
    system, bar, value = identifier.rpartition("|")
    if not value or not (known := _known(system, value, anywhere=not bar)):
        raise not_found()
    if len(known) > 1:
        raise Fault(
            409,
            "multiple-matches",
            "Có nhiều người mang số này; hãy dùng Patient/ID.",
            "Several people have this identifier; use Patient/ID.",
        )
    return known.popitem()[1]


def _known(system: str, value: str, *, anywhere: bool) -> dict[UUID, UUID]:
    """The subject seen last of every person who is meant."""
    facility = system.removeprefix(systems()["ma-bn"] + "/")
    with taken() as conn:
        if facility != system:
            one = subject_id(facility, value)
            return {person: one} if (person := people.person_of(conn, one)) else {}
        if not anywhere and system not in {systems()[name] for name in NUMBERS}:
            raise wrong(
                f"identifier cần hệ thống đã biết, ví dụ {systems()['cccd']}|001090000001.",
                f"identifier needs a system that is known, e.g. {systems()['cccd']}|001090000001.",
            )
        found = people.search(conn, value)
    exact = [one for one in found if value in (one.number, one.card)]
    return {one.person: one.subject for one in sorted(exact, key=lambda one: one.seen)}
