"""A person's documents as they stood at one moment, so that a long list can be walked while data arrives.

A moment is a snapshot of PostgreSQL: which transactions had ended. A document changed since is shown as it was then,
one that came since is left out, and one withdrawn since is gone: nobody is shown what was taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from psycopg import Connection

from yteso.record.document import Document
from yteso.record.writing import COLUMNS


_SELECT = f"SELECT c.at, {', '.join(f'd.{name}' for name in COLUMNS)}"
_JOIN = "JOIN record_change c ON (c.xact, c.sequence) = (d.xact, d.sequence)"


@dataclass(slots=True, frozen=True)
class Moment:
    """What counts: transactions before `first`, and those before `end` that were not open. Numbers as in the feed."""

    first: int
    end: int
    open: frozenset[int] = frozenset()

    def sees(self, xact: int) -> bool:
        return xact < self.first or (xact < self.end and xact not in self.open)

    def __str__(self) -> str:
        return ".".join(f"{number:x}" for number in (self.first, self.end, *sorted(self.open)))

    @classmethod
    def parse(cls, text: str) -> "Moment":
        """`str` backwards; raises ValueError."""
        first, end, *open = (int(number, 16) for number in text.split("."))
        return cls(first, end, frozenset(open))


def present(conn: Connection) -> Moment:
    snapshot, shift = conn.execute("SELECT pg_current_snapshot()::text, shift FROM record_clock").fetchone()
    first, end, open = snapshot.split(":")
    return Moment(int(first) + shift, int(end) + shift, frozenset(int(x) + shift for x in open.split(",") if x))


def as_of(conn: Connection, subjects: Iterable[UUID], moment: Moment) -> list[Document]:
    """The documents of these subjects that are current now, each in the version current at `moment`, with `written`
    and without its body (see `fill`). Unordered.
    """
    now = _read(
        conn, f"FROM record_document d {_JOIN} WHERE d.subject = ANY(%s) AND d.withdrawn IS NULL", list(subjects)
    )
    seen = [document for document in now if moment.sees(document.xact)]
    since = [document.id for document in now if not moment.sees(document.xact)]
    return seen + _before(conn, since, moment) if since else seen


def _before(conn: Connection, ids: list[UUID], moment: Moment) -> list[Document]:
    """The versions of these documents that were current at `moment`, if they were there then."""
    past = _read(conn, f"FROM record_history d {_JOIN} WHERE d.id = ANY(%s) AND c.event <> 'late'", ids)
    seen = sorted((d for d in past if moment.sees(d.xact)), key=lambda document: document.version)
    return [document for document in {d.id: d for d in seen}.values() if document.withdrawn is None]


def fill(conn: Connection, documents: Iterable[Document]) -> None:
    """Give documents that were listed their bodies, also those that have been replaced meanwhile."""
    wanted = {(document.id, document.version): document for document in documents if not document.packed}
    for table in ("record_document", "record_history"):
        if wanted:
            rows = conn.cursor(binary=True).execute(
                f"""SELECT d.id, d.version, d.body FROM {table} d
                    JOIN unnest(%s::uuid[], %s::int[]) AS wanted (id, version) USING (id, version)""",  # noqa: S608
                tuple(map(list, zip(*wanted, strict=True))),
            )
            for id, version, body in rows:
                wanted.pop((id, version)).packed = body


def current(conn: Connection, id: UUID) -> Document | None:
    """The current version of a document, with `written`; one with `withdrawn` set says that it was taken back."""
    return next(iter(_read(conn, f"FROM record_document d {_JOIN} WHERE d.id = %s", id, body=True)), None)


def versions(conn: Connection, id: UUID) -> list[Document]:
    """What `history` gives, with `written`."""
    now = current(conn, id)
    past = _read(conn, f"FROM record_history d {_JOIN} WHERE d.id = %s", id, body=True)
    past.sort(key=lambda document: (document.rank, document.version), reverse=True)
    return [now, *past] if now else past


def _read(conn: Connection, rest: str, value: object, *, body: bool = False) -> list[Document]:
    names = ("written", *COLUMNS, *(("packed",) if body else ()))
    rows = conn.cursor(binary=True).execute(f"{_SELECT}{', d.body' if body else ''} {rest}", (value,))
    return [Document(**dict(zip(names, row, strict=True))) for row in rows]
