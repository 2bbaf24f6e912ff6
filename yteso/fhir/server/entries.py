"""The entries of a bundle that is to be carried out: requests, and what is answered to each.

https://hl7.org/fhir/R4/bundle.html, https://hl7.org/fhir/R4/http.html#transaction-response
"""

import re
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from urllib.parse import urlsplit

import msgspec
import orjson

from yteso.fhir.server.faults import Fault, wrong
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import instant
from yteso.fhir.structure import Issue


MOST = 10_000
"""Entries of one bundle."""

_PLACE = re.compile(r"Bundle\.entry\[(\d+)\]\.resource\b\.?(.*)", re.DOTALL)


class _Terms(msgspec.Struct):
    """Bundle.entry.request."""

    method: str
    url: str
    ifNoneMatch: str = ""
    ifModifiedSince: str = ""
    ifMatch: str = ""
    ifNoneExist: str = ""


class _Entry(msgspec.Struct):
    request: _Terms | None = None
    resource: msgspec.Raw = msgspec.Raw()
    fullUrl: str = ""


class _Head(msgspec.Struct):
    resourceType: str


class _Bundle(msgspec.Struct):
    type: str
    entry: list[_Entry] = []


@dataclass(slots=True)
class Entry:
    """`where` is its place in the bundle, `full` what others call it, `problems` what is wrong with its resource."""

    where: str
    method: str
    url: str
    resource: bytes
    full: str
    headers: dict[str, str]
    problems: list[Issue] = field(default_factory=list)


_head = msgspec.json.Decoder(_Head).decode
_decode = msgspec.json.Decoder(_Bundle).decode


def read(data: bytes, problems: list[Issue]) -> tuple[str, list[Entry]]:
    """The type of a bundle and its entries, from checked JSON, with the problems of their resources; raises Fault."""
    if _head(data).resourceType != "Bundle":
        raise wrong("Nội dung gửi đến địa chỉ gốc phải là Bundle.", "What is sent to the base is a Bundle.")
    bundle = _decode(msgspec.json.format(data, indent=-1))
    if len(bundle.entry) > MOST:
        raise Fault(413, "too-costly", f"Nhiều nhất {MOST} mục một Bundle.", f"At most {MOST} entries in a Bundle.")
    entries = [_entry(n, one) for n, one in enumerate(bundle.entry)]
    for problem in problems:
        n, location = _inside(problem.location)
        entries[n].problems.append(Issue(location, problem.problem, problem.code, problem.vi, problem.en))
    return bundle.type, entries


def outside(problems: list[Issue]) -> list[Issue]:
    """Those of the bundle itself, rather than of a resource in it."""
    return [problem for problem in problems if not _PLACE.fullmatch(problem.location)]


def request(outer: Request, entry: Entry) -> Request:
    """The entry as a request of its own; raises Fault."""
    url = entry.url.removeprefix(outer.base).lstrip("/")
    if urlsplit(url).scheme:
        raise Fault(
            400,
            "invalid",
            "request.url phải ở trong máy chủ này, ví dụ Patient/123.",
            "request.url must be on this server, such as Patient/123.",
        )
    return outer.entry(entry.method, url, entry.resource, **entry.headers)


def answered(answer: Answer) -> bytes:
    """An entry of the bundle of answers."""
    told = {name.lower(): value for name, value in answer.headers}
    response = {"status": f"{answer.status} {HTTPStatus(answer.status).phrase}"}
    if location := told.get("location"):
        response["location"] = location
    if etag := told.get("etag"):
        response["etag"] = etag
    if modified := told.get("last-modified"):
        response["lastModified"] = instant(parsedate_to_datetime(modified))
    said = orjson.dumps(response)
    if answer.body.startswith(b'{"resourceType":"OperationOutcome"'):
        return b'{"response":%s,"outcome":%s}}' % (said[:-1], answer.body)
    return b'{"resource":%s,"response":%s}' % (answer.body, said) if answer.body else b'{"response":%s}' % said


def _entry(n: int, one: _Entry) -> Entry:
    where, terms = f"Bundle.entry[{n}]", one.request
    if not terms:
        raise Fault(400, "required", f"{where} thiếu request.", f"{where} lacks its request.")
    headers = {
        "If_None_Match": terms.ifNoneMatch,
        "If_Modified_Since": terms.ifModifiedSince,
        "If_Match": terms.ifMatch,
        "If_None_Exist": terms.ifNoneExist,
    }
    return Entry(where, terms.method, terms.url, bytes(one.resource), one.fullUrl, headers)


def _inside(location: str) -> tuple[int, str]:
    found = _PLACE.fullmatch(location)
    return int(found[1]), found[2]
