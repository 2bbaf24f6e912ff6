"""The resource types of R4: which search by patient they have, and what of them is in a summary."""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Optional


Tree = dict[str, Optional["Tree"]]
"""Elements by name; None: the whole of it, else only these parts of it."""


@dataclass(slots=True, frozen=True)
class Type:
    """`scopes`: which of the parameters `patient` and `subject` it has; `kept`: elements that stay in every part."""

    name: str
    scopes: tuple[str, ...]
    compartment: bool
    kept: tuple[str, ...]
    summary: Tree


@cache
def types() -> dict[str, Type]:
    """All types by name."""
    text = files(__package__).joinpath("data/resources.csv").read_text("utf-8")
    return {row["type"]: _type(row) for row in csv.DictReader(text.splitlines())}


def _type(row: dict[str, str]) -> Type:
    inside, kept = row["compartment"] == "yes", tuple(row["kept"].split())
    scopes = tuple(row["patient"].split()) if inside else ()
    return Type(row["type"], scopes, inside, kept, tree([*kept, *row["summary"].split()]))


def tree(paths: list[str]) -> Tree:
    """The paths as a tree, parents first."""
    root: Tree = {}
    for path in paths:
        *parents, name = path.split(".")
        place = root
        for parent in parents:
            if place.get(parent) is None:
                place[parent] = {}
            place = place[parent]
        place[name] = None
    return root
