"""Documents that are written on their own: what is put becomes the current version, whatever its rank.

Whoever puts has held the documents first, knows how they stand, and decides on that (a version that was expected, an
owner): no update is lost, since nobody else can write them until the transaction ends.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from psycopg import Connection

from yteso.record.document import Document
from yteso.record.saving import NOTHING
from yteso.record.writing import Event, Writes, write


Put = Literal["new", "same", "changed", "withdrawn", "back"]
"""`back`: it was withdrawn, and is there again."""

_STANDING = """SELECT d.id, d.subject, d.kind, d.source, d.version, d.digest, d.labels, d.withdrawn,
       (SELECT c.at FROM record_change c WHERE c.xact = d.xact AND c.sequence = d.sequence)
FROM record_document d WHERE d.id = ANY(%s)"""


@dataclass(slots=True, frozen=True)
class Standing:
    """How a document stands: its current version, without its body. `withdrawn` says why it was taken back."""

    id: UUID
    subject: UUID
    kind: str
    source: str
    version: int
    digest: bytes
    labels: list[str]
    withdrawn: str | None
    written: datetime


def standing(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, Standing]:
    """Those of these documents that are known. They stay so to the end of the transaction where they are locked."""
    rows = conn.cursor(binary=True).execute(_STANDING, (list(ids),))
    return {row[0]: Standing(*row) for row in rows}


def put(conn: Connection, documents: Iterable[Document], before: Mapping[UUID, Standing]) -> list[Put]:
    """Make these the current versions, inside the caller's transaction; one outcome per document, in order.

    The documents are locked (`yteso.record.lock`), each is there once, and `before` is how they stand. What changes
    nothing makes no version: the document then has the version and time of the one that stands.
    """
    writes = Writes()
    outcomes = [_decide(document, before.get(document.id), writes) for document in documents]
    write(conn, writes)
    return outcomes


def others(conn: Connection, subject: UUID) -> bool:
    """Is there any document of this subject but the one that is itself?"""
    found = "SELECT FROM record_document WHERE subject = %s AND id <> subject AND withdrawn IS NULL"
    return conn.execute(f"SELECT EXISTS ({found})", (subject,)).fetchone()[0]


def taken_back(before: Standing, reason: str, received: datetime) -> Document:
    """The withdrawal of a document, to be put: empty, and the reason."""
    return Document(
        *(before.subject, before.id, before.kind, before.source, "", received.date(), received, NOTHING),
        labels=before.labels,
        withdrawn=reason,
    )


def _decide(document: Document, before: Standing | None, writes: Writes) -> Put:
    if before and (before.digest, before.subject) == (document.digest, document.subject):
        document.version, document.written = before.version, before.written
        return "same"
    if before:
        writes.replaced.append(before.id)
        if before.subject != document.subject:
            writes.events.append(Event("moved", before.subject, before.id, before.version, before.kind))
    document.version = before.version + 1 if before else 1
    outcome = _outcome(document, before)
    event = "changed" if outcome == "back" else outcome
    writes.events.append(Event(event, document.subject, document.id, document.version, document.kind))
    writes.current.append(document)
    return outcome


def _outcome(document: Document, before: Standing | None) -> Put:
    if document.withdrawn is not None:
        return "withdrawn"
    if before and before.withdrawn is not None:
        return "back"
    return "changed" if before else "new"
