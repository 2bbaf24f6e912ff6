"""The way to the records of many people at once, for work that goes on in portions, each a transaction."""

from collections.abc import Iterable
from itertools import groupby
from uuid import UUID

from psycopg import Connection

from yteso.access import log
from yteso.access.policy import Denied, Reader, readable
from yteso.record import Document


def shown(conn: Connection, reader: Reader, documents: Iterable[Document]) -> list[Document]:
    """Those of these documents, in the order of their subjects, that the reader sees.

    The readings are in the log with the caller's transaction: nobody may be shown anything before it has ended well.
    """
    found, lines = [], []
    for subject, whose in groupby(documents, key=lambda document: document.subject):
        seen = _readable(reader, subject, list(whose))
        outcome = "allowed" if seen else "denied"
        lines.append((reader.account, reader.role, reader.facility, reader.purpose, subject, len(seen), outcome))
        found += seen
    log.insert(conn, lines)
    return found


def _readable(reader: Reader, subject: UUID, documents: list[Document]) -> list[Document]:
    try:
        return readable(reader, subject, documents)
    except Denied:
        return []
