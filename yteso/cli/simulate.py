"""yteso simulate: synthetic people and visits as national visit files."""

import json
from dataclasses import asdict
from datetime import date, datetime
from pathlib import Path
from typing import Any

import click


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()  # noqa: DTZ007 - a calendar day has no zone


@click.command()
@click.argument("out", type=click.Path(file_okay=False, path_type=Path))
@click.option("--people", type=click.IntRange(1, 9_000_000), required=True, help="How many people live there.")
@click.option("--days", type=click.IntRange(1, 3660), required=True, help="How many days of visits.")
@click.option("--facilities", type=click.IntRange(1, 999), default=12, show_default=True, help="How many facilities.")
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same files.")
@click.option("--dirty", type=click.FloatRange(0, 1), default=0.0, help="Share of dossiers that get one mistake.")
@click.option("--per-file", type=click.IntRange(1, 10_000), default=1, show_default=True, help="Dossiers in one file.")
@click.option("--start", type=day, default="01/07/2026", show_default=True, help="First day, dd/mm/yyyy.")
@click.option("--json", "as_json", is_flag=True, help="Print the totals as one JSON object.")
def command(out: Path, as_json: bool, **choices: Any) -> None:
    """Write synthetic people and visits to OUT as national visit files (QĐ 3176).

    One folder per facility; people.csv holds the truth about the people, facilities.csv the facilities and, with
    --dirty, mistakes.csv every mistake put in and the rules it should break. Nothing in them is real.

    Example: yteso simulate out --people 1000 --days 90 --facilities 12 --seed 7

    Exit codes: 0 done, 2 wrong usage.
    """
    from yteso.sandbox.simulate import simulate

    try:
        summary = simulate(out, **choices)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    if as_json:
        click.echo(json.dumps(asdict(summary) | {"out": str(out)}, ensure_ascii=False))
    else:
        click.echo(
            f"{summary.people} người, {summary.visits} lượt khám, {summary.files} tệp, "
            f"{summary.bytes / 1e6:.1f} MB, {summary.mistakes} lỗi cố ý -> {out}"
        )
