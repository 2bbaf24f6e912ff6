"""`yteso bench check`: how fast one core reads and checks, and how much memory a large file takes."""

import re
import statistics
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stdout, suppress
from datetime import date, datetime
from itertools import islice
from multiprocessing import get_context
from os import devnull
from pathlib import Path
from time import perf_counter

import click
import orjson

from yteso.cli import check
from yteso.cli.machine import machine, peak_mb
from yteso.config import collector


ROWS = range(40, 81)
"""Rows of the dossiers measured; they have sixty on average."""

WARM, LARGE = 300, 1_000
START, DAYS = date(2025, 7, 1), 360
DIRTY = 0.05

_HOSO = re.compile(rb"<HOSO>.*</HOSO>", re.DOTALL)


@click.command()
@click.option("--dossiers", default=2_000, show_default=True, help="Dossiers of one run.")
@click.option("--per-file", default=100, show_default=True, help="Dossiers in one file.")
@click.option("--repeat", default=5, show_default=True, help="Runs; the median is reported.")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON line.")
def command(dossiers: int, per_file: int, repeat: int, as_json: bool) -> None:
    """Files on disk to findings in words, on one core: what `yteso check --json` does, with all rules on.

    The dossiers are synthetic, of about 60 rows, one in twenty with a mistake. `rss_mb` is the peak of a fresh process
    that checks one file of 1,000 dossiers. No database is needed.

    \b
    Example: yteso bench check --json
    """
    from yteso.intake import checking

    def say(text: str) -> None:
        if not as_json:
            click.echo(text, err=True)

    with tempfile.TemporaryDirectory(prefix="yteso-bench-") as folder:
        say(f"writing {dossiers} dossiers …")
        files, rows, large = _write(Path(folder), dossiers, per_file)
        collector.settle()
        _check(files[: WARM // per_file + 1])
        runs = [dossiers / _seconds(_check, files) for _ in range(repeat)]
        say(f"{round(statistics.median(runs))} dossiers/s")
        read, checked = _stages(files)
        report = {
            "bench": "check",
            "dossiers": dossiers,
            "dossiers_per_file": per_file,
            "rows_per_dossier": round(rows / dossiers, 1),
            "dossiers_per_s": round(statistics.median(runs)),
            "dossiers_per_s_runs": [round(run) for run in runs],
            "rss_mb": round(_peak(large)),
            "rules": len(checking.RULES),
            "read_ms": round(read / dossiers * 1000, 3),
            "check_ms": round(checked / dossiers * 1000, 3),
            "machine": machine(),
        }
    print(orjson.dumps(report).decode())


def _write(folder: Path, dossiers: int, per_file: int) -> tuple[list[Path], int, Path]:
    """Files of dossiers, the rows in them, and one file of a thousand dossiers."""
    made = list(islice(_simulated(dossiers), max(dossiers, LARGE)))
    elements = [_HOSO.search(content)[0].decode() for content, _ in made]
    files = [
        _file(folder / f"{start:07}.xml", elements[start : min(start + per_file, dossiers)])
        for start in range(0, dossiers, per_file)
    ]
    return files, sum(rows for _, rows in made[:dossiers]), _file(folder / "large.xml", elements[:LARGE])


def _file(path: Path, elements: list[str]) -> Path:
    from yteso.sandbox.xml import envelope

    path.write_bytes(envelope("99001", f"{START:%Y%m%d}", elements))
    return path


def _simulated(dossiers: int) -> Iterator[tuple[bytes, int]]:
    """Files of one dossier of the wanted size, and its rows."""
    from yteso.intake.envelope import read
    from yteso.sandbox.simulate import visits

    people = 300 + 2 * max(dossiers, LARGE)
    for file in visits(people=people, days=DAYS, facilities=1, seed=1, dirty=DIRTY, start=START):
        rows = sum(sum(dossier.rows.values()) for dossier in read(file.bytes)[1])
        if rows in ROWS:
            yield file.bytes, rows


def _check(files: list[Path]) -> None:
    for file in files:
        orjson.dumps(check.summary(check.check_file(file)))


def _stages(files: list[Path]) -> tuple[float, float]:
    """Seconds of reading these files, and of checking what was read."""
    from yteso.intake import checking
    from yteso.intake.envelope import read

    now = datetime.now(check.VIET_NAM)
    reading = checked = 0.0
    for file in files:
        start = perf_counter()
        envelope, dossiers = read(file)
        middle = perf_counter()
        for dossier in dossiers:
            checking.check(dossier, envelope.header, now=now)
        reading += middle - start
        checked += perf_counter() - middle
    return reading, checked


def _seconds(work: Callable[[list[Path]], None], files: list[Path]) -> float:
    start = perf_counter()
    work(files)
    return perf_counter() - start


def _peak(file: Path) -> float:
    """Megabytes at the peak of a process that does nothing but check this file."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_check_alone, file).result()


def _check_alone(file: Path) -> float:
    with Path(devnull).open("w") as nowhere, redirect_stdout(nowhere), suppress(SystemExit):
        check.command([str(file), "--json"])
    return peak_mb()
