"""Pages of what is found across everybody: nothing lost or repeated while data arrives.

The index gives candidates in the order of their documents' ids, which never change. A page says after which document
the next one goes on, or in which version of it, at which place. Whoever is shown is in the log before.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from yteso.fhir.server import paging
from yteso.fhir.server.faults import Fault, Issue
from yteso.fhir.server.neighbours import Found, Neighbours
from yteso.fhir.server.node import desk
from yteso.fhir.server.paging import Page
from yteso.fhir.server.queries import Query, unbounded
from yteso.fhir.server.requests import Request
from yteso.fhir.server.shaping import decoded
from yteso.record import FIRST, Document


PORTION = 64
"""Documents read together."""

LOOKED_AT = 1_000
"""Documents that are opened for a page at most; what they do not have comes on the next ones."""

COUNTED = 5_000
"""Documents that are opened at most for a total, or to put matches in order."""

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


def page(request: Request, query: Query, near: Neighbours) -> Page:
    """One page of what matches; raises Fault when it would take too long to find."""
    walk = _walk(request, query, near)
    wanted, start = paging.count(request), _start(request)
    gathered = walk.in_order if query.asked.results.sort else walk.gathered
    found, following = gathered(start, wanted) if wanted else ([], None)
    total, remarks = None, []
    if not wanted or paging.total(request):
        whole = wanted and not start and not following
        total, remarks = (len(found), []) if whole else _total(request, query, walk)
    walk.tell()
    return Page(found, _written(request, following) if following else "", total, remarks)


def few(request: Request, query: Query, near: Neighbours, most: int) -> list[Found]:
    """All that matches, logged as read; raises Fault when there is more, or when it would take too long to find."""
    walk = _walk(request, query, near)
    found, following = walk.gathered(None, most)
    if following:
        raise _too_many(query.types, most)
    walk.tell()
    return found


def _walk(request: Request, query: Query, near: Neighbours) -> "Walk":
    if not query.selective and desk().number(query.probes, FEW + 1) > FEW:
        raise unbounded(query.types)
    return Walk(request, query, near)


class Walk:
    """Goes through the candidates of one request, and remembers whose data it has found."""

    def __init__(self, request: Request, query: Query, near: Neighbours) -> None:
        self._reader, self._query, self._near = request.client.reader, query, near
        self._matched: dict[UUID, Document] = {}
        self.opened = self.matches = 0

    def gathered(self, start: Place | None, wanted: int) -> tuple[list[Found], Place | None]:
        """As many matches as are wanted, of as many documents as may be opened for them, and where to go on."""
        places, following = self._places(start, wanted, LOOKED_AT)
        return [one for _, one in places], following

    def in_order(self, start: Place | None, wanted: int) -> tuple[list[Found], Place | None]:
        """The same of all matches, in the order of `_sort`; raises Fault when there are too many to be sorted."""
        places, following = self._places(None, MANY, COUNTED)
        if following:
            raise _unsorted()
        matches = sorted((self._position(place, one), place, one) for place, one in places)
        first = bisect_left(matches, self._resumed(start), key=lambda match: match[0]) if start else 0
        chosen, after = matches[first : first + wanted], matches[first + wanted :]
        return [one for *_, one in chosen], after[0][1] if after else None

    def counted(self) -> int | None:
        """All matches; None when too many documents would be opened for that."""
        places, following = self._places(None, MANY, COUNTED)
        return None if following else len(places)

    def tell(self) -> None:
        """Log the reading of everybody whose data was found, before any of it is shown."""
        desk().showing(self._reader, self._matched.values())

    def _places(self, start: Place | None, wanted: int, most: int) -> tuple[list[tuple[Place, Found]], Place | None]:
        found, last = [], None
        most += self.opened
        for document in self._documents(start):
            if self.opened == most:
                return found, Place(last)
            self.opened, last = self.opened + 1, document.id
            for number, resource in document.body.places(self._query.types, self._query.needles):
                place = Place(document.id, document.version, number)
                begun = start and (start.document, start.version) == (document.id, document.version)
                if (not begun or number >= start.number) and self._query.matches(document, resource, self._near):
                    if len(found) == wanted:
                        return found, place
                    found.append((place, (document, resource)))
                    self._matched[document.id] = document
                    self.matches += 1
        return found, None

    def _documents(self, start: Place | None) -> Iterator[Document]:
        after: UUID | None = start.document if start else FIRST
        if start and start.version and (begun := desk().version(self._reader, start.document, start.version)):
            yield begun
        while after:
            documents, after = desk().everybody(self._reader, self._query.probes, after, PORTION)
            yield from documents

    def _position(self, place: Place, one: Found) -> tuple:
        document, (type, _, json) = one
        return self._query.asked.sort_key(decoded(document, type, json)), place.document, place.number

    def _resumed(self, start: Place) -> tuple:
        """Where the match that a cursor names stood, whether it still is one or not."""
        document = desk().version(self._reader, start.document, start.version)
        if not document:
            raise _gone()
        return self._position(start, (document, dict(document.body.places(None))[start.number]))


def _total(request: Request, query: Query, walk: Walk) -> tuple[int, list[Issue]]:
    """How many there are; an estimate is said to be one where it was not asked for."""
    if paging.total_asked(request) == "estimate" and walk.opened:
        return _estimated(query, walk), []
    if (number := walk.counted()) is not None:
        return number, []
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


def _unsorted() -> Fault:
    return Fault(
        403,
        "too-costly",
        f"Phải mở hơn {COUNTED} tài liệu để sắp xếp; thêm điều kiện, hoặc bỏ _sort.",
        f"More than {COUNTED} documents would be opened to sort them; narrow the search, or leave out _sort.",
    )


def _too_many(types: Iterable[str], most: int) -> Fault:
    names = ", ".join(sorted(types))
    return Fault(
        403,
        "too-costly",
        f"Có điều kiện dẫn đến hơn {most} {names}; thêm patient=ID hoặc điều kiện khác.",
        f"A condition leads to more than {most} of {names}; add patient=ID or another condition.",
    )


def _gone() -> Fault:
    return Fault(
        410,
        "expired",
        "Danh sách này không đi tiếp được nữa; hãy tìm lại từ đầu, không có _cursor.",
        "This list cannot be continued; search again from its start, without _cursor.",
    )
