"""The outer file: elements of interest as soon as they are complete, in bounded memory."""

from collections.abc import Iterable, Iterator

from lxml import etree

from yteso.intake.reading.limits import Limits, Refused, count_marks
from yteso.intake.reading.xml import SETTINGS, refusal


ENVELOPE = "GIAMDINHHS"
NAMES = ("MACSKCB", "NGAYLAP", "SOLUONGHOSO", "CHUKYDONVI", "HOSO", "DANHSACHHOSO")
_TAGS = tuple("{*}" + spelling for name in NAMES for spelling in (name, name.lower()))


def elements(chunks: Iterable[bytes], limits: Limits, tags: tuple[str, ...] = _TAGS) -> Iterator[etree._Element]:
    """Finished elements in file order. A HOSO is emptied once the caller asks for the next. Raises Refused.

    What is complete before a mistake in the file comes out before the exception.
    """
    parser = etree.XMLPullParser(events=("end",), tag=tags, **SETTINGS)
    stretch = marks = 0
    for chunk in chunks:
        error = _try(parser.feed, chunk)
        seen = False
        for _, element in parser.read_events():
            yield element
            if local_name(element) == "HOSO":
                seen = True
                _forget(element)
        if error:
            raise refusal(error)
        stretch = len(chunk) + (0 if seen else stretch)
        if stretch > limits.stretch:
            raise Refused("ENV-105", size=stretch, limit=limits.stretch)
        if stretch > len(chunk):  # a first chunk is too short to hold too many
            marks = count_marks(chunk, 0 if seen else marks, limits)
    if error := _try(parser.close):
        raise refusal(error)


def local_name(element: etree._Element) -> str:
    """Name without namespace, in capitals."""
    return element.tag.rpartition("}")[2].upper()


def inside_dossier(element: etree._Element) -> bool:
    """True for an element of a table that was sent as nested elements."""
    return next(element.iterancestors("{*}HOSO", "{*}hoso", "{*}FILEHOSO", "{*}filehoso"), None) is not None


def children(element: etree._Element, name: str) -> list[etree._Element]:
    return [child for child in element if child.tag == name or local_name(child) == name]


def opened(file: etree._Element) -> tuple[str, etree._Element | None]:
    """LOAIHOSO of a FILEHOSO, in capitals, and its NOIDUNGFILE."""
    parts = {local_name(child): child for child in file}
    kind = (parts["LOAIHOSO"].text or "").strip().upper() if "LOAIHOSO" in parts else ""
    return kind, parts.get("NOIDUNGFILE")


def _try(step, *arguments) -> etree.XMLSyntaxError | None:
    try:
        step(*arguments)
    except etree.XMLSyntaxError as error:
        return error
    return None


def _forget(element: etree._Element) -> None:
    """Free the element's content and its earlier siblings.

    The element itself stays: the parser may be writing the text after it, and removing the element would let libxml2
    append to the wrong text node.
    """
    element.clear()
    parent = element.getparent()
    if parent is not None:
        while element.getprevious() is not None:
            del parent[0]
