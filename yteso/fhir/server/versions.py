"""The versions of one resource: which there are, and their list (https://hl7.org/fhir/R4/http.html#history).

The current version first, then those it overtook; a version without the resource is its deletion. With `_sort` by the
time they were saved.
"""

from collections.abc import Iterable
from datetime import datetime

from yteso.fhir.server import bundles, paging, queries, shaping
from yteso.fhir.server.faults import Fault, gone, not_found
from yteso.fhir.server.history import PARAMETERS, newest_first
from yteso.fhir.server.moments import since, span
from yteso.fhir.server.node import desk
from yteso.fhir.server.requests import Answer, Request
from yteso.record import Document, homes


def history(request: Request) -> Answer:
    ignored = queries.leave_out(request, "_history", queries.others(request, queries.RESULT | PARAMETERS))
    type, id = request.values["type"], request.values["id"]
    shape, base, known = shaping.shape(request), request.base, of(request, type, id)
    last, start = _cursor(request) or (max(one.version for one in known), 0)
    found = [one for one in _asked(request, known) if one.version <= last]
    if shape.count or not paging.count(request):
        return bundles.answer("history", total=len(found))
    end = start + paging.count(request)
    following = paging.sign(request, f"{last},{end}") if end < len(found) else ""
    entries = [bundles.version(base, type, id, one, shape, first=one is known[-1]) for one in found[start:end]]
    return bundles.answer(
        "history",
        [*entries, *map(bundles.remark, ignored)],
        total=len(found),
        links=paging.links(request, following),
    )


def of(request: Request, type: str, id: str) -> list[Document]:
    """The versions since the resource was first there; raises 404 when it never was."""
    found = desk().versions(request.client.reader, *homes(type, id))
    while found and found[-1].body.find(type, id) is None:
        found.pop()
    if not found:
        raise not_found()
    return found


def numbered(versions: Iterable[Document], number: str) -> Document:
    found = next((one for one in versions if str(one.version) == number), None)
    if not found:
        raise Fault(
            404,
            "not-found",
            "Tài nguyên không có bản này; các bản có trong _history.",
            "The resource has no such version; _history lists them.",
        )
    return found


def resource(document: Document, type: str, id: str) -> bytes:
    """As it is in this version; raises 410 when it was deleted with it."""
    found = document.body.find(type, id)
    if found is None:
        raise gone()
    return found


def _cursor(request: Request) -> tuple[int, int] | None:
    """The newest version when the list was begun, and how many of the list were on the pages before."""
    text = paging.signed(request)
    if not text:
        return None
    last, start = text.split(",")
    return int(last), int(start)


def _asked(request: Request, versions: list[Document]) -> list[Document]:
    """Those saved since `_since` and current at some time of `_at`, in the order of `_sort`."""
    start, (begin, end) = since(request), span(request, "_at")
    found = [one for one in versions if not start or one.written >= start]
    if begin:
        until = _until(versions)
        current = {one for one, over in until.items() if not over or over > begin}
        found = [one for one in found if one.version in current and one.written < end]
    if request.one("_sort"):
        found.sort(key=lambda one: (one.xact, one.sequence), reverse=newest_first(request))
    return found


def _until(versions: list[Document]) -> dict[int, datetime | None]:
    """The versions that were ever current, each with the time it was overtaken; None: it still is current."""
    lives: list[Document] = []
    for one in sorted(versions, key=lambda one: (one.xact, one.sequence)):
        if not lives or one.rank >= lives[-1].rank or one is versions[0]:
            lives.append(one)
    ends = [following.written for following in lives[1:]]
    return {one.version: end for one, end in zip(lives, [*ends, None], strict=True)}
