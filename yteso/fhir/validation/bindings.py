"""Codes against value sets: extensible bindings of the types, and whatever a profile binds."""

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from typing import Any, Protocol

from yteso.fhir.definitions import files
from yteso.fhir.structure import Issue
from yteso.fhir.validation.issues import DATA, issue


MemberOf = Callable[[Any, str], bool | None]
"""Is a coded value (a code, Coding, CodeableConcept or Quantity) in the value set of this address? None: not known."""


class Bound(Protocol):
    value: Any
    at: str


def of_type(member_of: MemberOf, place: Any) -> Iterator[Issue]:
    """Of the extensible bindings that R4 gives the element or its type."""
    for stated in dict.fromkeys((place.path, place.type)):
        for url in extensible().get(stated, ()):
            yield from problems(member_of, place, url, "extensible")


def problems(member_of: MemberOf, bound: Bound, url: str, strength: str) -> Iterator[Issue]:
    """A required binding takes a code of its value set; an extensible one as well, if there are codes at all."""
    coded = _codings(bound.value)
    if strength == "extensible" and not coded:
        return
    if member_of(bound.value, url) is False or (strength == "required" and not coded):
        yield issue(bound.at, strength, set=url)


def _codings(value: Any) -> list[Any]:
    """The parts of a coded value that have a code."""
    if isinstance(value, dict):
        parts = value.get("coding", ()) if "code" not in value else [value]
        return [one for one in parts if isinstance(one, dict) and "code" in one]
    return [value]


@cache
def extensible() -> dict[str, list[str]]:
    found = defaultdict(list)
    for row in files.rows(DATA / "bindings.csv"):
        found[row["path"]].append(row["codes"])
    return dict(found)
