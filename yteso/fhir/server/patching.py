"""patch of one resource (https://hl7.org/fhir/R4/http.html#patch): JSON Patch, or FHIRPath Patch in JSON or XML."""

from collections.abc import Callable

from yteso.fhir import structure
from yteso.fhir.patch import NoPatch, NotApplicable, apply_fhirpath_patch, apply_json_patch
from yteso.fhir.server import editing, formats, writing
from yteso.fhir.server.faults import Fault, Issue
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.writing.content import wrong


JSON_PATCH = "application/json-patch+json"
FORMATS = (JSON_PATCH, formats.JSON, formats.XML)

_Refused = NoPatch | NotApplicable


def patch(request: Request) -> Answer:
    return writing.answer(request, editing.edit(request, _change(request)))


def _change(request: Request) -> Callable[[bytes], bytes]:
    """What the body of the request does to a resource; raises Fault, as its work does."""
    if request.kind.partition(";")[0].strip().lower() == JSON_PATCH:
        apply, body = apply_json_patch, request.body
    else:
        apply, body = apply_fhirpath_patch, _parameters(request)

    def change(resource: bytes) -> bytes:
        try:
            return apply(resource, body)
        except NoPatch as refused:
            raise Fault.of(400, _issue(refused, "invalid")) from None
        except NotApplicable as refused:
            raise Fault.of(422, _issue(refused, "processing")) from None

    return change


def _parameters(request: Request) -> bytes:
    """The body as a Parameters resource that is sound, but for references to what the patched resource contains."""
    try:
        body = formats.resource(request)
    except Fault as fault:
        raise _other_format() if fault.status == 415 else fault from None
    if found := [issue for issue in structure.check(body) if issue.problem != "no-such-part"]:
        raise wrong(found)
    if not body.replace(b" ", b"").replace(b"\n", b"").count(b'"resourceType":"Parameters"'):
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
