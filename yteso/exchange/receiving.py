"""From the door of another system to the intake: stored and committed first, then, if small, taken in at once."""

import logging
from typing import BinaryIO

import psycopg

from yteso.config.database import connect
from yteso.exchange.models import Credential
from yteso.intake import service, store
from yteso.intake.models import Status, Submission
from yteso.intake.store import Arrival, Work


log = logging.getLogger(__name__)

AT_ONCE = 20_000_000
"""Bytes up to which a file is taken in while its sender waits; a larger one is left to the worker."""

FINISHED = (Status.DONE, Status.REFUSED)


class KeyTaken(Exception):
    """The idempotency key already stands for other bytes; nothing was kept."""


def receive(
    source: BinaryIO, *, name: str, sender: Credential, at_once: bool, key: str = ""
) -> tuple[Submission, bool]:
    """The submission of this file, as it stands now, and whether it is new.

    The same bytes again are the same submission. With `key`, a repeated sending gets the answer of the first one.
    Raises service.TooLarge and KeyTaken.
    """
    item = service.arrival(source, name=name, facility=sender.facility, account=sender.name)
    at_once = at_once and item.size <= AT_ONCE
    with connect(autocommit=True) as conn:
        with conn.transaction():
            work, new = _store(conn, item, sender, key, claim=at_once)
        submission = Submission.objects.get(id=work.id)
        if at_once and submission.status not in FINISHED:
            _take_in(conn, work)
            submission.refresh_from_db()
    return submission, new


def _store(conn: psycopg.Connection, item: Arrival, sender: Credential, key: str, *, claim: bool) -> tuple[Work, bool]:
    if not key:
        return store.receive(conn, [item], claim=claim)[0]
    # The update that changes nothing locks the row: of two sendings with one key, the second waits for the first.
    digest, first = conn.execute(
        """insert into exchange_idempotency_key as k (credential_id, key, sha256) values (%s, %s, %s)
           on conflict (credential_id, key) do update set key = k.key returning sha256, new""",
        (sender.id, key, item.sha256),
    ).fetchone()
    if digest != item.sha256:
        raise KeyTaken
    work, new = store.receive(conn, [item], claim=claim)[0]
    conn.execute(
        "update exchange_idempotency_key set new = coalesce(new, %s) where credential_id = %s and key = %s",
        (new, sender.id, key),
    )
    return work, new if first is None else first


def _take_in(conn: psycopg.Connection, work: Work) -> None:
    """The file is safe already: a fault here leaves it to the worker, and the answer says that it waits."""
    try:
        service.take_in(conn, [work])
    except Exception:
        log.exception("a file stays with the worker")
