"""One parameter as the criterion it stands for, through all its links.

Source: FHIR R4, Search, "Modifiers", "Chained parameters" and "Reverse Chaining".
"""

from collections.abc import Callable, Iterator

from yteso.fhir.search.conditions import Asked, Terms, condition
from yteso.fhir.search.definitions import Parameter, parameters, resource_types
from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.links import Chain, Has
from yteso.fhir.search.query import Criterion, Query


LINKS = 4
"""Links in one chain, at most. Without types named they branch, in R4 to some two hundred queries in four links."""

FORGIVEN = {"unknown_parameter", "no_value", "sort", "include", "contained"}
"""What a lenient search leaves out and names in `ignored`."""

Further = Callable[[str, int], tuple[Criterion, ...]]
"""(type at the end of a link, links so far) → what is asked of a resource there."""


class Reader:
    """Reads one parameter, through all its links. `written` and `text` are as the client wrote them."""

    def __init__(self, written: str, text: str, terms: Terms) -> None:
        self.written, self.text, self.terms = written, text, terms

    def criterion(self, resource_type: str, rest: str, links: int = 0) -> Criterion:
        """What `rest` of the name asks of a resource of this type."""
        if rest.startswith("_has:"):
            return self._has(rest, links)
        name, dot, further = rest.partition(".")
        name, _, modifier = name.partition(":")
        parameter = self.parameter(resource_type, name)
        if dot:
            return self.chain(parameter, modifier, lambda kind, links: (self.criterion(kind, further, links),), links)
        return condition(Asked(parameter, modifier, self.text, self.written, self.terms))

    def parameter(self, resource_type: str, name: str) -> Parameter:
        """Raises SearchError: the type has none of this name."""
        found = parameters(resource_type).get(name)
        if found is None:
            raise SearchError("unknown_parameter", self.written, self.text, name=name, type=resource_type)
        return found

    def chain(self, parameter: Parameter, kind: str, further: Further, links: int) -> Chain:
        """What `further` asks at the other end of a reference, to a `kind` or, without, to any of its targets."""
        if parameter.type != "reference":
            raise SearchError("not_reference", self.written, self.text, name=parameter.code)
        targets = parameter.targets
        if kind and (kind not in resource_types() or (targets and kind not in targets)):
            raise SearchError("target", self.written, kind, targets=", ".join(sorted(targets)) or "*")
        if not kind and not targets:
            raise SearchError("chain_type", self.written, self.text, name=parameter.code)
        queries = dict(self._queries([kind] if kind else sorted(targets), further, self._on(links)))
        return Chain(self.written, parameter, queries, self.terms.base)

    def _queries(self, kinds: list[str], further: Further, links: int) -> Iterator[tuple[str, Query]]:
        """For each type that understands the rest of the name; if none does, the error that says most."""
        errors = []
        for kind in kinds:
            try:
                yield kind, Query(kind, further(kind, links))
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
        parameter = self.parameter(kind, name)
        if parameter.type != "reference":
            raise SearchError("not_reference", self.written, self.text, name=name)
        query = Query(kind, (self.criterion(kind, further, self._on(links)),))
        return Has(self.written, kind, parameter, query, self.terms.base)

    def _on(self, links: int) -> int:
        """One link more. Raises SearchError."""
        if links >= LINKS:
            raise SearchError("chain_long", self.written, self.text, limit=str(LINKS))
        return links + 1
