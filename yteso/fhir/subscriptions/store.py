"""Subscriptions as they are kept: written by their clients, followed by the worker."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID

import orjson
from psycopg import Connection

from yteso.access.policy import Reader
from yteso.fhir.server.clients import READING, allowed
from yteso.fhir.subscriptions.wanted import Wanted, read


PURPOSE = "subscription"

_HELD = (
    *("id", "client", "base", "resource", "version", "written", "created"),
    *("status", "fault", "greeted", "events", "delivered", "failures"),
)
OPEN = "t.client = s.client AND t.revoked IS NULL AND t.expires > now()"
_SELECT = f"""SELECT {", ".join(f"s.{name}" for name in _HELD)},
       coalesce((SELECT string_agg(t.scope, ' ') FROM fhir_token t WHERE {OPEN}), '')
FROM subscription s"""  # noqa: S608 (our own names)
"""Which tokens of a client, `t`, count for a subscription of its, `s`."""


@dataclass
class Subscription:
    """`status` is requested, active, error or off. `scope` is that of the client's open tokens, all together."""

    id: UUID
    client: str
    base: str
    resource: str
    version: int
    written: datetime
    created: datetime
    status: str
    fault: str
    greeted: bool
    events: int
    delivered: int
    failures: int
    scope: str

    @cached_property
    def wanted(self) -> Wanted:
        return read(orjson.loads(self.resource), self.base)

    @property
    def criteria(self) -> str:
        """The address of its topic, also when the node has no such topic any more."""
        return orjson.loads(self.resource)["criteria"]

    @property
    def reader(self) -> Reader:
        return Reader(account=self.client, role="client", purpose=PURPOSE)

    def reads(self, type: str) -> bool:
        types = allowed(self.scope, READING) if self.scope else frozenset()
        return types is None or type in types

    @property
    def name(self) -> str:
        return f"Subscription/{self.id}"


@dataclass(slots=True, frozen=True)
class Asked:
    """A Subscription as its client wrote it, in JSON, and read."""

    resource: str
    wanted: Wanted
    off: bool

    @property
    def values(self) -> tuple[str, str, str, int, datetime | None]:
        """A web socket needs no greeting: who listens has come by itself."""
        wanted = self.wanted
        status = "off" if self.off else "requested" if wanted.channel == "rest-hook" else "active"
        return self.resource, status, wanted.channel, wanted.heartbeat, wanted.ends


@dataclass(slots=True, frozen=True)
class Event:
    number: int
    at: datetime
    interaction: str
    type: str
    resource: str
    subject: UUID
    document: UUID

    @property
    def focus(self) -> str:
        return f"{self.type}/{self.resource}"


_EVENT = ", ".join(Event.__slots__)


def add(conn: Connection, client: str, base: str, asked: Asked) -> UUID:
    return conn.execute(
        """INSERT INTO subscription (client, base, resource, status, channel, heartbeat, ends)
           VALUES (%s, %s, %s, %s, %s, %s, %s) RETURNING id""",
        (client, base, *asked.values),
    ).fetchone()[0]


def change(conn: Connection, id: UUID, asked: Asked) -> None:
    """What is asked for from now on; the receiver is greeted again. Events go on being counted."""
    conn.execute(
        """UPDATE subscription SET resource = %s, status = %s, channel = %s, heartbeat = %s, ends = %s,
                  fault = '', greeted = false, failures = 0, version = version + 1, lease = NULL, leased = NULL,
                  written = clock_timestamp(), due = clock_timestamp()
           WHERE id = %s""",
        (*asked.values, id),
    )


def remove(conn: Connection, id: UUID) -> None:
    conn.execute("DELETE FROM subscription WHERE id = %s", (id,))


def find(conn: Connection, client: str, id: UUID) -> Subscription | None:
    """A subscription of this client."""
    return next(iter(of(conn, client, [id])), None)


def of(conn: Connection, client: str, ids: list[UUID] | None = None) -> list[Subscription]:
    """Those of a client, the oldest first; of these ids, or all."""
    own = "" if ids is None else "AND s.id = ANY(%s)"
    values = (client,) if ids is None else (client, ids)
    return _read(conn, f"WHERE s.client = %s {own} ORDER BY s.created, s.id", values)


def listening(conn: Connection) -> list[Subscription]:
    """All for which events are counted, held until the end of the transaction."""
    return _read(conn, "WHERE s.status <> 'off' ORDER BY s.id FOR UPDATE OF s")


def end(conn: Connection, id: UUID, reason: str) -> None:
    conn.execute("UPDATE subscription SET status = 'off', fault = %s WHERE id = %s", (reason, id))


def count(conn: Connection, id: UUID, events: int, found: list[Event]) -> None:
    """Events that have the numbers after the last one."""
    conn.cursor().executemany(
        f"INSERT INTO subscription_event (subscription, {_EVENT}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",  # noqa: S608
        [(id, *(getattr(event, name) for name in Event.__slots__)) for event in found],
    )
    conn.execute("UPDATE subscription SET events = %s WHERE id = %s", (events, id))


def events(conn: Connection, id: UUID, first: int, last: int, most: int) -> list[Event]:
    """The events from the number `first` to `last`."""
    rows = conn.execute(
        f"""SELECT {_EVENT} FROM subscription_event WHERE subscription = %s AND number BETWEEN %s AND %s
            ORDER BY number LIMIT %s""",  # noqa: S608 (our own names)
        (id, first, last, most),
    )
    return [Event(*row) for row in rows]


def told(conn: Connection, id: UUID, number: int) -> None:
    """Events up to this number have gone through a web socket."""
    conn.execute(
        "UPDATE subscription SET delivered = greatest(delivered, %s), spoken = clock_timestamp() WHERE id = %s",
        (number, id),
    )


def forget(conn: Connection, age: timedelta) -> None:
    """Remove events that were delivered and are older than this, and binding tokens that have ended."""
    conn.execute(
        """DELETE FROM subscription_event e USING subscription s
           WHERE s.id = e.subscription AND e.number <= s.delivered AND e.at < now() - %s""",
        (age,),
    )
    conn.execute("DELETE FROM subscription_binding WHERE expires < now()")


def _read(conn: Connection, rest: str, values: tuple = ()) -> list[Subscription]:
    return [Subscription(*row) for row in conn.execute(f"{_SELECT} {rest}", values)]
