"""create, update and delete of one resource (https://hl7.org/fhir/R4/http.html#create)."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar
from uuid import uuid4

import psycopg

from yteso.fhir.server import conditions, formats
from yteso.fhir.server.faults import Fault, Issue, not_found, outcome, wrong
from yteso.fhir.server.node import connections
from yteso.fhir.server.requests import Answer, Request, preferences
from yteso.fhir.server.shaping import WHOLE
from yteso.fhir.writing import Change, Content, Saved, read, save
from yteso.record.ids import fhir_id


Result = TypeVar("Result")

ATTEMPTS = 3
"""Of a transaction that meets another one; each lock is taken in one order, so that it is rare."""

RETURNS = ("representation", "minimal", "operationoutcome")

_TAGS = re.compile(r'\s*(?:W/)?"([^"]*)"\s*')


def create(request: Request) -> Answer:
    content = sent(request)
    return answer(request, keep(request, Change(content.type, (id := new_id()), content.named(id))))


def update(request: Request) -> Answer:
    """Also of a resource that is not there yet, under the id that the client chose."""
    id = request.values["id"]
    content = sent(request)
    if content.id != id:
        raise wrong(
            "id trong nội dung phải có và trùng với địa chỉ.", "The id in the body must be that of the address."
        )
    return answer(request, keep(request, changed(request, content)))


def delete(request: Request) -> Answer:
    type, id = request.values["type"], request.values["id"]
    return deleted(request, keep(request, Change(type, id, None, expected(request))))


def sent(request: Request) -> Content:
    """The resource that came with a request, of the type of the address; raises Fault."""
    content = read(formats.resource(request))
    if content.type != request.values["type"]:
        raise wrong(
            "resourceType trong nội dung phải trùng với địa chỉ.", "The resourceType must be that of the address."
        )
    return content


def changed(request: Request, content: Content) -> Change:
    """The new content of a resource, on the terms of the request."""
    absent = request.header("If-None-Match").strip() == "*"
    return Change(content.type, content.id, content, expected(request), absent)


def keep(request: Request, change: Change) -> Saved:
    """Save one change in a transaction of its own."""
    (saved,) = transaction(lambda conn: save(conn, request.client.reader, [change], request.base))
    return saved


def transaction(work: Callable[[psycopg.Connection], Result]) -> Result:
    """The result of work in a transaction of its own, all or nothing; raises Fault 409 when others are in its way."""
    with connections().taken() as conn:
        for _ in range(ATTEMPTS):
            with suppress(psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure), conn.transaction():
                return work(conn)
    raise Fault(
        409,
        "conflict",
        "Tài nguyên đang được ghi bởi người khác; hãy thử lại.",
        "Others are writing the same resource; try again.",
    )


def new_id() -> str:
    """An id that nobody can guess, in the form of ours."""
    return fhir_id(uuid4())


def expected(request: Request) -> frozenset[str] | None:
    """The versions of If-Match (RFC 9110, 13.1.1)."""
    text = request.header("If-Match").strip()
    if not text or text == "*":
        return frozenset("*") if text else None
    found = [_TAGS.fullmatch(part) for part in text.split(",")]
    if not all(found):
        raise wrong('If-Match viết như ETag: W/"2".', 'If-Match is written as the ETag is: W/"2".')
    return frozenset(one[1] for one in found)


def answer(request: Request, saved: Saved) -> Answer:
    """What is told of a resource that was written."""
    document, new = saved.document, saved.outcome in ("new", "back")
    headers = conditions.headers(document)
    if new:
        headers.append(("Location", f"{request.base}/{document.source}/_history/{document.version}"))
    type, id = document.source.split("/")
    form = returned(request)
    if form == "minimal":
        return Answer(b"", 201 if new else 200, headers)
    body = WHOLE(type, document.body.find(type, id), document.version, document.written)
    return Answer(_done() if form == "operationoutcome" else body, 201 if new else 200, headers)


def deleted(request: Request, saved: Saved) -> Answer:
    if not saved.document:
        raise not_found()
    headers = [("ETag", conditions.etag(saved.document))]
    return Answer(_done(), 200, headers) if returned(request) == "operationoutcome" else Answer(b"", 204, headers)


def returned(request: Request) -> str:
    """What the client wants to be told (Prefer: return)."""
    asked = [value for name, value in preferences(request.header("Prefer")) if name == "return"]
    return next((value for value in asked if value in RETURNS), "")


def _done() -> bytes:
    return outcome(Issue("information", "informational", "Đã lưu.", "Done."))
