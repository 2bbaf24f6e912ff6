"""Jobs: asked for, claimed by a worker for one portion at a time, looked at, cancelled, expired."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from psycopg import Connection
from psycopg.types.json import Jsonb


KEPT = timedelta(hours=24)
"""How long what a job has made can be fetched."""

MOST = 4
"""Jobs of one client that are open at a time."""


class TooMany(Exception):
    """This client has enough jobs that are not done yet."""


@dataclass(slots=True, frozen=True)
class Job:
    """`state` is coming (its input is not all there), open, done or failed; `place` says how far it has come, which is
    `done` of about `total` things.
    """

    id: UUID
    kind: str
    client: str
    request: str
    asked: dict
    created: datetime
    state: str
    place: str
    done: int
    total: int
    ended: datetime | None

    @property
    def expires(self) -> datetime | None:
        return self.ended and self.ended + KEPT


_COLUMNS = ", ".join(Job.__slots__)


def create(conn: Connection, kind: str, client: str, request: str, asked: dict, state: str = "open") -> UUID:
    """Raises TooMany."""
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtextextended('bulk ' || %s, 0))", (client,))
        (open,) = conn.execute(
            "SELECT count(*) FROM bulk_job WHERE client = %s AND ended IS NULL", (client,)
        ).fetchone()
        if open >= MOST:
            raise TooMany
        return conn.execute(
            "INSERT INTO bulk_job (kind, client, request, asked, state) VALUES (%s, %s, %s, %s, %s) RETURNING id",
            (kind, client, request, Jsonb(asked), state),
        ).fetchone()[0]


def begin(conn: Connection, id: UUID, total: int) -> None:
    """The input is there: about so many things to do."""
    conn.execute("UPDATE bulk_job SET state = 'open', total = %s WHERE id = %s", (total, id))


def claim(conn: Connection) -> Job | None:
    """The open job whose turn it is, held until the end of the caller's transaction; None: nothing to do."""
    return _one(conn, "WHERE state = 'open' ORDER BY turned LIMIT 1 FOR UPDATE SKIP LOCKED")


def find(conn: Connection, id: UUID, client: str) -> Job | None:
    """A job as the client sees it that asked for it; nobody else's."""
    return _one(conn, "WHERE id = %s AND client = %s AND coalesce(ended + %s > now(), true)", (id, client, KEPT))


def turn(conn: Connection, job: Job, place: str, done: int, total: int) -> None:
    """A portion is done, and the job goes on from `place`."""
    conn.execute(
        "UPDATE bulk_job SET place = %s, done = %s, total = %s, turned = clock_timestamp() WHERE id = %s",
        (place, done, total, job.id),
    )


def end(conn: Connection, job: Job, state: str) -> None:
    conn.execute("UPDATE bulk_job SET state = %s, ended = clock_timestamp() WHERE id = %s", (state, job.id))


def remove(conn: Connection, id: UUID) -> None:
    """With its files. Waits for the portion that is under way, if there is one."""
    conn.execute("DELETE FROM bulk_job WHERE id = %s", (id,))


def expire(conn: Connection) -> int:
    """Remove what nobody may fetch any more, and what never came whole; how many jobs that was."""
    return conn.execute(
        "DELETE FROM bulk_job WHERE ended <= now() - %(kept)s OR state = 'coming' AND created <= now() - %(kept)s",
        {"kept": KEPT},
    ).rowcount


def _one(conn: Connection, rest: str, values: tuple = ()) -> Job | None:
    row = conn.execute(f"SELECT {_COLUMNS} FROM bulk_job {rest}", values).fetchone()  # noqa: S608 (our own names)
    return row and Job(*row)
