"""From the NOIDUNGFILE of a FILEHOSO to the document of the table inside it, however it was wrapped."""

from binascii import Error

import pybase64
from lxml import etree

from yteso.intake.reading.limits import Limits, Refused, count_marks
from yteso.intake.reading.xml import unwrap


def open_content(sent: bytes | etree._Element, limits: Limits) -> bytes | etree._Element | None:
    """The document of the table, or its root where it was sent as nested elements; None when the table is empty.

    Takes a NOIDUNGFILE with base64 of its bytes (broken into lines or not), the child as nested elements, or the child
    as escaped text or CDATA; also the bytes, where somebody has decoded them. Raises Refused: ENV-005 when it is none
    of these, ENV-105 or ENV-110 when it is too much.
    """
    return _bounded(sent, limits) if isinstance(sent, bytes) else _open_element(sent, limits)


def _open_element(element: etree._Element, limits: Limits) -> bytes | etree._Element | None:
    if len(element):
        if len(element) > 1:
            raise Refused("ENV-005", field="NOIDUNGFILE", detail="several roots")
        return element[0]
    text = element.text
    if not text or text.isspace():
        return None
    try:
        data = pybase64.b64decode(text, validate=True)
    except (Error, ValueError):
        data = _other_text(text)
    return _bounded(data, limits)


def _bounded(data: bytes, limits: Limits) -> bytes:
    if len(data) > limits.document:
        raise Refused("ENV-105", size=len(data), limit=limits.document)
    if len(data) > limits.marks:
        count_marks(data, 0, limits)
    return unwrap(data)


def _other_text(text: str) -> bytes:
    text = text.strip("\ufeff \t\r\n")
    if text.startswith("<"):
        return text.encode()
    try:
        return pybase64.b64decode("".join(text.split()), validate=True)
    except (Error, ValueError) as error:
        raise Refused("ENV-005", field="NOIDUNGFILE", value=text[:40], detail=str(error)) from None
