"""The web socket: notifications for clients that cannot be called. An ASGI application of its own, beside the pages.

A client sends `bind-with-token TOKEN` ($get-ws-binding-token) and is told from then on, from the first event on that
no socket has carried yet. https://hl7.org/fhir/uv/subscriptions-backport/STU1.1/channels.html#websockets
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache
from time import monotonic
from typing import Any
from uuid import UUID

import orjson
import psycopg

from yteso.config import database
from yteso.config.connections import Connections
from yteso.fhir import xml
from yteso.fhir.subscriptions import bindings, notifications, store
from yteso.fhir.subscriptions.store import Subscription


log = logging.getLogger(__name__)

TICK = 0.5
"""Seconds between two looks for news."""

UNBOUND = 30
"""Seconds that a socket may stay without a binding."""

MOST = 1000
"""Sockets open at a time."""

_BIND = "bind-with-token "
_POLICY, _LATER = 1008, 1013

Send = Callable[[dict[str, Any]], Awaitable[None]]
Receive = Callable[[], Awaitable[dict[str, Any]]]

_open: set[asyncio.Task] = set()


@dataclass(slots=True, frozen=True)
class News:
    """Something to send, and the number of the last event in it."""

    text: str
    subscription: UUID
    number: int


@dataclass
class Bound:
    """What one socket is bound to: the subscriptions of one client, each with the number of the last event sent."""

    client: str = ""
    sent: dict[UUID, int] = field(default_factory=dict)
    spoken: dict[UUID, float] = field(default_factory=dict)
    opened: float = field(default_factory=monotonic)

    @property
    def idle(self) -> bool:
        """Nothing to wait for: never bound in time, or all it was bound to is gone."""
        return not self.sent and (bool(self.client) or monotonic() - self.opened > UNBOUND)

    def bind(self, text: str) -> list[News]:
        """The handshakes of what a token binds to; nothing for another text."""
        with _connections().taken() as conn:
            client, ids = bindings.use(conn, _token(text)) or ("", [])
            if not client or self.client not in ("", client):
                return []
            self.client = client
            found = [one for one in store.of(conn, client, ids) if one.status != "off"]
            self.sent.update({one.id: one.delivered for one in found})
            return [self._news(conn, one, "handshake") for one in found]

    def news(self) -> list[News]:
        if not self.sent:
            return []
        with _connections().taken() as conn:
            found = store.of(conn, self.client, list(self.sent))
            live = {one.id: one for one in found if one.status != "off" and one.scope}
            self.sent = {id: number for id, number in self.sent.items() if id in live}
            return [news for one in live.values() if (news := self._due(conn, one))]

    def told(self, news: News) -> None:
        self.sent[news.subscription] = news.number
        self.spoken[news.subscription] = monotonic()
        with _connections().taken() as conn:
            store.told(conn, news.subscription, news.number)

    def _due(self, conn: psycopg.Connection, one: Subscription) -> News | None:
        if one.events > self.sent[one.id]:
            return self._news(conn, one, "event-notification")
        quiet = monotonic() - self.spoken.get(one.id, self.opened)
        return self._news(conn, one, "heartbeat") if 0 < one.wanted.heartbeat <= quiet else None

    def _news(self, conn: psycopg.Connection, one: Subscription, kind: str) -> News:
        first, events = self.sent[one.id] + 1, []
        if kind == "event-notification":
            events = store.events(conn, one.id, first, one.events, one.wanted.most)
        bundle = notifications.build(conn, one, kind, events)
        text = xml.to_xml(bundle) if one.wanted.format == "application/fhir+xml" else bundle
        return News(text.decode(), one.id, events[-1].number if events else self.sent[one.id])


async def application(scope: dict[str, Any], receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await _socket(receive, send)
    elif scope["type"] == "http":
        await send({"type": "http.response.start", "status": 426, "headers": [(b"upgrade", b"websocket")]})
        await send({"type": "http.response.body", "body": b""})
    elif scope["type"] == "lifespan":
        while (await receive())["type"] != "lifespan.shutdown":
            await send({"type": "lifespan.startup.complete"})
        await send({"type": "lifespan.shutdown.complete"})


async def _socket(receive: Receive, send: Send) -> None:
    await receive()
    await send({"type": "websocket.accept"})
    task = asyncio.current_task()
    _open.add(task)
    try:
        code = await _talk(receive, send) if len(_open) <= MOST else _LATER
    except psycopg.OperationalError:
        code = _LATER
    finally:
        _open.discard(task)
    if code:
        await send({"type": "websocket.close", "code": code})


async def _talk(receive: Receive, send: Send) -> int:
    """With which code to close; 0: the client has left."""
    bound, incoming = Bound(), asyncio.ensure_future(receive())
    try:
        while not bound.idle:
            done, _ = await asyncio.wait({incoming}, timeout=TICK)
            news = []
            if done:
                message = incoming.result()
                if message["type"] != "websocket.receive":
                    return 0
                news = await asyncio.to_thread(bound.bind, message.get("text") or "")
                incoming = asyncio.ensure_future(receive())
            for one in news or await asyncio.to_thread(bound.news):
                await send({"type": "websocket.send", "text": one.text})
                await asyncio.to_thread(bound.told, one)
    finally:
        incoming.cancel()
    return _POLICY


def _token(text: str) -> str:
    """`bind-with-token TOKEN`; some clients write {"type": "bind-with-token", "payload": {"token": TOKEN}}."""
    if text.startswith(_BIND):
        return text.removeprefix(_BIND).strip()
    try:
        said = orjson.loads(text)
        return str(said["payload"]["token"]) if said["type"] == _BIND.strip() else ""
    except (ValueError, KeyError, TypeError):
        return ""


@cache
def _connections() -> Connections:
    return Connections(lambda: database.connect(autocommit=True))
