"""What the mapping can write, as trees: which elements are always there, which have one value only, which field of the
visit standard each carries. Read from the templates of `yteso.mapping`, so that profiles say what is really produced.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path

from yteso.mapping import BASE
from yteso.mapping.names import systems
from yteso.mapping.templates import Template, all_templates, leaf


DATA = Path(__file__).parent / "data"

DISCRIMINATORS = {"extension": "url", "identifier": "system", "coding": "system"}
"""Lists whose elements are told apart, and by what."""

_SKIPPED = {"resourceType", "id", "meta", "contained"}
_REPEATED = {"{#card_identifiers}"}
"""Derived pieces of which there may be several in one list."""


@dataclass(frozen=True)
class Shape:
    """`always`: there whenever its parent is. `fixed`: the only value it ever has. `fields` are written as XML1.HO_TEN.

    Of a list whose elements are told apart, `slices` are its elements by the value of the discriminator.
    """

    always: bool = False
    fixed: str | None = None
    fields: tuple[str, ...] = ()
    many: bool = False
    children: dict[str, "Shape"] = field(default_factory=dict)
    slices: dict[str, "Shape"] = field(default_factory=dict)


NOTHING = Shape()


def of_templates(names: Iterable[str]) -> Shape:
    """What resources made by these templates have in common, and what only some of them have."""
    found = [of_object(one.body, one.table) for one in map(_template, names)]
    return _together(found)


def extensions() -> dict[str, Shape]:
    """Every extension that the mapping writes, by its address."""
    found: dict[str, list[Shape]] = {}
    for one in _all():
        for url, shape in _extensions(of_object(one.body, one.table)):
            found.setdefault(url, []).append(shape)
    return {url: _together(shapes) for url, shapes in found.items()}


def contexts() -> dict[str, set[str]]:
    """Where each extension stands: the address → paths of elements."""
    found: dict[str, set[str]] = {}
    for one in _all():
        root = one.part or one.body["resourceType"]
        for url, path in _places(of_object(one.body, one.table), "Patient" if "contained" in root else root):
            found.setdefault(url, set()).add(path)
    return found


def of_object(node: dict, table: str) -> Shape:
    if "$else" in node:
        other = node["$else"]
        main = of_object({name: value for name, value in node.items() if name != "$else"}, table)
        instead = of_object(other, table) if "$need" not in node else NOTHING
        return replace(_together([main, instead]), always=True)
    if each := node.get("$each"):
        table = f"{table}.{each}"
    members = {name: _of(value, name, table) for name, value in node.items() if _is_member(name)}
    optional = [name for name, shape in members.items() if not shape.always]
    needed = node.get("$need", "").partition("|")[0]
    for name in optional:
        # The object is there because of its only value, or because of the one that it cannot do without.
        if len(optional) == 1 or (needed and f"{table}.{needed}" in members[name].fields and name == "value"):
            members[name] = _required(members[name])
    return Shape(always=not optional, children=members)


def _is_member(name: str) -> bool:
    return not name.startswith(("$", "_")) and name not in _SKIPPED


def _required(shape: Shape) -> Shape:
    slices = shape.slices
    if len(slices) == 1:
        slices = {name: replace(one, always=True) for name, one in slices.items()}
    return replace(shape, always=True, slices=slices)


def _of(node: object, name: str, table: str) -> Shape:
    if isinstance(node, dict):
        return of_object(node, table)
    if isinstance(node, list):
        return _of_list(node, name, table)
    if found := leaf(node):
        own = table if found.kind == "." else f"{table}.{found.name}"
        return Shape(fields=() if found.kind == "#" else (own,))
    return Shape(always=True, fixed=node if isinstance(node, str) and "{@" not in node else None)


def _of_list(nodes: list, name: str, table: str) -> Shape:
    items = [item for node in nodes for item in _items(node, name, table)]
    shapes = [shape for _, shape in items]
    always = any(shape.always for shape in shapes)
    key = DISCRIMINATORS.get(name)
    slices: dict[str, Shape] = {}
    for node, shape in items:
        value = shape.children.get(key, NOTHING).fixed
        if value is not None:
            many = "$each" in node if isinstance(node, dict) else node in _REPEATED
            shape = replace(shape, many=many)
            slices[value] = _together([slices[value], shape]) if value in slices else shape
    if key:
        return Shape(always=always, slices=slices)
    return replace(_together(shapes), always=always, fixed=shapes[0].fixed if len(shapes) == 1 else None)


def _items(node: object, name: str, table: str) -> list[tuple[object, Shape]]:
    """The elements that one entry of a list stands for; a derived one of which nothing is known may be anything."""
    found = leaf(node)
    if found and found.kind == "#":
        known = _derived(table).get(found.name)
        return [(node, of_object(*one)) for one in known] if known else [(node, NOTHING)]
    return [(node, _of(node, name, table))]


def _derived(table: str) -> dict[str, list[tuple[dict, str]]]:
    """What derived pieces look like, as far as it can be said, each with the table it is made from."""
    address = systems()

    def coded(system: str) -> dict:
        return {"coding": [{"system": address[system], "code": "{#code}"}]}

    def part(place: str) -> list[tuple[dict, str]]:
        return [(one.body, one.table) for one in all_templates() if one.part == place]

    kept = {"url": f"{BASE}/{table.partition('.')[0].lower()}", "extension": [{"valueString": "{#code}"}]}
    return {
        "card_identifiers": [({"system": address["bhyt"], "value": "{MA_THE_BHYT}"}, table)],
        "diagnoses": [({"condition": {"reference": "{#code}"}, "use": coded("diagnosis-role")}, table)],
        "result.coding": [({"system": address["loinc"], "code": "{#code}"}, table)],
        "link.category": [(coded("obs-category"), table)],
        "flag": [(coded("obs-interpretation"), table)],
        "items": part("ExplanationOfBenefit.item"),
        "beds": part("Encounter.location"),
        "rest": [(kept, table)],
    }


def _together(shapes: list[Shape]) -> Shape:
    """What holds of each of them."""
    if not shapes:
        return NOTHING
    first, *others = shapes
    for other in others:
        first = _merged(first, other)
    return first


def _merged(one: Shape, other: Shape) -> Shape:
    return Shape(
        one.always and other.always,
        one.fixed if one.fixed == other.fixed else None,
        tuple(dict.fromkeys(one.fields + other.fields)),
        one.many or other.many,
        _members(one.children, other.children),
        _members(one.slices, other.slices),
    )


def _members(one: dict[str, Shape], other: dict[str, Shape]) -> dict[str, Shape]:
    return {
        name: _merged(one[name], other[name])
        if name in one and name in other
        else _optional(one.get(name) or other[name])
        for name in one | other
    }


def _optional(shape: Shape) -> Shape:
    slices = {name: replace(one, always=False) for name, one in shape.slices.items()}
    return replace(shape, always=False, slices=slices)


def _extensions(shape: Shape) -> Iterable[tuple[str, Shape]]:
    for name, child in shape.children.items():
        if name == "extension":
            yield from child.slices.items()
            continue
        yield from _extensions(child)
        for one in child.slices.values():
            yield from _extensions(one)


def _places(shape: Shape, path: str) -> Iterable[tuple[str, str]]:
    for name, child in shape.children.items():
        if name == "extension":
            yield from ((url, path) for url in child.slices)
            continue
        for one in (child, *child.slices.values()):
            yield from _places(one, f"{path}.{name}")


def _template(name: str) -> Template:
    return next(one for one in _all() if one.name == name)


@cache
def _all() -> tuple[Template, ...]:
    """The templates of the mapping, and the shapes of what its code writes without one."""
    own = [_own(path) for path in sorted((DATA / "shapes").glob("*.json"))]
    return (*all_templates(), *own)


def _own(path: Path) -> Template:
    text = path.read_text("utf-8")
    for name, address in systems().items():
        text = text.replace(f'"%{name}"', f'"{address}"')
    body = json.loads(text)
    return Template(path.stem, body.pop("$table"), ("",), "", "", "", home=False, body=body)
