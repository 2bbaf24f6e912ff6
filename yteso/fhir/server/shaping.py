"""A resource as it is handed out: with its version, whole or in part. Values are never read, so 1.50 stays 1.50.

`_summary` and `_elements`: https://hl7.org/fhir/R4/search.html#summary. A part is marked SUBSETTED.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

import orjson
from msgspec import Raw, json

from yteso.fhir.server.faults import wrong
from yteso.fhir.server.requests import Request
from yteso.fhir.server.types import Tree, tree, types
from yteso.record import Document


Fields = dict[str, Raw]

SUBSETTED = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ObservationValue",
    "code": "SUBSETTED",
    "display": "Resource encoded in summary mode",
}
SUMMARIES = ("true", "text", "data", "count", "false")

_fields = json.Decoder(Fields).decode
_list = json.Decoder(list[Raw]).decode
_encode = json.encode


@dataclass(slots=True, frozen=True)
class Shape:
    """Which elements of a type are handed out; without `elements` all. `count`: no resources at all."""

    elements: Callable[[str, Fields], Tree] | None = None
    count: bool = False

    def __call__(self, type: str, resource: bytes, version: int, written: datetime) -> bytes:
        meta = b'"versionId":"%d","lastUpdated":"%s"' % (version, instant(written).encode())
        start = len(type) + 19
        if self.elements is None and resource[start - 2 : start] == b'",' and b'"meta"' not in resource:
            # The usual case, without looking at the rest: a resource begins with its type and has no meta of its own.
            return resource[:start] + b'"meta":{' + meta + b"}," + resource[start:]
        return self._part(type, resource, meta)

    def _part(self, type: str, resource: bytes, meta: bytes) -> bytes:
        fields = _fields(resource)
        own = _fields(fields["meta"]) if "meta" in fields else {}
        own |= _fields(b"{" + meta + b"}")
        if self.elements:
            tags = _list(own["tag"]) if "tag" in own else []
            own["tag"] = Raw(_encode([*tags, SUBSETTED]))
            fields = _chosen(fields, self.elements(type, fields))
        whole = {"resourceType": fields["resourceType"]} | ({"id": fields["id"]} if "id" in fields else {})
        return _encode(whole | {"meta": Raw(_encode(own))} | {n: v for n, v in fields.items() if n != "meta"})


WHOLE = Shape()


def decoded(document: Document, type: str, resource: bytes) -> dict[str, Any]:
    """A resource of a document, as it is handed out with its version and its time."""
    return orjson.loads(WHOLE(type, resource, document.version, document.written))


def shape(request: Request) -> Shape:
    """What the parameters of a request ask for."""
    summary, elements = request.one("_summary", "false"), request.one("_elements")
    if summary not in SUMMARIES:
        raise wrong(f"_summary là một trong: {', '.join(SUMMARIES)}.", f"_summary is one of: {', '.join(SUMMARIES)}.")
    if summary == "false":
        return Shape(named(elements)) if elements else WHOLE
    if elements:
        raise wrong("Dùng _summary hoặc _elements, không cả hai.", "Use _summary or _elements, not both.")
    return Shape(_SUMMARY.get(summary), count=summary == "count")


@lru_cache(1_000)
def instant(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds")


def named(elements: str) -> Callable[[str, Fields], Tree]:
    """`subject,Observation.code`: of every type, or of one."""
    asked = [path for path in elements.split(",") if path]

    def chosen(type: str, fields: Fields) -> Tree:
        own = [path for path in asked if path[:1].islower()]
        own += [path.partition(".")[2] for path in asked if path.startswith(f"{type}.")]
        choices = [name for name in fields for path in own if name.removeprefix(path) in _datatypes()]
        return tree([*own, *choices, *types()[type].kept])

    return chosen


_SUMMARY: dict[str, Callable[[str, Fields], Tree]] = {
    "true": lambda type, fields: types()[type].summary,
    "text": lambda type, fields: tree(["text", *types()[type].kept]),
    "data": lambda type, fields: {name: None for name in fields if name != "text"},
}


def _chosen(fields: Fields, elements: Tree) -> Fields:
    found = {}
    for name, value in fields.items():
        plain = name.removeprefix("_")
        if name in ("resourceType", "id", "meta"):
            found[name] = value
        elif plain in elements:
            parts = elements[plain]
            found[name] = value if parts is None or name != plain else _deeper(value, parts)
    return found


def _deeper(value: Raw, parts: Tree) -> Raw:
    text = bytes(value).strip()
    if text[:1] == b"[":
        return Raw(_encode([_deeper(one, parts) for one in _list(text)]))
    if text[:1] == b"{":
        return Raw(_encode(_chosen(_fields(text), parts | {"id": None, "extension": None})))
    return value


@cache
def _datatypes() -> frozenset[str]:
    """As they stand in the names of elements of several types: Quantity in valueQuantity."""
    values = types()["Parameters"].summary["parameter"] or {}
    return frozenset(name.removeprefix("value") for name in values if name.startswith("value"))
