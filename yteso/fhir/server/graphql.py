"""$graphql (https://hl7.org/fhir/R4/graphql.html): of the whole server, or starting at one resource.

Every resource of an answer is a request of its own to the routes of this server, with the same client, scope and log.
"""

import json
from decimal import Decimal
from typing import Any

import msgspec
import orjson

from yteso.fhir import graphql
from yteso.fhir.server.faults import Fault, wrong
from yteso.fhir.server.requests import FORM, Answer, Request


ADDRESSES = (
    ("GET", "/$graphql"),
    ("POST", "/$graphql"),
    ("GET", "/{type}/{id}/$graphql"),
    ("POST", "/{type}/{id}/$graphql"),
)

_encode = msgspec.json.Encoder(decimal_format="number").encode


def answer(request: Request) -> Answer:
    """200 with `data` and perhaps `errors`; the status of what went wrong when there is no `data`."""
    door = _Door(request)
    try:
        asked = _asked(request)
        focus = door.focus() if "id" in request.values else None
        found, status = graphql.run(asked, door.fetch, focus, f"{request.base}/"), 200
    except graphql.Refused as refused:
        about = {"code": refused.code, "status": refused.status}
        found, status = {"errors": [{"message": refused.text, "extensions": about}]}, refused.status
    except Fault as fault:
        found, status = {"errors": [{"message": _text(fault)}]}, fault.status
    return Answer(_encode(found), status if status != 200 or "data" in found else 400, kind="application/json")


class _Door:
    """The routes of the server, for a client that is inside already."""

    def __init__(self, request: Request) -> None:
        self._request = request

    def fetch(self, path: str, parameters: list[tuple[str, str]]) -> bytes:
        from yteso.fhir.server.application import respond  # which has the routes, and they have this

        try:
            return respond(self._request.inner(path, parameters)).body
        except Fault as fault:
            raise graphql.Refused(fault.status, fault.issues[0].code, _text(fault)) from None

    def focus(self) -> dict[str, Any]:
        path = self._request.path.removesuffix("/$graphql")
        return json.loads(self.fetch(path, []), parse_float=Decimal)


def _asked(request: Request) -> dict[str, Any]:
    """`query`, `variables` and `operationName`, from the address, a form, JSON, or the query as the body."""
    kind = request.kind.partition(";")[0].strip().lower()
    given = dict(request.parameters)
    if request.method == "POST" and kind == "application/graphql":
        return given | {"query": request.body.decode("utf-8", "replace")}
    if request.method == "POST" and kind != FORM:
        return _read(request.body)
    return given | ({"variables": _read(given["variables"])} if given.get("variables") else {})


def _read(text: str | bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(text)
    except orjson.JSONDecodeError:
        found = None
    if not isinstance(found, dict):
        raise wrong(
            "Gửi truy vấn bằng JSON (query, variables, operationName) hoặc application/graphql.",
            "Send the query as JSON (query, variables, operationName) or as application/graphql.",
        )
    return found


def _text(fault: Fault) -> str:
    return " ".join(f"{one.vi} / {one.en}" for one in fault.issues)
