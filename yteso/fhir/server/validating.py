"""$validate (https://hl7.org/fhir/R4/resource-operation-validate.html). The answer is an OperationOutcome, status 200,
whatever is found; only a request that makes no sense is refused.
"""

import re

import orjson

from yteso.fhir.server import formats, inputs, profiles, reading
from yteso.fhir.server.faults import Fault, Issue, outcome, wrong
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shelf import terms
from yteso.fhir.structure import Issue as Found
from yteso.fhir.validation import Validator
from yteso.fhir.validation.codes import Codes


ADDRESSES = (
    ("POST", "/{type}/$validate"),
    ("POST", "/{type}/{id}/$validate"),
    ("GET", "/{type}/{id}/$validate"),
)
LARGEST = 2_000_000
"""Bytes of what is looked at."""

MODES = ("create", "update", "delete", "profile")

_PARAMETERS = re.compile(rb'\s*\{\s*"resourceType"\s*:\s*"Parameters"')
_NAMED = re.compile(rb'"name"\s*:\s*"resource"')


def validate(request: Request) -> Answer:
    """What was sent; at an instance without anything sent, the resource as it is stored."""
    resource, mode, asked = _asked(request)
    stored = b"" if resource and mode != "delete" else _stored(request)
    said = [] if mode == "delete" else _validator().validate(resource or stored, asked)
    found = [_told(one) for one in said] + (_misplaced(request, resource, mode) if resource else [])
    return Answer(outcome(*(found or [_fine(mode)])))


def _asked(request: Request) -> tuple[bytes, str, list[str]]:
    """The resource that was sent, the mode, and the profiles beyond those that the resource names."""
    given: list[tuple[str, inputs.Input]] = list(request.parameters)
    if request.method == "POST" and request.body:
        body = formats.resource(request)
        if len(body) > LARGEST:
            raise Fault(
                413,
                "too-long",
                f"$validate nhận nhiều nhất {LARGEST:,} byte; hãy kiểm tra từng tài nguyên.",
                f"$validate takes {LARGEST:,} bytes at most; send the resources one by one.",
            )
        # Anything else than parameters is looked at as it is, so that a broken one is told what is broken.
        given = inputs.inputs(request) if _carries(request, body) else [*given, ("resource", body)]
    named = dict(given)
    resource, mode = named.get("resource", b""), named.get("mode", "")
    asked = [value for name, value in given if name == "profile" and isinstance(value, str)]
    if not isinstance(resource, bytes) or (mode and mode not in MODES):
        raise wrong(
            f"resource phải là một tài nguyên, mode là một trong: {', '.join(MODES)}.",
            f"resource must be a resource, mode one of: {', '.join(MODES)}.",
        )
    if mode == "profile" and not asked:
        raise wrong("mode=profile cần tham số profile.", "mode=profile needs the parameter profile.")
    return resource, mode, asked


def _carries(request: Request, body: bytes) -> bool:
    """Is it the parameters of the operation, rather than what is to be looked at?"""
    itself = request.values["type"] == "Parameters" and not _NAMED.search(body)
    return bool(_PARAMETERS.match(body)) and not itself


def _stored(request: Request) -> bytes:
    if "id" not in request.values:
        raise wrong(
            "Gửi tài nguyên trong nội dung, hoặc gọi ở địa chỉ của một tài nguyên đã lưu.",
            "Send the resource in the body, or ask at the address of one that is stored.",
        )
    return reading.read(request.inner(request.path.removesuffix("/$validate"))).body


def _validator() -> Validator:
    return Validator(profiles.definition, Codes(terms()).member_of)


def _misplaced(request: Request, resource: bytes, mode: str) -> list[Issue]:
    """What of the resource does not agree with the address it was sent to."""
    try:
        content = orjson.loads(resource)
    except orjson.JSONDecodeError:
        return []
    type, id = request.values["type"], request.values.get("id")
    stated = content.get("resourceType") if isinstance(content, dict) else None
    if isinstance(stated, str) and stated != type:
        vi, en = (
            f"Địa chỉ này dành cho {type}; hãy gửi tới địa chỉ đúng loại.",
            f"This address is for {type}; send it to that of its type.",
        )
        return [Issue("error", "invalid", vi, en, "resourceType")]
    if mode != "create" and id and stated and content.get("id") != id:
        vi, en = "id trong nội dung phải trùng với địa chỉ.", "The id in the body must be that of the address."
        return [Issue("error", "invalid", vi, en, f"{type}.id")]
    return []


def _told(found: Found) -> Issue:
    return Issue(found.severity, found.code, found.vi, found.en, found.location)


def _fine(mode: str) -> Issue:
    if mode == "delete":
        return Issue("information", "informational", "Xóa được tài nguyên này.", "This resource may be deleted.")
    return Issue("information", "informational", "Không có vấn đề gì.", "No issues were found.")
