"""JSON to XML."""

import re
from collections.abc import Iterator
from xml.sax.saxutils import quoteattr

from yteso.fhir.definitions import PRIMITIVES, RESOURCES, Element, Structure, structure
from yteso.fhir.structure import narrative
from yteso.fhir.structure.issues import issue
from yteso.fhir.structure.reading import Unreadable, read


NAMESPACE = "http://hl7.org/fhir"

_IMPOSSIBLE = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""Characters that XML 1.0 cannot carry."""


def to_xml(data: bytes) -> bytes:
    """A resource in JSON as XML, in UTF-8 with its declaration, elements in the order of the definition.

    Raises Unreadable: no JSON, or an element, value or character that XML has no place for.
    """
    out = ['<?xml version="1.0" encoding="UTF-8"?>']
    try:
        _resource(out, read(data), "", f' xmlns="{NAMESPACE}"')
    except RecursionError:
        raise Unreadable(issue("", "too-deep")) from None
    return "".join(out).encode()


def _resource(out: list[str], node: object, path: str, namespace: str = "") -> None:
    type = node.get("resourceType") if isinstance(node, dict) else None
    if not isinstance(type, str) or type not in RESOURCES:
        raise Unreadable(issue(path, "unknown-type" if type else "no-type"))
    out.append(f"<{type}{namespace}>")
    members = {name: value for name, value in node.items() if name != "resourceType"}
    _children(out, members, structure(type), path or type)
    out.append(f"</{type}>")


def _children(out: list[str], node: dict, of: Structure, path: str) -> None:
    names = {name.removeprefix("_") for name in node}
    for key in [key for key in of.keys if key in names]:
        element, type = of.keys[key]
        if type not in PRIMITIVES and f"_{key}" in node:
            names.add(f"_{key}")
        _element(out, node, key, element, type, f"{path}.{element.name}")
    for name in names - of.keys.keys():
        raise Unreadable(issue(f"{path}.{name[:64]}", "unknown", name=name[:64], similar_vi="", similar_en=""))


def _element(out: list[str], node: dict, key: str, element: Element, type: str, path: str) -> None:
    if type not in PRIMITIVES:
        for value in _values(node.get(key)):
            _complex(out, key, type, value, path)
        return
    values, beside = list(_values(node.get(key))), list(_values(node.get(f"_{key}")))
    for number in range(max(len(values), len(beside))):
        value = values[number] if number < len(values) else None
        _primitive(out, key, type, value, beside[number] if number < len(beside) else None, path)


def _values(value: object) -> Iterator[object]:
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def _primitive(out: list[str], key: str, type: str, value: object, beside: object, path: str) -> None:
    if isinstance(value, dict | list):
        raise Unreadable(issue(path, "a-list" if isinstance(value, list) else "not-in-xml"))
    if type == "xhtml":
        for found in narrative.problems(str(value), path):
            if found.problem == "xhtml":
                raise Unreadable(found)
        out.append(value)
        return
    text = {True: "true", False: "false"}.get(value, value)
    stated = "" if text is None else f" value={_quoted(text, path)}"
    _tag(out, key, stated, {} if beside is None else beside, structure("Element"), path)


def _complex(out: list[str], key: str, type: str, value: object, path: str) -> None:
    if type == "Resource":
        out.append(f"<{key}>")
        _resource(out, value, path)
        out.append(f"</{key}>")
    else:
        _tag(out, key, "", value, structure(type), path)


def _tag(out: list[str], key: str, attributes: str, node: object, of: Structure, path: str) -> None:
    """An element whose id, and url if it is an extension, are attributes."""
    if not isinstance(node, dict):
        raise Unreadable(issue(path, "not-an-object", type=of.name))
    named = ("id", "url") if of.name == "Extension" else ("id",)
    for name in named:
        if name in node:
            attributes = f" {name}={_quoted(node[name], f'{path}.{name}')}{attributes}"
    members = {name: value for name, value in node.items() if name not in named}
    if not members:
        out.append(f"<{key}{attributes}/>")
        return
    out.append(f"<{key}{attributes}>")
    _children(out, members, of, path)
    out.append(f"</{key}>")


def _quoted(text: object, path: str) -> str:
    if not isinstance(text, str) or _IMPOSSIBLE.search(text):
        raise Unreadable(issue(path, "not-in-xml"))
    return quoteattr(text, {"\n": "&#10;", "\r": "&#13;", "\t": "&#9;"})
