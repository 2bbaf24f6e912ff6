"""Helpers of the search tests: tables drawn in text, and one search asked of one resource."""

import gzip
from functools import cache
from pathlib import Path

import orjson

from yteso.fhir.search import parse


EXAMPLES = Path(__file__).parents[1] / "examples/search.jsonl.gz"


def table(text: str) -> list[tuple[str, ...]]:
    """Rows of a table whose columns are set apart by ` | `; lines that begin with # are remarks."""
    lines = [line.strip() for line in text.strip().splitlines()]
    rows = (line.split(" | ") for line in lines if line and line[0] != "#")
    return [tuple(cell.strip() for cell in row) for row in rows]


def found(kind: str, name: str, value: str, resource: dict, **how) -> bool:
    """Does `kind?name=value` find the resource?"""
    return parse(kind, [(name, value)], strict=True, **how).matches({"resourceType": kind, **resource})


@cache
def examples() -> list[dict]:
    return [orjson.loads(line) for line in gzip.decompress(EXAMPLES.read_bytes()).splitlines()]
