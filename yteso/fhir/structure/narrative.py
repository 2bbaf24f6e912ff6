"""The XHTML of a narrative (narrative.html): one div, basic formatting only, some content."""

import re

from lxml import etree

from yteso.fhir.structure.issues import Issue, issue


XHTML = "{http://www.w3.org/1999/xhtml}"

# Lists of the invariant txt-1.
_ELEMENTS = frozenset(
    [
        "a",
        "abbr",
        "acronym",
        "b",
        "big",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "col",
        "colgroup",
        "dd",
        "dfn",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "samp",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "tt",
        "ul",
        "var",
    ]
)
_ATTRIBUTES = frozenset(
    [
        "abbr",
        "accesskey",
        "align",
        "alt",
        "axis",
        "bgcolor",
        "border",
        "cellhalign",
        "cellpadding",
        "cellspacing",
        "cellvalign",
        "char",
        "charoff",
        "charset",
        "cite",
        "class",
        "colspan",
        "compact",
        "coords",
        "dir",
        "frame",
        "headers",
        "height",
        "href",
        "hreflang",
        "hspace",
        "id",
        "lang",
        "longdesc",
        "name",
        "nowrap",
        "rel",
        "rev",
        "rowspan",
        "rules",
        "scope",
        "shape",
        "span",
        "src",
        "start",
        "style",
        "summary",
        "tabindex",
        "title",
        "type",
        "valign",
        "value",
        "vspace",
        "width",
        "{http://www.w3.org/XML/1998/namespace}lang",
        "{http://www.w3.org/XML/1998/namespace}space",
    ]
)
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
    """The parser's words up to the place, without what was written there."""
    line = f"line {error.position[0]}" if isinstance(error, etree.XMLSyntaxError) else "characters"
    return line
