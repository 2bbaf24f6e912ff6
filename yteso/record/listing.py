"""A person's documents as they stood at one moment, so that a long list can be walked while data arrives.

A moment is a snapshot of PostgreSQL: which transactions had ended. A document changed since is shown as it was then,
one that came since is left out, and one withdrawn since is gone: nobody is shown what was taken back.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from psycopg import Connection

from yteso.record.document import Document
from yteso.record.probing import Probe, condition
from yteso.record.words import INDEXED
from yteso.record.writing import COLUMNS


FEW = 24
"""Of so many documents the bodies are read at once: a person's usual number, in one go."""
NEVER = 2**63 - 1
"""The number of no transaction."""

# One look-up for each document: a join would tempt the planner to read the whole feed.
_CHANGE = "(SELECT {} FROM record_change c WHERE c.xact = d.xact AND c.sequence = d.sequence)"
_COLUMNS = tuple(name for name in COLUMNS if name != "tokens")  # some sixty numbers that nobody here looks at
NAMES = ("written", *_COLUMNS)
SELECT = f"SELECT {_CHANGE.format('at')}, {', '.join(f'd.{name}' for name in _COLUMNS)}"
_LISTED = f"""{SELECT}, CASE WHEN count(*) OVER () <= {FEW} THEN d.body END, pg_current_snapshot()::text,
           (SELECT shift FROM record_clock)
    FROM record_document d WHERE d.subject = ANY({{}}) AND d.withdrawn IS NULL"""  # noqa: S608 (our own column names)
# Words tell nothing of a document that was indexed by older rules, nor of what a changed one was like before.
_PROBED = "({} OR d.xact >= %s OR NOT d.tokens @> %s::bigint[])"


class Chosen(NamedTuple):
    """Subjects that a query of another context gives, so that it need not be asked first."""

    query: str
    values: tuple


@dataclass(slots=True, frozen=True)
class Moment:
    """What counts: transactions before `first`, and those before `end` that were not open. Numbers as in the feed."""

    first: int
    end: int
    open: frozenset[int] = frozenset()

    def sees(self, xact: int) -> bool:
        return xact < self.first or (xact < self.end and xact not in self.open)

    @classmethod
    def of(cls, snapshot: str, shift: int) -> "Moment":
        """From the text of a pg_snapshot, and the shift of `record_clock`."""
        first, end, open = snapshot.split(":")
        return cls(int(first) + shift, int(end) + shift, frozenset(int(x) + shift for x in open.split(",") if x))

    def __str__(self) -> str:
        return ".".join(f"{number:x}" for number in (self.first, self.end, *sorted(self.open)))

    @classmethod
    def parse(cls, text: str) -> "Moment":
        """`str` backwards; raises ValueError."""
        first, end, *open = (int(number, 16) for number in text.split("."))
        return cls(first, end, frozenset(open))


def as_of(
    conn: Connection, subjects: Iterable[UUID] | Chosen, moment: Moment | None, probes: Iterable[Probe] = ()
) -> tuple[Moment | None, list[Document]]:
    """The documents of these subjects that are current now, each in the version current at `moment`, with `written`;
    a body may be there, or come with `fill`. Unordered. Without a moment: as of now, told when there is anything.

    With `probes` some that do not pass all of them are left out, and none that does.
    """
    chosen = subjects if isinstance(subjects, Chosen) else Chosen("", (list(subjects),))
    documents, now = _current(conn, chosen, moment, list(probes))
    if moment is None:
        return now, documents
    since = [document.id for document in documents if not moment.sees(document.xact)]
    seen = [document for document in documents if moment.sees(document.xact)]
    return moment, seen + _before(conn, since, moment) if since else seen


def _current(
    conn: Connection, chosen: Chosen, moment: Moment | None, probes: list[Probe]
) -> tuple[list[Document], Moment | None]:
    """Documents and moment in one statement, so that they agree; of few documents the bodies as well."""
    statement, values = _LISTED.format(f"ARRAY({chosen.query})" if chosen.query else "%s"), [*chosen.values]
    if probes:
        passing, wanted = condition(probes)
        statement = f"{statement} AND {_PROBED.format(passing)}"
        values += [*wanted, moment.first if moment else NEVER, [INDEXED]]
    rows = conn.cursor(binary=True).execute(statement, values)
    documents, now = [], None
    for *row, body, snapshot, shift in rows:
        documents.append(Document(**dict(zip(NAMES, row, strict=True)), packed=body or b""))
        now = now or Moment.of(snapshot, shift)
    return documents, now


def at(conn: Connection, ids: list[UUID], moment: Moment) -> list[Document]:
    """These documents as they stood at a moment, bodies to be filled; what is withdrawn by now as its withdrawal."""
    documents = _read(conn, "FROM record_document d WHERE d.id = ANY(%s)", ids)
    standing = [document for document in documents if moment.sees(document.xact) or document.withdrawn is not None]
    since = [document.id for document in documents if not moment.sees(document.xact) and document.withdrawn is None]
    return standing + (_before(conn, since, moment) if since else [])


def _before(conn: Connection, ids: list[UUID], moment: Moment) -> list[Document]:
    """The versions of these documents that were current at `moment`, if they were there then."""
    past = _read(conn, f"FROM record_history d WHERE d.id = ANY(%s) AND {_CHANGE.format('event')} <> 'late'", ids)
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


def current(conn: Connection, *ids: UUID) -> Document | None:
    """The current version of a document, with `written`; one with `withdrawn` set says that it was taken back.

    Of several ids the first that is known.
    """
    found = _read(conn, ", d.body FROM record_document d WHERE d.id = ANY(%s)", list(ids), (*NAMES, "packed"))
    return min(found, key=lambda document: ids.index(document.id), default=None)


def versions(conn: Connection, *ids: UUID) -> list[Document]:
    """What `history` gives, with `written`, without tokens. In one statement: no version is between the tables.

    Of several ids those of the first that is known.
    """
    rows = conn.cursor(binary=True).execute(
        f"""{SELECT}, d.body, true FROM record_document d WHERE d.id = ANY(%(ids)s)
            UNION ALL {SELECT}, d.body, false FROM record_history d WHERE d.id = ANY(%(ids)s)""",
        {"ids": list(ids)},
    )
    found = [(now, Document(**dict(zip((*NAMES, "packed"), row, strict=True)))) for *row, now in rows]
    first = min((ids.index(document.id) for _, document in found), default=None)
    found = [(now, document) for now, document in found if ids.index(document.id) == first]
    return [one for _, one in sorted(found, key=lambda v: (v[0], v[1].rank, v[1].version), reverse=True)]


def replaced(conn: Connection, id: UUID, version: int) -> tuple[Document, Document | None]:
    """A version that became current, and the one that it replaced, both with `written`."""
    columns = f"{SELECT}, d.body FROM {{}} d WHERE d.id = %(id)s AND d.version <= %(version)s"
    rows = conn.cursor(binary=True).execute(
        f"""SELECT * FROM ({columns.format("record_document")}
            UNION ALL {columns.format("record_history")} AND {_CHANGE.format("event")} <> 'late') AS version
            ORDER BY version DESC LIMIT 2""",  # noqa: S608 (our own column names)
        {"id": id, "version": version},
    )
    now, *before = (Document(**dict(zip((*NAMES, "packed"), row, strict=True))) for row in rows)
    return now, before[0] if before else None


def _read(conn: Connection, rest: str, value: object, names: tuple[str, ...] = NAMES) -> list[Document]:
    rows = conn.cursor(binary=True).execute(f"{SELECT} {rest}", (value,))
    return [Document(**dict(zip(names, row, strict=True))) for row in rows]
