"""Resources by their references, as one client sees them; each document of the record is read, and logged, once."""

from uuid import UUID

from yteso.fhir.server.clients import Client
from yteso.fhir.server.faults import Fault, gone, not_found
from yteso.fhir.server.node import desk
from yteso.record import Document, homes


class Shelf:
    def __init__(self, client: Client) -> None:
        self._client = client
        self._known: dict[UUID, Document | None] = {}

    def find(self, name: str) -> tuple[bytes, Document] | None:
        """The JSON of Type/id; nothing for what the scope does not have, what is hidden, and what is not there."""
        type, _, id = name.partition("/")
        document = self._at(type, id) if self._client.reads(type) else None
        resource = document and document.body.find(type, id)
        return (resource, document) if resource else None

    def missing(self, type: str, id: str) -> Fault:
        """Why it was not found."""
        document = self._at(type, id)
        return gone() if document and document.withdrawn else not_found()

    def _at(self, type: str, id: str) -> Document | None:
        names = homes(type, id)
        known = next((name for name in names if name in self._known), None)
        if known is None:
            document = desk().document(self._client.reader, *names)
            self._known |= {document.id: document} if document else dict.fromkeys(names)
            return document
        return self._known[known]
