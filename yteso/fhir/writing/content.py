"""The JSON of a resource from the client to the store. What goes in comes out: values are never read and written anew.

Changed are the white space between the values, the order of the first three elements (resourceType, id, meta), and
what the server says itself: the id, and in meta the version and its time.
"""

from functools import cached_property
from hashlib import blake2b
from typing import Any

import orjson
from msgspec import Raw, json

from yteso.fhir import structure
from yteso.fhir.server.faults import Fault, Issue
from yteso.fhir.structure.reading import BROKEN


Fields = dict[str, Raw]

SAID = 100
"""Problems that are told at most."""

_HEAD = ("resourceType", "id", "meta")
_OURS = ("versionId", "_versionId", "lastUpdated", "_lastUpdated")

_fields = json.Decoder(Fields).decode
_encode = json.encode


class Content:
    """A resource that has been checked. `id` is the one that the client gave, "" for none."""

    def __init__(self, type: str, id: str, fields: Fields) -> None:
        self.type, self.id, self._fields = type, id, fields

    def named(self, id: str) -> "Content":
        """The same under this logical id."""
        return Content(self.type, id, self._fields)

    @cached_property
    def json(self) -> bytes:
        """As it is stored."""
        meta = {name: value for name, value in _members(self._fields, "meta").items() if name not in _OURS}
        head = {"resourceType": self.type, "id": self.id} | ({"meta": meta} if meta else {})
        return _encode(head | {name: value for name, value in self._fields.items() if name not in _HEAD})

    @cached_property
    def resource(self) -> dict[str, Any]:
        """Decoded, to look at only; raises Fault when a number is too large for anybody to look at it."""
        try:
            return orjson.loads(self.json)
        except orjson.JSONDecodeError:
            raise Fault(422, "value", "Có số quá lớn.", "A number is too large.") from None

    @property
    def digest(self) -> bytes:
        return blake2b(self.json, digest_size=16).digest()


def read(data: bytes) -> Content:
    """The resource of a JSON text; raises Fault 400 when it cannot be read, 422 with every problem."""
    if found := structure.check(data):
        raise wrong(found)
    return sound(data)


def sound(data: bytes) -> Content:
    """The same of a text that has been checked."""
    fields = _fields(json.format(data, indent=-1))
    if b'"SUBSETTED"' in bytes(fields.get("meta", b"")):
        raise Fault(
            422,
            "business-rule",
            "Tài nguyên chỉ có một phần (SUBSETTED, từ _summary hoặc _elements); hãy gửi toàn bộ.",
            "This is a part of a resource (SUBSETTED, from _summary or _elements); send the whole of it.",
        )
    return Content(_text(fields["resourceType"]), _text(fields["id"]) if "id" in fields else "", fields)


def wrong(found: list[structure.Issue], place: str = "") -> Fault:
    """`place` is where in a bundle the resource is."""
    status = 400 if any(one.problem in BROKEN for one in found) else 422
    return Fault.of(status, *(Issue("error", one.code, one.vi, one.en, place + one.location) for one in found[:SAID]))


def _members(fields: Fields, name: str) -> Fields:
    return _fields(fields[name]) if name in fields else {}


def _text(raw: Raw) -> str:
    return orjson.loads(bytes(raw))
