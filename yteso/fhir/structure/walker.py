"""Goes through a resource element by element and reports every problem."""

from collections.abc import Iterator
from difflib import get_close_matches

from yteso.fhir.definitions import PRIMITIVES, RESOURCES, Element, Structure, codes, structure
from yteso.fhir.structure import contained, narrative, references
from yteso.fhir.structure.issues import Issue, issue, wrong_form
from yteso.fhir.structure.primitives import json_type, well_formed
from yteso.fhir.structure.reading import Number, Twice


_WRITTEN = {
    bool: {"json_vi": "true hoặc false, không có ngoặc kép", "json_en": "true or false, without quotes"},
    Number: {"json_vi": "số, không có ngoặc kép", "json_en": "a number, without quotes"},
    str: {"json_vi": "chuỗi trong ngoặc kép", "json_en": "a string, in quotes"},
}


class Walker:
    """One walk; `issues` grows with it. Nodes are what `reading.read` gives."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self._parts: dict[str, str] = {}  # types of the contained resources by id

    def resource(self, node: object, path: str = "", *, inside: bool = False) -> None:
        """A resource at `path` (its type when blank); `inside`: it is contained in another."""
        if not isinstance(node, dict):
            return self._say(path, "not-an-object", type="Resource")
        type = node.get("resourceType")
        path = path or (type if isinstance(type, str) and type in RESOURCES else "")
        if not isinstance(type, str) or type not in RESOURCES:
            return self._say(path, "unknown-type" if "resourceType" in node else "no-type")
        outer = self._parts
        if not inside:
            self._parts = contained.types(node)
        self._structure(node, structure(type), path, is_resource=True)
        if not inside:
            self.issues += contained.problems(node, path)
            self._parts = outer

    def _say(self, path: str, problem: str, **blanks: str) -> None:
        self.issues.append(issue(path, problem, **blanks))

    def _structure(self, node: dict, of: Structure, path: str, *, is_resource: bool = False) -> None:
        if isinstance(node, Twice):
            self._say(path, "twice", name=node.name[:64])
        seen: dict[str, list[str]] = {}
        for name in node:
            key = name.removeprefix("_")
            element, type = of.keys.get(key, (None, ""))
            if element is None or (key != name and type not in PRIMITIVES):
                if not (is_resource and name == "resourceType"):
                    self._unknown(name, of, path)
            elif key not in seen.setdefault(element.name, []):
                seen[element.name].append(key)
        for element in of.elements.values():
            keys = seen.get(element.name)
            if keys:
                self._element(node, of, element, keys, f"{path}.{element.name}")
            elif element.min:
                self._say(f"{path}.{element.name}", "missing", name=_shown(element))
        if not is_resource:
            self._whole(node, of, path)

    def _unknown(self, name: str, of: Structure, path: str) -> None:
        close = get_close_matches(name, of.keys, 1)
        vi, en = (f' (gần giống: "{close[0]}")', f' (close to: "{close[0]}")') if close else ("", "")
        self._say(f"{path}.{name[:64]}", "unknown", name=name[:64], similar_vi=vi, similar_en=en)

    def _whole(self, node: dict, of: Structure, path: str) -> None:
        """Rules about an object rather than one element of it."""
        if not node:
            self._say(path, "empty")
        elif node.keys() == {"id"} and of.name != "Element":
            self._say(path, "only-id")
        if of.name == "Extension" and node:
            valued = any(name.lstrip("_").startswith("value") for name in node)
            if valued == ("extension" in node):
                self._say(path, "extension")
        if of.name == "Reference":
            local = node.get("reference")
            if isinstance(local, str) and local[:1] == "#" and local != "#" and local[1:] not in self._parts:
                self._say(f"{path}.reference", "no-such-part")

    def _element(self, node: dict, of: Structure, element: Element, keys: list[str], path: str) -> None:
        if len(keys) > 1:
            self._say(path, "two-types", names=", ".join(keys))
        for key in keys:
            type = of.keys[key][1]
            if type in PRIMITIVES and f"_{key}" in node:
                for value, beside, at in self._extended(node, element, key, path):
                    self._primitive(element, type, key, value, beside, at)
                continue
            for value, at in self._items(node[key], element, path):
                if type in PRIMITIVES:
                    self._primitive(element, type, key, value, None, at)
                else:
                    self._complex(element, type, value, at)

    def _items(self, value: object, element: Element, path: str) -> Iterator[tuple[object, str]]:
        """Each value of an element, with its path."""
        if not element.many:
            if isinstance(value, list):
                self._say(path, "a-list")
            else:
                yield value, path
        elif not isinstance(value, list):
            self._say(path, "not-a-list")
        elif not value:
            self._say(path, "empty")
        else:
            for number, item in enumerate(value):
                yield item, f"{path}[{number}]"

    def _extended(self, node: dict, element: Element, key: str, path: str) -> Iterator[tuple[object, object, str]]:
        """Each value of a primitive element, what "_name" has in its place, and its path (json.html#primitive)."""
        values = list(self._items(node[key], element, path)) if key in node else []
        beside = list(self._items(node[f"_{key}"], element, path))
        if values and beside and len(values) != len(beside):
            self._say(path, "uneven", name=key)
        for number in range(max(len(values), len(beside))):
            value, at = values[number] if number < len(values) else (None, "")
            extended, at = beside[number] if number < len(beside) else (None, at)
            yield value, extended, at

    def _primitive(self, element: Element, type: str, key: str, value: object, beside: object, path: str) -> None:
        if beside is not None:
            if isinstance(beside, dict):
                self._structure(beside, structure("Element"), path)
            else:
                self._say(path, "not-an-object", type="Element")
        if value is None:
            if beside is None:
                self._say(path, "null", name=key)
            elif beside.__class__ is dict and beside.keys() == {"id"}:
                self._say(path, "only-id")
            return
        wanted = json_type(type)
        if value.__class__ is not wanted:
            self._say(path, "not-a-value", type=type, **_WRITTEN[wanted])
        elif value == "":
            self._say(path, "empty")
        elif type == "xhtml":
            self.issues += narrative.problems(value, path)
        elif wanted is not bool and not well_formed(type, value):
            self.issues.append(wrong_form(path, type))
        elif element.codes and (allowed := codes(element.codes)) and value not in allowed.codes:
            self._not_allowed(element, allowed.codes, path)

    def _not_allowed(self, element: Element, allowed: frozenset[str], path: str) -> None:
        listed = sorted(allowed)
        shown = ", ".join(listed[:20]) + (", …" if len(listed) > 20 else "")
        self._say(path, "code", set=element.codes, allowed=shown)

    def _complex(self, element: Element, type: str, value: object, path: str) -> None:
        if type == "Resource":
            self.resource(value, path, inside=element.name == "contained")
        elif not isinstance(value, dict):
            self._say(path, "not-an-object", type=type)
        else:
            self._structure(value, structure(type), path)
            if element.codes and (allowed := codes(element.codes)):
                self._concept(element, value, allowed.codings, path)
            if type == "Reference" and element.targets:
                self._target(element, value, path)

    def _concept(self, element: Element, value: dict, allowed: frozenset[tuple[str, str]], path: str) -> None:
        codings = value.get("coding")
        given = [one for one in codings if isinstance(one, dict)] if isinstance(codings, list) else []
        named = [(one.get("system"), one.get("code")) for one in given]
        if not any(pair in allowed for pair in named if all(isinstance(part, str) for part in pair)):
            self._not_allowed(element, frozenset(code for _, code in allowed), path)

    def _target(self, element: Element, value: dict, path: str) -> None:
        local = value.get("reference")
        type = self._parts.get(local[1:]) if isinstance(local, str) and local[:1] == "#" else references.type_of(value)
        if type in RESOURCES and type not in element.targets:
            self._say(path, "target", type=type, allowed=", ".join(sorted(element.targets)))


def _shown(element: Element) -> str:
    return f"{element.name}[x]" if element.choice else element.name
