"""Binary: any content with its own media type, raw in and raw out (https://hl7.org/fhir/R4/binary.html#rest).

It is a resource like the others, with versions and a history. Who asks for a FHIR format gets it as one, and who sends
one may send it so. `securityContext` names what it belongs to: who may not read that does not see the Binary.
"""

import re
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import orjson
from msgspec import DecodeError, Raw, json

from yteso.fhir.server import conditions, formats, reading, shaping, versions, writing
from yteso.fhir.server.faults import Fault, not_found
from yteso.fhir.server.node import desk
from yteso.fhir.server.reach import Reach
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.wishes import Wish
from yteso.fhir.writing import Content
from yteso.fhir.writing import read as checked
from yteso.record import homes


ANY = "*/*"
LARGEST = 32 * 1024 * 1024
"""Bytes of raw content."""

_SAFE = [("Content-Security-Policy", "sandbox; default-src 'none'"), ("Content-Disposition", "attachment")]
"""What others have sent never runs as a page of ours."""

_MEDIA = re.compile(r"[A-Za-z0-9!#$&^_.+\-]{1,127}/[A-Za-z0-9!#$&^_.+\-]{1,127}(?:\s*;[\x20-\x7e]{0,200})?", re.ASCII)

_PRINTABLE = re.compile(r"[\x21-\x7e]+", re.ASCII)

_fields = json.Decoder(dict[str, Raw]).decode


def read(request: Request) -> Answer:
    """The raw content, or the resource where a FHIR format is asked for by name."""
    id, reach = request.values["id"], Reach(request.client)
    found = reach.find(f"Binary/{id}")
    if not found:
        raise reach.missing("Binary", id)
    resource, document = found
    context = _seen(request, reach, resource)
    headers = conditions.headers(document) + (
        [("X-Security-Context", context)] if _PRINTABLE.fullmatch(context) else []
    )
    if answer := conditions.unchanged(request, document):
        return answer
    kind = _text(resource, "contentType")
    kind = kind if _MEDIA.fullmatch(kind) else "application/octet-stream"
    if _as_resource(request, kind):
        body = shaping.shape(request)("Binary", resource, document.version, document.written)
        return Answer(body, headers=headers)
    return Answer(b64decode(_text(resource, "data")), headers=[*headers, *_SAFE], kind=kind)


def history(request: Request) -> Answer:
    return _past(request, versions.history)


def vread(request: Request) -> Answer:
    return _past(request, reading.vread)


def create(request: Request) -> Answer:
    return _kept(request, Wish("POST", "Binary", content=_sent(request)))


def update(request: Request) -> Answer:
    id, absent = request.values["id"], request.header("If-None-Match").strip() == "*"
    content = _sent(request).named(id)
    return _kept(request, Wish("PUT", "Binary", id, content, expected=writing.expected(request), absent=absent))


def _kept(request: Request, wish: Wish) -> Answer:
    formats.chosen(request)
    return writing.answer(request, writing.keep(request, wish))


def _sent(request: Request) -> Content:
    """What came: a Binary in a FHIR format, or content of whatever type, of which we make one."""
    kind = request.kind.strip()
    if formats.named(kind) and (content := _resource(request)):
        return content
    if not _MEDIA.fullmatch(kind):
        raise Fault(
            415,
            "not-supported",
            "Ghi rõ loại nội dung trong Content-Type, ví dụ application/pdf.",
            "Say what the content is in Content-Type, e.g. application/pdf.",
        )
    if len(request.body) > LARGEST:
        raise Fault(
            413, "too-long", f"Nội dung quá {LARGEST:,} byte.", f"The content is longer than {LARGEST:,} bytes."
        )
    context = request.header("X-Security-Context").strip()
    made = {"resourceType": "Binary", "contentType": kind}
    made |= {"securityContext": {"reference": context}} if context else {}
    made |= {"data": b64encode(request.body).decode()} if request.body else {}
    return checked(orjson.dumps(made))


def _resource(request: Request) -> Content | None:
    """The Binary that came as a resource; None for other content that has the type of a FHIR format."""
    with suppress(Fault, DecodeError):
        body = formats.resource(request)
        if _text(body, "resourceType") == "Binary":
            return checked(body)
    return None


def _past(request: Request, answer: Callable[[Request], Answer]) -> Answer:
    """Versions, for who may see what each of them belongs to."""
    id, reach = request.values["id"], Reach(request.client)
    for document in desk().versions(request.client.reader, *homes("Binary", id)):
        if resource := document.body.find("Binary", id):
            _seen(request, reach, resource)
    return answer(request)


def _seen(request: Request, reach: Reach, resource: bytes) -> str:
    """What the content belongs to, "" for nothing; raises Fault 404 when the client does not see that."""
    context = _fields(resource).get("securityContext")
    name = json.decode(context, type=dict[str, Any]).get("reference", "") if context else ""
    if name and not reach.find(name.removeprefix(f"{request.base}/")):
        raise not_found()
    return name


def _as_resource(request: Request, kind: str) -> bool:
    """Is a FHIR format wanted? Not by who takes the content's own type, nor by who names none."""
    named = request.one("_format").replace(" ", "+") or request.header("Accept")
    ranges = [part.partition(";")[0].strip().lower() for part in named.split(",")]
    return kind.partition(";")[0].strip().lower() not in ranges and any(map(formats.named, ranges))


def _text(resource: bytes, name: str) -> str:
    value = _fields(resource).get(name)
    return json.decode(value, type=str) if value else ""
