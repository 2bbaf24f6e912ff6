"""The worker: takes in what the door has received, oldest first."""

import logging
from collections.abc import Callable
from time import sleep

import psycopg

from yteso.intake import service, store


log = logging.getLogger(__name__)

CLAIM = 50
IDLE_SECONDS, REST_SECONDS = 0.5, 5


def once(conn: psycopg.Connection) -> int:
    """Take in what waits now, up to one claim; how many files that was."""
    with conn.transaction():
        submissions = store.claim(conn, CLAIM)
    if submissions:
        service.take_in(conn, submissions)
        log.info("took in %d files", len(submissions))
    return len(submissions)


def forever(
    connect: Callable[[], psycopg.Connection],
    stopped: Callable[[], bool],
    *steps: Callable[[psycopg.Connection], object],
) -> None:
    """Take these steps in turn until told to stop, resting when none of them found anything to do (returned something
    true); outlive a lost database connection, and a step that fails: it is taken again after a rest.
    """
    while not stopped():
        try:
            with connect() as conn:
                conn.autocommit = True
                while not stopped():
                    found = [step(conn) for step in steps]
                    if not any(found):
                        sleep(IDLE_SECONDS)
        except psycopg.OperationalError as error:
            log.warning("the database does not answer (%s); trying again", type(error).__name__)
            sleep(REST_SECONDS)
        except Exception:
            log.exception("a step of the worker failed; trying again")
            sleep(REST_SECONDS)
