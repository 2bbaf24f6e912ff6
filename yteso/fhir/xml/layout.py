"""XML for people's eyes: each element on a line of its own, narratives left as they are, since blanks count in them."""

from lxml import etree

from yteso.fhir.structure.narrative import XHTML


_OURS = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True, collect_ids=False)


def laid_out(data: bytes) -> bytes:
    """What `to_xml` gave, indented by two."""
    root = etree.fromstring(data, _OURS)
    _indent(root, "\n")
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def _indent(node: etree._Element, line: str) -> None:
    if node.tag == f"{XHTML}div" or not len(node):
        return
    node.text = line + "  "
    for child in node:
        child.tail = line + "  "
        _indent(child, line + "  ")
    node[-1].tail = line
