"""Hardened XML parsing: UTF-8 only, no document type, no entities, nothing fetched, bounded depth and text."""

import re

from lxml import etree

from yteso.intake.reading.limits import Refused


SETTINGS = {
    "encoding": "utf-8",  # overrides the declaration: some tools write "utf-16" over UTF-8 bytes
    "resolve_entities": False,
    "no_network": True,
    "load_dtd": False,
    "huge_tree": False,  # depth 256, text 10 MB
    "remove_comments": True,
    "remove_pis": True,
    "collect_ids": False,
}

_PARSER = etree.XMLParser(remove_blank_text=True, **SETTINGS)
_JUNK = b"\xef\xbb\xbf \t\r\n"
_PROLOG = re.compile(rb"(?>\s+|<\?(?>.*?\?>)|<!--(?>.*?-->))*+", re.DOTALL)
_ROOT = re.compile(rb"<([^\s/>!?&<]+)")
_FOREIGN = {
    b"\x1f\x8b": "gzip",
    b"PK\x03\x04": "zip",
    b"%PDF": "pdf",
    b"{": "json",
    b"Rar!": "rar",
    b"7z\xbc\xaf": "7z",
}


def unwrap(data: bytes) -> bytes:
    """Drop the byte-order mark and white space that some producers put before the declaration."""
    return data.lstrip(_JUNK)


def root_name(head: bytes) -> str:
    """Name of the root element, local part, given the beginning of a document without its byte-order mark.

    Raises Refused when it cannot be an XML document we read: another encoding (ENV-103), a DOCTYPE (ENV-102), no XML
    at all (ENV-101). As the encoding is UTF-8 or refused, looking at bytes cannot miss a DOCTYPE.
    """
    root = _ROOT.match(head, refuse_foreign(head))
    if not root:
        raise Refused("ENV-101", detail="no root element", line=1)
    return root[1].decode("utf-8", "replace").rpartition(":")[2]


def refuse_foreign(head: bytes) -> int:
    """Offset of what follows the declaration, comments and processing instructions. Raises Refused: ENV-103 another
    encoding, ENV-102 a DOCTYPE."""
    if not head.startswith(b"<") or head[1:2] == b"\0":
        _refuse_kind(head)
    start = _PROLOG.match(head).end()
    if head[start : start + 2] == b"<!" and head[start : start + 4] != b"<!--":
        raise Refused("ENV-102")
    return start


def parse(data: bytes) -> etree._Element:
    """Root element of one small document, without what `unwrap` drops. Raises Refused."""
    refuse_foreign(data)
    try:
        return etree.fromstring(data, _PARSER)
    except etree.XMLSyntaxError as error:
        raise refusal(error) from None


def refusal(error: etree.XMLSyntaxError) -> Refused:
    """What a parser's complaint means to the sender."""
    message = (error.msg or "").partition(", line")[0].strip()[:200]
    line, column = error.position
    at = {"line": line, "column": column}
    if error.code == etree.ErrorTypes.ERR_RESOURCE_LIMIT:
        if "depth" in message:
            return Refused("ENV-104", **at)
        return Refused("ENV-105", **at)
    if error.code in (etree.ErrorTypes.ERR_INVALID_ENCODING, etree.ErrorTypes.ERR_INVALID_CHAR):
        return Refused("ENV-103", found="NUL" if "0x0 " in message else "UTF-8?", **at)
    return Refused("ENV-101", detail=message, **at)


def _refuse_kind(head: bytes) -> None:
    for magic, kind in _FOREIGN.items():
        if head.startswith(magic):
            raise Refused("ENV-101", detail=kind, line=1)
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:4]:
        raise Refused("ENV-103", found="UTF-16", line=1)
