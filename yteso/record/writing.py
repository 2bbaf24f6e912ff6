"""Writing what `save` decided: a few statements for a whole batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from psycopg import Connection, sql

from yteso.record.document import PATIENT, Document, Rank


COLUMNS = {
    "subject": "uuid",
    "id": "uuid",
    "kind": "text",
    "source": "text",
    "facility": "text",
    "started": "timestamptz",
    "ended": "timestamptz",
    "made": "date",
    "received": "timestamptz",
    "version": "int4",
    "xact": "int8",
    "sequence": "int8",
    "labels": "text[]",
    "tokens": "int8[]",
    "digest": "bytea",
    "withdrawn": "text",
}
"""The columns of a document, all but its body."""

_STORED = {**COLUMNS, "body": "bytea"}
_CHANGE = {
    "xact": "int8",
    "sequence": "int8",
    "subject": "uuid",
    "document": "uuid",
    "version": "int4",
    "kind": "text",
    "event": "text",
    "at": "timestamptz",
}


@dataclass(slots=True)
class Event:
    event: str
    subject: UUID
    document: UUID
    version: int
    kind: str


@dataclass(slots=True)
class Writes:
    current: list[Document] = field(default_factory=list)
    past: list[Document] = field(default_factory=list)  # never current in the database
    replaced: list[UUID] = field(default_factory=list)  # current in the database until now
    touched: list[tuple[UUID, Rank]] = field(default_factory=list)  # same content, stated again later
    events: list[Event] = field(default_factory=list)


def write(conn: Connection, writes: Writes) -> None:
    _touch(conn, writes.touched)
    if not writes.events:
        return
    _retire(conn, writes.replaced)
    xact, at, places = _places(conn, len(writes.events))
    place = {(event.document, event.version): n for event, n in zip(writes.events, places, strict=True)}
    for document in (*writes.current, *writes.past):
        document.xact, document.sequence = xact, place[document.id, document.version]
        document.written = at
    _copy(conn, "record_document", _STORED, map(_row, writes.current))
    _copy(conn, "record_history", _STORED, map(_row, writes.past))
    _copy(
        conn,
        "record_change",
        _CHANGE,
        (
            (xact, n, event.subject, event.document, event.version, event.kind, event.event, at)
            for n, event in zip(places, writes.events, strict=True)
        ),
    )


def _touch(conn: Connection, touched: list[tuple[UUID, Rank]]) -> None:
    """No indexed column changes, so that this stays a small write (HOT)."""
    if not touched:
        return
    conn.execute(
        f"""UPDATE record_document d SET made = t.made, received = t.received,
                   started = CASE WHEN kind = '{PATIENT}' THEN t.started ELSE d.started END
            FROM unnest(%s::uuid[], %s::timestamptz[], %s::date[], %s::timestamptz[]) AS t (id, started, made, received)
            WHERE d.id = t.id""",  # noqa: S608
        ([id for id, _ in touched], *([rank[n] for _, rank in touched] for n in range(3))),
    )


def _retire(conn: Connection, ids: list[UUID]) -> None:
    """Move current versions to history."""
    if not ids:
        return
    columns = ", ".join(_STORED)
    conn.execute(
        f"INSERT INTO record_history ({columns}) SELECT {columns} FROM record_document WHERE id = ANY(%s)",  # noqa: S608
        (ids,),
    )
    conn.execute("DELETE FROM record_document WHERE id = ANY(%s)", (ids,))


def _places(conn: Connection, count: int) -> tuple[int, datetime, list[int]]:
    """This transaction's number in the order of commits, the time, and `count` rising numbers (see feed.py).

    The time is that of now, when all locks are held: so the versions of a document rise in time as well.
    """
    return conn.execute(
        """SELECT pg_current_xact_id()::text::bigint + shift, clock_timestamp(),
                  ARRAY(SELECT nextval('record_sequence') FROM generate_series(1, %s))
           FROM record_clock""",
        (count,),
    ).fetchone()


def _row(document: Document) -> tuple:
    document.pack()
    return (
        document.subject,
        document.id,
        document.kind,
        document.source,
        document.facility,
        document.started,
        document.ended,
        document.made,
        document.received,
        document.version,
        document.xact,
        document.sequence,
        document.labels,
        document.tokens,
        document.digest,
        document.withdrawn,
        document.packed,
    )


def _copy(conn: Connection, table: str, columns: dict[str, str], rows: Iterable[Sequence]) -> None:
    statement = sql.SQL("COPY {} ({}) FROM STDIN (FORMAT binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
