"""A search, ready to be asked of resources."""

from collections.abc import Callable
from dataclasses import dataclass, field

from yteso.fhir.search.conditions import Condition
from yteso.fhir.search.definitions import ANY
from yteso.fhir.search.links import Chain, Has, Referrers, Resolve
from yteso.fhir.search.results import Results
from yteso.fhir.search.sorting import sort_key


@dataclass(frozen=True, slots=True)
class ByType:
    """A criterion for each of several types; none of the others is found."""

    written: str
    of: dict[str, "Criterion"]

    def matches(self, resource: dict, resolve: Resolve | None = None, referrers: Referrers | None = None) -> bool:
        one = self.of.get(resource.get("resourceType", ""))
        return one is not None and one.matches(resource, resolve, referrers)


@dataclass(frozen=True, slots=True)
class Every:
    """All `parts` hold."""

    written: str
    parts: tuple["Criterion", ...]

    def matches(self, resource: dict, resolve: Resolve | None = None, referrers: Referrers | None = None) -> bool:
        return all(part.matches(resource, resolve, referrers) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Some:
    """One of `parts` holds."""

    written: str
    parts: tuple["Criterion", ...]

    def matches(self, resource: dict, resolve: Resolve | None = None, referrers: Referrers | None = None) -> bool:
        return any(part.matches(resource, resolve, referrers) for part in self.parts)


@dataclass(frozen=True, slots=True)
class Not:
    """`part` does not hold."""

    written: str
    part: "Criterion"

    def matches(self, resource: dict, resolve: Resolve | None = None, referrers: Referrers | None = None) -> bool:
        return not self.part.matches(resource, resolve, referrers)


Criterion = Condition | Chain | Has | ByType | Every | Some | Not


@dataclass(frozen=True, slots=True)
class Query:
    """All `criteria` must hold. `results` says how matches come back; `ignored` are the pairs not understood."""

    resource_type: str
    criteria: tuple[Criterion, ...] = ()
    results: Results = field(default_factory=Results)
    ignored: tuple[tuple[str, str], ...] = ()

    def matches(self, resource: dict, resolve: Resolve | None = None, referrers: Referrers | None = None) -> bool:
        """Is the decoded resource found? TypeError: the search has a chain or `_has` and no way to follow it."""
        kind = resource.get("resourceType")
        if kind != self.resource_type and (self.resource_type != ANY or self._unasked(kind)):
            return False
        for criterion in self.criteria:  # noqa: SIM110 - asked of every resource; a generator costs too much
            if not criterion.matches(resource, resolve, referrers):
                return False
        return True

    def sort_key(self, resource: dict) -> tuple:
        """For `sorted`: the order that `_sort` asks for; () for all when it asks for none."""
        return sort_key(self.results.sort, resource)

    @property
    def conditions(self) -> list[Condition]:
        """What is asked of the resource itself."""
        return [one for one in self.criteria if isinstance(one, Condition)]

    @property
    def links(self) -> list[Chain | Has]:
        """What is asked of resources it refers to, or that refer to it."""
        return [one for one in self.criteria if isinstance(one, Chain | Has)]

    def closed(self, reads: Callable[[str], bool]) -> str:
        """A type that a condition leads to and that may not be read, when nothing else is left of it; else ""."""
        return next(filter(None, (_closed(one, reads) for one in self.criteria)), "")

    @property
    def linked(self) -> bool:
        """Whether other resources may be looked at."""
        return bool(self.closed(lambda _: False))

    def _unasked(self, kind: object) -> bool:
        return bool(self.results.types) and kind not in self.results.types


def _closed(one: Criterion, reads: Callable[[str], bool]) -> str:
    match one:
        case Chain():
            queries = [query for type, query in one.queries.items() if reads(type)]
            found = [query.closed(reads) for query in queries]
            return (found[0] if all(found) else "") if found else next(iter(one.queries))
        case Has():
            return one.query.closed(reads) if reads(one.type) else one.type
        case Not():
            return _closed(one.part, reads)
        case Every() | Some():
            return next(filter(None, (_closed(part, reads) for part in one.parts)), "")
        case ByType():
            return next(filter(None, (_closed(part, reads) for part in one.of.values())), "")
    return ""
