"""The way to people's records for software, of many threads at once: like `reads`, with the log shared (see log.py).

What a reader may not see is not there for it: no answer tells a hidden document from one that never was.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from uuid import UUID

from psycopg import Connection

from yteso import people, record
from yteso.access.log import Log
from yteso.access.policy import Denied, Reader, readable
from yteso.record import Change, Cursor, Document, Happening, Moment


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
        if found and not reader.rights.issuperset(found[0].labels):
            found = found[:1]  # what is hidden now was never there
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

    def feed(self, place: Cursor | None, *, newest_first: bool, limit: int) -> list[Change]:
        """What happened after a place of the change feed, or before it. Says nothing of anybody but that it did."""
        with self._connection() as conn:
            return (record.recent if newest_first else record.changes)(conn, place, limit)

    def happenings(self, reader: Reader, changes: Iterable[Change]) -> list[Happening]:
        """Those that this reader may see, of many people. Nothing of them is shown before `log_shown` has them."""
        with self._connection() as conn:
            found = record.happenings(conn, changes)
        return [one for one in found if _seen(reader, one)]

    def log_shown(self, reader: Reader, documents: Iterable[Document]) -> None:
        """Log the reading of these documents, for each of the people that they are about."""
        self._log.write_each(reader, Counter(document.subject for document in documents), "allowed")

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


def _seen(reader: Reader, one: Happening) -> bool:
    """Whether the reader may see the version, and the document as it is now. What came before is hidden by itself."""
    try:
        if one.before and not readable(reader, one.before.subject, [one.before]):
            one.before = None
        shown = readable(reader, one.document.subject, [one.document])
    except Denied:
        return False
    return bool(shown) and reader.rights.issuperset(one.labels)
