"""patch of one resource (https://hl7.org/fhir/R4/http.html#patch): JSON Patch, or FHIRPath Patch in JSON or XML."""

from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress

import orjson

from yteso.fhir import structure
from yteso.fhir.patch import NoPatch, NotApplicable, apply_fhirpath_patch, apply_json_patch
from yteso.fhir.server import editing, formats, matching, writing
from yteso.fhir.server.faults import Fault, Issue, not_found
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.wishes import Wish
from yteso.fhir.writing.content import wrong


JSON_PATCH = "application/json-patch+json"
FORMATS = (JSON_PATCH, formats.JSON, formats.XML)

_Refused = NoPatch | NotApplicable


def patch(request: Request) -> Answer:
    """Of the resource at the address, or of the one that fits the condition in it."""
    change = _change(request)
    _settle(request)
    return writing.answer(request, editing.edit(request, change))


def wish(request: Request) -> Wish:
    """The same as an entry of a transaction: of the version that stands when it begins."""
    change = _change(request)
    _settle(request)
    return editing.wish(request, change)


def _settle(request: Request) -> None:
    """Which resource a condition means; raises Fault unless it is one."""
    if "id" not in request.values:
        type = request.values["type"]
        found = matching.one(matching.matches(request, type, writing.condition(request)))
        if not found:
            raise not_found()
        request.values["id"] = found[1][1]


def _change(request: Request) -> Callable[[bytes], bytes]:
    """What the body of the request does to a resource; raises Fault, as its work does."""
    if request.kind.partition(";")[0].strip().lower() == JSON_PATCH:
        apply, body = apply_json_patch, request.body
    elif binary := _binary(body := _resource(request)):
        apply, body = apply_json_patch, binary
    else:
        apply, body = apply_fhirpath_patch, _parameters(body)

    def change(resource: bytes) -> bytes:
        try:
            return apply(resource, body)
        except NoPatch as refused:
            raise Fault.of(400, _issue(refused, "invalid")) from None
        except NotApplicable as refused:
            raise Fault.of(422, _issue(refused, "processing")) from None

    return change


def _resource(request: Request) -> bytes:
    try:
        return formats.resource(request)
    except Fault as fault:
        raise _other_format() if fault.status == 415 else fault from None


def _binary(body: bytes) -> bytes:
    """The JSON Patch in a Binary, which is how an entry of a bundle carries it; else nothing."""
    with suppress(ValueError):
        resource = orjson.loads(body)
        if isinstance(resource, dict) and resource.get("contentType") == JSON_PATCH:
            return b64decode(resource.get("data", ""))
    return b""


def _parameters(body: bytes) -> bytes:
    """The body, if it is a Parameters resource, and sound but for references to what the patched one contains."""
    if found := [issue for issue in structure.check(body) if issue.problem != "no-such-part"]:
        raise wrong(found)
    if orjson.loads(body)["resourceType"] != "Parameters":
        raise Fault(
            400,
            "invalid",
            "Nội dung phải là Parameters của FHIRPath Patch.",
            "The body must be the Parameters of a FHIRPath Patch.",
        )
    return body


def _issue(refused: _Refused, code: str) -> Issue:
    return Issue("error", code, refused.vi, refused.en, refused.where)


def _other_format() -> Fault:
    listed = ", ".join(FORMATS)
    return Fault(
        415,
        "not-supported",
        f"Patch phải là một trong: {listed}; ghi rõ trong Content-Type.",
        f"A patch is one of: {listed}; say which in Content-Type.",
        Accept_Patch=listed,
    )
