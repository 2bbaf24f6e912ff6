"""Cursors: a place in a list, signed together with the search it belongs to, so that nothing is kept between pages."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from urllib.parse import urlencode

from django.utils.crypto import constant_time_compare, salted_hmac

from yteso.fhir.server.faults import Fault, wrong
from yteso.fhir.server.requests import Request


def seal(request: Request, text: str) -> str:
    """`_cursor` of the page that begins at the place that the text tells."""
    return urlsafe_b64encode(f"{_signature(request, text)}{text}".encode()).decode().rstrip("=")


def unseal(request: Request) -> str | None:
    """The place at which the page begins, None for the first; raises Fault unless it was written for this search."""
    given = request.one("_cursor")
    if not given:
        return None
    try:
        signed = urlsafe_b64decode(given.encode() + b"=" * (-len(given) % 4)).decode()
    except (binascii.Error, ValueError):
        raise _foreign() from None
    signature, text = signed[:64], signed[64:]
    if not constant_time_compare(signature, _signature(request, text)):
        raise _foreign()
    return text


def address(request: Request) -> str:
    """The path of a search, whether it came by GET or as a form."""
    return request.path.removesuffix("/_search")


def parameters(request: Request) -> list[tuple[str, str]]:
    """What makes the search, all but the page of it."""
    return [(name, value) for name, value in request.parameters if name != "_cursor"]


def links(request: Request, following: str) -> dict[str, str]:
    """This page and the next, which begins with the cursor `following`. Also what came as a form goes on by GET."""
    own, base = request.one("_cursor"), f"{request.base}{address(request)}"
    cursors = {"self": own, "next": following}
    found = {}
    for relation, cursor in cursors.items():
        if cursor or relation == "self":
            query = urlencode(parameters(request) + ([("_cursor", cursor)] if cursor else []), safe="/:,*")
            found[relation] = f"{base}?{query}" if query else base
    return found


def _signature(request: Request, text: str) -> str:
    """64 hex digits over the place in the list and the search it belongs to."""
    search = urlencode(parameters(request))
    return salted_hmac("yteso.fhir.cursor", f"{address(request)}?{search}#{text}", algorithm="sha256").hexdigest()


def _foreign() -> Fault:
    return wrong(
        "_cursor không thuộc lần tìm này; hãy theo đúng liên kết next, hoặc bắt đầu lại không có _cursor.",
        "_cursor does not belong to this search; follow the next link as it is, or start again without _cursor.",
    )
