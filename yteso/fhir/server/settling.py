"""Conditions on other resources, across everybody: what they lead to is found first, by the index.

`patient.identifier=…` becomes a condition on `patient` itself, which the index knows, and `_has` one on the id. What
cannot be found so is asked of each candidate, where another condition leads to some; else it is refused and says what
to add.
"""

from dataclasses import replace

from yteso.fhir import search
from yteso.fhir.search.query import ByType, Criterion, Every, Not, Some
from yteso.fhir.server import everybody, queries
from yteso.fhir.server.faults import Fault
from yteso.fhir.server.neighbours import Everywhere
from yteso.fhir.server.queries import Query
from yteso.fhir.server.requests import Request


TARGETS = 100
"""Resources that one condition may lead to."""

_NEVER = Some("", ())
"""What no resource is."""


def settled(request: Request, query: Query) -> Query:
    """A search across everybody as one that the index leads to; raises Fault when there is none."""
    criteria, refused = [], None
    for one in query.asked.criteria:
        try:
            criteria.append(_Settling(request).of_any(query, one))
        except Fault as fault:
            criteria.append(one)
            refused = refused or fault
    if _NEVER in criteria:
        return replace(query, everybody=False)
    asked = replace(query.asked, criteria=tuple(criteria))
    probes = search.probes(asked, query.types)
    if refused and not probes:
        raise refused
    return queries.across(query.types, asked, probes)


class _Settling:
    def __init__(self, request: Request) -> None:
        self.request = request
        self.near = Everywhere(request.client, request.base)

    def of_any(self, query: Query, one: Criterion) -> Criterion:
        """The criterion of a search in one type, or in several."""
        if query.asked.resource_type != search.ANY or not isinstance(one, search.Has):
            return self.of(query.asked.resource_type, one)
        found = {type: self.of(type, one) for type in query.types}
        return ByType(one.written, {type: part for type, part in found.items() if part != _NEVER} or found)

    def of(self, type: str, one: Criterion) -> Criterion:
        """The same of resources of a type without looking at others; raises Fault when too much would be opened."""
        match one:
            case search.Chain():
                found = [self._targets(kind, query) for kind, query in one.queries.items()]
                return self._either(type, one.parameter.code, [address for part in found for address in part])
            case search.Has():
                return self._either(type, "_id", self._referred(type, one))
            case Every():
                parts = tuple(self.of(type, part) for part in one.parts)
                return _NEVER if _NEVER in parts else Every(one.written, parts)
            case Some():
                parts = [self.of(type, part) for part in one.parts]
                some = tuple(part for part in parts if part != _NEVER)
                return Some(one.written, some) if some else _NEVER
            case Not():
                return Not(one.written, self.of(type, one.part))
            case ByType():
                return ByType(one.written, {kind: self.of(kind, part) for kind, part in one.of.items()})
        return one

    def _targets(self, type: str, query: search.Query) -> list[str]:
        return [f"{type}/{id}" for _, (_, id, _) in self._found(type, query)]

    def _referred(self, type: str, one: search.Has) -> list[str]:
        """The ids of this type that what is asked for refers to."""
        found = self._found(one.type, one.query)
        addresses = [address for resource in found for address in self.near.led_to(one.parameter, resource)]
        return [id for kind, _, id in (address.partition("/") for address in addresses) if kind == type]

    def _found(self, type: str, query: search.Query) -> list[everybody.Found]:
        if not self.request.client.reads(type):
            return []
        inner = replace(query, criteria=tuple(self.of(type, one) for one in query.criteria))
        if _NEVER in inner.criteria:
            return []
        asked = queries.across(frozenset({type}), inner, search.probes(inner))
        return everybody.few(self.request, asked, self.near, TARGETS)

    def _either(self, type: str, code: str, values: list[str]) -> Criterion:
        if not values:
            return _NEVER
        base = self.request.base
        each = [
            search.parse(type, [(code, value)], strict=True, base=base).criteria[0] for value in dict.fromkeys(values)
        ]
        return each[0] if len(each) == 1 else Some(code, tuple(each))
