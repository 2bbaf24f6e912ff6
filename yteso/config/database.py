"""Where the database is: `DATABASE_URL`, else the embedded server of this node."""

import os
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg.conninfo import conninfo_to_dict

from yteso.config.home import home
from yteso.config.postgres import Server


def url() -> str:
    return os.environ.get("DATABASE_URL") or Server(home()).url


def connect(**options: object) -> psycopg.Connection:
    """A connection of our own (no Django), for the paths where speed counts. Times are those of Viet Nam."""
    return psycopg.connect(url(), options="-c timezone=Asia/Ho_Chi_Minh", **options)


@contextmanager
def running() -> Iterator[str]:
    """The database answers inside this block. The embedded server is started, and stopped by its last user."""
    if given := os.environ.get("DATABASE_URL"):
        yield given
        return
    with Server(home()).running() as address:
        yield address


def django_settings() -> dict[str, object]:
    """`DATABASES["default"]` of Django from the same address."""
    parts = conninfo_to_dict(url())
    named = {"NAME": "dbname", "USER": "user", "PASSWORD": "password", "HOST": "host", "PORT": "port"}
    known = {key: parts.pop(name, "") for key, name in named.items()}
    return {"ENGINE": "django.db.backends.postgresql", "CONN_MAX_AGE": 60, "OPTIONS": parts, **known}
