"""Conditions on other resources: chains (`subject.name=…`) and `_has`.

They are told how to reach those resources: `resolve` gives the one behind an address ("Patient/23"), `referrers` those
of a type that refer to an address by a parameter; both may give too many or None, never a resource of somebody who may
not be read.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from yteso.fhir.search.definitions import Parameter
from yteso.fhir.search.kinds.references import address
from yteso.fhir.search.steps import contained


if TYPE_CHECKING:
    from yteso.fhir.search.query import Query


Resolve = Callable[[str], dict | None]
Referrers = Callable[[str, str, str], Iterable[dict]]
"""(type, code of a reference parameter, "Patient/23") → candidates."""


@dataclass(frozen=True, slots=True)
class Chain:
    """`parameter` leads to a resource that one of `queries`, by its type, matches."""

    written: str
    parameter: Parameter
    queries: dict[str, "Query"]
    base: str = ""

    def matches(self, resource: dict, resolve: Resolve | None, referrers: Referrers | None) -> bool:
        for element in self.parameter.values(resource):
            target = self._target(element, resource, resolve)
            query = self.queries.get(target.get("resourceType", "")) if target else None
            if query and query.matches(target, resolve, referrers):
                return True
        return False

    def _target(self, element: object, resource: dict, resolve: Resolve | None) -> dict | None:
        if type(element) is dict and "resourceType" in element:
            return element
        text = address(element, self.base)
        if text is None:
            return None
        if text.startswith("#"):
            return contained(resource, text)
        if resolve is None:
            raise TypeError(f"{self.written} needs a way to resolve references")
        return resolve(text)


@dataclass(frozen=True, slots=True)
class Has:
    """A resource of type `type` refers here by `parameter`, and `query` matches it."""

    written: str
    type: str
    parameter: Parameter
    query: "Query"
    base: str = ""

    def matches(self, resource: dict, resolve: Resolve | None, referrers: Referrers | None) -> bool:
        if referrers is None:
            raise TypeError(f"{self.written} needs a way to find what refers to a resource")
        own = f"{resource.get('resourceType')}/{resource.get('id')}"
        return any(
            self._refers(candidate, own) and self.query.matches(candidate, resolve, referrers)
            for candidate in referrers(self.type, self.parameter.code, own)
        )

    def _refers(self, candidate: dict, own: str) -> bool:
        found = (address(element, self.base) for element in self.parameter.values(candidate))
        return any(text is not None and text.partition("/_history/")[0] == own for text in found)
