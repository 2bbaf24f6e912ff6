"""From the query string of a search to a Query.

Source: FHIR R4, Search, "Modifiers", "Chained parameters" and "Reverse Chaining".
"""

from collections.abc import Iterable, Iterator

from yteso.fhir.search.conditions import Asked, Terms, condition
from yteso.fhir.search.definitions import ANY, Parameter, parameters, resource_types
from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.kinds.tokens import Expand
from yteso.fhir.search.links import Chain, Has
from yteso.fhir.search.query import Criterion, Query
from yteso.fhir.search.results import Results


LINKS = 4
"""Links in one chain, at most. Without types named they branch, in R4 to some two hundred queries in four links."""

LENGTH = 10_000
"""Characters of one parameter, at most."""

OF_THE_RESPONSE = {"_format", "_pretty"}
"""They choose how the answer is written, not what is in it."""

FORGIVEN = {"unknown_parameter", "no_value"}
"""What a lenient search leaves out and names in `ignored`."""


def parse(
    resource_type: str,
    query: Iterable[tuple[str, str]],
    *,
    strict: bool,
    base: str = "",
    expand: Expand | None = None,
) -> Query:
    """The search `query` (decoded names and values, in order) of a type, or of all types ("Resource").

    `strict`: an unknown parameter is an error (`Prefer: handling=strict`). `base` is this server's URL, without a
    slash at its end: references that begin with it are its own. `expand` gives the codes of a value set, for `:in`.
    Raises SearchError.
    """
    if resource_type not in resource_types() and resource_type != ANY:
        raise SearchError("unknown_type", "", resource_type)
    results, criteria, ignored = Results(), [], []
    for written, text in query:
        try:
            if written not in OF_THE_RESPONSE:
                criteria += _read(resource_type, written, text, results, Terms(base, expand))
        except SearchError as error:
            if strict or error.reason not in FORGIVEN:
                raise
            ignored.append(written)
    return Query(resource_type, tuple(criteria), results, tuple(ignored))


def _read(resource_type: str, written: str, text: str, results: Results, terms: Terms) -> list[Criterion]:
    if len(written) + len(text) > LENGTH:
        raise SearchError("long", written, text, limit=str(LENGTH))
    if not text.strip():
        raise SearchError("no_value", written)
    if results.take(resource_type, written, text):
        return []
    return [_Reader(written, text, terms).criterion(resource_type, written)]


class _Reader:
    """Reads one parameter, through all its links. `written` and `text` are as the client wrote them."""

    def __init__(self, written: str, text: str, terms: Terms) -> None:
        self.written, self.text, self.terms = written, text, terms

    def criterion(self, resource_type: str, rest: str, links: int = 0) -> Criterion:
        """What `rest` of the name asks of a resource of this type."""
        if links > LINKS:
            raise SearchError("chain_long", self.written, self.text, limit=str(LINKS))
        if rest.startswith("_has:"):
            return self._has(rest, links)
        name, dot, further = rest.partition(".")
        name, _, modifier = name.partition(":")
        parameter = self._parameter(resource_type, name)
        if dot:
            return self._chain(parameter, modifier, further, links)
        return condition(Asked(parameter, modifier, self.text, self.written, self.terms))

    def _parameter(self, resource_type: str, name: str) -> Parameter:
        found = parameters(resource_type).get(name)
        if found is None:
            raise SearchError("unknown_parameter", self.written, self.text, name=name, type=resource_type)
        return found

    def _chain(self, parameter: Parameter, kind: str, further: str, links: int) -> Chain:
        if parameter.type != "reference":
            raise SearchError("not_reference", self.written, self.text, name=parameter.code)
        targets = parameter.targets
        if kind and (kind not in resource_types() or (targets and kind not in targets)):
            raise SearchError("target", self.written, kind, targets=", ".join(sorted(targets)) or "*")
        if not kind and not targets:
            raise SearchError("chain_type", self.written, self.text, name=parameter.code)
        queries = dict(self._queries([kind] if kind else sorted(targets), further, links + 1))
        return Chain(self.written, parameter, queries, self.terms.base)

    def _queries(self, kinds: list[str], further: str, links: int) -> Iterator[tuple[str, Query]]:
        """For each type that understands the rest of the name; if none does, the error that says most."""
        errors = []
        for kind in kinds:
            try:
                yield kind, Query(kind, (self.criterion(kind, further, links),))
            except SearchError as error:
                errors.append(error)
        if len(errors) == len(kinds):
            raise next((error for error in errors if error.reason not in FORGIVEN), errors[0])

    def _has(self, rest: str, links: int) -> Has:
        parts = rest.split(":", 3)
        if len(parts) != 4 or not parts[3]:
            raise SearchError("has", self.written, self.text)
        _, kind, name, further = parts
        if kind not in resource_types():
            raise SearchError("unknown_type", self.written, kind)
        parameter = self._parameter(kind, name)
        if parameter.type != "reference":
            raise SearchError("not_reference", self.written, self.text, name=name)
        query = Query(kind, (self.criterion(kind, further, links + 1),))
        return Has(self.written, kind, parameter, query, self.terms.base)
