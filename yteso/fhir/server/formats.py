"""How an answer is written and a body is read: JSON or XML (https://hl7.org/fhir/R4/http.html#mime-type).

Inside everything is JSON text. XML is made JSON when it comes in, and JSON made XML when it goes out.
"""

from contextlib import suppress
from functools import lru_cache

import msgspec

from yteso.fhir import xml
from yteso.fhir.server.faults import Fault, Issue
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.structure import reading


JSON, XML = "application/fhir+json", "application/fhir+xml"
NAMES = {
    JSON: {JSON, "application/json", "text/json", "json"},
    XML: {XML, "application/xml", "text/xml", "xml"},
}
"""What clients call each; the short names are those of `_format`."""

_VERSIONS = {"", "4.0", "4.0.1"}
"""Values of the parameter fhirVersion of a media type."""


def chosen(request: Request) -> str:
    """The format that the client likes best, JSON where it likes both the same; raises Fault 406.

    `_format` comes before Accept.
    """
    # In an address a plus sign is a blank.
    found = _chosen(request.one("_format").replace(" ", "+") or request.header("Accept") or "*/*")
    if not found:
        raise Fault(
            406,
            "not-supported",
            f"Máy chủ này trả lời bằng {JSON} hoặc {XML}; hãy dùng _format=json hoặc _format=xml.",
            f"This server answers in {JSON} or {XML}; use _format=json or _format=xml.",
        )
    return found


def written(request: Request, answer: Answer) -> Answer:
    """The answer in the format of the request; raises Fault 406, also when XML cannot carry it."""
    if answer.kind:
        return answer
    return _in(chosen(request), answer, pretty=request.one("_pretty") == "true")


def told(request: Request, answer: Answer) -> Answer:
    """The same for a fault, which is told in JSON to those who ask for nothing that there is."""
    try:
        return written(request, answer)
    except Fault:
        return _in(JSON, answer)


def resource(request: Request) -> bytes:
    """The resource that a request brings, as JSON text that has not been looked at; raises Fault 400, 413 and 415."""
    kind, charset = _kind(request.kind)
    if not kind or charset not in {"", "utf-8"}:
        raise Fault(
            415,
            "not-supported",
            f"Nội dung phải là {JSON} hoặc {XML}, mã hóa UTF-8; ghi rõ trong Content-Type.",
            f"The body must be {JSON} or {XML} in UTF-8; say so in Content-Type.",
        )
    if kind == JSON:
        return request.body
    try:
        return xml.to_json(request.body)
    except xml.Unreadable as error:
        raise Fault.of(400, _issue(error)) from None


def named(content: str) -> str | None:
    """The FHIR format that a media type means."""
    return _kind(content)[0]


def _in(kind: str, answer: Answer, *, pretty: bool = False) -> Answer:
    if answer.body:
        answer.body = _xml(answer.body, pretty) if kind == XML else _json(answer.body, pretty)
        answer.kind = f"{kind}; charset=utf-8"
    return answer


def _json(body: bytes, pretty: bool) -> bytes:
    """`pretty`: laid out for people's eyes. Numbers stay as they are."""
    return msgspec.json.format(body, indent=2) if pretty else body


def _xml(body: bytes, pretty: bool) -> bytes:
    try:
        text = xml.to_xml(body)
    except xml.Unreadable as error:
        raise Fault.of(406, _issue(error)) from None
    return xml.laid_out(text) if pretty else text


def _issue(error: reading.Unreadable) -> Issue:
    found = error.issue
    return Issue("error", found.code, found.vi, found.en, found.location)


@lru_cache(256)
def _chosen(accept: str) -> str | None:
    ranges = [_range(part) for part in accept.lower().split(",") if part.strip()]
    wishes = {kind: _wish(kind, ranges) for kind in NAMES}
    best = max(NAMES, key=wishes.__getitem__)
    return best if wishes[best][0] > 0 else None


def _wish(kind: str, ranges: list[tuple[str, float]]) -> tuple[float, int]:
    """How much a format is wanted, and whether by its name; what names it best counts (RFC 9110, 12.5.1)."""
    families = {f"{name.partition('/')[0]}/*" for name in NAMES[kind] if "/" in name}
    for exactness, names in ((2, NAMES[kind]), (1, families), (0, {"*/*"})):
        if found := [quality for name, quality in ranges if name in names]:
            return max(found), exactness
    return 0, 0


def _range(text: str) -> tuple[str, float]:
    name, parameters = _parts(text)
    quality = 1.0
    with suppress(ValueError):
        quality = float(parameters.get("q", "1"))
    return (name, quality) if parameters.get("fhirversion", "") in _VERSIONS else ("", 0)


def _kind(content: str) -> tuple[str | None, str]:
    """The format that a Content-Type names, and its charset."""
    name, parameters = _parts(content.lower())
    kinds = [kind for kind, names in NAMES.items() if name in names and parameters.get("fhirversion", "") in _VERSIONS]
    return (kinds[0] if kinds else None), parameters.get("charset", "")


def _parts(text: str) -> tuple[str, dict[str, str]]:
    name, *rest = (part.strip() for part in text.split(";"))
    pairs = (part.partition("=") for part in rest)
    return name, {key.strip(): value.strip().strip('"') for key, _, value in pairs}
