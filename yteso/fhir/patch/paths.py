"""Where an expression leads in a resource: FHIRPath that selects elements (fhirpatch.html, fhirpath.html).

The parser and the evaluation of conditions are those of fhirpathpy; the steps are walked here, because a patch needs
the places of elements and not their values.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Optional

import orjson
from fhirpathpy import apply_parsed_path
from fhirpathpy.engine.nodes import ResourceNode
from fhirpathpy.models import models
from fhirpathpy.parser import parse

from yteso.fhir.definitions import PRIMITIVES
from yteso.fhir.patch import grammar
from yteso.fhir.patch.errors import NoPatch
from yteso.fhir.patch.tree import Node, json, text


Tree = dict[str, Any]
"""A part of an expression, as the parser gives it."""

_ASKED = {
    *("all", "as", "contains", "count", "empty", "endsWith", "exists", "extension", "first", "hasValue", "is", "last"),
    *("length", "lower", "not", "ofType", "single", "skip", "startsWith", "tail", "take", "toString", "upper", "where"),
}
"""What a condition may call: nothing that could go on for ever or grow without an end."""

_DIV = re.compile(r"\.div$")
"""The one name of an element that is also an operator; patches of others write it without its quotes."""


@dataclass(slots=True)
class Place:
    """A node, and where it is: the `index`-th of `key` of its parent. The resource itself has none."""

    node: Node
    parent: Optional["Place"] = None
    key: str = ""
    index: int = 0

    def children(self, name: str) -> list["Place"]:
        """By the name of the element (value) or its JSON name (valueQuantity)."""
        keys = self.node.structure.keys
        named = [key for key in self.node.members if name in (key, keys[key][0].name)]
        return [Place(one, self, key, n) for key in named for n, one in enumerate(self.node.members[key])]


def select(resource: Node, path: str) -> list[Place]:
    """The elements that the expression selects. Raises NoPatch."""
    return _walk(_parsed(path), [Place(resource)])


def collection(resource: Node, path: str) -> tuple[list[Place], str]:
    """The parents of a list that may be empty, and its name: `Patient.name` is `name` of Patient. Raises NoPatch."""
    tree, root = _parsed(path), [Place(resource)]
    parents = root
    if tree["type"] == "InvocationExpression":
        left, tree = tree["children"]
        parents = _walk(left, root)
    while tree["type"] in ("TermExpression", "InvocationTerm"):
        tree = tree["children"][0]
    if tree["type"] != "MemberInvocation":
        raise _not_offered()
    return parents, _name(tree)


def _walk(tree: Tree, root: list[Place]) -> list[Place]:
    type, parts = tree["type"], tree["children"]
    if type in ("TermExpression", "ParenthesizedTerm"):
        return _walk(parts[0], root)
    if type == "InvocationTerm":
        first = parts[0]
        if first["type"] == "MemberInvocation" and _name(first) == root[0].node.type:
            return root
        return _step(first, root)
    if type == "InvocationExpression":
        return _step(parts[1], _walk(parts[0], root))
    if type == "IndexerExpression":
        number = _whole(parts[1])
        return _walk(parts[0], root)[number : number + 1]
    if type == "TypeExpression" and tree["terminalNodeText"] == ["as"]:
        return _of_type(_walk(parts[0], root), parts[1])
    raise _not_offered()


def _step(tree: Tree, places: list[Place]) -> list[Place]:
    if tree["type"] == "MemberInvocation":
        return [child for place in places for child in place.children(_name(tree))]
    if tree["type"] != "FunctionInvocation":
        raise _not_offered()
    (function,) = tree["children"]
    name, *given = function["children"]
    given = given[0]["children"] if given else []
    known = _FUNCTIONS.get((_name(name), len(given)))
    if not known:
        raise _not_offered()
    return known(places, *given)


def _where(places: list[Place], condition: Tree) -> list[Place]:
    if not _ASKED.issuperset(_called(condition)):
        raise _not_offered()
    return [place for place in places if _holds(place.node, condition)]


def _extension(places: list[Place], url: Tree) -> list[Place]:
    wanted = url.get("text", "")[1:-1]
    found = [child for place in places for child in place.children("extension")]
    return [child for child in found if child.node.members["url"][0].value == wanted]


def _of_type(places: list[Place], type: Tree) -> list[Place]:
    wanted = type["text"].rpartition(".")[2]
    return [place for place in places if place.node.type.removeprefix("Simple") == wanted]


def _single(places: list[Place]) -> list[Place]:
    if len(places) > 1:
        raise NoPatch("single() gặp nhiều phần tử.", "single() has met several elements.")
    return places


_FUNCTIONS: dict[tuple[str, int], Callable[..., list[Place]]] = {
    ("where", 1): _where,
    ("extension", 1): _extension,
    ("ofType", 1): _of_type,
    ("as", 1): _of_type,
    ("single", 0): _single,
    ("first", 0): lambda places: places[:1],
    ("last", 0): lambda places: places[-1:],
    ("tail", 0): lambda places: places[1:],
    ("skip", 1): lambda places, number: places[_whole(number) :],
    ("take", 1): lambda places, number: places[: _whole(number)],
}


def _called(tree: Tree) -> Iterator[str]:
    """The functions that an expression calls."""
    if tree["type"] == "Functn":
        yield _name(tree["children"][0])
    for part in tree.get("children", ()):
        yield from _called(part)


def _holds(node: Node, condition: Tree) -> bool:
    plain = node.value if node.type in PRIMITIVES else orjson.loads(text(json(node)))
    try:
        found = apply_parsed_path(ResourceNode(plain, node.type), {"children": [condition]}, {}, models["r4"])
    except Exception:  # the library raises Exception itself
        raise _not_offered() from None
    return found == [True]


@lru_cache(1_000)
def _parsed(path: str) -> Tree:
    path = _DIV.sub(".`div`", path)
    try:
        grammar.check(path)
        (tree,) = parse(path)["children"]
    except (ValueError, RecursionError):
        raise NoPatch("path không phải là FHIRPath đúng dạng.", "path is not sound FHIRPath.") from None
    return tree


def _name(tree: Tree) -> str:
    while "text" not in tree:
        (tree,) = tree["children"]
    return tree["text"].strip("`")


def _whole(tree: Tree) -> int:
    if not tree.get("text", "").isdecimal():
        raise _not_offered()
    return int(tree["text"])


def _not_offered() -> NoPatch:
    return NoPatch(
        "path chỉ gồm tên, [số], where(), extension(), ofType(), as, first(), last(), tail(), skip(), take() và "
        "single().",
        "path is made of names, [numbers], where(), extension(), ofType(), as, first(), last(), tail(), skip(), take() "
        "and single().",
    )
