"""A database that is filled, measured and removed again."""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg

from yteso.config import application, database


PORTION = 200
"""Documents copied in one go."""


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


_COPY = """INSERT INTO record_document
    SELECT md5(d.subject::text || n)::uuid, md5(d.id::text || n)::uuid, d.kind, d.source, d.facility, d.started,
           d.ended, d.made, d.received, d.version, d.xact, d.sequence, d.labels, d.tokens, d.digest, d.withdrawn, d.body
    FROM record_document d CROSS JOIN generate_series(%s::int, %s::int) n WHERE d.id = ANY(%s)"""
_TOKENS = "record_document_tokens"


def copies(visits: int) -> int:
    """Fill the store up to so many visits with copies of its documents under other patients; how many there are.

    They are there to be in the way: nobody asks for them, and their resources keep the ids of those they were made of.
    """
    with database.connect(autocommit=True) as conn:
        count = "SELECT count(*) FROM record_document WHERE kind = 'visit'"
        (known,) = conn.execute(count).fetchone()
        if times := max(0, visits - 1) // known:
            (build,) = conn.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", (_TOKENS,)).fetchone()
            conn.execute(f"DROP INDEX {_TOKENS}")  # built at once it costs a tenth
            ids = [id for (id,) in conn.execute("SELECT id FROM record_document ORDER BY id")]
            for start in range(0, len(ids), PORTION):
                conn.execute(_COPY, (1, times, ids[start : start + PORTION]))
            conn.execute(build)
            conn.execute("VACUUM ANALYZE record_document")
        return conn.execute(count).fetchone()[0]


def server_version() -> dict[str, object]:
    with database.connect() as conn:
        return {"postgresql": conn.execute("show server_version").fetchone()[0]}
