"""Who wrote what: a line for every version that a client made, in the transaction that made it."""

from collections.abc import Iterable

from psycopg import Connection

from yteso.access.policy import Reader
from yteso.record import Document


def log(conn: Connection, writer: Reader, documents: Iterable[Document]) -> None:
    """The versions that these documents have become."""
    rows = [(document.subject, document.id, document.version) for document in documents]
    if rows:
        conn.execute(
            """INSERT INTO access_write (account, role, facility, purpose, subject, document, version)
               SELECT %s, %s, %s, %s, line.* FROM unnest(%s::uuid[], %s::uuid[], %s::int[]) AS line""",
            (writer.account, writer.role, writer.facility, writer.purpose, *map(list, zip(*rows, strict=True))),
        )
