"""Clients and their bearer tokens (RFC 6750). The token is made here, shown once, and kept as its hash only.

A token is 256 random bits, so that a fast hash is enough. What is known of a token is trusted for `TRUSTED` seconds
before the database is asked again: so long may a revoked one still be answered.
"""

import hashlib
import re
import secrets
from collections.abc import Callable, Set
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic

from psycopg import Connection

from yteso.access.policy import Reader
from yteso.fhir.server.types import types


NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.@-]{2,63}", re.ASCII)
SCOPE = re.compile(r"system/(\*|[A-Za-z]+)\.(read|rs|write|cud|cruds|\*)", re.ASCII)
READING, WRITING = {"read", "rs", "cruds", "*"}, {"write", "cud", "cruds", "*"}
LIFETIME = timedelta(days=90)
TRUSTED = 5
KNOWN = 10_000
"""Tokens remembered at most."""


class NotMade(ValueError):
    """The token cannot be made; the message says why."""


@dataclass(slots=True, frozen=True)
class Client:
    """`types` are those whose resources it may read, `written` those that it may write; None: all."""

    name: str
    types: frozenset[str] | None
    written: frozenset[str] | None = frozenset()

    @property
    def reader(self) -> Reader:
        return Reader(account=self.name, role="client", purpose="fhir")

    def reads(self, type: str) -> bool:
        return self.types is None or type in self.types

    def writes(self, type: str) -> bool:
        return self.written is None or type in self.written


def create(conn: Connection, name: str, scope: str, lifetime: timedelta = LIFETIME, *, by: str) -> tuple[str, datetime]:
    """Register a client, or give one that is known another token: the token and when it ends. Raises NotMade."""
    if not NAME.fullmatch(name):
        raise NotMade(f"Tên gồm 3-64 chữ không dấu, số hoặc _ . @ - / 3-64 plain letters, digits or _ . @ -: {name}")
    parts(scope)
    token, expires = secrets.token_urlsafe(32), datetime.now(UTC) + lifetime
    conn.execute(
        "INSERT INTO fhir_token (digest, client, scope, created_by, expires) VALUES (%s, %s, %s, %s, %s)",
        (_digest(token), name, scope, by, expires),
    )
    return token, expires


def revoke(conn: Connection, name: str) -> int:
    """Close all tokens of a client; how many were open."""
    open = "client = %s AND revoked IS NULL AND expires > now()"
    return conn.execute(f"UPDATE fhir_token SET revoked = now() WHERE {open}", (name,)).rowcount  # noqa: S608


def parts(scope: str) -> list[tuple[str, str]]:
    """Type and right of each part of a scope. Raises NotMade."""
    found = []
    for part in scope.split():
        named = SCOPE.fullmatch(part)
        if not named or named[1] not in {"*", *types()}:
            raise NotMade(
                f"Phạm vi {part} không có; ví dụ / there is no scope {part}; for example: "
                "system/*.read, system/Observation.read, system/Observation.write"
            )
        found.append((named[1], named[2]))
    if not found:
        raise NotMade("Thiếu phạm vi / a scope is missing: system/*.read")
    return found


def allowed(scope: str, rights: Set[str]) -> frozenset[str] | None:
    """The types for which a scope gives one of these rights; None: all."""
    found = frozenset(type for type, right in parts(scope) if right in rights)
    return None if "*" in found else found


class Clients:
    """Who a token belongs to, for the threads of one process."""

    def __init__(self, connection: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._connection = connection
        self._known: dict[bytes, tuple[float, Client]] = {}

    def holder(self, token: str) -> Client | None:
        """The client whose open token this is."""
        digest = _digest(token)
        until, client = self._known.get(digest, (0, None))
        if until > monotonic():
            return client
        self._known.pop(digest, None)
        if client := self._ask(digest):
            if len(self._known) >= KNOWN:
                self._known.clear()
            self._known[digest] = monotonic() + TRUSTED, client
        return client

    def _ask(self, digest: bytes) -> Client | None:
        with self._connection() as conn:
            row = conn.execute(
                "SELECT client, scope FROM fhir_token WHERE digest = %s AND revoked IS NULL AND expires > now()",
                (digest,),
            ).fetchone()
        return row and Client(row[0], allowed(row[1], READING), allowed(row[1], WRITING))


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode("utf-8", "replace")).digest()
