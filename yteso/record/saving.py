"""Saving documents: which version is current does not depend on the order of arrival.

Each content (digest) of a document has a rank, the highest at which it was ever stated; the content of highest rank
is current and the others are history. That maximum is the same whatever order, repetition or parallelism the
arrivals come in.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal
from uuid import UUID

from psycopg import Connection

from yteso.record.document import Document, Rank, rank
from yteso.record.locks import lock, names
from yteso.record.writing import Event, Writes, write


NOTHING = b""
"""The digest of a withdrawal."""

_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)

Outcome = Literal["new", "same", "changed", "older"]


@dataclass(slots=True)
class Held:
    """What the store holds of one document, while a batch is being decided."""

    subject: UUID
    version: int
    rank: Rank
    digest: bytes
    kind: str
    waiting: Document | None = None  # current version, when it comes from this batch and is not written yet
    last: int = 0  # highest version number given so far
    past: frozenset[bytes] = frozenset()  # digests in history
    touched: bool = False


def save(conn: Connection, documents: Iterable[Document]) -> list[Outcome]:
    """Write a batch inside the caller's transaction; one outcome per document, in order.

    new: not known before. same: this content is known, nothing changes. changed: a newer version, the old one is in
    history. older: overtaken before it arrived, goes to history and the current version stays.
    """
    documents = list(documents)
    lock(conn, names(documents))
    held = _held(conn, documents)
    writes = Writes()
    outcomes = [_decide(held, document, writes) for document in documents]
    for id, state in held.items():
        if state.waiting:
            writes.current.append(state.waiting)
        elif state.touched:
            writes.touched.append((id, state.rank))
    write(conn, writes)
    return outcomes


def withdraw(conn: Connection, id: UUID, reason: str, *, made: date, received: datetime) -> bool:
    """Take a document back; False when there is nothing to take back.

    Its current version goes to history. The withdrawal counts like any version: a statement made later than `made`
    brings the document back, an earlier one that is still on its way does not.
    """
    lock(conn, (id,))
    empty = _empty(conn, id, reason, made, received)
    return bool(empty) and save(conn, [empty]) == ["changed"]


def retract(conn: Connection, id: UUID, reason: str) -> None:
    """Take a patient's own data back: nothing states them until a visit does, of whatever rank."""
    if empty := _empty(conn, id, reason, _LONG_AGO.date(), _LONG_AGO):
        empty.started = None
        restate(conn, empty)


def restate(conn: Connection, document: Document) -> None:
    """Make this the current version whatever its rank: what the present one rests on has been taken back.

    The document is known and locked (`yteso.record.lock`). The version it replaces goes to history.
    """
    state = _held(conn, [document])[document.id]
    writes = Writes()
    if state.digest == document.digest:
        writes.touched.append((document.id, document.rank))
    else:
        _replace(state, document, document.rank, writes)
        writes.current.append(document)
    write(conn, writes)


def _decide(held: dict[UUID, Held], document: Document, writes: Writes) -> Outcome:
    state = held.get(document.id)
    rank = document.rank
    if state is None:
        held[document.id] = Held(document.subject, 1, rank, document.digest, document.kind, document, last=1)
        document.version = 1
        writes.events.append(Event("new", document.subject, document.id, 1, document.kind))
        return "new"
    if document.digest == state.digest:
        if rank > state.rank:
            _state_again(state, document, rank)
        return "same"
    if rank > state.rank:
        _replace(state, document, rank, writes)
        return "changed"
    if document.digest in state.past:
        return "same"
    state.last += 1
    state.past |= {document.digest}
    document.version = state.last
    writes.past.append(document)
    writes.events.append(Event("late", document.subject, document.id, document.version, document.kind))
    return "older"


def _state_again(state: Held, document: Document, rank: Rank) -> None:
    """The current content was stated again, later: only its rank rises, so that what was made in between loses."""
    state.rank = rank
    if state.waiting:
        state.waiting.started, state.waiting.ended = document.started, document.ended
        state.waiting.made, state.waiting.received = document.made, document.received
    else:
        state.touched = True


def _replace(state: Held, document: Document, rank: Rank, writes: Writes) -> None:
    if state.waiting:
        writes.past.append(state.waiting)
    else:
        writes.replaced.append(document.id)
        if state.touched:
            writes.touched.append((document.id, state.rank))
    if document.subject != state.subject:
        writes.events.append(Event("moved", state.subject, document.id, state.version, state.kind))
    state.last += 1
    document.version = state.last
    event = "changed" if document.withdrawn is None else "withdrawn"
    writes.events.append(Event(event, document.subject, document.id, document.version, document.kind))
    state.past |= {state.digest}
    state.subject, state.version, state.rank, state.digest = document.subject, state.last, rank, document.digest
    state.kind, state.waiting, state.touched = document.kind, document, False


def _empty(conn: Connection, id: UUID, reason: str, made: date, received: datetime) -> Document | None:
    row = conn.execute(
        "SELECT subject, kind, source, facility, started, ended, labels FROM record_document WHERE id = %s", (id,)
    ).fetchone()
    if not row:
        return None
    subject, kind, source, facility, started, ended, labels = row
    return Document(
        subject, id, kind, source, facility, made, received, NOTHING, started, ended, labels, withdrawn=reason
    )


def _held(conn: Connection, documents: list[Document]) -> dict[UUID, Held]:
    """The current versions, and what their history holds where one of `documents` differs from the current one."""
    digests: dict[UUID, set[bytes]] = {}
    for document in documents:
        digests.setdefault(document.id, set()).add(document.digest)
    rows = conn.cursor(binary=True).execute(
        "SELECT id, subject, version, kind, started, made, received, digest FROM record_document WHERE id = ANY(%s)",
        (list(digests),),
    )
    held = {
        id: Held(subject, version, rank(kind, started, made, received, digest), digest, kind, last=version)
        for id, subject, version, kind, started, made, received, digest in rows
    }
    differing = [id for id, state in held.items() if digests[id] != {state.digest}]
    if differing:
        rows = conn.cursor(binary=True).execute(
            "SELECT id, max(version), array_agg(digest) FROM record_history WHERE id = ANY(%s) GROUP BY id",
            (differing,),
        )
        for id, last, past in rows:
            held[id].last = max(last, held[id].last)
            held[id].past = frozenset(past)
    return held
