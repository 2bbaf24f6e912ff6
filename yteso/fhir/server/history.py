"""What happened to all resources, or to all of one type (https://hl7.org/fhir/R4/http.html#history).

The change feed, newest first or (`_sort=_lastUpdated`) oldest first: one entry for each resource of the document that
a change made, and one for each that it took away; without Binary, whose readers are chosen one by one. A request
looks at so much of the feed only; a page may then have few entries, or none, and a next one.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from yteso.fhir.server import bundles, paging, queries, shaping
from yteso.fhir.server.faults import not_of, unknown_type, wrong
from yteso.fhir.server.moments import since, span
from yteso.fhir.server.node import desk
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.types import types
from yteso.record import Change, Document, Happening
from yteso.record.feed import following, preceding


PARAMETERS = {"_since", "_at", "_sort"}
WINDOW, CHUNK = 500, 8
"""Changes looked at together, and documents opened together."""

MOST = 10_000
"""Changes looked at for one page."""

LONGEST = timedelta(hours=1)
"""No transaction takes longer: so far apart may the times of two changes and their places in the feed be in order."""


@dataclass(slots=True, frozen=True)
class Walk:
    """Where the page begins (the `place`-th entry of the change at `start`; None: the end of the feed), and what of it
    is asked.
    """

    start: str | None
    place: int
    newest_first: bool
    since: datetime | None
    at: tuple[datetime | None, datetime | None]
    types: frozenset[str] | None

    def over(self, change: Change) -> bool:
        """Is nothing asked from here on?"""
        return bool(self.newest_first and self.since and change.at < self.since - LONGEST)

    def asks(self, change: Change) -> bool:
        begin, end = self.at
        if change.event == "moved" or (self.since and change.at < self.since) or (end and change.at >= end):
            return False
        return not (begin and change.event == "late")

    def was_current(self, one: Happening) -> bool:
        """During the time that `_at` names."""
        return not (self.at[0] and one.until and one.until <= self.at[0])


@dataclass(slots=True, frozen=True)
class Entry:
    """A resource of a document, or one that the document has no longer; `first`: it was not there before."""

    document: Document
    type: str
    id: str
    first: bool


def of_all(request: Request) -> Answer:
    return _answer(request, _asked_types(request))


def of_type(request: Request) -> Answer:
    not_of(request.values["type"], "_history")
    return _answer(request, frozenset({request.values["type"]}))


def _answer(request: Request, types: frozenset[str] | None) -> Answer:
    ignored = queries.leave_out(request, "_history", queries.others(request, queries.RESULT | PARAMETERS | {"_type"}))
    shape, base = shaping.shape(request), request.base
    if shape.count or not paging.count(request):
        raise wrong(
            "Lịch sử của nhiều tài nguyên không được đếm; bỏ _summary=count, _count=0.",
            "The history of many resources is not counted; leave out _summary=count and _count=0.",
        )
    found, cursor = _page(request, _walk(request, types), paging.count(request))
    desk().showing(request.client.reader, {id(one.document): one.document for one in found}.values())
    entries = [bundles.version(base, one.type, one.id, one.document, shape, first=one.first) for one in found]
    links = paging.links(request, cursor and paging.sign(request, cursor))
    return bundles.answer("history", [*entries, *map(bundles.remark, ignored)], links=links)


def _walk(request: Request, types: frozenset[str] | None) -> Walk:
    start, place = None, 0
    if cursor := paging.signed(request):
        start, _, number = cursor.partition(",")
        place = int(number)
    return Walk(start, place, newest_first(request), since(request), span(request, "_at"), types)


def newest_first(request: Request) -> bool:
    asked = request.one("_sort", "-_lastUpdated")
    if asked not in {"-_lastUpdated", "_lastUpdated"}:
        raise wrong("_sort là -_lastUpdated hoặc _lastUpdated.", "_sort is -_lastUpdated or _lastUpdated.")
    return asked[0] == "-"


def _page(request: Request, walk: Walk, wanted: int) -> tuple[list[Entry], str]:
    """Entries, and the cursor of what follows, "" at the end."""
    found: list[Entry] = []
    for change, one in _happenings(request, walk):
        if one is None:
            return found, f"{change.cursor},0"
        begin = walk.place if change.cursor == walk.start else 0
        for number, entry in _entries(one, walk.types):
            if number >= begin:
                if len(found) == wanted:
                    return found, f"{change.cursor},{number}"
                found.append(entry)
    return found, ""


def _happenings(request: Request, walk: Walk) -> Iterator[tuple[Change, Happening | None]]:
    """What is asked, in order; at last the change at which looking ended before the feed did, with nothing."""
    reader = request.client.reader
    for number, chunk in enumerate(_chunks(walk)):
        if chunk and number * WINDOW >= MOST:
            yield chunk[0], None
            return
        asked = list(filter(walk.asks, chunk))
        for start in range(0, len(asked), CHUNK):
            for one in desk().happenings(reader, asked[start : start + CHUNK]):
                if walk.was_current(one):
                    yield one.change, one


def _chunks(walk: Walk) -> Iterator[list[Change]]:
    step: Callable[[str], str] = following if walk.newest_first else preceding
    place = walk.start and step(walk.start)  # the change at which the page begins is part of it
    while True:
        changes = desk().feed(place, newest_first=walk.newest_first, limit=WINDOW)
        ended = next((n for n, change in enumerate(changes) if walk.over(change)), len(changes))
        yield changes[:ended]
        if ended < WINDOW:
            return
        place = changes[-1].cursor


def _entries(one: Happening, wanted: frozenset[str] | None) -> Iterator[tuple[int, Entry]]:
    """Each with its number among all of the change, whoever asks."""
    now = dict.fromkeys(one.document.body.names)
    past = dict.fromkeys(one.before.body.names if one.before else ())
    for number, name in enumerate(now | past):
        type, _, id = name.partition("/")
        if (wanted is None or type in wanted) and type != "Binary":
            yield number, Entry(one.document, type, id, one.change.event != "late" and name not in past)


def _asked_types(request: Request) -> frozenset[str] | None:
    """Those of `_type` that the client may read; None: all there are."""
    asked = {type for text in request.all("_type") for type in text.split(",") if type}
    for type in asked - types().keys():
        raise unknown_type(type)
    allowed = request.client.types
    if not asked:
        return allowed
    return frozenset(asked) if allowed is None else allowed & asked
