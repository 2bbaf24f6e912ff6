"""Reads the data files of this package."""

import csv
from collections.abc import Iterator
from pathlib import Path


DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of one CSV file below `data/`, by column name."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)


def columns(name: str) -> Iterator[list[str]]:
    """Rows of one CSV file below `data/`, by position: for the long files, where names cost too much time."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        next(reader)
        yield from reader
