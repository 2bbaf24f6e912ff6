"""$meta, $meta-add and $meta-delete of one resource: its profiles, tags and security labels.

https://hl7.org/fhir/R4/resource-operation-meta.html. A change of them is a new version, like any other.
"""

from collections.abc import Callable

from msgspec import Raw, json

from yteso.fhir.server import editing, inputs, reading
from yteso.fhir.server.faults import not_of, wrong
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import WHOLE
from yteso.record import Document


Fields = dict[str, Raw]
Lists = dict[str, list[Raw]]

_KINDS = ("profile", "security", "tag")

_fields = json.Decoder(Fields).decode
_list = json.Decoder(list[Raw]).decode
_encode = json.encode


def of_instance(request: Request) -> Answer:
    not_of(request.values["type"], "$meta")
    return _told(request, *reading.current(request))


def of_version(request: Request) -> Answer:
    not_of(request.values["type"], "$meta")
    return _told(request, *reading.version(request))


def add(request: Request) -> Answer:
    """What is there already stays as it is."""
    return _edited(request, lambda own, given: own + [one for one in given if _same(one) not in map(_same, own)])


def delete(request: Request) -> Answer:
    """What is not there need not be deleted."""
    return _edited(request, lambda own, given: [one for one in own if _same(one) not in map(_same, given)])


def _edited(request: Request, merge: Callable[[list[Raw], list[Raw]], list[Raw]]) -> Answer:
    given = _lists(_meta(request))

    def change(resource: bytes) -> bytes:
        fields = _fields(resource)
        meta = _fields(fields["meta"])
        for kind, own in _lists(meta).items():
            meta[kind] = Raw(_encode(merge(own, given[kind])))
        kept = {name: value for name, value in meta.items() if bytes(value) != b"[]"}
        return _encode(fields | {"meta": Raw(_encode(kept))})

    document = editing.edit(request, change).document
    return _told(request, document, document.body.find(request.values["type"], request.values["id"]))


def _told(request: Request, document: Document, resource: bytes) -> Answer:
    whole = WHOLE(request.values["type"], resource, document.version, document.written)
    return Answer(
        b'{"resourceType":"Parameters","parameter":[{"name":"return","valueMeta":%s}]}' % bytes(_fields(whole)["meta"])
    )


def _meta(request: Request) -> Fields:
    found = [value for name, value in inputs.inputs(request) if name == "meta" and isinstance(value, bytes)]
    if len(found) != 1:
        raise wrong("Cần một tham số meta kiểu Meta.", "One parameter meta of the type Meta is needed.")
    return _fields(found[0])


def _lists(meta: Fields) -> Lists:
    try:
        return {kind: _list(meta[kind]) if kind in meta else [] for kind in _KINDS}
    except ValueError:
        raise wrong("meta không đúng dạng.", "meta is not sound.") from None


def _same(one: Raw) -> object:
    """Equal for what counts as the same: a profile by its address, a coding by system and code."""
    value = json.decode(one)
    return (value.get("system"), value.get("code")) if isinstance(value, dict) else value


_HL7 = "http://hl7.org/fhir/OperationDefinition/Resource"

OPERATIONS = (
    ("GET", "/{type}/{id}/$meta", of_instance, f"{_HL7}-meta"),
    ("POST", "/{type}/{id}/$meta", of_instance, f"{_HL7}-meta"),
    ("GET", "/{type}/{id}/_history/{version}/$meta", of_version, f"{_HL7}-meta"),
    ("POST", "/{type}/{id}/_history/{version}/$meta", of_version, f"{_HL7}-meta"),
    ("POST", "/{type}/{id}/$meta-add", add, f"{_HL7}-meta-add"),
    ("POST", "/{type}/{id}/$meta-delete", delete, f"{_HL7}-meta-delete"),
)
"""Where each is, and its definition."""
