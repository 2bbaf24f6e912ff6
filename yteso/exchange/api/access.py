"""Who is asking: a bearer token, or name and secret for a new one. Cookies count for nothing here."""

from base64 import b64decode
from binascii import Error

from django.http import HttpRequest
from ninja.security import HttpBearer

from yteso.exchange import limits, tokens
from yteso.exchange.models import Credential


class Bearer(HttpBearer):
    """The token of a session. Every request of a credential counts towards its limit."""

    def authenticate(self, request: HttpRequest, token: str) -> Credential | None:
        sender = tokens.holder(token)
        if sender:
            limits.count(limits.REQUESTS, sender.id)
        return sender


def client(request: HttpRequest, client_id: str, client_secret: str) -> tuple[str, str]:
    """Name and secret from the form, or from HTTP Basic (RFC 6749, 2.3.1) when the form has none."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if client_id or scheme.lower() != "basic":
        return client_id, client_secret
    try:
        name, _, secret = b64decode(encoded, validate=True).decode().partition(":")
    except (Error, ValueError):
        return "", ""
    return name, secret
