"""Documents of everybody, told apart by their words.

They come in the order of their ids: a document keeps its id whatever becomes of it, so that a list can be walked in
portions while data arrives.
"""

from collections.abc import Iterable
from uuid import UUID

from psycopg import ClientCursor, Connection

from yteso.record.document import Document
from yteso.record.listing import NAMES, SELECT
from yteso.record.probing import Probe, condition


FIRST = UUID(int=0)

COMMON = 10
"""One of so many documents is so many that they are met soon enough."""

_PASSING = "FROM record_document d WHERE d.withdrawn IS NULL AND {}"


def passing(conn: Connection, probes: Iterable[Probe], after: UUID, limit: int) -> list[Document]:
    """The next current documents that pass all probes, with `written` and their bodies."""
    probes = list(probes)
    passed, values = condition(probes)
    source = _PASSING.format(passed) + " AND d.id > %s"
    if not _common(conn, probes):
        # Left to itself the planner may hope to meet soon, in the order of ids, what is not there at all.
        source = f"FROM (SELECT d.* {source} OFFSET 0) d"
    rows = conn.cursor(binary=True).execute(
        f"{SELECT}, d.body {source} ORDER BY d.id LIMIT %s", (*values, after, limit), prepare=False
    )
    names = (*NAMES, "packed")
    return [Document(**dict(zip(names, row, strict=True))) for row in rows]


def number(conn: Connection, probes: Iterable[Probe], most: int) -> int:
    """How many documents pass, as far as `most`."""
    passed, values = condition(probes)
    counted = f"SELECT count(*) FROM (SELECT {_PASSING.format(passed)} LIMIT %s) found"  # noqa: S608
    return conn.execute(counted, (*values, most), prepare=False).fetchone()[0]


def estimate(conn: Connection, probes: Iterable[Probe]) -> int:
    """How many documents pass, as the planner of the database thinks."""
    passed, values = condition(probes)
    # EXPLAIN takes no values of its own.
    cursor = ClientCursor(conn)
    (plan,) = cursor.execute(f"EXPLAIN (FORMAT JSON) SELECT {_PASSING.format(passed)}", values).fetchone()
    return round(plan[0]["Plan"]["Plan Rows"])


def _common(conn: Connection, probes: list[Probe]) -> bool:
    """Whether one of ten documents passes, so that it is quicker to walk through them than to look them all up."""
    (all,) = conn.execute("SELECT reltuples FROM pg_class WHERE oid = 'record_document'::regclass").fetchone()
    return estimate(conn, probes) * COMMON > all > 0
