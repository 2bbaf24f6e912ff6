"""Everybody's documents as they stood at one moment, in the order of their keys, a portion at a time, while data
arrives: each exactly once, whatever is changed, moved to another subject or withdrawn between two portions.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from yteso.record.document import Document
from yteso.record.listing import Moment, at


Place = tuple[UUID, UUID]
"""Subject and id of the last document that was walked over."""

START: Place = (UUID(int=0), UUID(int=0))

_KEYS = """SELECT subject, id FROM (
               (SELECT subject, id FROM record_document WHERE (subject, id) > (%(subject)s, %(id)s) {whose}
                ORDER BY subject, id LIMIT %(limit)s)
               UNION
               (SELECT DISTINCT subject, id FROM record_history WHERE (subject, id) > (%(subject)s, %(id)s) {whose}
                ORDER BY subject, id LIMIT %(limit)s)) AS key
           ORDER BY subject, id LIMIT %(limit)s"""


def now(conn: Connection) -> tuple[Moment, datetime]:
    """This moment, and the time of day from which on everything was saved that it does not see.

    A transaction saves under the time of its beginning: one that is still open reaches back to that. It is asked for
    before the moment is taken, in a statement (and so a snapshot) of its own.
    """
    (since,) = conn.execute(
        """SELECT least(statement_timestamp(), min(xact_start)) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid()"""
    ).fetchone()
    snapshot, shift = conn.execute("SELECT pg_current_snapshot()::text, shift FROM record_clock").fetchone()
    return Moment.of(snapshot, shift), since


def portion(
    conn: Connection, moment: Moment, after: Place, limit: int, subjects: Iterable[UUID] | None = None
) -> tuple[list[Document], Place | None]:
    """The next documents after a place, of these subjects or of all, bodies to be filled, and the place to go on
    from; None: the end. What has been withdrawn, then or since, comes as its withdrawal.
    """
    whose = "" if subjects is None else "AND subject = ANY(%(subjects)s)"
    values = {"subject": after[0], "id": after[1], "limit": limit, "subjects": list(subjects or ())}
    keys = conn.cursor(binary=True).execute(_KEYS.format(whose=whose), values).fetchall()
    found = {(document.subject, document.id): document for document in at(conn, [id for _, id in keys], moment)}
    return [found[key] for key in keys if key in found], keys[-1] if len(keys) == limit else None


def stored(conn: Connection) -> int:
    """About how many documents there are."""
    (count,) = conn.execute("SELECT reltuples::bigint FROM pg_class WHERE relname = 'record_document'").fetchone()
    return max(count, 0)
