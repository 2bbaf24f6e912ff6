"""Observations of the same thing, the newest first (https://hl7.org/fhir/R4/observation-operation-lastn.html)."""

from collections.abc import Hashable, Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from yteso.fhir.documents.dates import moment


Observation = dict[str, Any]
Key = TypeVar("Key", bound=Hashable)

_NEVER = datetime.min.replace(tzinfo=UTC)


def latest(found: Iterable[tuple[Key, Observation]], most: int = 1) -> list[tuple[Key, Observation]]:
    """At most so many of each code, all those at the time of the last one as well; groups and all newest first.

    `found` is in the order that decides between equal times.
    """
    chosen = [one for group in groups(found) for one in newest(group, most)]
    return sorted(chosen, key=lambda one: effective(one[1]), reverse=True)


def newest(group: list[tuple[Key, Observation]], most: int) -> Iterator[tuple[Key, Observation]]:
    ordered = sorted(group, key=lambda one: effective(one[1]), reverse=True)
    last = effective(ordered[min(most, len(ordered)) - 1][1])
    return (one for n, one in enumerate(ordered) if n < most or effective(one[1]) == last)


def groups(found: Iterable[tuple[Key, Observation]]) -> list[list[tuple[Key, Observation]]]:
    """By code: codings are equal that have system and code in common, directly or through others; texts that are equal
    stand for a code where there is none.
    """
    places: dict[str, int] = {}
    made: list[list[tuple[Key, Observation]]] = []
    for one in found:
        known = sorted({places[name] for name in names(one[1]) if name in places})
        place = known[0] if known else len(made)
        if not known:
            made.append([])
        for other in known[1:]:
            made[place] += made[other]
            made[other] = []
            places.update({name: place for name, at in places.items() if at == other})
        made[place].append(one)
        places.update(dict.fromkeys(names(one[1]), place))
    return [group for group in made if group]


def names(observation: Observation) -> list[str]:
    concept = observation.get("code", {})
    codings = [f"{one.get('system', '')}|{one['code']}" for one in concept.get("coding", ()) if one.get("code")]
    return codings or [f"#{concept.get('text', '')}"]


def effective(observation: Observation) -> datetime:
    """The end of the time it holds for; what has no time is older than all."""
    period = observation.get("effectivePeriod", {})
    text = observation.get("effectiveDateTime") or observation.get("effectiveInstant") or period.get("end")
    return moment(text or period.get("start", "")) or _NEVER
