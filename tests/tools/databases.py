"""Databases for the tests, like the template. One that was used is emptied: making another takes ten times as long."""

import os
from urllib.parse import urlsplit

import psycopg
from psycopg import sql


SCHEMA = """
    SELECT md5(string_agg(oid || ':' || xmin || ':' || relname, ',' ORDER BY oid)),
           (SELECT count(*) FROM pg_proc WHERE pronamespace = 'public'::regnamespace),
           (SELECT count(*) FROM pg_db_role_setting s JOIN pg_database d ON d.oid = s.setdatabase
            WHERE d.datname = current_database())
    FROM pg_class WHERE relnamespace = 'public'::regnamespace
"""
OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
TABLES = """
    SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname
"""
SEQUENCES = "SELECT sequencename, start_value, last_value FROM pg_sequences WHERE schemaname = 'public'"


class Databases:
    """`take` and `give_back` them; `remove` all in the end."""

    def __init__(self, server: str, template: str) -> None:
        self.server, self.template = server, template
        self.count = 0
        self.made: list[str] = []
        self.free: list[str] = []
        self.schema: dict[str, tuple] = {}
        with psycopg.connect(self._url(template), autocommit=True) as conn:
            self.tables = [name for (name,) in conn.execute(TABLES)]
            self.seeds = {table: _rows(conn, table) for table in self._filled(conn)}
            self.places = {name: last for name, _, last in conn.execute(SEQUENCES)}

    def take(self) -> str:
        return self.free.pop() if self.free else self._make()

    def give_back(self, url: str) -> None:
        """For the next test, unless this one has changed the schema."""
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute(OTHERS)
            fit = conn.execute(SCHEMA).fetchone() == self.schema[url]
            if fit:
                self._empty(conn)
        if fit:
            self.free.append(url)
        else:
            self._drop(url)

    def remove(self) -> None:
        for url in list(self.made):
            self._drop(url)

    def _make(self) -> str:
        self.count += 1
        name = f"test_{os.getpid()}_{self.count}"
        url = self._url(name)
        with psycopg.connect(self.server, autocommit=True) as conn:
            conn.execute(f"CREATE DATABASE {name} TEMPLATE {self.template} STRATEGY file_copy")
        self.made.append(url)
        with psycopg.connect(url) as conn:
            self.schema[url] = conn.execute(SCHEMA).fetchone()
        return url

    def _empty(self, conn: psycopg.Connection) -> None:
        with conn.transaction():
            conn.execute("SET LOCAL lock_timeout = '10s'")
            conn.execute("SET LOCAL session_replication_role = replica")  # whatever refers to what, all of it goes
            for table in self._filled(conn):
                conn.execute(sql.SQL("DELETE FROM {}").format(sql.Identifier(table)))
            for table, rows in self.seeds.items():
                with conn.cursor().copy(sql.SQL("COPY {} FROM STDIN").format(sql.Identifier(table))) as copy:
                    copy.write(rows)
            for name, start, last in conn.execute(SEQUENCES).fetchall():
                place = self.places.get(name)
                if last != place:
                    conn.execute(
                        "SELECT setval(%s::regclass, %s, %s)", (f'"{name}"', place or start, place is not None)
                    )

    def _filled(self, conn: psycopg.Connection) -> list[str]:
        asked = " UNION ALL ".join(f"""SELECT '{name}' WHERE EXISTS (SELECT FROM "{name}")""" for name in self.tables)
        return [name for (name,) in conn.execute(asked)]

    def _drop(self, url: str) -> None:
        with psycopg.connect(self.server, autocommit=True) as conn:
            conn.execute(f"DROP DATABASE {urlsplit(url).path[1:]} WITH (FORCE)")
        self.made.remove(url)

    def _url(self, database: str) -> str:
        return urlsplit(self.server)._replace(path=f"/{database}").geturl()


def _rows(conn: psycopg.Connection, table: str) -> bytes:
    with conn.cursor().copy(sql.SQL("COPY {} TO STDOUT").format(sql.Identifier(table))) as copy:
        return b"".join(copy)
