"""Reads the data files of this package."""

import csv
from collections.abc import Iterator
from pathlib import Path


DATA = Path(__file__).parent / "data"


def rows(name: str) -> Iterator[dict[str, str]]:
    """Rows of one CSV file below `data/`, by column name."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)
