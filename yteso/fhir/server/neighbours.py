"""The resources around those that a search finds: what they refer to, and what refers to them.

The person's own documents are at hand as of the moment of the search. What belongs to nobody (a practitioner, an
organisation) is fetched by its id and logged as every reading is; so much of it, and no more.
"""

from typing import Any
from uuid import UUID

from yteso.fhir import search
from yteso.fhir.search.kinds import references
from yteso.fhir.server.clients import Client
from yteso.fhir.server.faults import Fault
from yteso.fhir.server.node import desk
from yteso.fhir.server.shaping import decoded
from yteso.record import FIRST, Document, Probe, Resource, homes
from yteso.record.words import of_type


OUTSIDE = 200
"""Documents of others that one request opens, at most."""

Found = tuple[Document, Resource]
"""A resource and the document it is in."""


class Neighbours:
    """`documents` are all that the client may see of the person; `base` is this server's URL."""

    def __init__(self, client: Client, base: str, documents: list[Document]) -> None:
        self._client, self._base, self._documents = client, base, documents
        self._known = {document.id: document for document in documents}
        self._outside: dict[UUID, Document | None] = {}
        self._read: dict[str, tuple[Found, dict[str, Any]] | None] = {}
        self._back: dict[tuple[str, str], dict[str, list[Found]]] = {}

    def at(self, address: str) -> Found | None:
        """The resource at "Patient/23", in its current version, if it is here and of a type that the client reads."""
        read = self._at(address)
        return read and read[0]

    def resolve(self, address: str) -> dict[str, Any] | None:
        """What `at` finds, decoded."""
        read = self._at(address)
        return read and read[1]

    def referring(self, type: str, code: str, address: str) -> list[Found]:
        """The person's resources of a type that refer to an address by this parameter."""
        if (type, code) not in self._back:
            self._back[type, code] = self._referring(type, search.parameters(type)[code])
        return self._back[type, code].get(address, [])

    def referrers(self, type: str, code: str, address: str) -> list[dict[str, Any]]:
        """What `referring` finds, decoded."""
        return [decoded(document, type, json) for document, (type, _, json) in self.referring(type, code, address)]

    def _at(self, address: str) -> tuple[Found, dict[str, Any]] | None:
        whole = address.partition("/_history/")[0]
        if whole not in self._read:
            self._read[whole] = self._fetched(whole)
        return self._read[whole]

    def _fetched(self, address: str) -> tuple[Found, dict[str, Any]] | None:
        type, slash, id = address.partition("/")
        if not slash or not self._client.reads(type):
            return None
        document = self._document(homes(type, id))
        json = document.body.find(type, id) if document else None
        return None if json is None else ((document, (type, id, json)), decoded(document, type, json))

    def _document(self, names: list[UUID]) -> Document | None:
        """The first that there is, at hand or outside."""
        if document := next(filter(None, map(self._known.get, names)), None):
            desk().fill([document])
            return document
        if names[0] not in self._outside:
            if len(self._outside) == OUTSIDE:
                raise _too_far()
            self._outside[names[0]] = desk().document(self._client.reader, *names)
        return self._outside[names[0]]

    def _referring(self, type: str, parameter: search.Parameter) -> dict[str, list[Found]]:
        """Address → the resources of the type that refer to it."""
        desk().fill(self._documents)
        back: dict[str, list[Found]] = {}
        for document in self._documents if self._client.reads(type) else ():
            for resource in document.body.of_type(type):
                for address in self.led_to(parameter, (document, resource)):
                    back.setdefault(address, []).append((document, resource))
        return back

    def addresses(self, parameter: search.Parameter, resource: dict[str, Any]) -> list[str]:
        """Where the resource leads by this parameter, each once."""
        found = (references.address(element, self._base) for element in parameter.values(resource))
        return list(dict.fromkeys(text.partition("/_history/")[0] for text in found if text))

    def led_to(self, parameter: search.Parameter, one: Found) -> list[str]:
        """`addresses` of a resource as it is stored."""
        document, (type, _, json) = one
        return self.addresses(parameter, decoded(document, type, json))


class Everywhere(Neighbours):
    """The neighbours of matches across everybody: all are outside, and the index knows what refers to what."""

    def __init__(self, client: Client, base: str) -> None:
        super().__init__(client, base, [])

    def referring(self, type: str, code: str, address: str) -> list[Found]:
        if not self._client.reads(type):
            return []
        asked = search.parse(type, [(code, address)], strict=True)
        documents = self._documents_of([Probe((frozenset((of_type(type),)),)), *search.probes(asked)])
        desk().showing(self._client.reader, documents)
        found = ((document, resource) for document in documents for resource in document.body.of_type(type))
        parameter = search.parameters(type)[code]
        return [one for one in found if address in self.led_to(parameter, one)]

    def _documents_of(self, probes: list[Probe]) -> list[Document]:
        documents, following = desk().everybody(self._client.reader, probes, FIRST, OUTSIDE)
        if following:
            raise _too_far()
        return documents


def _too_far() -> Fault:
    return Fault(
        403,
        "too-costly",
        f"Tìm kiếm này phải mở hơn {OUTSIDE} tài nguyên ngoài hồ sơ; thêm điều kiện hoặc giảm _count.",
        f"This search would open more than {OUTSIDE} resources outside the record; narrow it, or lower _count.",
    )
