"""Types and their elements. A structure is a type, or a part of one: "Patient", "HumanName", "Patient.contact"."""

import re
from dataclasses import dataclass, field
from functools import cache

from yteso.fhir.definitions import files


_WRITTEN = re.compile(r"(?P<name>[^(]+)(?:\((?P<targets>[^)]+)\))?")

_BACKBONE = {"BackboneElement", "Element"}


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a structure.

    `types` are names of primitives, of structures, or "Resource" (any resource). `targets`: resource types that a
    Reference may point at, empty for any. `codes` is the value set of a required binding, or "". `max` is 1, or None
    for no limit. `choice`: the JSON name is `name` and the type, as in valueQuantity.
    """

    path: str
    name: str
    min: int
    max: int | None
    types: tuple[str, ...]
    targets: frozenset[str]
    codes: str
    summary: bool
    choice: bool

    @property
    def many(self) -> bool:
        return self.max is None

    def key(self, type: str) -> str:
        """Its name in JSON and XML when it has this type."""
        if not self.choice:
            return self.name
        type = type.removeprefix("Simple")  # SimpleQuantity is a profile, and its name that of its type
        return self.name + type[0].upper() + type[1:]


@dataclass(frozen=True, slots=True)
class Structure:
    """`elements` by name in the order of the definition; `keys`: the JSON names, each with its element and type."""

    name: str
    elements: dict[str, Element] = field(default_factory=dict)
    keys: dict[str, tuple[Element, str]] = field(default_factory=dict)


@cache
def structure(name: str) -> Structure:
    """The structure of this name; KeyError when there is none."""
    return _load(name.split(".", 1)[0])[name]


@cache
def _load(type: str) -> dict[str, Structure]:
    """A type and its parts."""
    if type not in RESOURCES and type not in COMPLEX:
        raise KeyError(type)
    found = {type: Structure(type)}
    for row in files.rows(f"types/{type}.csv"):
        element = _element(row)
        parent = found[row["path"].rpartition(".")[0]]
        parent.elements[element.name] = element
        for kind in element.types:
            parent.keys[element.key(kind)] = element, kind
        if element.types == (element.path,):
            found[element.path] = Structure(element.path)
    return found


def _element(row: dict[str, str]) -> Element:
    path, written = row["path"].removesuffix("[x]"), row["types"]
    named = [_WRITTEN.fullmatch(word) for word in written.split(" ")]
    if written in _BACKBONE:
        types = (path,)
    else:
        types = tuple(one["name"].removeprefix("#") for one in named)
    targets = frozenset(target for one in named if one["name"] == "Reference" for target in _targets(one))
    return Element(
        path,
        path.rpartition(".")[2],
        int(row["min"]),
        None if row["max"] == "*" else int(row["max"]),
        types,
        targets,
        row["codes"],
        row["summary"] == "y",
        row["path"].endswith("[x]"),
    )


def _targets(written: re.Match) -> list[str]:
    return written["targets"].split("|") if written["targets"] else []


_TYPES = list(files.rows("types.csv"))

RESOURCES = frozenset(row["name"] for row in _TYPES if row["kind"] == "resource")
"""The 146 types of resource that can be instantiated (the 148 of the specification have two abstract ones)."""

COMPLEX = frozenset(row["name"] for row in _TYPES if row["kind"] == "complex")
"""Data types with elements."""

PRIMITIVES = {row["name"]: row["regex"] for row in _TYPES if row["kind"] == "primitive"}
"""Primitive types, each with the regular expression of the specification, or ""."""
