"""The official search parameters and compartments of FHIR R4, read from `data/` on first use."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from yteso.fhir.search.expression import Expression, compiled


DATA = Path(__file__).parent / "data"
ANY = "Resource"
"""The type whose parameters every type has; a search in it is a search in all types."""

UNSUPPORTED = {
    "_text": "no expression: full text of the narrative",
    "_content": "no expression: full text of the resource",
    "_query": "names a query, not a value",
    "phonetic": "the specification leaves the algorithm open, and none is made for Vietnamese names",
}
"""Official parameters that are not offered, and why."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """One search parameter of one resource type.

    `url` is its definition. `targets` are the types a reference may lead to, empty for any. `systems` are the code
    systems that a bare code (`Patient.gender`) is from. `components`, of a composite, are the parameters of its parts,
    each read from the element that this parameter finds.
    """

    base: str
    code: str
    type: str
    url: str
    expression: str
    targets: frozenset[str]
    systems: tuple[str, ...]
    components: tuple["Parameter", ...]
    compiled: Expression = field(repr=False)

    def values(self, resource: dict) -> list:
        """The elements of the resource that the parameter is about."""
        return self.compiled.select(resource, resource)


@cache
def parameters(resource_type: str) -> dict[str, Parameter]:
    """The parameters of a type by code, those of every type first. KeyError: no such type."""
    if resource_type not in resource_types() and resource_type != ANY:
        raise KeyError(resource_type)
    rows = {row["code"]: row for base in dict.fromkeys((ANY, resource_type)) for row in _rows().get(base, ())}
    return {code: _parameter(row, rows) for code, row in rows.items() if code not in UNSUPPORTED}


@cache
def resource_types() -> frozenset[str]:
    """All types of resource that FHIR R4 has."""
    return frozenset(row["type"] for row in _read("compartments.csv"))


@cache
def compartment(name: str) -> dict[str, tuple[str, ...]]:
    """Type → parameters, any of which ties a resource of it to the compartment's owner; types without are absent.

    Source: FHIR R4, CompartmentDefinition. KeyError: there is no such compartment.
    """
    tied = {
        row["type"]: tuple(row["parameters"].split())
        for row in _read("compartments.csv")
        if row["compartment"] == name and row["parameters"]
    }
    if not tied:
        raise KeyError(name)
    return tied


def _parameter(row: dict[str, str], rows: dict[str, dict[str, str]]) -> Parameter:
    whole = compiled(row["expression"], row["base"], _choices())
    parts = [part.partition("=") for part in row["components"].split(";") if part]
    # The alternatives of a composite start at elements alike in shape, so any of their paths serves for its parts.
    components = [_built(rows[code], part, compiled(part, whole.paths[0], _choices())) for code, _, part in parts]
    return _built(row, row["expression"], whole, *components)


def _built(row: dict[str, str], text: str, expression: Expression, *components: Parameter) -> Parameter:
    return Parameter(
        row["base"],
        row["code"],
        row["type"],
        f"http://hl7.org/fhir/SearchParameter/{row['id']}",
        text,
        frozenset(row["targets"].replace("*", "").split()),
        tuple(row["systems"].split()),
        components,
        expression,
    )


@cache
def _rows() -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = {}
    for row in _read("parameters.csv"):
        rows.setdefault(row["base"], []).append(row)
    return rows


@cache
def _choices() -> dict[str, tuple[str, ...]]:
    return {row["path"]: tuple(row["types"].split()) for row in _read("choices.csv")}


def _read(name: str) -> Iterator[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file, strict=True)
