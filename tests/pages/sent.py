"""Files of the synthetic province, sent by its facility and taken in by the real worker."""

from functools import cache
from io import BytesIO
from pathlib import Path

import psycopg

from yteso.sandbox import simulate


FACILITY = "99001"


@cache
def files() -> list[simulate.SimulatedFile]:
    """A few files of one facility, with mistakes among them."""
    made = simulate.visits(people=60, days=40, facilities=1, seed=3, dirty=0.5, per_file=12)
    return [file for file in made if file.facility == FACILITY]


def name_of(file: simulate.SimulatedFile) -> str:
    return Path(file.name).name


def as_upload(file: simulate.SimulatedFile) -> dict[str, object]:
    """In the shape a file field of the browser driver takes."""
    return {"name": name_of(file), "mimeType": "text/xml", "buffer": file.bytes}


def send(conn: psycopg.Connection, *, facility: str = FACILITY, name: str = "", take_in: bool = True) -> int:
    """Put the first file through the door; its submission's number."""
    from yteso.intake import service

    file = files()[0]
    work, _new = service.receive(
        conn, BytesIO(file.bytes), name=name or name_of(file), facility=facility, account="nga"
    )
    conn.commit()
    if take_in:
        work_off(conn)
    return work.id


def work_off(conn: psycopg.Connection) -> None:
    """What the worker does, until nothing waits."""
    from yteso.intake import worker

    conn.commit()
    conn.autocommit = True
    while worker.once(conn):
        pass
    conn.autocommit = False
