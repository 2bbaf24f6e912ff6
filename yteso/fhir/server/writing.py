"""create, update and delete of one resource, by its id or by a condition (https://hl7.org/fhir/R4/http.html#create)."""

import re
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar
from urllib.parse import urlencode

import psycopg

from yteso.fhir.server import conditions, formats, queries
from yteso.fhir.server.faults import Fault, Issue, not_found, outcome, wrong
from yteso.fhir.server.node import connections, within
from yteso.fhir.server.requests import Answer, Request, preferences
from yteso.fhir.server.shaping import WHOLE
from yteso.fhir.server.wishes import Wish, carry_out
from yteso.fhir.writing import Change, Content, Saved, read


Result = TypeVar("Result")

ATTEMPTS = 3
"""Of a transaction that meets another one; each lock is taken in one order, so that it is rare."""

RETURNS = ("representation", "minimal", "operationoutcome")

_RETRIED = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure)

_TAGS = re.compile(r'\s*(?:W/)?"([^"]*)"\s*')


def create(request: Request) -> Answer:
    return answer(request, keep(request, creation(request)))


def update(request: Request) -> Answer:
    return answer(request, keep(request, change(request)))


def delete(request: Request) -> Answer:
    saved = keep(request, deletion(request))
    if not saved.document and "id" in request.values:
        raise not_found()
    return deleted(request, saved)


def creation(request: Request) -> Wish:
    """A new resource, unless there is one already that fits If-None-Exist."""
    content = sent(request)
    return Wish("POST", content.type, content=content, criteria=request.header("If-None-Exist"))


def change(request: Request) -> Wish:
    """The new content of the resource at the address, or of the one that fits the condition in the address; if there
    is none, it is created, under the id that the client chose.
    """
    content, id = sent(request), request.values.get("id", "")
    if id and content.id != id:
        raise wrong(
            "id trong nội dung phải có và trùng với địa chỉ.", "The id in the body must be that of the address."
        )
    absent = request.header("If-None-Match").strip() == "*"
    return Wish("PUT", content.type, id, content, "" if id else condition(request), expected(request), absent)


def deletion(request: Request) -> Wish:
    type, id = request.values["type"], request.values.get("id", "")
    return Wish("DELETE", type, id, None, "" if id else condition(request), expected(request))


def sent(request: Request) -> Content:
    """The resource that came with a request, of the type of the address; raises Fault."""
    content = read(formats.resource(request))
    if content.type != request.values["type"]:
        raise wrong(
            "resourceType trong nội dung phải trùng với địa chỉ.", "The resourceType must be that of the address."
        )
    return content


def condition(request: Request) -> str:
    """The search in the address."""
    pairs = queries.others(request, queries.RESULT)
    if not pairs:
        raise wrong("Thiếu id, hoặc điều kiện tìm, trong địa chỉ.", "The address lacks an id, or a condition.")
    return urlencode(pairs)


def keep(request: Request, wanted: Wish | Change) -> Saved:
    """Do what is wanted in a transaction of its own; raises Fault."""
    return transaction(lambda conn: carry_out(request, conn, wanted))


def transaction(work: Callable[[psycopg.Connection], Result]) -> Result:
    """The result of work in a transaction of its own, all or nothing; raises Fault 409 when others are in its way."""
    with connections().taken() as conn:
        for _ in range(ATTEMPTS):
            with suppress(*_RETRIED), conn.transaction(), within(conn):
                return work(conn)
    raise Fault(
        409,
        "conflict",
        "Tài nguyên đang được ghi bởi người khác; hãy thử lại.",
        "Others are writing the same resource; try again.",
    )


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
    document, new, form = saved.document, saved.outcome in ("new", "back"), returned(request)
    headers = [*conditions.headers(document), ("Location", location(request, saved))]
    if form == "minimal":
        return Answer(b"", 201 if new else 200, headers)
    body = WHOLE(saved.type, document.body.find(saved.type, saved.id), document.version, document.written)
    return Answer(_done() if form == "operationoutcome" else body, 201 if new else 200, headers)


def location(request: Request, saved: Saved) -> str:
    """The address of the version."""
    return f"{request.base}/{saved.type}/{saved.id}/_history/{saved.document.version}"


def deleted(request: Request, saved: Saved) -> Answer:
    headers = [("ETag", conditions.etag(saved.document))] if saved.document else []
    return Answer(_done(), 200, headers) if returned(request) == "operationoutcome" else Answer(b"", 204, headers)


def returned(request: Request) -> str:
    """What the client wants to be told (Prefer: return)."""
    asked = [value for name, value in preferences(request.header("Prefer")) if name == "return"]
    return next((value for value in asked if value in RETURNS), "")


def _done() -> bytes:
    return outcome(Issue("information", "informational", "Đã lưu.", "Done."))
