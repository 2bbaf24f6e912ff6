"""Reading documents, without asking who reads: everything outside goes through `yteso.access.reads`."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from yteso.record.body import Resource
from yteso.record.document import VISIT, Document, Rank, rank
from yteso.record.ids import named
from yteso.record.writing import COLUMNS


_SELECT = f"SELECT {', '.join(COLUMNS)}, body"


def read_person(conn: Connection, subjects: Iterable[UUID]) -> list[Document]:
    """All current documents of these subjects: what has no end first (the patient's own data), then newest first."""
    return _read(
        conn,
        "FROM record_document WHERE subject = ANY(%s) AND withdrawn IS NULL ORDER BY ended DESC, started DESC, id",
        (list(subjects),),
    )


def read_document(conn: Connection, id: UUID) -> Document | None:
    return _one(_read(conn, "FROM record_document WHERE id = %s AND withdrawn IS NULL", (id,)))


def read_resource(conn: Connection, id: str) -> Resource | None:
    """One resource by its FHIR logical id, which names its document."""
    name = named(id)
    document = name and read_document(conn, name)
    if not document:
        return None
    return next((resource for resource in document.body if resource[1] == id), None)


def read_version(conn: Connection, id: UUID, version: int) -> Document | None:
    """A version of a document, current or not; one with `withdrawn` set is the withdrawal itself, and empty."""
    return _one([document for document in history(conn, id) if document.version == version])


def withdrawn(conn: Connection, ids: Iterable[UUID]) -> dict[UUID, Rank]:
    """Those of these documents that stand withdrawn, and the rank above which a statement brings each back."""
    rows = conn.execute(
        """SELECT id, kind, started, made, received, digest FROM record_document
           WHERE id = ANY(%s) AND withdrawn IS NOT NULL""",
        (list(ids),),
    )
    return {id: rank(*known) for id, *known in rows}


def history(conn: Connection, id: UUID) -> list[Document]:
    """Every version ever received, the current one (or the withdrawal) first, then by rank."""
    current = _read(conn, "FROM record_document WHERE id = %s", (id,))
    past = _read(conn, "FROM record_history WHERE id = %s", (id,))
    return current + sorted(past, key=lambda document: (document.rank, document.version), reverse=True)


def by_token(
    conn: Connection, subjects: Iterable[UUID] | None, tokens: Iterable[int], limit: int = 1000
) -> list[Document]:
    """Current documents with any of these coded values, newest first; of everybody when `subjects` is None.

    Tokens are hashes: who needs certainty looks at the resources themselves.
    """
    whose, known = ("", ()) if subjects is None else ("subject = ANY(%s) AND ", (list(subjects),))
    return _read(
        conn,
        f"FROM record_document WHERE {whose}tokens && %s::bigint[] AND withdrawn IS NULL"
        " ORDER BY ended DESC, id LIMIT %s",
        (*known, list(tokens), limit),
    )


def meeting(conn: Connection, visits: Iterable[tuple[UUID, UUID, datetime, datetime]]) -> list[tuple[UUID, Document]]:
    """Other current visits of the same subjects that meet the given (subject, id, started, ended) in time.

    Each with the id of the visit it meets; a visit that ends the minute another begins does meet it.
    """
    columns = tuple(map(list, zip(*visits, strict=True))) or ([],) * 4
    pairs = (
        conn.cursor(binary=True)
        .execute(
            """SELECT visit.id, document.id
           FROM unnest(%s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[])
               AS visit (subject, id, started, ended)
           JOIN record_document document ON document.subject = visit.subject AND document.ended >= visit.started
               AND document.started <= visit.ended AND document.id <> visit.id
           WHERE document.kind = %s AND document.withdrawn IS NULL""",
            (*columns, VISIT),
        )
        .fetchall()
    )
    if not pairs:
        return []
    others = _read(conn, "FROM record_document WHERE id = ANY(%s)", ([other for _, other in pairs],))
    known = {document.id: document for document in others}
    return [(met, known[other]) for met, other in pairs]


def _read(conn: Connection, rest: str, values: tuple) -> list[Document]:
    names = (*COLUMNS, "packed")
    rows = conn.cursor(binary=True).execute(f"{_SELECT} {rest}", values)
    return [Document(**dict(zip(names, row, strict=True))) for row in rows]


def _one(documents: list[Document]) -> Document | None:
    return documents[0] if documents else None
