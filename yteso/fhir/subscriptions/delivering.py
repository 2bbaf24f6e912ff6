"""Telling receivers: one notification at a time for each subscription, in the order of its events, until it is taken.

A worker takes a lease before it calls and says afterwards how it went, so that nothing is locked while a receiver
thinks. Killed in between, another tells the same again when the lease has ended: at least once, never out of order.
"""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from psycopg import Connection

from yteso.fhir import xml
from yteso.fhir.subscriptions import hooks, notifications, store
from yteso.fhir.subscriptions.store import Subscription
from yteso.fhir.subscriptions.wanted import LONGEST, NotAccepted


log = logging.getLogger(__name__)

LEASE = timedelta(seconds=LONGEST + 30)
FIRST, LAST = timedelta(seconds=5), timedelta(hours=1)
"""Rest after the first failure; it doubles with each further one, up to the last."""

TRIES = 20
"""Failures in a row after which a subscription is off: with the rests above about ten hours."""

KEPT = timedelta(days=30)
"""How long an event that was delivered can be asked for."""

# Something to tell: a greeting, events, a heartbeat; or to end, when its time or its client's last token is over.
_DUE = f"""SELECT id FROM subscription s
    WHERE status <> 'off' AND due <= clock_timestamp() AND coalesce(leased < clock_timestamp(), true)
      AND (ends <= clock_timestamp() OR NOT EXISTS (SELECT 1 FROM fhir_token t WHERE {store.OPEN})
           OR channel = 'rest-hook' AND (NOT greeted OR delivered < events
              OR heartbeat > 0 AND spoken + heartbeat * interval '1 s' <= clock_timestamp()))
    ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED"""  # noqa: S608 (our own names)


@dataclass(slots=True, frozen=True)
class Turn:
    """A subscription whose turn it is, and the lease for telling it."""

    one: Subscription
    lease: UUID


def step(conn: Connection) -> bool:
    """Tell one receiver one thing; False when there is nothing to tell. The connection is in autocommit mode."""
    turn = _take(conn)
    if not turn:
        return False
    one = turn.one
    if ended := _ended(one):
        _end(conn, turn, ended)
        return True
    kind = "handshake" if not one.greeted else "event-notification" if one.delivered < one.events else "heartbeat"
    events = store.events(conn, one.id, one.delivered + 1, one.events, one.wanted.most) if one.greeted else []
    try:
        _send(one, notifications.build(conn, one, kind, events))
    except hooks.Refused as reason:
        _end(conn, turn, str(reason))
    except hooks.NotTaken as reason:
        _failed(conn, turn, str(reason))
    else:
        _taken(conn, turn, events[-1].number if events else one.delivered)
    return True


def _take(conn: Connection) -> Turn | None:
    lease = uuid4()
    row = conn.execute(
        f"UPDATE subscription SET lease = %s, leased = clock_timestamp() + %s WHERE id = ({_DUE}) RETURNING id, client",  # noqa: S608
        (lease, LEASE),
    ).fetchone()
    one = row and store.find(conn, row[1], row[0])
    return Turn(one, lease) if one else None


def _ended(one: Subscription) -> str:
    """Why nothing is told any more."""
    try:
        ends = one.wanted.ends
    except NotAccepted as reason:
        return f"{reason.vi} / {reason.en}"
    if ends and ends <= datetime.now(UTC):
        return "đã đến hạn (end) / its time (end) is over"
    return "" if one.scope else "ứng dụng không còn token / the client has no open token any more"


def _send(one: Subscription, bundle: bytes) -> None:
    wanted = one.wanted
    body = xml.to_xml(bundle) if wanted.format == "application/fhir+xml" else bundle
    headers = [*wanted.headers, ("Content-Type", f"{wanted.format}; charset=utf-8"), ("User-Agent", "yteso")]
    hooks.post(wanted.endpoint, body, headers, wanted.timeout)


def _taken(conn: Connection, turn: Turn, delivered: int) -> None:
    conn.execute(
        """UPDATE subscription SET status = 'active', fault = '', greeted = true, failures = 0, delivered = %s,
                  spoken = clock_timestamp(), lease = NULL, leased = NULL
           WHERE id = %s AND lease = %s""",
        (delivered, turn.one.id, turn.lease),
    )


def _failed(conn: Connection, turn: Turn, reason: str) -> None:
    """It is tried again after a rest, and given up after many."""
    failures = turn.one.failures + 1
    rest = min(FIRST * 2 ** min(failures - 1, 20), LAST)
    log.info("a subscription was not taken, %d times in a row", failures)
    conn.execute(
        """UPDATE subscription SET status = %s, fault = %s, failures = %s, due = clock_timestamp() + %s,
                  lease = NULL, leased = NULL
           WHERE id = %s AND lease = %s""",
        ("off" if failures >= TRIES else "error", reason, failures, rest, turn.one.id, turn.lease),
    )


def _end(conn: Connection, turn: Turn, reason: str) -> None:
    conn.execute(
        "UPDATE subscription SET status = 'off', fault = %s, lease = NULL, leased = NULL WHERE id = %s AND lease = %s",
        (reason, turn.one.id, turn.lease),
    )
