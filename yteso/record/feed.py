"""The change feed: everything that happens to documents, in an order that never loses or repeats anything.

Transactions commit out of order, so a plain counter would let a reader step over a change whose transaction is still
open. The order here is (transaction number, number within it), and a reader is shown only transactions older than
every one that is still running: nothing can appear below that line any more. No lock, no single writer. The price:
a transaction left open, in any database of the same server, holds the feed back until it ends.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection


Cursor = str
"""A place in the feed; keep it as it is."""


@dataclass(slots=True, frozen=True)
class Change:
    """`event`: new, changed, late (went straight to history), moved (away from `subject`), withdrawn."""

    cursor: Cursor
    event: str
    kind: str
    subject: UUID
    document: UUID
    version: int
    at: datetime

    @property
    def place(self) -> tuple[int, int]:
        return _place(self.cursor)


def changes(conn: Connection, after: Cursor | None = None, limit: int = 1000) -> list[Change]:
    """The next changes after a place; from the beginning without one. Fewer than `limit` means: all there is yet."""
    rows = conn.execute(
        """SELECT xact, sequence, event, kind, subject, document, version, at
           FROM record_change
           WHERE (xact, sequence) > (%s, %s)
             AND xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (SELECT shift FROM record_clock)
           ORDER BY xact, sequence LIMIT %s""",
        (*_place(after), limit),
    )
    return [Change(f"{xact:x}.{sequence:x}", *rest) for xact, sequence, *rest in rows]


def recent(conn: Connection, before: Cursor | None = None, limit: int = 1000) -> list[Change]:
    """`changes` from the end to the beginning: the newest that is shown, or what comes before a place."""
    first = "" if before is None else "(xact, sequence) < (%s, %s) AND "
    rows = conn.execute(
        f"""SELECT xact, sequence, event, kind, subject, document, version, at
           FROM record_change
           WHERE {first} xact < pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (SELECT shift FROM record_clock)
           ORDER BY xact DESC, sequence DESC LIMIT %s""",  # noqa: S608
        (*(() if before is None else _place(before)), limit),
    )
    return [Change(f"{xact:x}.{sequence:x}", *rest) for xact, sequence, *rest in rows]


def following(place: Cursor) -> Cursor:
    """The place right after one, so that what lies before it includes that."""
    xact, sequence = _place(place)
    return f"{xact:x}.{sequence + 1:x}"


def preceding(place: Cursor) -> Cursor:
    """The place right before one, so that what lies after it includes that."""
    xact, sequence = _place(place)
    return f"{xact:x}.{sequence - 1:x}"


def moved(conn: Connection) -> list[UUID]:
    """The subjects that in this transaction a document has left, or turned out to have left before it was told of."""
    rows = conn.execute(
        """SELECT DISTINCT change.subject FROM record_change change JOIN record_document now ON now.id = change.document
           WHERE change.xact = pg_current_xact_id()::text::bigint + (SELECT shift FROM record_clock)
             AND change.event IN ('moved', 'late') AND now.subject <> change.subject"""
    )
    return [subject for (subject,) in rows]


def rebase(conn: Connection) -> bool:
    """After a restore into another server, whose transaction numbers start anew: go on after what is stored.

    Places already handed out stay valid. True when it was needed. Run it with every migration; commit afterwards.
    """
    if not _behind(conn):
        return False
    conn.execute("LOCK TABLE record_clock IN ACCESS EXCLUSIVE MODE")  # until every writer of now is through
    conn.execute("UPDATE record_clock SET shift = shift + %s", (behind := _behind(conn),))
    return behind > 0


def _behind(conn: Connection) -> int:
    """By how much to raise the shift so that every running and later transaction lies after what is stored; 0 when
    that is so already: one snapshot sees no change that is newer than itself, unless it came with a restore.
    """
    last, running, following = conn.execute(
        """SELECT coalesce(max(xact), 0),
                  pg_snapshot_xmin(pg_current_snapshot())::text::bigint + (SELECT shift FROM record_clock),
                  pg_snapshot_xmax(pg_current_snapshot())::text::bigint + (SELECT shift FROM record_clock)
           FROM record_change"""
    ).fetchone()
    return last + 1 - running if last >= following else 0


def _place(cursor: Cursor | None) -> tuple[int, int]:
    if cursor is None:
        return -1, -1
    xact, _, sequence = cursor.partition(".")
    return int(xact, 16), int(sequence, 16)
