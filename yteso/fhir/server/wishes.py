"""What a client wants done to one resource, alone or as an entry of a transaction, and which resource that means."""

from collections.abc import Iterable, Iterator, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

from psycopg import Connection

from yteso.fhir.server import matching
from yteso.fhir.server.faults import Fault, wrong
from yteso.fhir.server.requests import Request
from yteso.fhir.writing import Change, Content, Saved, save
from yteso.record.ids import fhir_id


@dataclass(slots=True)
class Wish:
    """Create (POST), update (PUT) or delete (DELETE) a resource of a type.

    It is that of the `id`, or that which fits `criteria`. `expected`, `absent` and `where` are those of a Change.
    """

    method: str
    type: str
    id: str = ""
    content: Content | None = None
    criteria: str = ""
    expected: frozenset[str] | None = None
    absent: bool = False
    where: str = ""


Settled = Change | Saved
"""What is to be done, or what there is already when there is nothing to be done."""


def carry_out(request: Request, conn: Connection, wanted: Wish | Change) -> Saved:
    """Do it in this transaction; raises Fault."""
    settled = wanted if isinstance(wanted, Change) else settle(request, conn, [wanted])[0]
    return save(conn, request.client.reader, [settled], request.base)[0] if isinstance(settled, Change) else settled


def settle(
    request: Request, conn: Connection, wishes: list[Wish], more: Iterable[tuple[str, str]] = ()
) -> list[Settled]:
    """Which resource each wish means; those of one condition take turns from here on, `more` conditions included."""
    conditions = [(wish.type, wish.criteria) for wish in wishes if wish.criteria]
    matching.take_turns(conn, [*conditions, *more])
    gone = {(wish.type, wish.id) for wish in wishes if wish.method == "DELETE" and wish.id}
    settled = []
    for wish in wishes:
        with named(wish.where):
            settled.append(_settled(request, wish, gone))
    return settled


@contextmanager
def named(where: str) -> Iterator[None]:
    """What is wrong inside is said to be there, if nothing else is."""
    try:
        yield
    except Fault as fault:
        fault.issues = [issue if issue.where else replace(issue, where=where) for issue in fault.issues]
        raise


def _settled(request: Request, wish: Wish, gone: Set[tuple[str, str]]) -> Settled:
    found = None
    if wish.criteria:
        matches = matching.matches(request, wish.type, wish.criteria)
        found = matching.one([match for match in matches if match[1][:2] not in gone])
    if wish.method == "DELETE":
        return _deletion(wish, found)
    if wish.method == "POST":
        return _found(found) if found else _change(wish, fhir_id(uuid4()))
    if not found:
        return _change(wish, wish.id or wish.content.id or fhir_id(uuid4()))
    if wish.content.id not in ("", found[1][1]):
        raise wrong(
            "id trong nội dung không phải của tài nguyên hợp điều kiện.",
            "The id in the body is not that of the resource that fits the condition.",
        )
    return _change(wish, found[1][1])


def _deletion(wish: Wish, found: matching.Found | None) -> Settled:
    id = found[1][1] if found else wish.id
    return Change(wish.type, id, None, wish.expected, where=wish.where) if id else Saved(wish.type, "", "same", None)


def _change(wish: Wish, id: str) -> Change:
    return Change(wish.type, id, wish.content.named(id), wish.expected, wish.absent, wish.where)


def _found(found: matching.Found) -> Saved:
    document, (type, id, _) = found
    return Saved(type, id, "same", document)
