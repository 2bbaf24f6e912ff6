"""$diff: what changed between two versions, as a FHIRPath Patch that makes the new one of the old one.

`fromVersion` and `toVersion` of one resource, or `from` and `to` as references (Patient/x/_history/2; without a
version the current one). What the server says of a version in meta is no difference, nor is the id.
"""

import re

from msgspec import Raw, json

from yteso.fhir.patch import NotApplicable, difference
from yteso.fhir.server import inputs, queries, versions
from yteso.fhir.server.faults import Fault, Issue, not_of, out_of_scope, unknown_type, wrong
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.types import types
from yteso.mapping.names import BASE


DEFINITION = f"{BASE}/OperationDefinition/diff"

_REFERENCE = re.compile(
    r"(?:https?://\S{1,500}/)?([A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/([A-Za-z0-9\-.]{1,64}))?"
)
_OURS = ("versionId", "lastUpdated")

_fields = json.Decoder(dict[str, Raw]).decode


def of_instance(request: Request) -> Answer:
    """Without `fromVersion` the version before `toVersion`, without that the current one."""
    type, id = request.values["type"], request.values["id"]
    not_of(type, "$diff")
    _known(request, {"fromVersion", "toVersion"})
    known = versions.of(request, type, id)
    new = versions.numbered(known, request.one("toVersion") or str(known[0].version))
    older = (one for one in known if one.version < new.version)
    before = max(older, key=lambda one: one.version, default=new)
    old = versions.numbered(known, request.one("fromVersion") or str(before.version))
    return _difference(versions.resource(old, type, id), versions.resource(new, type, id))


def of_two(request: Request) -> Answer:
    _known(request, {"from", "to"})
    (old_type, old), (new_type, new) = (_referred(request, name) for name in ("from", "to"))
    if old_type != new_type:
        raise wrong("from và to phải cùng loại tài nguyên.", "from and to must be of one type.")
    return _difference(old, new)


def _known(request: Request, names: set[str]) -> None:
    inputs.simple(request)
    queries.leave_out(request, "$diff", queries.others(request, queries.RESULT | names))


def _referred(request: Request, name: str) -> tuple[str, bytes]:
    form = _REFERENCE.fullmatch(request.one(name))
    if not form:
        raise wrong(f"{name} viết như Patient/x/_history/2.", f"{name} is written as Patient/x/_history/2.")
    type, id, number = form.groups()
    if type not in types():
        raise unknown_type(type)
    if not request.client.reads(type):
        raise out_of_scope(type)
    not_of(type, "$diff")
    known = versions.of(request, type, id)
    return type, versions.resource(versions.numbered(known, number or str(known[0].version)), type, id)


def _difference(old: bytes, new: bytes) -> Answer:
    try:
        return Answer(difference(_own(old), _own(new)))
    except NotApplicable as refused:
        raise Fault.of(422, Issue("error", "processing", refused.vi, refused.en, refused.where)) from None


def _own(resource: bytes) -> bytes:
    """Without what the server says itself."""
    fields = _fields(resource)
    fields.pop("id", None)
    if "meta" in fields:
        kept = {name: value for name, value in _fields(fields.pop("meta")).items() if name not in _OURS}
        fields |= {"meta": Raw(json.encode(kept))} if kept else {}
    return json.encode(fields)


OPERATIONS = (
    ("GET", "/{type}/{id}/$diff", of_instance, DEFINITION),
    ("POST", "/{type}/{id}/$diff", of_instance, DEFINITION),
    ("GET", "/$diff", of_two, DEFINITION),
    ("POST", "/$diff", of_two, DEFINITION),
)
"""Where it is, and its definition."""
