"""Bundles from stored bytes (https://hl7.org/fhir/R4/bundle.html)."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime

import orjson

from yteso.fhir.server.conditions import etag
from yteso.fhir.server.faults import Issue, outcome
from yteso.fhir.server.requests import Answer
from yteso.fhir.server.shaping import Shape, instant
from yteso.record import Document


def answer(
    kind: str, entries: Iterable[bytes] = (), *, total: int | None = None, links: Mapping[str, str] | None = None
) -> Answer:
    """`kind` is history or searchset. FHIR has no empty lists."""
    now = instant(datetime.now(UTC))
    parts = [f'{{"resourceType":"Bundle","type":"{kind}","timestamp":"{now}"'.encode()]
    if total is not None:
        parts.append(b',"total":%d' % total)
    if links:
        parts.append(b',"link":' + orjson.dumps([{"relation": name, "url": url} for name, url in links.items()]))
    if listed := b",".join(entries):
        parts.append(b',"entry":[' + listed + b"]")
    return Answer(b"".join((*parts, b"}")))


def result(mode: str, base: str, type: str, id: str, resource: bytes) -> bytes:
    """`mode` is match, or include for what a match brings along."""
    url = f"{base}/{type}/{id}".encode()
    return b'{"fullUrl":"%s","resource":%s,"search":{"mode":"%s"}}' % (url, resource, mode.encode())


def remark(issue: Issue) -> bytes:
    """Something the client should know about its search."""
    return b'{"resource":%s,"search":{"mode":"outcome"}}' % outcome(issue)


def version(base: str, type: str, id: str, document: Document, shape: Shape, *, first: bool) -> bytes:
    """One version of a resource; `first` of all that there are."""
    resource = document.body.find(type, id)
    method, status = ("DELETE", "204") if resource is None else ("PUT", "201" if first else "200")
    response = {"status": status, "etag": etag(document), "lastModified": instant(document.written)}
    rest = orjson.dumps({"request": {"method": method, "url": f"{type}/{id}"}, "response": response})
    shown = b"" if resource is None else b'"resource":%s,' % shape(type, resource, document.version, document.written)
    return b'{"fullUrl":"%s",%s%s' % (f"{base}/{type}/{id}".encode(), shown, rest[1:])
