"""Searches by type, by compartment, in all types, and everything of a person.

https://hl7.org/fhir/R4/search.html, https://hl7.org/fhir/R4/patient-operation-everything.html
"""

from collections.abc import Callable

from yteso.fhir import search
from yteso.fhir.server import bundles, everybody, including, inputs, ordering, paging, queries, settling
from yteso.fhir.server.faults import Fault, Issue, not_found, unknown_type
from yteso.fhir.server.moments import since, span
from yteso.fhir.server.neighbours import Everywhere, Found, Neighbours
from yteso.fhir.server.paging import Page
from yteso.fhir.server.queries import Query
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import WHOLE, shape
from yteso.fhir.server.types import types
from yteso.record import Document, own


EVERYTHING = {"_since", "_type", "start", "end"}


def by_type(request: Request) -> Answer:
    query, ignored = queries.parse(request, request.values["type"])
    return _answer(request, query, ignored)


def compartment(request: Request) -> Answer:
    """Those of the patient's compartment that are of one type."""
    type = request.values["type"]
    if not types()[type].compartment:
        raise Fault(
            404,
            "not-supported",
            f"{type} không thuộc ngăn (compartment) của Patient; dùng {type}?patient=ID.",
            f"{type} is not in the compartment of a Patient; use {type}?patient=ID.",
        )
    return by_type(request)


def of_owner(request: Request) -> Answer:
    """Those of one type that belong to an Encounter, a Practitioner, a RelatedPerson or a Device."""
    owner, type = request.values["owner"], request.values["type"]
    if type not in search.compartment(owner):
        raise Fault(
            404,
            "not-supported",
            f"{type} không thuộc ngăn (compartment) của {owner}.",
            f"{type} is not in the compartment of a {owner}.",
        )
    return by_type(request)


def of_system(request: Request) -> Answer:
    """In several types at once, or in all."""
    return _answer(request, *queries.parse_all(request))


def everything(request: Request) -> Answer:
    """All documents of the person over all linked subjects; of them the types that the client may read."""
    inputs.simple(request)
    ignored = queries.leave_out(request, "$everything", queries.others(request, queries.RESULT | EVERYTHING))
    query = Query(own("Patient", request.values["id"]), _types(request))
    wanted = _wanted(request)
    moment, documents = paging.candidates(request, query)
    if not documents:
        raise not_found()
    near = Neighbours(request.client, request.base, documents)
    return _bundle(request, paging.page(request, query, moment, list(filter(wanted, documents)), near), [], ignored)


def found(request: Request, query: Query) -> tuple[Page, Neighbours]:
    """A page of what is asked, and the resources around it."""
    if query.everybody:
        query = settling.settled(request, query)
    if query.everybody:
        everywhere = Everywhere(request.client, request.base)
        return everybody.page(request, query, everywhere), everywhere
    moment, documents = paging.candidates(request, query)
    near = Neighbours(request.client, request.base, documents)
    by = ordering if query.asked.results.sort else paging
    return by.page(request, query, moment, documents, near), near


def _answer(request: Request, query: Query, ignored: list[Issue]) -> Answer:
    page, near = found(request, query)
    company, remarks = including.included(request, query.asked.results, page.found, near)
    return _bundle(request, page, company, [*ignored, *remarks])


def _types(request: Request) -> frozenset[str] | None:
    """Those of `_type` that the client may read; None: all there are."""
    asked = [type for text in request.all("_type") for type in text.split(",") if type]
    for type in asked:
        if type not in types():
            raise unknown_type(type)
    allowed = request.client.types
    if not asked:
        return allowed
    return frozenset(asked) if allowed is None else allowed.intersection(asked)


def _wanted(request: Request) -> Callable[[Document], bool]:
    """Saved since `_since`; of the care between `start` and `end`, to which the patient's own data always belongs."""
    saved, (start, _), (_, end) = since(request), span(request, "start"), span(request, "end")

    def wanted(document: Document) -> bool:
        if saved and document.written < saved:
            return False
        if document.states_patient:
            return True
        begins_in_time = not (end and document.started and document.started >= end)
        return begins_in_time and not (start and document.ended and document.ended < start)

    return wanted


def _bundle(request: Request, page: Page, company: list[Found], remarks: list[Issue]) -> Answer:
    shaped, base = shape(request), request.base
    if shaped.count:
        return bundles.answer("searchset", map(bundles.remark, page.remarks), total=page.total)
    # `_elements` chooses among those of the matches.
    shapes = [("match", shaped, page.found), ("include", WHOLE if request.one("_elements") else shaped, company)]
    entries = [
        bundles.result(mode, base, type, id, shaped(type, json, document.version, document.written))
        for mode, shaped, found in shapes
        for document, (type, id, json) in found
    ]
    return bundles.answer(
        "searchset",
        [*entries, *map(bundles.remark, [*remarks, *page.remarks])],
        total=page.total,
        links=paging.links(request, page.following),
    )
