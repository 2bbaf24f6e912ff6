"""XML to JSON."""

import re

import msgspec
from lxml import etree

from yteso.fhir.definitions import PRIMITIVES, RESOURCES, Element, Structure, structure
from yteso.fhir.structure.issues import issue
from yteso.fhir.structure.narrative import XHTML
from yteso.fhir.structure.primitives import json_type
from yteso.fhir.structure.reading import Number, Unreadable
from yteso.fhir.xml.writing import NAMESPACE


_FHIR = f"{{{NAMESPACE}}}"
_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}"
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")

_PARSER = etree.XMLParser(
    resolve_entities=False,
    no_network=True,
    load_dtd=False,
    huge_tree=False,  # depth 256, text 10 MB
    remove_pis=True,
    collect_ids=False,
)

Json = dict[str, object]


def to_json(data: bytes) -> bytes:
    """A resource in XML as JSON, in UTF-8 without white space.

    Values are not judged here: what has a wrong form comes out as it is, for `structure.check` to report. Raises
    Unreadable: no XML, a DOCTYPE or an entity, no FHIR resource, or an element, attribute or text that no type has.
    """
    try:
        root = etree.fromstring(data, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = error.position[0] if isinstance(error, etree.XMLSyntaxError) else 1
        raise Unreadable(issue("", "not-xml", line=str(line))) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise Unreadable(issue("", "doctype"))
    etree.cleanup_namespaces(root)
    return msgspec.json.encode(_resource(root, ""))


def _resource(node: etree._Element, path: str) -> Json:
    type = node.tag.removeprefix(_FHIR)
    if not node.tag.startswith(_FHIR) or type not in RESOURCES:
        raise Unreadable(issue(path, "xml-root"))
    _attributes(node, {name for name in node.attrib if name.startswith(_SCHEMA)}, path or type)
    return {"resourceType": type} | _members(node, structure(type), path or type)


def _members(node: etree._Element, of: Structure, path: str) -> Json:
    """The children of an element as members of an object."""
    grouped: dict[str, list[etree._Element]] = {}
    for child in node:
        if child.tag is etree.Comment:
            continue
        if child.tag is etree.Entity:
            raise Unreadable(issue(path, "doctype"))
        grouped.setdefault(_name(child, of, path), []).append(child)
    if any(text and not text.isspace() for text in (node.text, *(child.tail for child in node))):
        raise Unreadable(issue(path, "xml-text"))
    found: Json = {}
    for key, children in grouped.items():
        element, type = of.keys[key]
        at = f"{path}.{element.name}"
        if type in PRIMITIVES:
            found |= _primitives(children, key, element, type, at)
        else:
            found[key] = _listed([_complex(child, type, at) for child in children], element)
    return found


def _name(child: etree._Element, of: Structure, path: str) -> str:
    key = child.tag.removeprefix(XHTML if child.tag == f"{XHTML}div" else _FHIR)
    if key not in of.keys or (child.tag == f"{XHTML}div") != (of.keys[key][1] == "xhtml"):
        shown = key.rpartition("}")[2][:64]
        raise Unreadable(issue(f"{path}.{shown}", "unknown", name=shown, similar_vi="", similar_en=""))
    return key


def _listed(values: list[object], element: Element) -> object:
    """A single value where one belongs; two of them stay a list, which `structure.check` reports."""
    return values if element.many or len(values) > 1 else values[0]


def _complex(node: etree._Element, type: str, path: str) -> Json:
    if type == "Resource":
        inner = [child for child in node if child.tag is not etree.Comment]
        if len(inner) != 1 or not isinstance(inner[0].tag, str):
            raise Unreadable(issue(path, "xml-root"))
        return _resource(inner[0], path)
    of = structure(type)
    return _attributes(node, {"id", "url"} if type == "Extension" else {"id"}, path) | _members(node, of, path)


def _attributes(node: etree._Element, allowed: set[str], path: str) -> Json:
    for name in node.attrib:
        if name not in allowed:
            shown = name.rpartition("}")[2][:64]
            raise Unreadable(issue(f"{path}.{shown}", "xml-attribute", name=shown))
    return dict(node.attrib)


def _primitives(nodes: list[etree._Element], key: str, element: Element, type: str, path: str) -> Json:
    """`key` with the values and `_key` with what stands beside them, each only when there is something in it."""
    if type == "xhtml":
        return {key: _listed([etree.tostring(node, encoding="unicode", with_tail=False) for node in nodes], element)}
    values, beside = [], []
    for node in nodes:
        members = _attributes(node, {"id", "value"}, path)
        values.append(_value(members.pop("value", None), type))
        beside.append(members | _members(node, structure("Element"), path) or None)
    sides = {key: values, f"_{key}": beside}
    return {name: _listed(side, element) for name, side in sides.items() if any(one is not None for one in side)}


def _value(text: str | None, type: str) -> object:
    if text is None:
        return None
    wanted = json_type(type)
    if wanted is bool and text in ("true", "false"):
        return text == "true"
    return msgspec.Raw(text.encode()) if wanted is Number and _NUMBER.fullmatch(text) else text
