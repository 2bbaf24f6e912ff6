"""From the query string of a search to a Query."""

from collections.abc import Iterable

from yteso.fhir.search.conditions import Terms
from yteso.fhir.search.criteria import FORGIVEN, Reader
from yteso.fhir.search.definitions import ANY, compartment, resource_types
from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.filters import FILTER, filter
from yteso.fhir.search.kinds.tokens import Expand
from yteso.fhir.search.query import ByType, Criterion, Query, Some
from yteso.fhir.search.results import TYPES, Results


LENGTH = 10_000
"""Characters of one parameter, at most."""

OF_THE_RESPONSE = {"_format", "_pretty"}
"""They choose how the answer is written, not what is in it."""


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
    for written, text in sorted(query, key=lambda pair: pair[0] != TYPES):  # the types say which parameters there are
        try:
            if written not in OF_THE_RESPONSE:
                criteria += _read(resource_type, written, text, results, Terms(base, expand))
        except SearchError as error:
            if strict or error.reason not in FORGIVEN:
                raise
            ignored.append((written, text))
    return Query(resource_type, tuple(criteria), results, tuple(ignored))


def tied(owner: str, id: str, resource_type: str, base: str = "") -> Criterion:
    """Belongs to the compartment of this owner ("Encounter", its id). KeyError: the type belongs to none such."""
    asked = Terms(base)
    codes = compartment(owner)[resource_type]
    return Some(owner, tuple(_criterion(resource_type, code, f"{owner}/{id}", asked) for code in codes))


def _read(resource_type: str, written: str, text: str, results: Results, terms: Terms) -> list[Criterion]:
    if len(written) + len(text) > LENGTH:
        raise SearchError("long", written, text, limit=str(LENGTH))
    if not text.strip():
        raise SearchError("no_value", written)
    if results.take(resource_type, written, text):
        return []
    try:
        return [_criterion(resource_type, written, text, terms)]
    except SearchError as error:
        if error.reason != "unknown_parameter" or not results.types:
            raise
        # Several types share what all of them have.
        return [ByType(written, {type: _criterion(type, written, text, terms) for type in results.types})]


def _criterion(resource_type: str, written: str, text: str, terms: Terms) -> Criterion:
    if written == FILTER:
        return filter(resource_type, text, terms)
    return Reader(written, text, terms).criterion(resource_type, written)
