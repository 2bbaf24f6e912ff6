"""The way to people's records for software, of many threads at once: like `reads`, with the log shared (see log.py).

What a reader may not see is not there for it: no answer tells a hidden document from one that never was.
"""

from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from uuid import UUID

from psycopg import Connection

from yteso import people, record
from yteso.access.log import Log
from yteso.access.policy import Denied, Reader, readable
from yteso.record import Document, Moment


class Desk:
    """`connection` takes a connection in autocommit mode for as long as its block lasts."""

    def __init__(self, connection: Callable[[], AbstractContextManager[Connection]], log: Log) -> None:
        self._connection = connection
        self._log = log

    def document(self, reader: Reader, *ids: UUID) -> Document | None:
        """The current version of the first that is known; one with `withdrawn` set says that it was taken back."""
        with self._connection() as conn:
            found = record.current(conn, *ids)
        shown = self._shown(reader, [found] if found else [])
        return shown[0] if shown else None

    def versions(self, reader: Reader, *ids: UUID) -> list[Document]:
        """Every version and withdrawal of the first that is known, the current one first, then by rank."""
        with self._connection() as conn:
            found = record.versions(conn, *ids)
        return self._shown(reader, found)

    def person(
        self, reader: Reader, subject: UUID, moment: Moment | None = None
    ) -> tuple[Moment | None, list[Document]]:
        """The documents of the person that this subject belongs to, bodies to be filled, as of a moment, or of now,
        which is told when there is anything.
        """
        with self._connection() as conn:
            moment, found = record.as_of(conn, people.linked(conn, subject), moment)
        return moment, self._shown(reader, found, about=[subject])

    def fill(self, documents: Iterable[Document]) -> None:
        """Give documents that `person` has shown their bodies."""
        if missing := [document for document in documents if not document.packed]:
            with self._connection() as conn:
                record.fill(conn, missing)

    def _shown(self, reader: Reader, documents: list[Document], about: Iterable[UUID] = ()) -> list[Document]:
        """Those of one person's documents that the reader sees; logged before anybody sees them."""
        whose = list(about) or list(dict.fromkeys(document.subject for document in documents))
        if not whose:
            return []
        try:
            shown = readable(reader, whose[0], documents)
        except Denied:
            shown = []
        refused = bool(documents) and not shown
        self._log.write(reader, whose, len(shown), "denied" if refused else "allowed")
        return shown
