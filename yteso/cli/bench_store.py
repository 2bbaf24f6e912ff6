"""A database that is filled, measured and removed again."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from yteso.config import application, database


def fill(folder: Path, source: Iterator, visits: int) -> list[Path]:
    """Files of about this many visits, written into the folder."""
    files = []
    while visits > 0:
        made = next(source)
        visits -= made.dossiers
        target = folder / f"{len(files) // 1000:04}" / made.name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(made.bytes)
        files.append(target)
    return files


@contextmanager
def empty_database(server: str) -> Iterator[None]:
    name = f"yteso_bench_{secrets.token_hex(4)}"
    with psycopg.connect(server, autocommit=True) as conn:
        conn.execute(f"create database {name}")
    os.environ["DATABASE_URL"] = urlsplit(server)._replace(path=f"/{name}").geturl()
    try:
        from django.db import connections

        application.start()
        connections["default"].close()
        connections["default"].settings_dict.update(database.django_settings())
        application.migrate()
        connections["default"].close()
        yield
    finally:
        os.environ["DATABASE_URL"] = server
        with psycopg.connect(server, autocommit=True) as conn:
            conn.execute(f"drop database {name} with (force)")


def server_version() -> dict[str, object]:
    with database.connect() as conn:
        return {"postgresql": conn.execute("show server_version").fetchone()[0]}
