"""read, vread and the history of one resource (https://hl7.org/fhir/R4/http.html#read).

A version of a resource is that of its document. A resource that its document no longer has was deleted with that
version.
"""

from yteso.fhir.server import bundles, conditions, shaping
from yteso.fhir.server.faults import Fault, gone, not_found
from yteso.fhir.server.moments import since
from yteso.fhir.server.node import desk
from yteso.fhir.server.requests import Answer, Request
from yteso.record import Document, homes


def read(request: Request) -> Answer:
    type, id = _asked(request)
    document = desk().document(request.client.reader, *homes(type, id))
    if not document:
        raise not_found()
    resource = document.body.find(type, id)
    if resource is None:
        raise gone() if _once(request, type, id) else not_found()
    return conditions.unchanged(request, document) or _answer(request, type, resource, document)


def vread(request: Request) -> Answer:
    type, id = _asked(request)
    versions = _versions(request, type, id)
    number = request.values["version"]
    document = next((one for one in versions if str(one.version) == number), None)
    if not document:
        raise Fault(
            404,
            "not-found",
            "Tài nguyên không có bản này; các bản có trong _history.",
            "The resource has no such version; _history lists them.",
        )
    resource = document.body.find(type, id)
    if resource is None:
        raise gone()
    return conditions.unchanged(request, document) or _answer(request, type, resource, document)


def history(request: Request) -> Answer:
    """The current version first, then those it overtook; a version without the resource is its deletion."""
    type, id = _asked(request)
    shape, base, start = shaping.shape(request), request.base, since(request)
    versions = _versions(request, type, id)
    found = [one for one in versions if not start or one.written >= start]
    if shape.count:
        return bundles.answer("history", total=len(found))
    entries = [bundles.version(base, type, id, document, shape, first=document is versions[-1]) for document in found]
    return bundles.answer("history", entries, total=len(found), links={"self": f"{base}{request.path}"})


def _asked(request: Request) -> tuple[str, str]:
    return request.values["type"], request.values["id"]


def _answer(request: Request, type: str, resource: bytes, document: Document) -> Answer:
    body = shaping.shape(request)(type, resource, document.version, document.written)
    return Answer(body, headers=conditions.headers(document))


def _versions(request: Request, type: str, id: str) -> list[Document]:
    """The versions since the resource was first there; raises 404 when it never was."""
    versions = desk().versions(request.client.reader, *homes(type, id))
    while versions and versions[-1].body.find(type, id) is None:
        versions.pop()
    if not versions:
        raise not_found()
    return versions


def _once(request: Request, type: str, id: str) -> bool:
    """Whether an earlier version of its document had the resource."""
    versions = desk().versions(request.client.reader, *homes(type, id))
    return any(document.body.find(type, id) is not None for document in versions)
