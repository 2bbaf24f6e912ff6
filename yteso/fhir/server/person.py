"""All there is of one person for an operation that looks at everything, in the order of a search: newest first."""

from collections.abc import Container, Iterator
from uuid import UUID

from yteso.fhir.server import paging
from yteso.fhir.server.faults import not_found, out_of_scope
from yteso.fhir.server.node import desk
from yteso.fhir.server.requests import Request
from yteso.record import Document, Resource


Found = tuple[Document, Resource]


def record(request: Request, subject: UUID) -> list[Document]:
    """The person's documents that the client sees, over all linked subjects; raises Fault 404 when there are none."""
    found = documents(request, subject)
    if not found:
        raise not_found()
    return found


def documents(request: Request, subject: UUID | None) -> list[Document]:
    """The same, perhaps none; `subject` is None when no subject can have the id that was given."""
    _, found = desk().person(request.client.reader, subject) if subject else (None, [])
    return sorted(found, key=paging.key)


def resources(documents: list[Document], types: Container[str] | None) -> Iterator[Found]:
    """Those of these types (None: all); bodies are read a few documents at a time."""
    for start in range(0, len(documents), paging.CHUNK):
        chunk = documents[start : start + paging.CHUNK]
        desk().fill(chunk)
        for document in chunk:
            for _, resource in document.body.places(types):
                yield document, resource


def permit(request: Request, *types: str) -> None:
    """Raises Fault 403 unless the client may read these types."""
    for type in types:
        if not request.client.reads(type):
            raise out_of_scope(type)
