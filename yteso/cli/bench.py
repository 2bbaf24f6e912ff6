"""`yteso bench`: measure speed; the last line printed is JSON."""

import statistics
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING
from uuid import uuid4

import click
import orjson

from yteso.cli import bench_check, bench_fhir
from yteso.cli.bench_store import empty_database, fill, server_version
from yteso.cli.machine import machine
from yteso.config import database


if TYPE_CHECKING:
    from yteso import record

WARM_VISITS = 400
READERS, ROUNDS = 40, 11
START, DAYS = date(2025, 7, 1), 360


@click.group()
def command() -> None:
    """Measure speed.

    \b
    Example: yteso bench intake --json
             yteso bench check --json
             yteso bench fhir --json
    """


command.add_command(bench_check.command, "check")
command.add_command(bench_fhir.command, "fhir")


@command.command()
@click.option("--visits", default=20_000, show_default=True, help="Visits of one run.")
@click.option("--repeat", default=3, show_default=True, help="Runs; the median is reported.")
@click.option("--stored", default=0, show_default=True, help="Visits already stored before each run.")
@click.option("--per-file", default=1, show_default=True, help="Dossiers in one file.")
@click.option("--processes", type=int, help="Processes to use.  [default: one per core]")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON line.")
def intake(visits: int, repeat: int, stored: int, per_file: int, processes: int | None, as_json: bool) -> None:
    """Bytes on disk to durable commit: read, check, map, save, with the original bytes kept.

    Works in a database of its own, on the server of DATABASE_URL or the embedded one, and removes it afterwards.

    \b
    Example: yteso bench intake --visits 20000 --repeat 3 --json
    """

    def say(text: str) -> None:
        if not as_json:
            click.echo(text, err=True)

    with tempfile.TemporaryDirectory(prefix="yteso-bench-") as folder, database.running() as server:
        place = Path(folder)
        say(f"writing {visits + stored} visits …")
        warm, before, files = _write(place, visits, stored, per_file)
        runs = []
        for number in range(repeat):
            with empty_database(server):
                run = _run(warm, before, files, processes)
            runs.append(run)
            say(f"run {number + 1}: {run.visits_per_s:.0f} visits/s")
        with empty_database(server):
            reading = _reading(warm)
        print(orjson.dumps(_report(runs, visits, stored, per_file, reading)).decode())


@dataclass(slots=True)
class Run:
    visits_per_s: float
    visits: int
    refused: int
    stages: dict[str, float]
    stored_bytes: float
    raw_bytes: float
    sent_bytes: float
    rss_mb: float
    processes: int


def _write(place: Path, visits: int, stored: int, per_file: int) -> tuple[list[Path], list[Path], list[Path]]:
    """Envelopes on disk: a few to warm up with, those stored beforehand, and those of the run."""
    from yteso.sandbox.simulate import visits as simulated

    people = max(300, (visits + stored + WARM_VISITS) // 3)
    source = simulated(people=people, days=DAYS, facilities=20, seed=1, per_file=per_file, start=START)
    return tuple(fill(place / name, source, count) for name, count in _portions(visits, stored))


def _portions(visits: int, stored: int) -> Sequence[tuple[str, int]]:
    return ("warm", WARM_VISITS), ("before", stored), ("run", visits)


def _run(warm: list[Path], before: list[Path], files: list[Path], processes: int | None) -> Run:
    from yteso.intake import bulk

    sent = sum(file.stat().st_size for file in files)
    with bulk.Crew(processes) as crew:
        list(crew.take_in([warm[part :: crew.processes] for part in range(crew.processes)]))
        list(crew.take_in(bulk.grouped(before)))
        earlier = _sizes()
        start = perf_counter()
        groups = list(crew.take_in(bulk.grouped(files)))
        seconds = perf_counter() - start
        later = _sizes()
        count = crew.processes
    done = sum(group.totals.dossiers for group in groups)
    return Run(
        done / seconds,
        done,
        sum(group.totals.refused for group in groups),
        {name: sum(group.seconds[name] for group in groups) * 1000 / done for name in groups[0].seconds},
        *((now - then) / done for now, then in zip(later, earlier, strict=True)),
        sent / done,
        max(group.rss_mb for group in groups),
        count,
    )


def _sizes() -> tuple[int, int]:
    """Bytes of all tables with their indexes, without and of the originals."""
    with database.connect(autocommit=True) as conn:
        conn.execute("vacuum")
        sizes = dict(
            conn.execute(
                """select relname, pg_total_relation_size(relid) from pg_stat_user_tables
                   where relname !~ '^(django|auth)'"""
            ).fetchall()
        )
    originals = sizes.pop("intake_original")
    return sum(sizes.values()), originals


def _reading(files: list[Path]) -> dict[str, float]:
    """Milliseconds to read the whole record of a person with 50 visits, from the store: rows, bodies, every slice."""
    from yteso import record

    visits = _documents(files)
    subjects = [uuid4() for _ in range(READERS)]
    with database.connect() as conn:
        for number, subject in enumerate(subjects):
            chosen = [visits[(number * 7 + place) % len(visits)] for place in range(50)]
            record.save(conn, [replace(visit, subject=subject, id=uuid4()) for visit in chosen])
        conn.commit()
        conn.autocommit = True
        times = []
        for subject in subjects * ROUNDS:
            start = perf_counter()
            documents = record.read_person(conn, [subject])
            slices = sum(1 for document in documents for _ in document.body)
            times.append((perf_counter() - start) * 1000)
            assert len(documents) == 50 < slices
    times = sorted(times[len(subjects) :])
    return {"p50": round(statistics.median(times), 2), "p95": round(times[int(len(times) * 0.95)], 2)}


def _documents(files: list[Path]) -> list["record.Document"]:
    """The visits of these files, mapped and packed."""
    from yteso import mapping, record
    from yteso.intake.envelope import read

    found = []
    for file in files:
        envelope, dossiers = read(file)
        for dossier in dossiers:
            mapped = mapping.map_visit(dossier, envelope.header)
            made = {"digest": dossier.digest, "made": envelope.header.made, "received": mapped.ended}
            found.append(record.from_visit(mapped, **made)[0].pack())
    return found


def _report(runs: list[Run], visits: int, stored: int, per_file: int, reading: dict[str, float]) -> dict[str, object]:
    middle = sorted(runs, key=lambda run: run.visits_per_s)[len(runs) // 2]
    return {
        "bench": "intake",
        "visits": visits,
        "stored_before": stored,
        "dossiers_per_file": per_file,
        "visits_per_s": round(statistics.median(run.visits_per_s for run in runs)),
        "visits_per_s_runs": [round(run.visits_per_s) for run in runs],
        "refused": middle.refused,
        "stages_ms": {name: round(value, 3) for name, value in middle.stages.items()},
        "stored_bytes_per_visit": round(middle.stored_bytes),
        "raw_bytes_per_visit": round(middle.raw_bytes),
        "sent_bytes_per_visit": round(middle.sent_bytes),
        "raw_ratio": round(middle.sent_bytes / middle.raw_bytes, 2),
        "rss_mb": round(max(run.rss_mb for run in runs)),
        "processes": middle.processes,
        "read_person_50_visits_ms": reading,
        "machine": machine() | server_version(),
    }
