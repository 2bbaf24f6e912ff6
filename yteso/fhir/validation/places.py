"""The elements of a resource one by one, each with its definition and its FHIRPath location."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from yteso.fhir.definitions import PRIMITIVES, structure


@dataclass(frozen=True, slots=True)
class Place:
    """A value: `path` is of its element ("Patient.contact"), `type` its type, `at` where it stands."""

    value: Any
    path: str
    type: str
    at: str


def places(value: Any, type: str, at: str, path: str = "") -> Iterator[Place]:
    """The value itself and all below it; of a resource within a resource (type Resource) itself only.

    What has not the form it should is left out.
    """
    yield Place(value, path or type, type, at)
    if type in PRIMITIVES or type == "Resource" or not isinstance(value, dict):
        return
    for key, (element, kind) in structure(type).keys.items():
        if key in value:
            for one, there in items(value[key], f"{at}.{element.name}"):
                if isinstance(one, dict) or kind in PRIMITIVES:
                    yield from places(one, kind, there, element.path)


def items(value: Any, at: str) -> list[tuple[Any, str]]:
    """The values of an element, which may be a list of them, each with its location."""
    if isinstance(value, list):
        return [(one, f"{at}[{number}]") for number, one in enumerate(value)]
    return [(value, at)]
