"""The database of this node, for commands that ask it something."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from yteso.cli.intake import stopping_clearly
from yteso.config import application, database


@contextmanager
def connected() -> Iterator[psycopg.Connection]:
    """One transaction, with the schema up to date. A database that fails is said in one sentence, exit code 3."""
    with stopping_clearly(), database.running() as url:
        os.environ["DATABASE_URL"] = url
        application.migrate()
        with database.connect() as conn:
            yield conn
