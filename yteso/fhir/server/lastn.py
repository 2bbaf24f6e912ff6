"""Observation/$lastn: of everything observed of a patient the latest, by code.

https://hl7.org/fhir/R4/observation-operation-lastn.html
"""

from urllib.parse import urlencode

from yteso.fhir.documents import exact
from yteso.fhir.documents.latest import latest
from yteso.fhir.server import bundles, inputs, paging, person, queries
from yteso.fhir.server.faults import Issue, wrong
from yteso.fhir.server.neighbours import Neighbours
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import shape
from yteso.record import Document


MOST = 1000
"""Observations of one code at most."""

_NOT_OFFERED = {"_cursor", "_count", "_total", "_sort", "_include", "_revinclude"}
"""Parameters of a search that have no place here: the answer is one list in its own order."""


def lastn(request: Request) -> Answer:
    """`max` of each code (1 without it) of those that the other parameters choose, newest first."""
    inputs.simple(request)
    person.permit(request, "Observation")
    most = _most(request)
    _bounded(request)
    request.leave_out([pair for pair in request.parameters if pair[0] == "max"])
    apart = [pair for pair in request.parameters if pair[0].partition(":")[0] in _NOT_OFFERED]
    ignored = queries.leave_out(request, "$lastn", apart)
    query, unknown = queries.parse(request, "Observation")
    if query.everybody:
        raise queries.unbounded(query.types)
    _, documents = paging.candidates(request, query)
    near = Neighbours(request.client, request.base, documents)
    found = {id: (document, id, json) for _, (document, (_, id, json)) in paging.walk(query, documents, None, near)}
    chosen = latest(((id, exact.read(json)) for id, (_, _, json) in found.items()), most)
    return _bundle(request, [found[id] for id, _ in chosen], [*ignored, *unknown], most)


def _bundle(request: Request, chosen: list[tuple[Document, str, bytes]], ignored: list[Issue], most: int) -> Answer:
    shaped = shape(request)
    if shaped.count:
        return bundles.answer("searchset", total=len(chosen))
    entries = [
        bundles.result(
            "match", request.base, "Observation", id, shaped("Observation", json, document.version, document.written)
        )
        for document, id, json in chosen
    ]
    query = urlencode([*request.parameters, ("max", most)], safe="/:,*")
    links = {"self": f"{request.base}{request.path}?{query}"}
    return bundles.answer("searchset", [*entries, *map(bundles.remark, ignored)], total=len(chosen), links=links)


def _most(request: Request) -> int:
    text = request.one("max", "1")
    if not text.isascii() or not text.isdigit() or not int(text[:9]):
        raise wrong("max là số nguyên dương.", "max is a positive whole number.")
    return min(int(text[:9]), MOST)


def _bounded(request: Request) -> None:
    """It must say what kind of observation is meant; raises Fault."""
    names = {name.partition(":")[0] for name, _ in request.parameters}
    if not any(name == "category" or "code" in name.split("-") for name in names):
        raise wrong(
            "Thêm category hoặc code, ví dụ category=vital-signs.", "Add category or code, e.g. category=vital-signs."
        )
