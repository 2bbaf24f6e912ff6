"""What happened to documents, newest or oldest first: each change with the version it made and the one before.

Whoever walks the feed backwards begins where it ends now; nothing can appear below that place any more (feed.py).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from yteso.record.document import Document
from yteso.record.feed import Change
from yteso.record.writing import COLUMNS


_COLUMNS = tuple(name for name in COLUMNS if name != "tokens")
_NAMES = (*_COLUMNS, "packed")
# One probe for each version: a join would tempt the planner to read the whole feed.
_LIVES = """
    SELECT id, version, xact, sequence, labels, now,
           (SELECT at FROM record_change c WHERE c.xact = d.xact AND c.sequence = d.sequence),
           (SELECT event FROM record_change c WHERE c.xact = d.xact AND c.sequence = d.sequence)
    FROM (SELECT id, version, xact, sequence, labels, true AS now FROM record_document WHERE id = ANY(%(ids)s)
          UNION ALL
          SELECT id, version, xact, sequence, labels, false FROM record_history WHERE id = ANY(%(ids)s)) d
    ORDER BY xact, sequence"""


@dataclass(slots=True)
class Happening:
    """`before` was current until this change; `until` is when the version was overtaken in its turn, None while it is
    current. `labels`: those of the document as it is now.
    """

    change: Change
    document: Document
    before: Document | None
    until: datetime | None
    labels: list[str]


@dataclass(slots=True, frozen=True)
class _Life:
    """A version that was or is current, and when it began."""

    version: int
    place: tuple[int, int]
    at: datetime


def happenings(conn: Connection, changes: Iterable[Change]) -> list[Happening]:
    """These changes, but `moved`, which make no version; with bodies."""
    changes = [change for change in changes if change.event != "moved"]
    lives, labels = _lives(conn, {change.document for change in changes})
    around = {change.cursor: _around(lives.get(change.document, []), change) for change in changes}
    wanted = {(change.document, change.version) for change in changes}
    wanted |= {(change.document, past.version) for change in changes if (past := around[change.cursor][0])}
    documents = _documents(conn, wanted)
    found = []
    for change in changes:
        past, following = around[change.cursor]
        document = documents.get((change.document, change.version))
        if document:
            document.written = change.at
            before = documents.get((change.document, past.version)) if past else None
            until = following.at if following else None
            found.append(Happening(change, document, before, until, labels.get(change.document, [])))
    return found


def _around(lives: list[_Life], change: Change) -> tuple[_Life | None, _Life | None]:
    """What was current before a change and what overtook it; nothing for a version that came too late to be current."""
    if change.event == "late":
        return None, None
    place = change.place
    past = [life for life in lives if life.place < place]
    return (past[-1] if past else None), next((life for life in lives if life.place > place), None)


def _lives(conn: Connection, ids: set[UUID]) -> tuple[dict[UUID, list[_Life]], dict[UUID, list[str]]]:
    """The versions of each document that were ever current, in their order, and the labels it has now."""
    lives: dict[UUID, list[_Life]] = {}
    labels: dict[UUID, list[str]] = {}
    rows = conn.cursor(binary=True).execute(_LIVES, {"ids": list(ids)})
    for id, version, xact, sequence, marked, now, at, event in rows:
        if event != "late":
            lives.setdefault(id, []).append(_Life(version, (xact, sequence), at))
        if now:
            labels[id] = marked
    return lives, labels


def _documents(conn: Connection, versions: set[tuple[UUID, int]]) -> dict[tuple[UUID, int], Document]:
    if not versions:
        return {}
    columns = ", ".join(f"d.{name}" for name in _COLUMNS)
    parts = [
        f"SELECT {columns}, d.body FROM {table} d JOIN unnest(%(ids)s::uuid[], %(numbers)s::int[])"  # noqa: S608
        " AS wanted (id, version) USING (id, version)"
        for table in ("record_document", "record_history")
    ]
    ids, numbers = map(list, zip(*versions, strict=True))
    rows = conn.cursor(binary=True).execute(" UNION ALL ".join(parts), {"ids": ids, "numbers": numbers})
    documents = (Document(**dict(zip(_NAMES, row, strict=True))) for row in rows)
    return {(document.id, document.version): document for document in documents}
