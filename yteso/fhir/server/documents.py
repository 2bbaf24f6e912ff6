"""Composition/$document: the document Bundle of a Composition, with all that it refers to.

https://hl7.org/fhir/R4/composition-operation-document.html. The same versions make the same document: its identifier
and its timestamp are theirs.
"""

from datetime import datetime
from uuid import UUID

import orjson

from yteso.fhir.documents import closure
from yteso.fhir.server import inputs, person, queries
from yteso.fhir.server.faults import Fault, gone, not_found, wrong
from yteso.fhir.server.node import desk
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import WHOLE, instant
from yteso.record import Document, named
from yteso.record.ids import derive


DEFINITION = "http://hl7.org/fhir/OperationDefinition/Composition-document"

_KNOWN = {"persist", "id", "_format", "_pretty"}


def of_composition(request: Request) -> Answer:
    inputs.simple(request)
    return _document(request, request.values["id"])


def of_reference(request: Request) -> Answer:
    """Of the Composition that the parameter `id` names."""
    inputs.simple(request)
    text = request.one("id").removeprefix(f"{request.base}/").removeprefix("Composition/")
    if not text or "/" in text:
        raise wrong("Thêm id=Composition/ID, của máy chủ này.", "Add id=Composition/ID, of this server.")
    return _document(request, text)


def _document(request: Request, id: str) -> Answer:
    person.permit(request, "Composition")
    queries.leave_out(request, "$document", (name for name, _ in queries.others(request, _KNOWN)))
    if request.one("persist", "false") != "false":
        raise Fault(
            400,
            "not-supported",
            "Máy chủ không lưu tài liệu được lập; bỏ persist. Hỏi lại sẽ được đúng tài liệu ấy.",
            "Documents are not kept; leave out persist. Asking again gives the same document.",
        )
    shelf = _Shelf(request)
    try:
        found = closure.closed(f"Composition/{id}", shelf.find, request.base)
    except closure.TooMany:
        raise Fault(
            422,
            "too-costly",
            f"Tài liệu có hơn {closure.MOST} tài nguyên.",
            f"The document has more than {closure.MOST} resources.",
        ) from None
    if not found:
        raise shelf.missing(id)
    return Answer(_bundle(request.base, found))


class _Shelf:
    """Where referred resources are found; each document of the record is read, and logged, once."""

    def __init__(self, request: Request) -> None:
        self._client = request.client
        self._known: dict[UUID, Document | None] = {}

    def find(self, name: str) -> tuple[bytes, Document] | None:
        """Nothing for what the scope does not have, what is hidden, and what is not there."""
        type, _, id = name.partition("/")
        document = self._at(named(id)) if self._client.reads(type) else None
        resource = document and document.body.find(type, id)
        return (resource, document) if resource else None

    def missing(self, id: str) -> Fault:
        document = self._at(named(id))
        return gone() if document and document.withdrawn else not_found()

    def _at(self, id: UUID | None) -> Document | None:
        if id and id not in self._known:
            self._known[id] = desk().document(self._client.reader, id)
        return self._known.get(id)


def _bundle(base: str, found: dict[str, tuple[bytes, Document]]) -> bytes:
    entries = []
    for name, (json, document) in found.items():
        resource = WHOLE(name.partition("/")[0], json, document.version, document.written)
        entries.append(b'{"fullUrl":"%s","resource":%s}' % (f"{base}/{name}".encode(), resource))
    head = {
        "resourceType": "Bundle",
        "identifier": {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{_number(found)}"},
        "type": "document",
        "timestamp": instant(_moment(found)),
    }
    return orjson.dumps(head)[:-1] + b',"entry":[' + b",".join(entries) + b"]}"


def _number(found: dict[str, tuple[bytes, Document]]) -> UUID:
    versions = (f"{name}/{document.version}" for name, (_, document) in found.items())
    return UUID(bytes=derive("document", *versions).bytes, version=5)


def _moment(found: dict[str, tuple[bytes, Document]]) -> datetime:
    """From when on all of it is as it is."""
    return max(document.written for _, document in found.values())
