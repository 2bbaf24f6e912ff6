"""Taking a dossier back: the facility that sent it says why; its history stays."""

from datetime import datetime
from typing import Literal
from uuid import UUID

import psycopg

from yteso import people, record
from yteso.intake import versions
from yteso.intake.receipt import HERE
from yteso.intake.restating import say_again


Outcome = Literal["withdrawn", "already", "unknown"]

REASON = 500
"""Most characters of a reason."""


class NoReason(ValueError):
    """A withdrawal says why, in at most `REASON` characters."""


def withdraw(
    conn: psycopg.Connection, facility: str, ma_lk: str, *, reason: str, account: str, attempts: int = 3
) -> Outcome:
    """Take back what stands of a dossier. In a transaction of its own; twice is as good as once. Raises NoReason.

    already: it is withdrawn. unknown: the facility has no accepted dossier of this MA_LK. What the facility sends
    later, written today or after, brings the dossier back; what is still on its way does not.
    """
    reason = " ".join(reason.split())
    if not reason or len(reason) > REASON:
        raise NoReason(f"a reason of 1 to {REASON} characters is needed")
    try:
        with conn.transaction():
            return _withdraw(conn, facility, ma_lk, reason, account)
    except psycopg.errors.DeadlockDetected:
        if attempts == 1:
            raise
        return withdraw(conn, facility, ma_lk, reason=reason, account=account, attempts=attempts - 1)


def _withdraw(conn: psycopg.Connection, facility: str, ma_lk: str, reason: str, account: str) -> Outcome:
    known = versions.history(conn, facility, ma_lk)
    documents = sorted({version.document for version in known.versions if version.document}) if known else []
    taken = {id: at for id in documents if (at := _take_back(conn, id, facility, reason))}
    for id, at in taken.items():
        conn.execute(
            """insert into intake_withdrawal (facility, ma_lk, document, reason, account, at)
               values (%s, %s, %s, %s, %s, %s)""",
            (facility, ma_lk, id, reason, account, at),
        )
    if taken:
        return "withdrawn"
    return "already" if record.withdrawn(conn, documents) else "unknown"


def _take_back(conn: psycopg.Connection, id: UUID, facility: str, reason: str) -> datetime | None:
    """When that was; None when there is nothing of this facility to take back."""
    visit = _locked(conn, id)
    if visit is None or visit.facility != facility:
        return None
    now = _now(conn)
    made = max(now.astimezone(HERE).date(), visit.made)
    record.withdraw(conn, id, reason, made=made, received=max(now, visit.received))
    patient = record.read_document(conn, visit.subject)
    if patient and patient.started <= visit.ended:  # it was this visit that said who the patient is
        say_again(conn, visit.subject, reason)
    return now


def _locked(conn: psycopg.Connection, id: UUID) -> record.Document | None:
    """The visit as it stands, with its patient's names held: read again after the lock, for a resend may be faster."""
    seen = None
    while (visit := record.read_document(conn, id)) and visit.subject != seen:
        seen = visit.subject
        record.lock(conn, {id} | people.names_of(conn, {seen}))
    return visit


def _now(conn: psycopg.Connection) -> datetime:
    """The database's clock now, not at the start of the transaction: later than all that was received before."""
    return conn.execute("select clock_timestamp()").fetchone()[0]
