"""Files of NDJSON in the making: lines come in portions, and are read as one stream when all is there."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

import zstandard
from psycopg import Connection


FULL = 64 * 1024 * 1024
"""Bytes after which a file is given no more lines, and the next one begins."""


@dataclass(slots=True, frozen=True)
class File:
    number: int
    role: str
    type: str
    lines: int
    size: int
    parts: int


_COLUMNS = ", ".join(File.__slots__)


def add(conn: Connection, job: UUID, role: str, type: str, lines: list[bytes]) -> None:
    """Lines, without their ends, at the end of the file of this role and type."""
    body = b"".join(line + b"\n" for line in lines)
    file = _open(conn, job, role, type)
    conn.execute(
        "INSERT INTO bulk_part (job, file, number, body) VALUES (%s, %s, %s, %s)",
        (job, file.number, file.parts, zstandard.compress(body, 3)),
    )
    conn.execute(
        "UPDATE bulk_file SET lines = lines + %s, size = size + %s, parts = parts + 1 WHERE job = %s AND number = %s",
        (len(lines), len(body), job, file.number),
    )


def count(conn: Connection, job: UUID, role: str, type: str, lines: int) -> None:
    """So many lines more of which only the number is kept."""
    file = _open(conn, job, role, type)
    conn.execute("UPDATE bulk_file SET lines = lines + %s WHERE job = %s AND number = %s", (lines, job, file.number))


def of(conn: Connection, job: UUID) -> list[File]:
    """The files of a job, in the order in which they were begun."""
    return _read(conn, "WHERE job = %s ORDER BY number", (job,))


def find(conn: Connection, job: UUID, number: int) -> File | None:
    return next(iter(_read(conn, "WHERE job = %s AND number = %s", (job, number))), None)


def part(conn: Connection, job: UUID, file: int, number: int) -> bytes:
    """Raises LookupError when the job has been removed meanwhile."""
    row = conn.execute(
        "SELECT body FROM bulk_part WHERE job = %s AND file = %s AND number = %s", (job, file, number)
    ).fetchone()
    if not row:
        raise LookupError
    return zstandard.decompress(row[0])


def _open(conn: Connection, job: UUID, role: str, type: str) -> File:
    last = _read(conn, "WHERE job = %s AND role = %s AND type = %s ORDER BY number DESC LIMIT 1", (job, role, type))
    if last and last[0].size < FULL:
        return last[0]
    rows = conn.execute(
        f"""INSERT INTO bulk_file (job, number, role, type)
            SELECT %s, coalesce(max(number), 0) + 1, %s, %s FROM bulk_file WHERE job = %s
            RETURNING {_COLUMNS}""",  # noqa: S608 (our own names)
        (job, role, type, job),
    )
    return File(*rows.fetchone())


def _read(conn: Connection, rest: str, values: Iterable) -> list[File]:
    return [File(*row) for row in conn.execute(f"SELECT {_COLUMNS} FROM bulk_file {rest}", values)]  # noqa: S608
