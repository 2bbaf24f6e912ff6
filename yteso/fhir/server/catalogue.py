"""read and search of code systems, value sets and concept maps: those that come with the program, and those written.

They are of no person: a search needs none, and reading them is not logged. The long ones come without their codes in
a search, marked SUBSETTED; reading one gives it whole.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import cache, partial
from typing import NamedTuple
from urllib.parse import urlencode

import orjson

from yteso.fhir import search
from yteso.fhir.search.kinds.tokens import Token
from yteso.fhir.server import bundles, paging, queries, reading, writing
from yteso.fhir.server.capability import DATE
from yteso.fhir.server.faults import Fault, Issue, not_found, wrong
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import SUBSETTED, Shape, instant, shape
from yteso.fhir.server.shelf import Held, expand, shelf
from yteso.fhir.terminology import library, rendering


LONG = 1_000
"""Codes of a system, or lines of a map, that a search does not show."""
LINES = {"source-code", "target-code", "dependson", "product", "other"}
"""Parameters that look into the lines of a map."""
MADE = datetime.fromisoformat(DATE).replace(tzinfo=UTC)


class Own(NamedTuple):
    """What comes with the program: without its codes, with them, and the number and test of them."""

    resource: dict
    whole: Callable[[], dict]
    size: Callable[[], int]
    has: Callable[[str], bool]

    version = 1
    written = MADE


def read(request: Request) -> Answer:
    type, id = request.values["type"], request.values["id"]
    own = _own().get((type, id))
    if own is None:
        return reading.read(request)
    body = shape(request)(type, orjson.dumps(own.whole()), 1, MADE)
    return Answer(body, headers=[("ETag", 'W/"1"')])


def update(request: Request) -> Answer:
    _refuse_own(request)
    return writing.update(request)


def delete(request: Request) -> Answer:
    _refuse_own(request)
    return writing.delete(request)


def _refuse_own(request: Request) -> None:
    """Raises Fault: what comes with the program stays as it is."""
    if (request.values["type"], request.values["id"]) in _own():
        raise Fault(
            405,
            "not-supported",
            "Tài nguyên này đi cùng chương trình; hãy ghi với id và url khác.",
            "This resource comes with the program; write yours with another id and url.",
            Allow="GET, HEAD, OPTIONS",
        )


def canonical(request: Request, type: str) -> str:
    """The address, with its version, of the resource that the path names; raises Fault."""
    id = request.values["id"]
    own = _own().get((type, id))
    found = own.resource if own else next((one.resource for one in shelf().of(type) if one.resource["id"] == id), None)
    if found is None:
        raise not_found()
    if not found.get("url"):
        raise Fault(422, "invalid", f"{type} này không có url.", f"This {type} has no url.")
    return f"{found['url']}|{found['version']}" if found.get("version") else found["url"]


def by_type(request: Request) -> Answer:
    """What was written first, then ours; `_sort` sorts them."""
    type = request.values["type"]
    asked, ignored = _asked(request, type)
    own = [one for (kind, _), one in _own().items() if kind == type and _matches(asked, _looked_at(one, asked))]
    written = [one for one in shelf().of(type) if _matches(asked, _dated(one))]
    found = sorted([*written, *own], key=lambda one: asked.sort_key(one.resource))
    shaped, start, count = shape(request), _start(request), paging.count(request)
    if shaped.count:
        return bundles.answer("searchset", total=len(found))
    page = found[start : start + count]
    links = {"self": _link(request, start)}
    if page and start + count < len(found):
        links["next"] = _link(request, start + count)
    entries = [_entry(request, shaped, one) for one in page]
    return bundles.answer("searchset", [*entries, *map(bundles.remark, ignored)], total=len(found), links=links)


def _asked(request: Request, type: str) -> tuple[search.Query, list[Issue]]:
    pairs = queries.others(request, {"_format", "_pretty", "_cursor"})
    try:
        asked = search.parse(type, pairs, strict=not request.lenient, base=request.base, expand=expand)
    except search.SearchError as error:
        raise wrong(error.vi, error.en) from None
    return asked, queries.leave_out(request, type, asked.ignored)


def _matches(asked: search.Query, resource: dict) -> bool:
    """Nothing that these refer to, or that refers to them, is looked at."""
    return asked.matches(resource, lambda *_: None, lambda *_: ())


def _dated(one: Held) -> dict:
    """As it is handed out, with its version and time."""
    given = {"versionId": str(one.version), "lastUpdated": instant(one.written)}
    return one.resource | {"meta": one.resource.get("meta", {}) | given}


def _looked_at(one: Own, asked: search.Query) -> dict:
    """What the conditions are asked of: as little of a long resource as they need."""
    names = {each.parameter.code for each in asked.conditions}
    if names & LINES:
        return one.whole()
    if "code" in names:
        wanted = [each for each in asked.conditions if each.parameter.code == "code"]
        codes = {token.code for each in wanted for token in each.alternatives if isinstance(token, Token)}
        return one.resource | {"concept": [{"code": code} for code in codes if code and one.has(code)]}
    return one.resource


def _entry(request: Request, shaped: Shape, one: Own | Held) -> bytes:
    resource = one.resource
    if isinstance(one, Own):
        resource = resource | {"meta": {"tag": [SUBSETTED]}} if one.size() > LONG else one.whole()
    type, id = resource["resourceType"], resource["id"]
    shown = shaped(type, orjson.dumps(resource), one.version, one.written)
    return bundles.result("match", request.base, type, id, shown)


def _start(request: Request) -> int:
    text = request.one("_cursor", "0")
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise wrong("_cursor đi theo liên kết next.", "_cursor comes with the next link.")
    return int(text)


def _link(request: Request, start: int) -> str:
    pairs = paging.parameters(request) + ([("_cursor", str(start))] if start else [])
    query = urlencode(pairs, safe="/:,*")
    address = f"{request.base}{paging.address(request)}"
    return f"{address}?{query}" if query else address


@cache
def _own() -> dict[tuple[str, str], Own]:
    """By type and id."""
    found = []
    for one in (each for editions in library.built_in().values() for each in editions):
        found.append(
            Own(
                rendering.code_system(one, whole=False),
                partial(rendering.code_system, one),
                lambda one=one: len(one.concepts),
                lambda code, one=one: code in one.concepts,
            )
        )
    for one in library.value_sets().values():
        found.append(Own(one, lambda one=one: one, lambda: 0, lambda code: False))
    for one in library.concept_maps():
        found.append(
            Own(
                rendering.concept_map(one, whole=False),
                partial(rendering.concept_map, one),
                lambda one=one: sum(len(group.rows) for group in one.groups),
                lambda code: False,
            )
        )
    return {(one.resource["resourceType"], one.resource["id"]): one for one in found}
