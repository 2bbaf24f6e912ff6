"""$import: NDJSON that a client has sent, taken in by the worker in portions. Patients first, then all else."""

from typing import NamedTuple
from uuid import UUID

import msgspec
from psycopg import Connection

from yteso.access.policy import Reader
from yteso.fhir.bulk import files, jobs
from yteso.fhir.bulk.jobs import Job
from yteso.fhir.bulk.taking import Taking, of_patients, take


LINES = 200
"""Resources of a portion at most."""

PURPOSE = "import"


class Asked(msgspec.Struct):
    """`written` are the types that the client may write; None: all."""

    base: str
    written: list[str] | None = None


class Place(NamedTuple):
    """The turn (0: patients, 1: all else), the part of the input, the line in it, and its number in the whole."""

    turn: int = 0
    part: int = 0
    line: int = 0
    number: int = 1


def portion(conn: Connection, job: Job) -> None:
    """The next lines of an import, in the caller's transaction."""
    asked, place = msgspec.convert(job.asked, Asked), _read(job.place)
    parts = _parts(conn, job.id)
    if place.part == len(parts):
        if place.turn:
            jobs.end(conn, job, "done")
        else:
            jobs.turn(conn, job, _written(Place(turn=1)), job.done, job.total)
        return
    lines = files.part(conn, job.id, *parts[place.part]).split(b"\n")[:-1]
    chosen, following = _choose(lines, place)
    written = asked.written
    taking = Taking(
        Reader(account=job.client, role="client", purpose=PURPOSE),
        lambda type: written is None or type in written,
        asked.base,
    )
    taken = take(conn, taking, chosen)
    for type, count in sorted(taken.saved.items()):
        files.count(conn, job.id, "output", type, count)
    if taken.problems:
        files.add(conn, job.id, "error", "OperationOutcome", taken.problems)
    jobs.turn(conn, job, _written(following), job.done + len(chosen), job.total)


def _choose(lines: list[bytes], place: Place) -> tuple[list[tuple[int, bytes]], Place]:
    """The lines of a part that are taken now, and where to go on."""
    chosen = []
    for n in range(place.line, len(lines)):
        number = place.number + n - place.line
        if lines[n].strip() and of_patients(lines[n]) is (place.turn == 0):
            chosen.append((number, lines[n]))
        if len(chosen) == LINES:
            return chosen, place._replace(line=n + 1, number=number + 1)
    return chosen, Place(place.turn, place.part + 1, 0, place.number + len(lines) - place.line)


def _parts(conn: Connection, job: UUID) -> list[tuple[int, int]]:
    """File and number of each part of the input, in order."""
    return [(file.number, n) for file in files.of(conn, job) if file.role == "input" for n in range(file.parts)]


def _read(place: str) -> Place:
    return Place(*map(int, place.split("."))) if place else Place()


def _written(place: Place) -> str:
    return ".".join(map(str, place))
