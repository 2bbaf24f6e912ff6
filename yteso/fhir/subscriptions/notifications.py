"""Notifications: Bundles of type history whose first entry says how the subscription stands.

http://hl7.org/fhir/uv/subscriptions-backport/STU1.1/notifications.html
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from uuid import UUID, uuid4

import orjson
from psycopg import Connection

from yteso import record
from yteso.access import portions
from yteso.fhir.server.shaping import WHOLE, instant
from yteso.fhir.subscriptions.store import Event, Subscription
from yteso.record import Document


PROFILE = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4"

_DONE = {"create": ("POST", "201"), "update": ("PUT", "200"), "delete": ("DELETE", "204")}


def build(conn: Connection, one: Subscription, kind: str, events: Iterable[Event] = (), content: str = "") -> bytes:
    """`kind` is handshake, heartbeat, event-notification or query-event; `content` that of the subscription unless
    another is given. What it tells of people is in the log when it is returned: the connection is in autocommit mode.
    """
    content, events = content or one.wanted.content, list(events)
    known = {} if content == "empty" else _shown(conn, one, events)
    told = [event for event in events if event.document in known]
    parts = [_parts(one, event, event in told) for event in events]
    first = {
        "fullUrl": f"urn:uuid:{uuid4()}",
        "resource": status(one, kind, parts),
        "request": {"method": "GET", "url": f"{one.name}/$status"},
        "response": {"status": "200"},
    }
    entries = [_entry(one, event, known[event.document], whole=content == "full-resource") for event in told]
    now = instant(datetime.now(UTC))
    head = f'{{"resourceType":"Bundle","id":"{uuid4()}","type":"history","timestamp":"{now}","entry":['
    return head.encode() + b",".join((orjson.dumps(first), *entries)) + b"]}"


def status(one: Subscription, kind: str, events: Iterable[list[dict]] = ()) -> dict[str, object]:
    """The SubscriptionStatus, which in R4 is a Parameters."""
    said = [
        {"name": "subscription", "valueReference": {"reference": f"{one.base}/{one.name}"}},
        {"name": "topic", "valueCanonical": one.criteria},
        {"name": "status", "valueCode": one.status},
        {"name": "type", "valueCode": kind},
        {"name": "events-since-subscription-start", "valueString": str(one.events)},
        *({"name": "notification-event", "part": parts} for parts in events),
    ]
    if one.fault:
        said.append({"name": "error", "valueCodeableConcept": {"text": one.fault}})
    if not kind.startswith("query") and one.wanted.content == "empty":
        said = [parameter for parameter in said if parameter["name"] != "topic"]
    return {"resourceType": "Parameters", "id": str(uuid4()), "meta": {"profile": [PROFILE]}, "parameter": said}


def _parts(one: Subscription, event: Event, told: bool) -> list[dict]:
    focus = [{"name": "focus", "valueReference": {"reference": f"{one.base}/{event.focus}"}}] if told else []
    return [
        {"name": "event-number", "valueString": str(event.number)},
        {"name": "timestamp", "valueInstant": instant(event.at)},
        *focus,
    ]


def _entry(one: Subscription, event: Event, document: Document, *, whole: bool) -> bytes:
    """The resource as it is now; what has gone meanwhile is only named."""
    method, code = _DONE[event.interaction]
    url = event.type if method == "POST" else event.focus
    json = document.body.find(event.type, event.resource) if whole and method != "DELETE" else None
    shown = b"" if json is None else b'"resource":%s,' % WHOLE(event.type, json, document.version, document.written)
    rest = orjson.dumps({"request": {"method": method, "url": url}, "response": {"status": code}})
    return b'{"fullUrl":"%s",%s%s' % (f"{one.base}/{event.focus}".encode(), shown, rest[1:])


def _shown(conn: Connection, one: Subscription, events: Iterable[Event]) -> Mapping[UUID, Document]:
    """The documents of these events that the client may see now, with its scope and their labels."""
    ids = dict.fromkeys(event.document for event in events if one.reads(event.type))
    found = [document for id in ids if (document := record.current(conn, id))]
    found.sort(key=lambda document: document.subject)
    with conn.transaction():
        return {document.id: document for document in portions.shown(conn, one.reader, found)}
