"""Writing what `save` decided: a few statements for a whole batch."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

import orjson
from psycopg import Connection
from psycopg.types.json import Json

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
_CHANGES = """WITH place AS MATERIALIZED (
    SELECT pg_current_xact_id()::text::bigint + shift AS xact, clock_timestamp() AS at FROM record_clock)
INSERT INTO record_change (xact, sequence, subject, document, version, kind, event, at)
SELECT xact, nextval('record_sequence'), subject, document, version, kind, event, at
FROM place, json_to_recordset(%s) AS told (subject uuid, document uuid, version int, kind text, event text)
RETURNING xact, sequence, at"""


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
    place = _tell(conn, writes.events)
    for document in (*writes.current, *writes.past):
        document.xact, document.sequence, document.written = place[document.id, document.version]
    _copy(conn, "record_document", _STORED, map(_row, writes.current))
    if writes.past:
        _copy(conn, "record_history", _STORED, map(_row, writes.past))


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


def _tell(conn: Connection, events: list[Event]) -> dict[tuple[UUID, int], tuple[int, int, datetime]]:
    """Write the change feed; the place and time of each version: this transaction's number in the order of commits, and
    a rising number within it (see feed.py).

    The time is that of now, when all locks are held: so the versions of a document rise in time as well.
    """
    places = conn.execute(_CHANGES, (Json(events, dumps=orjson.dumps),)).fetchall()
    return {(event.document, event.version): place for event, place in zip(events, places, strict=True)}


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
    statement = f"COPY {table} ({', '.join(columns)}) FROM STDIN (FORMAT binary)"
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)
