"""Doing what clients have asked for: one portion of one job at a time, the jobs in turn."""

import logging

import psycopg

from yteso.fhir.bulk import exports, imports, jobs


log = logging.getLogger(__name__)

_PORTIONS = {"export": exports.portion, "import": imports.portion}


def step(conn: psycopg.Connection) -> bool:
    """One portion in a transaction; False when nothing waits. A job that cannot be done is marked so."""
    jobs.expire(conn)
    job = None
    try:
        with conn.transaction():
            if job := jobs.claim(conn):
                _PORTIONS[job.kind](conn, job)
    except psycopg.OperationalError:
        raise
    except Exception:
        log.exception("a bulk job failed")
        jobs.end(conn, job, "failed")
    return job is not None
