"""A transaction: all entries of a bundle, or none (https://hl7.org/fhir/R4/http.html#transaction).

Deletions come first, then creations, updates, and last what is read. All that is written is saved together.
"""

from collections.abc import Iterator, Mapping
from functools import partial

from psycopg import Connection

from yteso.fhir import search
from yteso.fhir.server import entries, matching, patching, writing
from yteso.fhir.server.entries import Entry
from yteso.fhir.server.faults import Fault, Issue
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.wishes import Settled, Wish, named, settle
from yteso.fhir.server.writing import answer, deleted, transaction
from yteso.fhir.writing import Change, Saved, content, references, save


ORDER = {"DELETE": 0, "POST": 1, "PUT": 2, "PATCH": 2}
"""Of what is written; what is read comes after it."""

WISHES = {
    "create": writing.creation,
    "update": writing.change,
    "patch": patching.wish,
    "delete": writing.deletion,
}


def carried_out(request: Request, given: list[Entry]) -> list[Answer]:
    """One answer for each entry; raises Fault, which names the entry that is in the way."""
    wishes = {n: _wish(request, entry) for n, entry in enumerate(given) if entry.method in ORDER}
    return transaction(partial(_inside, request, given, wishes))


def _inside(request: Request, given: list[Entry], wishes: dict[int, Wish], conn: Connection) -> list[Answer]:
    ordered = sorted(wishes, key=lambda n: ORDER[given[n].method])
    conditional = {n: list(references.conditional(wish.content.json)) for n, wish in wishes.items() if wish.content}
    searches = {(type, criteria) for found in conditional.values() for _, type, criteria in found}
    settled = dict(zip(ordered, settle(request, conn, [wishes[n] for n in ordered], searches), strict=True))
    _check_overlap(given, settled)
    known = _addresses(request, given, settled)
    changes = {n: one for n, one in settled.items() if isinstance(one, Change)}
    for n, change in changes.items():
        if change.content:
            own = known | _found(request, given[n], conditional[n], changes)
            change.content = content.sound(references.replaced(change.content.json, own))
    saved = dict(zip(changes, save(conn, request.client.reader, list(changes.values()), request.base), strict=True))
    return [_answer(request, entry, saved.get(n) or settled.get(n)) for n, entry in enumerate(given)]


def _wish(request: Request, entry: Entry) -> Wish:
    """What an entry wants; raises Fault."""
    from yteso.fhir.server.application import admitted  # which knows this module by its routes

    with named(entry.where):
        inner = entries.request(request, entry)
        route = admitted(inner)
        if route.interaction not in WISHES:
            raise Fault(
                400,
                "not-supported",
                "Một giao dịch chỉ ghi bằng POST, PUT, PATCH, DELETE vào tài nguyên.",
                "A transaction writes by POST, PUT, PATCH and DELETE of resources only.",
            )
        wish = WISHES[route.interaction](inner)
        wish.where = entry.where
        return wish


def _check_overlap(given: list[Entry], settled: Mapping[int, Settled]) -> None:
    """No resource is written twice; raises Fault."""
    seen: dict[tuple[str, str], int] = {}
    for n, one in settled.items():
        if isinstance(one, Change) and (first := seen.setdefault((one.type, one.id), n)) != n:
            raise Fault.of(
                400,
                Issue(
                    "error",
                    "invalid",
                    f"Cùng một tài nguyên với {given[first].where}; trong một giao dịch chỉ ghi một lần.",
                    f"The same resource as {given[first].where}; a transaction writes it once.",
                    given[n].where,
                ),
            )


def _addresses(request: Request, given: list[Entry], settled: Mapping[int, Settled]) -> dict[str, str]:
    """What entries are called in the bundle, and where each will be."""
    known = {}
    for n, one in settled.items():
        if given[n].method != "DELETE" and (full := given[n].full):
            known[full] = f"{one.type}/{one.id}"
            relative = "/".join(full.split("/")[-2:])
            if relative.startswith(f"{one.type}/"):
                known[relative] = known[full]
    return {text: place for text, place in known.items() if text != place}


def _found(
    request: Request, entry: Entry, conditional: list[tuple[str, str, str]], changes: Mapping[int, Change]
) -> dict[str, str]:
    """Where the references lead that are searches; raises Fault unless each finds one."""
    known = {}
    with named(entry.where):
        for text, type, criteria in conditional:
            places = set(_matches(request, type, criteria, changes))
            if len(places) != 1:
                raise Fault(
                    412,
                    "multiple-matches" if places else "not-found",
                    f"Tham chiếu có điều kiện ({type}?…) phải tìm thấy đúng một tài nguyên, đây là {len(places)}.",
                    f"A conditional reference ({type}?…) must find one resource; this one finds {len(places)}.",
                )
            known[text] = places.pop()
    return known


def _matches(request: Request, type: str, criteria: str, changes: Mapping[int, Change]) -> Iterator[str]:
    """What fits once the transaction is done, of what is in the store and of what it writes itself."""
    written = {(change.type, change.id) for change in changes.values()}
    for _, (kind, id, _) in matching.matches(request, type, criteria):
        if (kind, id) not in written:
            yield f"{kind}/{id}"
    asked = search.parse(type, matching.pairs(criteria), strict=True, base=request.base)
    for change in changes.values():
        if change.content and change.type == type and asked.matches(change.content.resource):
            yield f"{type}/{change.id}"


def _answer(request: Request, entry: Entry, saved: Saved | None) -> Answer:
    from yteso.fhir.server.application import respond

    with named(entry.where):
        inner = entries.request(request, entry)
        if saved is None:
            return respond(inner)
        return deleted(inner, saved) if entry.method == "DELETE" else answer(inner, saved)
