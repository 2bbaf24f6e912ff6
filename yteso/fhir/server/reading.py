"""read and vread of one resource (https://hl7.org/fhir/R4/http.html#read).

A version of a resource is that of its document. A resource that its document no longer has was deleted with that
version.
"""

from yteso.fhir.server import conditions, shaping, versions
from yteso.fhir.server.faults import gone, not_found
from yteso.fhir.server.node import desk
from yteso.fhir.server.requests import Answer, Request
from yteso.record import Document, homes


def read(request: Request) -> Answer:
    return _answer(request, *current(request))


def vread(request: Request) -> Answer:
    return _answer(request, *version(request))


def current(request: Request) -> tuple[Document, bytes]:
    """The resource as it stands, and the document it is in; raises Fault 404 and 410."""
    type, id = request.values["type"], request.values["id"]
    document = desk().document(request.client.reader, *homes(type, id))
    if not document:
        raise not_found()
    resource = document.body.find(type, id)
    if resource is None:
        raise gone() if _once(request, type, id) else not_found()
    return document, resource


def version(request: Request) -> tuple[Document, bytes]:
    """The same of the version that is asked."""
    type, id = request.values["type"], request.values["id"]
    document = versions.numbered(versions.of(request, type, id), request.values["version"])
    return document, versions.resource(document, type, id)


def _answer(request: Request, document: Document, resource: bytes) -> Answer:
    if same := conditions.unchanged(request, document):
        return same
    body = shaping.shape(request)(request.values["type"], resource, document.version, document.written)
    return Answer(body, headers=conditions.headers(document))


def _once(request: Request, type: str, id: str) -> bool:
    """Whether an earlier version of its document had the resource."""
    found = desk().versions(request.client.reader, *homes(type, id))
    return any(document.body.find(type, id) is not None for document in found)
