"""Filters on the concepts of a code system (https://hl7.org/fhir/R4/codesystem-concept-properties.html).

A filter names a property, or one of `concept`, `code`, `display`, `parent`, `child`.
"""

import re
from collections.abc import Callable, Iterable
from functools import partial

from yteso.fhir.terminology.systems import ABSTRACT, INACTIVE, Concept, System


LONGEST = 200
NESTED = re.compile(r"\)\s*[*+{]|\\[1-9]")
"""A repeated group may take for ever; no code system needs one."""

Test = Callable[[Concept], bool]


class FilterError(ValueError):
    """A filter that cannot be applied; the text says which part of it."""


def test(system: System, property: str, op: str, value: str) -> Test:
    """Which concepts of the system pass. Raises FilterError."""
    if op in _HIERARCHY:
        if value not in system.concepts:
            raise FilterError(f"{op} {value}")
        return _HIERARCHY[op](system, value)
    values = partial(_values, system, property)
    if op == "=":
        return lambda concept: value in values(concept)
    if op in ("in", "not-in"):
        wanted = {each.strip() for each in value.split(",")}
        return lambda concept: wanted.isdisjoint(values(concept)) == (op == "not-in")
    if op == "exists":
        return lambda concept: bool(list(values(concept))) == (value == "true")
    if op == "regex":
        pattern = _pattern(value)
        return lambda concept: any(pattern.fullmatch(each) for each in values(concept))
    raise FilterError(op)


def _is_a(system: System, code: str) -> Test:
    below = system.below(code)
    return lambda concept: concept.code in below


def _descendent_of(system: System, code: str) -> Test:
    below = system.below(code) - {code}
    return lambda concept: concept.code in below


def _is_not_a(system: System, code: str) -> Test:
    below = system.below(code)
    return lambda concept: concept.code not in below


def _generalizes(system: System, code: str) -> Test:
    above = system.above(code)
    return lambda concept: concept.code in above


_HIERARCHY: dict[str, Callable[[System, str], Test]] = {
    "is-a": _is_a,
    "descendent-of": _descendent_of,
    "is-not-a": _is_not_a,
    "generalizes": _generalizes,
}


def _values(system: System, property: str, concept: Concept) -> Iterable[str]:
    if property in ("concept", "code"):
        return (concept.code,)
    if property == "display":
        return tuple(filter(None, (concept.vi, concept.en)))
    if property == "parent":
        return concept.parents
    if property == "child":
        return system.children.get(concept.code, ())
    value = concept.properties.get(property)
    if value is None:
        # Every concept either may be selected or not; only those that may not are marked.
        return ("false",) if property in (ABSTRACT, INACTIVE) else ()
    return (str(value).lower() if isinstance(value, bool) else value,)


def _pattern(text: str) -> re.Pattern:
    if len(text) > LONGEST or NESTED.search(text):
        raise FilterError(f"regex {text[:40]}")
    try:
        return re.compile(text)
    except re.error:
        raise FilterError(f"regex {text[:40]}") from None
