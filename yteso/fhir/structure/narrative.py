"""The XHTML of a narrative (narrative.html): one div, basic formatting only, some content."""

import re

from lxml import etree

from yteso.fhir.definitions import files
from yteso.fhir.structure.issues import DATA, Issue, issue


XHTML = "{http://www.w3.org/1999/xhtml}"

_ALLOWED = [(row["kind"], row["name"]) for row in files.rows(DATA / "xhtml.csv")]
"""Names of elements and attributes, from the invariant txt-1."""

_ELEMENTS = {name for kind, name in _ALLOWED if kind == "element"}
_XML = "{http://www.w3.org/XML/1998/namespace}"
_ATTRIBUTES = {name for kind, name in _ALLOWED if kind == "attribute"} | {f"{_XML}lang", f"{_XML}space"}
_SCRIPT = re.compile(r"\s*(?:javascript|vbscript|data:text)", re.IGNORECASE)

_PARSER = etree.XMLParser(
    resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True, collect_ids=False
)


def problems(text: str, location: str) -> list[Issue]:
    """What is wrong with the div; empty when nothing is."""
    if "<!DOCTYPE" in text or "<?" in text:
        return [issue(location, "xhtml", detail="DOCTYPE, <?")]
    try:
        div = etree.fromstring(text, _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        return [issue(location, "xhtml", detail=_complaint(error))]
    if div.tag != f"{XHTML}div":
        return [issue(location, "xhtml", detail="<div xmlns>")]
    found = [issue(location, "xhtml-kind", name=name) for name in sorted(_refused(div))]
    if not (any(part.strip() for part in div.itertext(f"{XHTML}*")) or div.find(f".//{XHTML}img[@src]") is not None):
        found.append(issue(location, "xhtml-empty"))
    return found


def _refused(div: etree._Element) -> set[str]:
    names = set()
    for element in div.iter(etree.Element, etree.Entity):
        if not isinstance(element.tag, str):
            names.add("&entity;")
            continue
        space, _, local = element.tag.rpartition("}")
        if f"{space}}}" != XHTML or local not in _ELEMENTS:
            names.add(f"<{local[:40]}>")
        for name, value in element.attrib.items():
            if name not in _ATTRIBUTES or (name in ("href", "src") and _SCRIPT.match(value)):
                names.add(f"@{name[-40:]}")
    return names


def _complaint(error: Exception) -> str:
    """Where the parser stopped; its words would repeat what was written."""
    return f"line {error.position[0]}" if isinstance(error, etree.XMLSyntaxError) else "characters"
