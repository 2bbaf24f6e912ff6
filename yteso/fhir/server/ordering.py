"""`_sort`: all matches in order, and the page of them where a cursor stands.

The cursor names the next match, not its sort key: what people are called stays out of addresses. Where that match has
left the list meanwhile, the version of its document that was in it says where it stood.
"""

from bisect import bisect_left
from typing import NamedTuple
from uuid import UUID

from yteso.fhir.server.faults import Fault
from yteso.fhir.server.neighbours import Found, Neighbours
from yteso.fhir.server.node import desk
from yteso.fhir.server.paging import Cursor, Key, Page, count, key, read, total, walk, written
from yteso.fhir.server.queries import Query
from yteso.fhir.server.requests import Request
from yteso.fhir.server.shaping import decoded
from yteso.record import Document, Moment


class Position(NamedTuple):
    """Where a match stands: by its sort key, and among equals as it would without."""

    sort: tuple
    key: Key
    place: int


def page(request: Request, query: Query, moment: Moment | None, documents: list[Document], near: Neighbours) -> Page:
    """One page of what matches in these documents, in the order of `_sort`."""
    wanted, cursor = count(request), read(request)
    matches = sorted(
        ((_position(query, one, place), one) for place, one in walk(query, documents, None, near)),
        key=lambda match: match[0],
    )
    start = bisect_left(matches, _resumed(request, query, documents, cursor), key=lambda m: m[0]) if cursor else 0
    shown, following = matches[start : start + wanted], matches[start + wanted : start + wanted + 1]
    return Page(
        [one for _, one in shown],
        written(request, Cursor(moment, following[0][0].key, following[0][0].place)) if following and wanted else "",
        len(matches) if total(request) or not wanted else None,
    )


def _position(query: Query, one: Found, place: int) -> Position:
    document, (type, _, json) = one
    return Position(query.asked.sort_key(decoded(document, type, json)), key(document), place)


def _resumed(request: Request, query: Query, documents: list[Document], cursor: Cursor) -> Position:
    """The position of the match that the cursor names, whether it still is one or not."""
    document = next((one for one in documents if key(one) == cursor.key), None) or _past(request, cursor)
    desk().fill([document])
    found = dict(document.body.places(None))[cursor.place]
    return _position(query, (document, found), cursor.place)


def _past(request: Request, cursor: Cursor) -> Document:
    """The document as it was in the list; raises Fault when the client may not see that any more."""
    versions = desk().versions(request.client.reader, UUID(hex=cursor.key[3]))
    seen = [
        one for one in versions if one.withdrawn is None and cursor.moment.sees(one.xact) and key(one) == cursor.key
    ]
    if not seen:
        raise Fault(
            410,
            "expired",
            "Danh sách này không đi tiếp được nữa; hãy tìm lại từ đầu, không có _cursor.",
            "This list cannot be continued; search again from its start, without _cursor.",
        )
    return max(seen, key=lambda one: one.version)
