"""The knowledge of the synthetic province, as CSV files; README.md says where each comes from."""

import csv
from functools import cache
from importlib import resources


def words(text: str) -> tuple[str, ...]:
    """The words of `text`, for lists of names that read better in one line."""
    return tuple(text.split())


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `name`.csv in file order."""
    with resources.files(__name__).joinpath(f"{name}.csv").open(encoding="utf-8", newline="") as source:
        return tuple(csv.DictReader(source))


@cache
def table(name: str, key: str = "key") -> dict[str, dict[str, str]]:
    """The rows of `name`.csv by their `key` column."""
    return {row[key]: row for row in rows(name)}
