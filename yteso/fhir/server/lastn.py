"""Observation/$lastn: of everything observed of a patient the latest, by code.

https://hl7.org/fhir/R4/observation-operation-lastn.html
"""

from urllib.parse import urlencode

from yteso.fhir.documents import exact
from yteso.fhir.documents.latest import latest
from yteso.fhir.server import bundles, inputs, person, queries
from yteso.fhir.server.faults import wrong
from yteso.fhir.server.neighbours import Neighbours
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import shape


DEFINITION = "http://hl7.org/fhir/OperationDefinition/Observation-lastn"
MOST = 1000
"""Observations of one code at most."""

_NOT_OFFERED = {"_cursor", "_count", "_total", "_sort"}
"""Parameters of a search that have no place here: the answer is one list in its own order."""


def lastn(request: Request) -> Answer:
    """`max` of each code (1 without it) of those that the other parameters choose, newest first."""
    inputs.simple(request)
    person.permit(request, "Observation")
    most = _most(request)
    _bounded(request)
    request.leave_out([pair for pair in request.parameters if pair[0] == "max"])
    ignored = queries.leave_out(request, "$lastn", [pair for pair in request.parameters if pair[0] in _NOT_OFFERED])
    query, unknown = queries.parse(request, "Observation")
    if query.everybody:
        raise queries.unbounded(query.types)
    documents = person.documents(request, query.subject)
    near = Neighbours(request.client, request.base, documents)
    found = {
        resource[1]: (document, resource)
        for document, resource in person.resources(documents, query.types)
        if query.matches(document, resource, near)
    }
    chosen = [found[id] for id, _ in latest(((id, exact.read(json)) for id, (_, (_, _, json)) in found.items()), most)]
    shaped = shape(request)
    if shaped.count:
        return bundles.answer("searchset", total=len(chosen))
    entries = [
        bundles.result("match", request.base, type, id, shaped(type, json, document.version, document.written))
        for document, (type, id, json) in chosen
    ]
    remarks = [bundles.remark(issue) for issue in (*ignored, *unknown)]
    return bundles.answer("searchset", [*entries, *remarks], total=len(chosen), links=_self(request, most))


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


def _self(request: Request, most: int) -> dict[str, str]:
    query = urlencode([*request.parameters, ("max", most)], safe="/:,*")
    return {"self": f"{request.base}{request.path}?{query}"}
