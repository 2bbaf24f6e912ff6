"""The part of the worker that tells clients what happens."""

from collections.abc import Callable
from time import monotonic

import psycopg

from yteso.fhir.subscriptions import delivering, matching, store


AT_ONCE = 4
"""Receivers that one worker calls at the same time."""


TIDY_SECONDS = 3600


def follower() -> Callable[[psycopg.Connection], bool]:
    """Looks for events in what has happened, and removes old ones now and then; False when nothing has happened."""
    due = 0.0

    def turn(conn: psycopg.Connection) -> bool:
        nonlocal due
        if monotonic() >= due:
            store.forget(conn, delivering.KEPT)
            due = monotonic() + TIDY_SECONDS
        return matching.step(conn)

    return turn


deliver = delivering.step
