"""The quick look: accepts a resource that is certainly right, in a few microseconds.

A msgspec type is made for each structure when it is first met. It knows less than the walker does: most extensions of
primitive values, the 29th of February and other rare things are left to the walker. What it
accepts, the walker accepts; a property test holds the two together.
"""

import re
from functools import cache
from threading import Lock

import msgspec
from msgspec import UNSET, Struct

from yteso.fhir.definitions import RESOURCES
from yteso.fhir.structure.quick_types import spacious, struct


_HEAD = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"([A-Za-z]+)"')

_CONTROL = re.compile(rb"\\[bfu]")
_SPACE = re.compile(rb"\\[nrt]")
_LOCAL = re.compile(rb'"#([A-Za-z0-9\-.]*)"')
_BACKSLASH = ord("\\")

_making = Lock()

_write = msgspec.json.Encoder(decimal_format="number").encode


def certain(data: bytes) -> bool:
    """Is this JSON a valid resource beyond doubt?"""
    try:
        return _read(data) is not None
    except (msgspec.MsgspecError, ValueError, RecursionError):  # ValueError: no UTF-8, or a nested resource
        return False


def _read(data: bytes) -> Struct | None:
    """The resource, when it is certainly right."""
    head = _HEAD.match(data)
    if not head:
        return None
    resource = _decoder(head[1]).decode(data)
    back = _write(resource)
    sound = (
        _nothing_lost(data, back)
        and not _odd(back)
        and _spaces_allowed(data, back, spacious(head[1].decode()))
        and ((b'"#' not in back and b'"contained":' not in back) or _contained_as_referred_to(resource, back))
    )
    return resource if sound else None


def _contained_as_referred_to(resource: Struct, back: bytes) -> bool:
    """Do the references within the resource lead to all that it contains, and nowhere else?"""
    parts = getattr(resource, "contained", UNSET)
    ids = {_contained(bytes(part)) for part in ([] if parts is UNSET else parts)}
    return ids == set(_LOCAL.findall(back)) - {b""}


def _contained(data: bytes) -> bytes | None:
    """The id of a contained resource; None when it is not certainly right."""
    part = None if b'"meta"' in data or b'"contained"' in data else _read(data)
    return None if part is None or part.id is UNSET else part.id.encode()


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


def _spaces_allowed(data: bytes, back: bytes, names: frozenset[bytes]) -> bool:
    """Is all white space in texts that may have it? (A quotation mark within a text has a backslash before it.)"""
    if len(data) != len(back):
        back = msgspec.json.format(back, indent=-1)  # resources within are written back as they came
    at = back.find(b" ")
    while at >= 0:
        if _name(back, at) not in names:
            return False
        end = back.find(b'"', at)
        at = back.find(b" ", at + 1 if back[end - 1] == _BACKSLASH else end)
    return b"\\" not in back or all(_name(back, one.start()) in names for one in _SPACE.finditer(back))


def _name(back: bytes, at: int) -> bytes:
    """The name whose text is around this place."""
    end = back.rfind(b'":', 0, at)
    return back[back.rfind(b'"', 0, end) + 1 : end]


@cache
def _decoder(type: bytes) -> msgspec.json.Decoder:
    if (name := type.decode()) not in RESOURCES:
        raise ValueError
    with _making:
        return msgspec.json.Decoder(struct(name, lambda data: _read(bytes(data)) is not None))
