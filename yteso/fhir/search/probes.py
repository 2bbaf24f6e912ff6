"""What the index is asked for: from the conditions of a search to the words that a document must have.

Whatever a resource is found by, its document passes (`index.words` and `yteso.mapping.index` put there what is looked
for here); what the words cannot tell is left to the search itself.
"""

from collections.abc import Callable, Iterable
from functools import cache
from uuid import UUID

from yteso.fhir.search.conditions import Condition
from yteso.fhir.search.definitions import Parameter, parameters, resource_types
from yteso.fhir.search.index import plain_address, shared_name
from yteso.fhir.search.kinds import dates, strings
from yteso.fhir.search.kinds.dates import Moment
from yteso.fhir.search.kinds.references import Reference
from yteso.fhir.search.kinds.tokens import Token
from yteso.fhir.search.query import ByType, Criterion, Every, Query, Some
from yteso.mapping import index as mapped
from yteso.mapping.names import indexed
from yteso.record.ids import named, token
from yteso.record.probing import Probe
from yteso.record.words import of_beginning, of_value


MOST = 1_000
"""Alternatives of one condition that are looked up."""

GIVEN = {"_lastUpdated"}
"""Parameters of what a resource is given only when it is handed out."""

Ways = list[frozenset[int]] | None
"""Sets of words, one of which is there where an alternative is true; None: no words tell."""


def probes(query: Query, types: Iterable[str] = ()) -> list[Probe]:
    """What all of the query asks of documents that hold resources of its type, as far as the index can answer; of any
    of these types when it is a search in several.
    """
    kinds = list(types) or [query.resource_type]
    return [found for one in query.criteria for found in _of_any(kinds, one)]


def _of_any(kinds: list[str], one: Criterion) -> list[Probe]:
    if len(kinds) == 1 or isinstance(one, ByType):
        return probe(kinds[0], one)
    return either(probe(kind, one) for kind in kinds)


def probe(kind: str, one: Criterion) -> list[Probe]:
    """All of these pass where the criterion holds of a resource of this type; none: nothing that the index knows."""
    match one:
        case Condition():
            found = _probe(kind, one)
            return [found] if found else []
        case Every():
            return [found for part in one.parts for found in probe(kind, part)]
        case Some():
            return either(probe(kind, part) for part in one.parts)
        case ByType():
            return either(probe(type, part) for type, part in one.of.items())
    return []


def either(ways: Iterable[list[Probe]]) -> list[Probe]:
    """What passes where one of several holds, each by the first of its probes."""
    firsts = [way[:1] for way in ways]
    if not firsts or not all(firsts):
        return []
    found = [first for (first,) in firsts]
    words = dict.fromkeys(words for one in found for words in one.words)
    return [Probe(tuple(words), frozenset(id for one in found for id in one.ids))]


@cache
def known(kind: str) -> tuple[str, ...]:
    """The search parameters of a type that the index answers across everybody, when their values are written out."""
    return tuple(
        sorted(code for code, one in parameters(kind).items() if (one.type, "") in _MAKE and _covered(kind, one))
    )


def _covered(kind: str, parameter: Parameter) -> bool:
    if parameter.type == "reference" or parameter.code == "_id":
        return True
    if parameter.code in GIVEN:
        return False
    parts = [part.code for part in parameter.components if part.type == "token"]
    return mapped.covers(kind, parts[0] if parts else parameter.code)


def _probe(kind: str, one: Condition) -> Probe | None:
    to_type = one.parameter.type == "reference" and one.modifier in resource_types()
    make = _MAKE.get((one.parameter.type, "" if to_type else one.modifier))
    if not make or one.parameter.code in GIVEN or len(one.alternatives) > MOST:
        return None
    ways: list[frozenset[int]] = []
    for alternative in one.alternatives:
        found = make(kind, one, alternative)
        if found is None:
            return None
        ways += found
    return Probe(tuple(dict.fromkeys(ways)), _ids(one))


def _ids(one: Condition) -> frozenset[UUID]:
    """Mapped resources lie in the document that their id names, and refer to nothing but their document and subject."""
    if one.parameter.code == "_id":
        ids = [alternative.code for alternative in one.alternatives]
    elif one.parameter.type == "reference" and one.modifier != "identifier":
        ids = [alternative.id for alternative in one.alternatives]
    else:
        return frozenset()
    return frozenset(name for id in ids if id and (name := named(id)))


def _token(kind: str, one: Condition, wanted: Token) -> Ways:
    if not wanted.code:
        return None
    return _coded(kind, one.parameter.code, one.parameter.code, wanted)


def _coded(kind: str, parameter: str, component: str, wanted: Token) -> Ways:
    """`component` is the parameter that the code is of, the same unless it is part of a composite."""
    if wanted.system in indexed():
        return [frozenset((token(wanted.system, wanted.code),))]
    own = frozenset((of_value(kind, parameter, wanted.code),))
    if parameter == "_id" or kind not in mapped.resource_types():
        return [own]
    if not mapped.covers(kind, component):
        return None
    every = indexed() if wanted.system is None and component in mapped.CODED.get(kind, ()) else ()
    return [own, *(frozenset((token(system, wanted.code),)) for system in every)]


def _typed(kind: str, one: Condition, wanted: tuple[str, str, str]) -> Ways:
    return _valued(kind, one.parameter.code, wanted[2])


def _reference(kind: str, one: Condition, wanted: Reference) -> Ways:
    return [frozenset((of_value(kind, one.parameter.code, wanted.id or plain_address(wanted.address)),))]


def _identified(kind: str, one: Condition, wanted: Token) -> Ways:
    return _valued(kind, f"{one.parameter.code}:identifier", wanted.code) if wanted.code else None


def _uri(kind: str, one: Condition, wanted: str) -> Ways:
    return _valued(kind, one.parameter.code, plain_address(wanted))


def _date(kind: str, one: Condition, wanted: Moment) -> Ways:
    day = dates.day((wanted.start, wanted.end)) if wanted.prefix == "eq" else ""
    return _valued(kind, one.parameter.code, day) if day else None


def _string(kind: str, one: Condition, wanted: str) -> Ways:
    text = strings.folded(wanted) if one.modifier == "exact" else wanted
    if not text or not mapped.covers(kind, one.parameter.code):
        return None
    name = shared_name(one.parameter)
    return [frozenset(of_beginning(kind, name, start) for start in (text.split() if name == "name" else (text,)))]


def _composite(kind: str, one: Condition, wanted: tuple) -> Ways:
    """The first code among the parts."""
    for component, part in zip(one.parameter.components, wanted, strict=True):
        if component.type == "token" and part.code:
            return _coded(kind, one.parameter.code, component.code, part)
    return None


def _valued(kind: str, parameter: str, value: str) -> Ways:
    return [frozenset((of_value(kind, parameter, value),))] if mapped.covers(kind, parameter) else None


_MAKE: dict[tuple[str, str], Callable[..., Ways]] = {
    **{("token", modifier): _token for modifier in ("", "in", "above", "below")},
    ("token", "of-type"): _typed,
    ("reference", ""): _reference,
    ("reference", "identifier"): _identified,
    ("uri", ""): _uri,
    ("date", ""): _date,
    ("string", ""): _string,
    ("string", "exact"): _string,
    ("composite", ""): _composite,
}
