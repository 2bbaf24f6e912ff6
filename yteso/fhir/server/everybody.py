"""Pages of what is found across everybody: nothing lost or repeated while data arrives.

The index gives candidates in the order of their documents' ids, which never change. A page says after which document
the next one goes on, or in which version of it, at which place. Whoever is shown is in the log before.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from yteso.fhir.server import paging
from yteso.fhir.server.faults import Issue
from yteso.fhir.server.neighbours import Found
from yteso.fhir.server.node import desk
from yteso.fhir.server.paging import Page
from yteso.fhir.server.queries import Query, unbounded
from yteso.fhir.server.requests import Request
from yteso.record import FIRST, Document


PORTION = 64
"""Documents read together."""

LOOKED_AT = 1_000
"""Documents that are opened for a page at most; what they do not have comes on the next ones."""

COUNTED = 5_000
"""Documents that are opened for a total at most."""

MANY = 2**31
"""Matches, more than there can be in those."""

FEW = 1_000
"""Documents of a type that is walked whole where nothing else leads to what is asked."""


@dataclass(slots=True, frozen=True)
class Place:
    """Before the `number`-th resource of a version of a document; without a version: after the document."""

    document: UUID
    version: int = 0
    number: int = 0


def page(request: Request, query: Query) -> Page:
    """One page of what matches; raises Fault when it would take too long to find."""
    if not query.selective and desk().number(query.probes, FEW + 1) > FEW:
        raise unbounded(query.types)
    walk = Walk(request, query)
    wanted, start = paging.count(request), _start(request)
    found, following = walk.gathered(start, wanted, LOOKED_AT) if wanted else ([], None)
    total, remarks = None, []
    if not wanted or paging.total_asked(request) != "none":
        whole = wanted and not start and not following
        total, remarks = (len(found), []) if whole else _total(request, query, walk)
    walk.tell()
    return Page(found, _written(request, following) if following else "", total, remarks)


class Walk:
    """Goes through the candidates of one request, and remembers whose data it has found."""

    def __init__(self, request: Request, query: Query) -> None:
        self._reader, self._query = request.client.reader, query
        self._matched: dict[UUID, Document] = {}
        self.opened = self.matches = 0

    def gathered(self, start: Place | None, wanted: int, most: int) -> tuple[list[Found], Place | None]:
        """As many matches as are wanted, of as many documents at most, and where to go on."""
        found, last = [], None
        most += self.opened
        for document in self._documents(start):
            if self.opened == most:
                return found, Place(last)
            self.opened, last = self.opened + 1, document.id
            begin = start.number if start and (document.id, document.version) == (start.document, start.version) else 0
            for number, resource in document.body.places(self._query.types):
                if number >= begin and self._query.matches(document, resource):
                    if len(found) == wanted:
                        return found, Place(document.id, document.version, number)
                    found.append((document, resource))
                    self._matched[document.id] = document
                    self.matches += 1
        return found, None

    def tell(self) -> None:
        """Log the reading of everybody whose data was found, before any of it is shown."""
        desk().showing(self._reader, self._matched.values())

    def _documents(self, start: Place | None) -> Iterator[Document]:
        after: UUID | None = start.document if start else FIRST
        if start and start.version and (begun := desk().version(self._reader, start.document, start.version)):
            yield begun
        while after:
            documents, after = desk().everybody(self._reader, self._query.probes, after, PORTION)
            yield from documents


def _total(request: Request, query: Query, walk: Walk) -> tuple[int, list[Issue]]:
    """How many there are; an estimate is said to be one where it was not asked for."""
    if paging.total_asked(request) == "estimate" and walk.opened:
        return _estimated(query, walk), []
    found, following = walk.gathered(None, MANY, COUNTED)
    if not following:
        return len(found), []
    vi = f"Quá {COUNTED} tài liệu phải mở để đếm: total là ước lượng; thêm điều kiện để có số chính xác."
    en = f"More than {COUNTED} documents would be opened to count: total is an estimate; ask for less to have it exact."
    return _estimated(query, walk), [Issue("warning", "too-costly", vi, en)]


def _estimated(query: Query, walk: Walk) -> int:
    """As many of each candidate as of those that were opened."""
    return round(desk().estimate(query.probes) * walk.matches / max(walk.opened, 1))


def _start(request: Request) -> Place | None:
    text = paging.signed(request)
    if text is None:
        return None
    document, version, number = text.split(",")
    return Place(UUID(document), int(version), int(number))


def _written(request: Request, place: Place) -> str:
    return paging.sign(request, f"{place.document},{place.version},{place.number}")
