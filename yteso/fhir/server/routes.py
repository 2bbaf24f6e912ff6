"""The addresses of the FHIR face, and which interaction answers each. The CapabilityStatement is made of this table."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from yteso.fhir.server import (
    batches,
    binaries,
    bulk,
    candidates,
    capability,
    catalogue,
    coding,
    differing,
    documents,
    exporting,
    graphql,
    history,
    importing,
    lastn,
    meta,
    offered_terms,
    patching,
    reading,
    searching,
    subscribing,
    summaries,
    validating,
    valuesets,
    versions,
    writing,
)
from yteso.fhir.server.faults import Fault
from yteso.fhir.server.requests import Answer, Request
from yteso.mapping.names import BASE


_FORMS = {
    "{type:raw}": re.compile("Binary"),
    "{type:terms}": re.compile("CodeSystem|ValueSet|ConceptMap"),
    "{type}": re.compile(r"[A-Za-z]+", re.ASCII),
    "{owner}": re.compile(r"Encounter|Practitioner|RelatedPerson|Device"),
    "{id}": re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII),
    "{job}": re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII),
    "{file}": re.compile(r"[1-9][0-9]{0,8}\.[A-Za-z]+\.ndjson", re.ASCII),
    "{version}": re.compile(r"[A-Za-z0-9\-.]{1,64}", re.ASCII),
}
"""What may stand in the place of a name; anything else in a path is a word."""


@dataclass(slots=True, frozen=True)
class Route:
    """`interaction` is a code of the value set type-restful-interaction, or the name of an operation ($everything),
    whose `definition` is then its canonical address. `kind`: the Content-Type of what is no resource.
    """

    method: str
    path: str
    answer: Callable[[Request], Answer]
    interaction: str
    open: bool = False
    definition: str = ""
    kind: str = ""

    @property
    def writes(self) -> bool:
        return self.interaction in ("create", "update", "patch", "delete", "$meta-add", "$meta-delete")

    @property
    def reads(self) -> bool:
        """Whether what is stored comes out, other than what the client has just sent."""
        return self.interaction not in ("create", "update", "delete")

    @property
    def parts(self) -> tuple[str, ...]:
        return tuple(self.path.split("/")[1:])


def _operation(method: str, path: str, answer: Callable[[Request], Answer], definition: str) -> Route:
    return Route(method, path, answer, path.rpartition("/")[2], definition=definition)


def _both(path: str, answer: Callable[[Request], Answer], definition: str) -> Iterator[Route]:
    return (_operation(method, path, answer, definition) for method in ("GET", "POST"))


def _operations(name: str, answer: Callable[[Request], Answer], *at: str) -> Iterator[Route]:
    """CodeSystem/$validate-code, by GET and POST, of the type and of one resource."""
    type, operation = name.split("/")
    for path in (f"/{name}", *(f"/{type}/{place}/{operation}" for place in at)):
        yield from _both(path, answer, f"{HL7}/{type}-{operation[1:]}")


def _offered(request: Request) -> Answer:
    terms = request.one("mode") == "terminology"
    return offered_terms.statement(request) if terms else capability.statement(request, ROUTES)


HL7 = "http://hl7.org/fhir/OperationDefinition"
SUBSCRIPTION = "http://hl7.org/fhir/uv/subscriptions-backport/OperationDefinition/backport-subscription"
BINDING = f"{SUBSCRIPTION}-get-ws-binding-token"
BULK = "http://hl7.org/fhir/uv/bulkdata/OperationDefinition"

ROUTES = (
    Route("GET", "/metadata", _offered, "capabilities", open=True),
    Route("GET", "/_history", history.of_all, "history-system"),
    Route("POST", "/", batches.carry_out, "transaction"),
    Route("POST", "/", batches.carry_out, "batch"),
    # Before those of all types: a Subscription is its client's alone.
    Route("GET", "/Subscription", subscribing.search, "search-type"),
    Route("POST", "/Subscription/_search", subscribing.search, "search-type"),
    Route("POST", "/Subscription", subscribing.create, "create"),
    Route("GET", "/Subscription/{id}", subscribing.read_one, "read"),
    Route("PUT", "/Subscription/{id}", subscribing.update, "update"),
    Route("DELETE", "/Subscription/{id}", subscribing.delete, "delete"),
    *_both("/Subscription/$status", subscribing.status, f"{SUBSCRIPTION}-status"),
    *_both("/Subscription/{id}/$status", subscribing.status, f"{SUBSCRIPTION}-status"),
    *_both("/Subscription/{id}/$events", subscribing.events, f"{SUBSCRIPTION}-events"),
    *_both("/Subscription/$get-ws-binding-token", subscribing.binding, BINDING),
    *_both("/Subscription/{id}/$get-ws-binding-token", subscribing.binding, BINDING),
    *(_operation(*address, graphql.answer, f"{HL7}/Resource-graphql") for address in graphql.ADDRESSES),
    *(_operation(*address, validating.validate, f"{HL7}/Resource-validate") for address in validating.ADDRESSES),
    Route("GET", "/{type:terms}", catalogue.by_type, "search-type"),
    Route("POST", "/{type:terms}/_search", catalogue.by_type, "search-type"),
    Route("GET", "/{type:terms}/{id}", catalogue.read, "read"),
    Route("PUT", "/{type:terms}/{id}", catalogue.update, "update"),
    Route("DELETE", "/{type:terms}/{id}", catalogue.delete, "delete"),
    Route("GET", "/{type:raw}/{id}", binaries.read, "read", kind=binaries.ANY),
    Route("GET", "/{type:raw}/{id}/_history", binaries.history, "history-instance"),
    Route("GET", "/{type:raw}/{id}/_history/{version}", binaries.vread, "vread"),
    Route("POST", "/{type:raw}", binaries.create, "create", kind=binaries.ANY),
    Route("PUT", "/{type:raw}/{id}", binaries.update, "update", kind=binaries.ANY),
    Route("GET", "/{type}", searching.by_type, "search-type"),
    Route("POST", "/{type}/_search", searching.by_type, "search-type"),
    Route("GET", "/{type}/_history", history.of_type, "history-type"),
    Route("POST", "/{type}", writing.create, "create"),
    Route("GET", "/{type}/{id}", reading.read, "read"),
    Route("PUT", "/{type}/{id}", writing.update, "update"),
    Route("PATCH", "/{type}/{id}", patching.patch, "patch"),
    Route("DELETE", "/{type}/{id}", writing.delete, "delete"),
    Route("GET", "/{type}/{id}/_history", versions.history, "history-instance"),
    Route("PUT", "/{type}", writing.update, "update"),
    Route("PATCH", "/{type}", patching.patch, "patch"),
    Route("DELETE", "/{type}", writing.delete, "delete"),
    Route("GET", "/{type}/{id}/_history/{version}", reading.vread, "vread"),
    _operation("GET", "/Patient/{id}/$everything", searching.everything, f"{HL7}/Patient-everything"),
    *_operations("CodeSystem/$lookup", coding.lookup),
    *_operations("CodeSystem/$validate-code", coding.validate, "{id}"),
    *_operations("CodeSystem/$subsumes", coding.subsumes, "{id}"),
    *_operations("ValueSet/$expand", valuesets.expand, "{id}"),
    *_operations("ValueSet/$validate-code", valuesets.validate, "{id}"),
    *_operations("ConceptMap/$translate", coding.translate, "{id}"),
    _operation("POST", "/Patient/{id}/$everything", searching.everything, f"{HL7}/Patient-everything"),
    *_both("/$export", exporting.system, f"{BULK}/export"),
    *_both("/Patient/$export", exporting.patients, f"{BULK}/patient-export"),
    *_both("/Group/{id}/$export", exporting.group, f"{BULK}/group-export"),
    *(_operation(*one) for one in (*meta.OPERATIONS, *differing.OPERATIONS)),
    Route("GET", "/$export/{job}", bulk.status, "$export"),
    Route("DELETE", "/$export/{job}", bulk.cancel, "$export"),
    Route("GET", "/$export/{job}/{file}", bulk.download, "$export", kind=bulk.NDJSON),
    _operation("POST", "/$import", importing.begin, f"{BASE}/OperationDefinition/import"),
    Route("GET", "/$import/{job}", bulk.status, "$import"),
    Route("DELETE", "/$import/{job}", bulk.cancel, "$import"),
    Route("GET", "/$import/{job}/{file}", bulk.download, "$import", kind=bulk.NDJSON),
    _operation("GET", "/Patient/{id}/$summary", summaries.of_patient, summaries.DEFINITION),
    _operation("GET", "/Patient/$summary", summaries.of_identifier, summaries.DEFINITION),
    _operation("POST", "/Patient/{id}/$summary", summaries.of_patient, summaries.DEFINITION),
    _operation("POST", "/Patient/$summary", summaries.of_identifier, summaries.DEFINITION),
    *_operations("Observation/$lastn", lastn.lastn),
    *_operations("Composition/$document", documents.document, "{id}"),
    _operation("POST", "/Patient/$match", candidates.match, f"{HL7}/Patient-match"),
    Route("GET", "/Patient/{id}/{type}", searching.compartment, "search-type"),
    Route("POST", "/Patient/{id}/{type}/_search", searching.compartment, "search-type"),
    Route("GET", "/{owner}/{id}/{type}", searching.of_owner, "search-type"),
    Route("POST", "/{owner}/{id}/{type}/_search", searching.of_owner, "search-type"),
    Route("GET", "/", searching.of_system, "search-system"),
    Route("POST", "/_search", searching.of_system, "search-system"),
)

_FIRST = {route.parts[0] for route in ROUTES}.difference(_FORMS)


def _table(length: int, first: str) -> dict[tuple[str, ...], list[Route]]:
    """The routes of so many parts that a path which begins so may take, by their parts."""
    found: dict[tuple[str, ...], list[Route]] = {}
    for route in ROUTES:
        if len(route.parts) == length and (route.parts[0] == first or route.parts[0] in _FORMS):
            found.setdefault(route.parts, []).append(route)
    return found


_TABLES = {(length, first): _table(length, first) for length in range(1, 6) for first in ("", *_FIRST)}
"""By number of parts and first part; "" where that is the name of something."""

_KNOWN = 4_096
"""Addresses whose routes are remembered."""


def find(request: Request) -> Route:
    """The route of a request, whose `values` are set; HEAD is answered as GET. Raises Fault 404 and 405."""
    found = _at(request.path)
    method = "GET" if request.method == "HEAD" else request.method
    for route, values in found:
        if route.method == method:
            request.values = dict(values)
            return route
    allowed = ", ".join(_methods(route for route, _ in found))
    raise Fault(405, "not-supported", f"Địa chỉ này nhận: {allowed}.", f"This address takes: {allowed}.", Allow=allowed)


def methods(path: str) -> list[str]:
    """What may be sent to an address; raises Fault 404 when there is none such."""
    return _methods(route for route, _ in _at(path))


@lru_cache(_KNOWN)
def _at(path: str) -> list[tuple[Route, dict[str, str]]]:
    parts = (path or "/").split("/")[1:]
    table = _TABLES.get((len(parts), parts[0] if parts[0] in _FIRST else ""), {})
    fitting = ((routes, _values(pattern, parts)) for pattern, routes in table.items())
    found = [(route, values) for routes, values in fitting if values is not None for route in routes]
    if not found:
        raise Fault(
            404,
            "not-supported",
            "Không có địa chỉ này; các địa chỉ có trong /fhir/R4/metadata.",
            "There is no such address; /fhir/R4/metadata lists what there is.",
        )
    return [one for one in found if not one[1]] or found  # /metadata is no type


def _values(pattern: tuple[str, ...], parts: list[str]) -> dict[str, str] | None:
    """What stands in the places of the names; None when the path is another one."""
    values = {}
    for name, part in zip(pattern, parts, strict=True):
        if form := _FORMS.get(name):
            if not form.fullmatch(part):
                return None
            values[name[1:-1].partition(":")[0]] = part
        elif name != part:
            return None
    return values


def _methods(routes: Iterable[Route]) -> list[str]:
    known = {route.method for route in routes}
    return sorted(known | {"OPTIONS"} | ({"HEAD"} if "GET" in known else set()))
