"""Composition/$document: the document Bundle of a Composition, with all that it refers to.

https://hl7.org/fhir/R4/composition-operation-document.html. The same versions make the same document: its identifier
and its timestamp are theirs.
"""

from datetime import datetime
from uuid import UUID

import orjson

from yteso.fhir.documents import closure
from yteso.fhir.server import inputs, person, queries
from yteso.fhir.server.faults import Fault, wrong
from yteso.fhir.server.reach import Reach
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import WHOLE, instant
from yteso.record import Document
from yteso.record.ids import derive


_KNOWN = {"persist", "id", "_format", "_pretty"}


def document(request: Request) -> Answer:
    """Of the Composition at the address, or of the one that the parameter `id` names."""
    inputs.simple(request)
    return _document(request, request.values.get("id") or _named(request))


def _named(request: Request) -> str:
    text = request.one("id").removeprefix(f"{request.base}/").removeprefix("Composition/")
    if not text or "/" in text:
        raise wrong("Thêm id=Composition/ID, của máy chủ này.", "Add id=Composition/ID, of this server.")
    return text


def _document(request: Request, id: str) -> Answer:
    person.permit(request, "Composition")
    queries.leave_out(request, "$document", queries.others(request, _KNOWN))
    if request.one("persist", "false") != "false":
        raise Fault(
            400,
            "not-supported",
            "Máy chủ không lưu tài liệu được lập; bỏ persist. Hỏi lại sẽ được đúng tài liệu ấy.",
            "Documents are not kept; leave out persist. Asking again gives the same document.",
        )
    reach = Reach(request.client)
    try:
        found = closure.closed(f"Composition/{id}", reach.find, request.base)
    except closure.TooMany:
        raise Fault(
            422,
            "too-costly",
            f"Tài liệu có hơn {closure.MOST} tài nguyên.",
            f"The document has more than {closure.MOST} resources.",
        ) from None
    if not found:
        raise reach.missing("Composition", id)
    return Answer(_bundle(request.base, found))


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
