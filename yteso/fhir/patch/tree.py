"""A resource as a tree, in which a primitive and what stands beside it (`birthDate`, `_birthDate`) are one node."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import zip_longest

import msgspec

from yteso.fhir.definitions import PRIMITIVES, RESOURCES, Structure, structure
from yteso.fhir.patch.errors import NotApplicable
from yteso.fhir.structure.reading import Number


Json = object


@dataclass(slots=True)
class Node:
    """`type` is a resource type, a structure or a primitive type; only a primitive has a `value`.

    `members` by their JSON names (valueQuantity); where one value belongs the list has one.
    """

    type: str
    value: Json = None
    members: dict[str, list["Node"]] = field(default_factory=dict)

    @property
    def structure(self) -> Structure:
        return structure("Element" if self.type in PRIMITIVES else self.type)

    @property
    def empty(self) -> bool:
        return self.value is None and not self.members and self.type not in RESOURCES


def grow(type: str, value: Json, beside: Json = None) -> Node:
    """The node of a value of this type ("Resource": of any). Raises NotApplicable."""
    if type in PRIMITIVES:
        return Node(type, value, _members("Element", beside or {}))
    if not isinstance(value, dict):
        raise _misfit(type)
    if type == "Resource":
        type, value = value.get("resourceType"), {name: one for name, one in value.items() if name != "resourceType"}
        if type not in RESOURCES:
            raise _misfit("Resource")
    return Node(type, None, _members(type, value))


def json(node: Node) -> Json:
    """`grow` backwards, for a node with elements."""
    found: dict[str, Json] = {"resourceType": node.type} if node.type in RESOURCES else {}
    for key, nodes in node.members.items():
        element, type = node.structure.keys[key]
        sides = {key: [one.value if type in PRIMITIVES else json(one) for one in nodes]}
        if type in PRIMITIVES:
            sides[f"_{key}"] = [json(one) or None for one in nodes]
        for name, side in sides.items():
            if any(one is not None for one in side):
                found[name] = side if element.many or len(side) > 1 else side[0]
    return found


def text(value: Json) -> bytes:
    """JSON in which numbers are as they were."""
    return msgspec.json.encode(_raw(value))


def _members(type: str, value: Json) -> dict[str, list[Node]]:
    if not isinstance(value, dict):
        raise _misfit(type)
    of, found = structure(type), {}
    for name in dict.fromkeys(key.removeprefix("_") for key in value):
        if name not in of.keys:
            raise _misfit(type)
        kind = of.keys[name][1]
        pairs = zip_longest(_listed(value.get(name)), _listed(value.get(f"_{name}")))
        found[name] = [grow(kind, one, beside) for one, beside in pairs]
    return found


def _listed(value: Json) -> Iterable[Json]:
    if isinstance(value, list):
        return value
    return () if value is None else (value,)


def _raw(value: Json) -> Json:
    if isinstance(value, Number):
        return msgspec.Raw(value.encode())
    if isinstance(value, dict):
        return {name: _raw(one) for name, one in value.items()}
    return [_raw(one) for one in value] if isinstance(value, list) else value


def _misfit(type: str) -> NotApplicable:
    return NotApplicable(f"Giá trị không phải là {type} đúng dạng.", f"The value is not a sound {type}.")
