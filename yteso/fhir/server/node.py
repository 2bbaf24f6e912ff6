"""What the interactions of one process share: connections, the log of readings, the clients it knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import local

from psycopg import Connection

from yteso.access.desk import Desk
from yteso.access.log import Log
from yteso.config import database
from yteso.config.connections import Connections
from yteso.fhir.server.clients import Clients


_own = local()


@cache
def connections() -> Connections:
    return Connections(lambda: database.connect(autocommit=True))


@cache
def clients() -> Clients:
    return Clients(taken)


@cache
def desk() -> Desk:
    return Desk(taken, Log(lambda: database.connect(autocommit=True)))


@contextmanager
def taken() -> Iterator[Connection]:
    """A connection: that of the transaction which the thread is in, or any."""
    if inside := getattr(_own, "transaction", None):
        yield inside
    else:
        with connections().taken() as conn:
            yield conn


@contextmanager
def within(conn: Connection) -> Iterator[None]:
    """What this thread reads meanwhile, it reads in this connection's transaction."""
    _own.transaction = conn
    try:
        yield
    finally:
        _own.transaction = None
