"""Pages of a person's resources: newest first, nothing lost or repeated while data arrives.

A cursor says as of which moment the list is walked and which resource comes next. It is signed and holds all that is
needed, so the server keeps nothing between two pages, and any process answers any of them.
"""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode

from django.utils.crypto import constant_time_compare, salted_hmac

from yteso.fhir.server.faults import Fault, Issue, wrong
from yteso.fhir.server.neighbours import Found, Neighbours
from yteso.fhir.server.node import desk
from yteso.fhir.server.queries import Query
from yteso.fhir.server.requests import Request
from yteso.record import Document, Moment


COUNT, MOST = 50, 1000
"""Resources of a page without `_count`, and at most."""

CHUNK = 24
"""Documents opened together."""

_NEVER = -1

Key = tuple[int, int, int, str]


@dataclass(slots=True, frozen=True)
class Cursor:
    """The next resource is the `place`-th of the document with this key, as of `moment`."""

    moment: Moment
    key: Key
    place: int


@dataclass(slots=True, frozen=True)
class Page:
    """`following` is the signed cursor of the next one; `remarks` is what the client should know of it."""

    found: list[Found]
    following: str
    total: int | None
    remarks: list[Issue] = field(default_factory=list)


def count(request: Request) -> int:
    """Resources of a page; none when only their number is wanted."""
    if request.one("_summary") == "count":
        return 0
    text = request.one("_count", str(COUNT))
    if not text.isascii() or not text.isdigit():
        raise wrong("_count là số nguyên không âm.", "_count is a whole number, not negative.")
    return min(int(text[:9]), MOST)


def total_asked(request: Request) -> str:
    """none, estimate or accurate."""
    asked = request.one("_total", "none")
    if asked not in {"none", "estimate", "accurate"}:
        raise wrong("_total là none, estimate hoặc accurate.", "_total is none, estimate or accurate.")
    return asked


def candidates(request: Request, query: Query) -> tuple[Moment | None, list[Document]]:
    """The documents that may hold what is asked of a person, in the order of the walk, as of its first page; bodies are
    filled as it goes.
    """
    if query.subject is None:
        return None, []
    cursor = read(request)
    moment, found = desk().person(request.client.reader, query.subject, cursor and cursor.moment, query.probes)
    return moment, sorted(found, key=key)


def page(request: Request, query: Query, moment: Moment | None, documents: list[Document], near: Neighbours) -> Page:
    """One page of what matches in these documents; `_total=accurate` counts all of it."""
    wanted, cursor = count(request), read(request)
    number = sum(1 for _ in walk(query, documents, None, near)) if total(request) or not wanted else None
    found, following = [], ""
    for place, one in walk(query, documents, cursor, near) if wanted else ():
        if len(found) == wanted:
            following = written(request, Cursor(moment, key(one[0]), place))
            break
        found.append(one)
    return Page(found, following, number)


def key(document: Document) -> Key:
    """Patients' own data first, then the open, then the newest. Does not change while the version stays."""
    if document.states_patient:
        return 0, _NEVER, _NEVER, document.id.hex
    return 1, _age(document.ended), _age(document.started), document.id.hex


def read(request: Request) -> Cursor | None:
    """The cursor of a request; raises Fault unless it was written for this very search."""
    text = signed(request)
    if text is None:
        return None
    moment, first, ended, started, id, place = text.split(",")
    return Cursor(Moment.parse(moment), (int(first), int(ended), int(started), id), int(place))


def sign(request: Request, text: str) -> str:
    """The place in the list of this search, as nobody else can write it."""
    return urlsafe_b64encode(f"{_signature(request, text)}{text}".encode()).decode().rstrip("=")


def signed(request: Request) -> str | None:
    """What was signed as the cursor of a request, if it has one; raises Fault unless it was for this very search."""
    given = request.one("_cursor")
    if not given:
        return None
    try:
        text = urlsafe_b64decode(given.encode() + b"=" * (-len(given) % 4)).decode()
    except (binascii.Error, ValueError):
        raise _foreign() from None
    signature, text = text[:64], text[64:]
    if not constant_time_compare(signature, _signature(request, text)):
        raise _foreign()
    return text


def address(request: Request) -> str:
    """The path of a search, whether it came by GET or as a form."""
    return request.path.removesuffix("/_search")


def parameters(request: Request) -> list[tuple[str, str]]:
    """What makes the search, all but the page of it."""
    return [(name, value) for name, value in request.parameters if name != "_cursor"]


def links(request: Request, following: str) -> dict[str, str]:
    """This page and the next, whose cursor is `following`. Also a search that came as a form goes on by GET."""
    own, here = request.one("_cursor"), f"{request.base}{address(request)}"
    found = {}
    for relation, cursor in {"self": own, "next": following}.items():
        if cursor or relation == "self":
            query = urlencode(parameters(request) + ([("_cursor", cursor)] if cursor else []), safe="/:,*")
            found[relation] = f"{here}?{query}" if query else here
    return found


def walk(
    query: Query, documents: list[Document], cursor: Cursor | None, near: Neighbours
) -> Iterator[tuple[int, Found]]:
    """What matches, each with its place in its document, from the cursor on."""
    rest = [document for document in documents if not cursor or key(document) >= cursor.key]
    for start in range(0, len(rest), CHUNK):
        chunk = rest[start : start + CHUNK]
        desk().fill(chunk)
        for document in chunk:
            begin = cursor.place if cursor and key(document) == cursor.key else 0
            for place, resource in document.body.places(query.types, query.needles):
                if place >= begin and query.matches(document, resource, near):
                    yield place, (document, resource)


def written(request: Request, cursor: Cursor) -> str:
    """The cursor, signed."""
    return sign(request, ",".join(map(str, (cursor.moment, *cursor.key, cursor.place))))


def total(request: Request) -> bool:
    """Whether the number of all matches is wanted."""
    return total_asked(request) != "none"


def _age(moment: datetime | None) -> int:
    """Less for what is newer; what has no end yet is newest."""
    return _NEVER if moment is None else (datetime.max.replace(tzinfo=UTC) - moment) // timedelta(microseconds=1)


def _signature(request: Request, text: str) -> str:
    """64 hex digits over the place in the list and the search it belongs to."""
    search = urlencode(parameters(request))
    return salted_hmac("yteso.fhir.cursor", f"{address(request)}?{search}#{text}", algorithm="sha256").hexdigest()


def _foreign() -> Fault:
    return wrong(
        "_cursor không thuộc lần tìm này; hãy theo đúng liên kết next, hoặc bắt đầu lại không có _cursor.",
        "_cursor does not belong to this search; follow the next link as it is, or start again without _cursor.",
    )
