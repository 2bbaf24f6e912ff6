"""FHIRPath Patch: add, insert, delete, replace, move (https://hl7.org/fhir/R4/fhirpatch.html)."""

from collections.abc import Callable

from yteso.fhir.patch.errors import NoPatch, NotApplicable
from yteso.fhir.patch.paths import Place, collection, select
from yteso.fhir.patch.tree import Json, Node, grow, json, text
from yteso.fhir.patch.values import slot, taken
from yteso.fhir.structure.reading import Number, read


Parts = dict[str, dict[str, Json]]
"""The parts of one operation by their names."""


def apply_fhirpath_patch(resource: bytes, parameters: bytes) -> bytes:
    """The resource after the operations of a Parameters resource, one after the other; all or nothing.

    `parameters` passes `structure.check`. Raises NoPatch, NotApplicable.
    """
    root = grow("Resource", read(resource))
    for number, parameter in enumerate(read(parameters).get("parameter", ())):
        try:
            _operate(root, parameter)
        except (NoPatch, NotApplicable) as refused:
            raise refused.at(f"Parameters.parameter[{number}]") from None
    return text(json(root))


def _operate(root: Node, parameter: dict[str, Json]) -> None:
    parts = {part["name"]: part for part in parameter.get("part", ())}
    operation = _OPERATIONS.get(_text(parts, "type")) if parameter["name"] == "operation" else None
    if not operation:
        raise NoPatch(
            f"Mỗi parameter là một operation, type là một trong: {', '.join(_OPERATIONS)}.",
            f"Each parameter is an operation, type is one of: {', '.join(_OPERATIONS)}.",
        )
    operation(root, _text(parts, "path"), parts)


def _add(root: Node, path: str, parts: Parts) -> None:
    """Appends to a list; an element that is single must not be there yet."""
    parent, name = _one(select(root, path)).node, _text(parts, "name")
    key, node = taken(_part(parts, "value"), parent, name)
    element, _ = parent.structure.keys[key]
    if not element.many and any(parent.structure.keys[known][0] is element for known in parent.members):
        raise NotApplicable("Phần tử đã có; hãy dùng replace.", "The element is there already; use replace.")
    parent.members.setdefault(key, []).append(node)


def _insert(root: Node, path: str, parts: Parts) -> None:
    parent, nodes, key = _list(root, path)
    _, node = taken(_part(parts, "value"), parent.node, key)
    nodes.insert(_index(parts, "index", len(nodes)), node)
    parent.node.members[key] = nodes


def _delete(root: Node, path: str, parts: Parts) -> None:
    """What is not there need not be deleted."""
    if places := select(root, path):
        _remove(_one(places))


def _replace(root: Node, path: str, parts: Parts) -> None:
    place = _one(select(root, path))
    parent = _parent(place).node
    element, _ = parent.structure.keys[place.key]
    key, node = taken(_part(parts, "value"), parent, element.name)
    if key == place.key:
        parent.members[key][place.index] = node
    else:  # of a choice, another type
        parent.members = {
            key if known == place.key else known: [node] if known == place.key else nodes
            for known, nodes in parent.members.items()
        }


def _move(root: Node, path: str, parts: Parts) -> None:
    _, nodes, _ = _list(root, path)
    last = len(nodes) - 1
    node = nodes.pop(_index(parts, "source", last))
    nodes.insert(_index(parts, "destination", last), node)


_OPERATIONS: dict[str, Callable[[Node, str, Parts], None]] = {
    "add": _add,
    "insert": _insert,
    "delete": _delete,
    "replace": _replace,
    "move": _move,
}


def _remove(place: Place) -> None:
    """And the parents that are empty without it."""
    parent = _parent(place)
    nodes = parent.node.members[place.key]
    del nodes[place.index]
    if not nodes:
        del parent.node.members[place.key]
    if parent.parent and parent.node.empty:
        _remove(parent)


def _parent(place: Place) -> Place:
    if not place.parent:
        raise NotApplicable(
            "Không xóa hay thay cả tài nguyên bằng patch.", "A patch does not delete or replace the resource itself."
        )
    return place.parent


def _list(root: Node, path: str) -> tuple[Place, list[Node], str]:
    """The list that the path names, maybe empty and not yet there."""
    parents, name = collection(root, path)
    parent = _one(parents)
    key = slot(parent.node, name)
    if not parent.node.structure.keys[key][0].many:
        raise NotApplicable("path phải là một danh sách.", "path must be a list.")
    return parent, parent.node.members.get(key, []), key


def _one(places: list[Place]) -> Place:
    if len(places) != 1:
        raise NotApplicable(
            f"path phải chỉ đúng một phần tử, ở đây là {len(places)}.",
            f"path must lead to one element, here it is {len(places)}.",
        )
    return places[0]


def _part(parts: Parts, name: str) -> dict[str, Json]:
    if name not in parts:
        raise NoPatch(f"Thiếu {name}.", f"{name} is missing.")
    return parts[name]


def _text(parts: Parts, name: str) -> str:
    value = next((value for key, value in _part(parts, name).items() if key.startswith("value")), None)
    if not isinstance(value, str):
        raise NoPatch(f"{name} phải là chữ.", f"{name} must be a text.")
    return value


def _index(parts: Parts, name: str, last: int) -> int:
    value = _part(parts, name).get("valueInteger")
    if not isinstance(value, Number):
        raise NoPatch(f"{name} phải là valueInteger.", f"{name} must be a valueInteger.")
    if not 0 <= int(value) <= last:
        raise NotApplicable(f"{name} phải từ 0 đến {last}.", f"{name} must be from 0 to {last}.")
    return int(value)
