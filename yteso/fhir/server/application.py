"""The FHIR face as a WSGI application. Whatever happens, the answer is one that a FHIR client can read."""

import logging
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

import psycopg

from yteso.fhir.server import formats, patching, routes
from yteso.fhir.server.clients import Client
from yteso.fhir.server.faults import Fault, out_of_scope, outcome, unknown_type
from yteso.fhir.server.node import clients
from yteso.fhir.server.requests import PREFIX, Answer, Request
from yteso.fhir.server.types import types


log = logging.getLogger(__name__)

_STATUS = {status.value: f"{status.value} {status.phrase}" for status in HTTPStatus}
_ALWAYS = [("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Vary", "Accept, Authorization")]


def belongs(path: str) -> bool:
    """Whether a path of the node is one of the FHIR face."""
    return path == PREFIX or path.startswith(PREFIX + "/")


def application(variables: Mapping[str, Any], start: Callable[..., Any]) -> Iterable[bytes]:
    request = Request(variables)
    answer = _whatever_happens(request)
    headers = [*_ALWAYS, *answer.headers]
    if answer.body or answer.stream:
        headers.append(("Content-Type", answer.kind))
    if answer.status not in (204, 304) and not answer.stream:
        headers.append(("Content-Length", str(len(answer.body))))
    start(_STATUS[answer.status], headers)
    if request.method == "HEAD":
        return []
    return answer.stream or ([answer.body] if answer.body else [])


def _whatever_happens(request: Request) -> Answer:
    try:
        return formats.written(request, respond(request))
    except Fault as fault:
        answer = Answer(outcome(*fault.issues), fault.status, fault.headers)
    except psycopg.OperationalError:
        log.exception("the database does not answer")
        answer = _ours(503, "transient", "Cơ sở dữ liệu tạm thời không trả lời", "The database does not answer for now")
    except Exception:
        log.exception("a request failed")
        answer = _ours(500, "exception", "Hệ thống gặp lỗi và đã ghi lại", "The server failed and has noted it")
    return formats.told(request, answer)


def respond(request: Request) -> Answer:
    """The answer to a request; raises Fault."""
    if request.method == "OPTIONS":
        return _options(routes.methods(request.path))
    return admitted(request).answer(request)


def admitted(request: Request) -> routes.Route:
    """Where a request leads that may be made; raises Fault."""
    if request.path != "/metadata":
        request.client = _client(request)
    route = routes.find(request)
    if not route.kind:
        formats.chosen(request)
    if not route.open:
        _permit(request, route)
    return route


def _options(methods: list[str]) -> Answer:
    headers = [("Allow", ", ".join(methods))]
    if "PATCH" in methods:
        headers.append(("Accept-Patch", ", ".join(patching.FORMATS)))
    return Answer(status=204, headers=headers)


def _client(request: Request) -> Client:
    """Whose token it is (RFC 6750, 2.1)."""
    scheme, _, token = request.header("Authorization").partition(" ")
    client = clients().holder(token.strip()) if scheme.lower() == "bearer" else None
    if not client:
        raise Fault(
            401,
            "login",
            "Cần Authorization: Bearer TOKEN còn hiệu lực; cấp bằng yteso token.",
            "Authorization: Bearer TOKEN is needed, of a token that is open; yteso token makes one.",
            WWW_Authenticate='Bearer realm="yteso"' + (', error="invalid_token"' if token else ""),
        )
    return client


def _permit(request: Request, route: routes.Route) -> None:
    """The type exists, and the client's scope has it."""
    type = request.values.get("type")
    if type and type not in types():
        raise unknown_type(type)
    client = request.client
    if type and ((route.reads and not client.reads(type)) or (route.writes and not client.writes(type))):
        raise out_of_scope(type)


def _ours(status: int, code: str, vi: str, en: str) -> Answer:
    fault = Fault(status, code, f"{vi}; hãy thử lại sau.", f"{en}; try again later.")
    return Answer(outcome(*fault.issues), status, [("Retry-After", "5")] if status == 503 else [])
