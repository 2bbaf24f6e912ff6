"""`yteso fhir import`"""

import getpass
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click
import orjson

from yteso.cli.node import connected


if TYPE_CHECKING:
    from psycopg import Connection

    from yteso.fhir.bulk.taking import Line, Taken, Taking

DONE, PROBLEMS, UNREADABLE = 0, 1, 2
TOGETHER = 200
"""Resources to a transaction."""


@click.command("import")
@click.argument("paths", nargs=-1, required=True, metavar="FILE...", type=click.Path(path_type=Path))
@click.option("--base", default="", help="Address of the FHIR server in references, where they are whole addresses.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line that was not saved, and the sum.")
def command(paths: tuple[Path, ...], base: str, as_json: bool) -> None:
    """Save the resources of NDJSON files, as if each were put over HTTP; the writing is logged.

    Patients of all FILEs first. Each line is checked; those that are wrong are told and left out. The same files again
    change nothing: after a break, run the command again.

    \b
    Exit code: 0 all are saved; 1 some lines are not; 2 a file cannot be opened; 3 the database failed.

    \b
    Example: yteso fhir import patients.ndjson observations.ndjson --json
    """
    if missing := [path for path in paths if not path.is_file()]:
        click.echo(f"{missing[0]}: không mở được / cannot be opened", err=True)
        sys.exit(UNREADABLE)
    saved, problems = Counter(), 0
    with connected() as conn:
        from yteso.access.policy import Reader
        from yteso.fhir.bulk.imports import PURPOSE
        from yteso.fhir.bulk.taking import Taking

        writer = Reader(account=f"{getpass.getuser()}@cli", role="operator", purpose=PURPOSE)
        taking = Taking(writer, lambda type: True, base.rstrip("/"))
        for turn in (True, False):
            for path in paths:
                for taken in _file(conn, taking, path, patients=turn):
                    saved += taken.saved
                    problems += len(taken.problems)
                    for problem in taken.problems:
                        _tell(path, problem, as_json)
    _sum(saved, problems, as_json)
    sys.exit(PROBLEMS if problems else DONE)


def _file(conn: "Connection", taking: "Taking", path: Path, *, patients: bool) -> Iterator["Taken"]:
    """Patients, or all else, a transaction at a time."""
    from yteso.fhir.bulk.taking import take

    lines = _lines(path, patients)
    while together := list(islice(lines, TOGETHER)):
        with conn.transaction():
            taken = take(conn, taking, together)
        yield taken


def _lines(path: Path, patients: bool) -> Iterator["Line"]:
    from yteso.fhir.bulk.taking import of_patients

    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip() and of_patients(line) is patients:
                yield number, line


def _tell(path: Path, problem: bytes, as_json: bool) -> None:
    for issue in orjson.loads(problem)["issue"]:
        if as_json:
            click.echo(orjson.dumps({"file": str(path), **issue}))
        else:
            line = issue["diagnostics"].removeprefix("line ")
            place = "".join(issue.get("expression", ()))
            click.echo(f"{path}:{line}: {place or '–'}: {issue['details']['text']}")


def _sum(saved: Counter, problems: int, as_json: bool) -> None:
    if as_json:
        click.echo(orjson.dumps({"saved": dict(sorted(saved.items())), "problems": problems}))
    else:
        types = ", ".join(f"{type} {count}" for type, count in sorted(saved.items())) or "0"
        click.echo(f"Đã lưu / saved: {types}; dòng sai / wrong lines: {problems}")
