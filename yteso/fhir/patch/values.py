"""Values as they stand in the parameters of a patch: `value[x]`, a resource, or parts where a type has no name."""

from yteso.fhir.definitions import PRIMITIVES, RESOURCES, structure
from yteso.fhir.patch.errors import NoPatch, NotApplicable
from yteso.fhir.patch.tree import Json, Node, grow, json


QUANTITIES = {"Age", "Count", "Distance", "Duration", "MoneyQuantity", "Quantity", "SimpleQuantity"}
"""Types that are Quantity in another name."""

_SAID_AS = {"xhtml": "string", "SimpleQuantity": "Quantity", "MoneyQuantity": "Quantity"}

_CARRIED = {key: type for key, (_, type) in structure("Parameters.parameter").keys.items() if key.startswith("value")}


def taken(part: dict[str, Json], parent: Node, name: str) -> tuple[str, Node]:
    """What `part` gives the element `name` of `parent`: its JSON name and the node. Raises NoPatch, NotApplicable."""
    key = next((key for key in _CARRIED if key in part or f"_{key}" in part), None)
    if key:
        place = slot(parent, name, _CARRIED[key])
        return place, _fitting(_CARRIED[key], parent.structure.keys[place][1], part.get(key), part.get(f"_{key}"))
    place = slot(parent, name)
    type = parent.structure.keys[place][1]
    if "resource" in part:
        if type != "Resource":
            raise _wrong_type(name)
        return place, grow(type, part["resource"])
    if type in PRIMITIVES or type == "Resource" or not part.get("part"):
        raise NoPatch("Thiếu value[x], resource hoặc part.", "There is no value[x], resource or part.")
    node = Node(type)
    for one in part["part"]:
        inner, child = taken(one, node, one["name"])
        node.members.setdefault(inner, []).append(child)
    return place, node


def given(name: str, node: Node) -> dict[str, Json]:
    """A part of this name with a node: `taken` backwards."""
    if node.type in RESOURCES:
        return {"name": name, "resource": json(node)}
    type = _SAID_AS.get(node.type, node.type)
    key = f"value{type[0].upper()}{type[1:]}"
    if key not in _CARRIED:
        of = node.structure.keys
        parts = [given(of[key][0].name, one) for key, nodes in node.members.items() for one in nodes]
        return {"name": name, "part": parts}
    if node.type not in PRIMITIVES:
        return {"name": name, key: json(node)}
    sides = {key: node.value, f"_{key}": json(node) or None}
    return {"name": name} | {side: value for side, value in sides.items() if value is not None}


def slot(parent: Node, name: str, type: str = "") -> str:
    """The JSON name that the element has with a value of this type."""
    of = parent.structure
    if name in of.keys:
        return name
    element = of.elements.get(name)
    if not element:
        raise NotApplicable(
            f"{parent.type} không có phần tử tên như vậy.",
            f"{parent.type} has no element of that name.",
        )
    fitting = [key for key in map(element.key, element.types) if key == element.key(type or " ")]
    if not fitting:
        raise _wrong_type(element.path)
    return fitting[0]


def _fitting(type: str, wanted: str, value: Json, beside: Json) -> Node:
    same = type == wanted or {type, wanted} <= QUANTITIES
    if not same and not (type in PRIMITIVES and wanted in PRIMITIVES):
        raise _wrong_type(wanted)
    return grow(wanted, value, beside)


def _wrong_type(wanted: str) -> NotApplicable:
    return NotApplicable(f"Kiểu của value không hợp với {wanted}.", f"The type of value does not fit {wanted}.")
