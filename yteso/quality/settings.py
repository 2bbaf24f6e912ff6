"""What is good, and other choices that are applied when figures are read; each holds from a day on."""

import csv
from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path

from yteso.quality import months


DATA = Path(__file__).parent / "data"

GOOD, FAIR, POOR = "good", "fair", "poor"

MEASURES = ("correct", "complete", "clean", "timely", "deep", "same")
"""đúng, đủ, sạch, sống, sâu, đồng bộ."""


def grade(measure: str, value: float, on: date) -> str:
    """GOOD, FAIR or POOR by the limits in force on `on`."""
    good, fair = _in_force("grades.csv", "measure", measure, on)
    return GOOD if value >= float(good) else FAIR if value >= float(fair) else POOR


def number(name: str, on: date) -> int:
    return int(_in_force("settings.csv", "name", name, on)[0])


def released(month: date, today: date) -> bool:
    """True when the authority may see this month; its facility sees it at once."""
    following = months.after(month)
    return today >= following.replace(day=number("release_day", following))


def last_released(today: date) -> date:
    """First day of the latest month the authority may see."""
    month = months.first(today)
    while not released(month, today):
        month = months.before(month)
    return month


@cache
def holidays() -> frozenset[date]:
    return frozenset(date.fromisoformat(row["day"]) for row in _rows("holidays.csv"))


def _in_force(file: str, key: str, name: str, on: date) -> list[str]:
    """The values of the line in force; the oldest speaks for the days before it. KeyError when there is none."""
    lines = _table(file, key)[name]
    return next((values for since, values in reversed(lines) if since <= on), lines[0][1])


@cache
def _table(file: str, key: str) -> dict[str, list[tuple[date, list[str]]]]:
    found: dict[str, list[tuple[date, list[str]]]] = {}
    for row in _rows(file):
        name, since = row.pop(key), date.fromisoformat(row.pop("effective_from"))
        found.setdefault(name, []).append((since, list(row.values())))
    return {name: sorted(lines) for name, lines in found.items()}


def _rows(file: str) -> Iterator[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, strict=True)
