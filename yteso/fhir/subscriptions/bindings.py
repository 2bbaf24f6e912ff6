"""Tokens that bind a web socket to subscriptions: 256 random bits, used once, for a short time."""

import hashlib
import os
import secrets
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit
from uuid import UUID

from psycopg import Connection


LIFETIME = timedelta(minutes=5)

PORT = 1
"""The web socket is at the port after that of the FHIR face, unless YTESO_WEBSOCKET says where it is."""


def make(conn: Connection, client: str, subscriptions: list[UUID]) -> tuple[str, datetime]:
    """The token and when it ends."""
    token, expires = secrets.token_urlsafe(32), datetime.now(UTC) + LIFETIME
    conn.execute(
        "INSERT INTO subscription_binding (digest, client, subscriptions, expires) VALUES (%s, %s, %s, %s)",
        (_digest(token), client, subscriptions, expires),
    )
    return token, expires


def use(conn: Connection, token: str) -> tuple[str, list[UUID]] | None:
    """The client and the subscriptions that a token binds to, once."""
    return conn.execute(
        "DELETE FROM subscription_binding WHERE digest = %s AND expires > now() RETURNING client, subscriptions",
        (_digest(token),),
    ).fetchone()


def address(base: str) -> str:
    """Where the web socket is, for a client that calls the FHIR face at `base`."""
    if given := os.environ.get("YTESO_WEBSOCKET"):
        return given
    parts = urlsplit(base)
    scheme = "wss" if parts.scheme == "https" else "ws"
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname
    return f"{scheme}://{host}:{(parts.port or (443 if scheme == 'wss' else 80)) + PORT}/"


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
