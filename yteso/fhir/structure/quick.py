"""The quick look: accepts a resource that is certainly right, in a few microseconds.

A msgspec type is made for each structure when it is first met. It knows less than the walker does: extensions of
primitive values, contained resources, the 29th of February and other rare things are left to the walker. What it
accepts, the walker accepts; a property test holds the two together.
"""

import re
from functools import cache
from threading import Lock

import msgspec

from yteso.fhir.definitions import RESOURCES
from yteso.fhir.structure.quick_types import struct


_HEAD = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"')

_CONTROL = re.compile(rb"\\[bfu]")

_making = Lock()

_write = msgspec.json.Encoder(decimal_format="number").encode


def certain(data: bytes) -> bool:
    """Is this JSON a valid resource beyond doubt?"""
    try:
        return _certain(data)
    except (msgspec.MsgspecError, ValueError, RecursionError):  # ValueError: no UTF-8, or a nested resource
        return False


def _certain(data: bytes) -> bool:
    head = _HEAD.match(data)
    if not head:
        return False
    back = _write(_decoder(head[1]).decode(data))
    return _nothing_lost(data, back) and not _odd(back)


def _nothing_lost(data: bytes, back: bytes) -> bool:
    """Of a name that stands twice in an object one is read, so that less is written back than was sent.

    Without white space both are equally long: nothing is written longer than it was read but some exponents. Else the
    quotation marks are counted that open or close a text. (A decimal in quotation marks is read, but loses them.)
    """
    return (len(data) == len(back) and b"E+" not in back) or _quotes(data) == _quotes(back)


def _quotes(data: bytes) -> int:
    return data.count(b'"') - (data.count(b'\\"') if b"\\" in data else 0)


def _odd(back: bytes) -> bool:
    """An empty object, one with nothing but an id (otherwise the id comes last), or a control character."""
    return b"{}" in back or b'{"id":' in back or (b"\\" in back and bool(_CONTROL.search(back)))


@cache
def _decoder(type: bytes) -> msgspec.json.Decoder:
    if (name := type.decode()) not in RESOURCES:
        raise ValueError
    with _making:
        return msgspec.json.Decoder(struct(name, lambda data: _certain(bytes(data))))
