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
from yteso.record import Change, Chosen, Cursor, Document, Happening, Moment, Probe


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
        self, reader: Reader, subject: UUID, moment: Moment | None = None, probes: Iterable[Probe] = ()
    ) -> tuple[Moment | None, list[Document]]:
        """The documents of the person that this subject belongs to, bodies to be filled, as of a moment, or of now,
        which is told when there is anything; those that pass all `probes`, and perhaps others.
        """
        with self._connection() as conn:
            moment, found = record.as_of(conn, Chosen(people.LINKED, (subject, subject)), moment, probes)
        return moment, self._shown(reader, found, about=[subject])

    def everybody(
        self, reader: Reader, probes: Iterable[Probe], after: UUID, limit: int
    ) -> tuple[list[Document], UUID | None]:
        """The next documents of anybody that pass all probes, those that the reader sees, and after which to go on;
        None at the end. Whoever shows something of them tells of it first (`showing`).
        """
        with self._connection() as conn:
            found = record.passing(conn, probes, after, limit)
        seen = [document for document in found if _visible(reader, document)]
        return seen, found[-1].id if len(found) == limit else None

    def version(self, reader: Reader, id: UUID, version: int) -> Document | None:
        """A version that the reader sees of a document that stands; shown like those of `everybody`."""
        with self._connection() as conn:
            known = record.versions(conn, id)
        found = [one for one in known if one.version == version and known[0].withdrawn is None]
        return next((one for one in found if one.withdrawn is None and _visible(reader, one)), None)

    def number(self, probes: Iterable[Probe], most: int) -> int:
        """How many documents of anybody pass all probes, as far as `most`."""
        with self._connection() as conn:
            return record.number(conn, probes, most)

    def estimate(self, probes: Iterable[Probe]) -> int:
        """How many documents of anybody pass all probes, roughly."""
        with self._connection() as conn:
            return record.estimate(conn, probes)

    def feed(self, place: Cursor | None, *, newest_first: bool, limit: int) -> list[Change]:
        """What happened after a place of the change feed, or before it. Says nothing of anybody but that it did."""
        with self._connection() as conn:
            return (record.recent if newest_first else record.changes)(conn, place, limit)

    def happenings(self, reader: Reader, changes: Iterable[Change]) -> list[Happening]:
        """Those of these changes that the reader sees, of many people; shown like the documents of `everybody`."""
        with self._connection() as conn:
            found = record.happenings(conn, changes)
        for one in found:
            if one.before and not _visible(reader, one.before):
                one.before = None
        return [one for one in found if _visible(reader, one.document) and reader.rights.issuperset(one.labels)]

    def showing(self, reader: Reader, documents: Iterable[Document]) -> None:
        """Log that these are shown, each person once; in the log when this returns."""
        self._log.write(reader, Counter(document.subject for document in documents), "allowed")

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
        self._log.write(reader, dict.fromkeys(whose, len(shown)), "denied" if refused else "allowed")
        return shown


def _visible(reader: Reader, document: Document) -> bool:
    """Of one document what `readable` says of a record."""
    try:
        return bool(readable(reader, document.subject, [document]))
    except Denied:
        return False
