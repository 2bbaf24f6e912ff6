"""From the change feed to events: what was done to which resource, and which subscriptions ask for it."""

from collections.abc import Iterable, Iterator

import orjson
from psycopg import Connection

from yteso import record
from yteso.access.policy import Denied, readable
from yteso.fhir.server.shaping import WHOLE
from yteso.fhir.subscriptions import store
from yteso.fhir.subscriptions.store import Event, Subscription
from yteso.fhir.subscriptions.topics import Happened
from yteso.fhir.subscriptions.wanted import NotAccepted
from yteso.record import Change, Document
from yteso.record.listing import replaced


FEW, MANY = 200, 1_000
"""Changes looked at in one transaction: when somebody listens, and when nobody does."""

_TOLD = ("new", "changed", "withdrawn")
"""Events of the feed that change what a resource is; the others are about history, or say the same again."""


def step(conn: Connection) -> bool:
    """Look through the next changes, in a transaction of their own; False when there are none, or another does."""
    with conn.transaction():
        if not conn.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('subscriptions', 0))").fetchone()[0]:
            return False
        (place,) = conn.execute("SELECT place FROM subscription_feed").fetchone()
        if not (changes := record.changes(conn, place, MANY)):
            return False
        # Asked after the changes: who begins to listen now is told of nothing that they hold.
        if listening := [one for one in store.listening(conn) if _understood(conn, one)]:
            changes = changes[:FEW]
            _count(conn, listening, changes)
        conn.execute("UPDATE subscription_feed SET place = %s", (changes[-1].cursor,))
    return True


def _understood(conn: Connection, one: Subscription) -> bool:
    """A subscription that was kept may ask for what the node of today does not have: then it is off."""
    try:
        return bool(one.wanted)
    except NotAccepted as reason:
        store.end(conn, one.id, f"{reason.vi} / {reason.en}")
        return False


def _count(conn: Connection, listening: list[Subscription], changes: list[Change]) -> None:
    types = frozenset(type for one in listening for type in one.wanted.topic.types)
    found: dict[int, list[Event]] = {n: [] for n in range(len(listening))}
    for change in changes:
        if change.event not in _TOLD:
            continue
        now, before = replaced(conn, change.document, change.version)
        for happened in _happened(before, now, types):
            for n, one in enumerate(listening):
                if change.at >= one.created and _asks(one, happened, now if now.withdrawn is None else before):
                    number = one.events + len(found[n]) + 1
                    found[n].append(_event(number, change, happened))
    for n, one in enumerate(listening):
        if found[n]:
            store.count(conn, one.id, one.events + len(found[n]), found[n])


def _happened(before: Document | None, now: Document, types: frozenset[str]) -> Iterator[Happened]:
    """What a version of a document did to its resources of these types, by the version it replaced."""
    olds = _resources(before, types)
    news = _resources(now, types)
    for type, id in dict.fromkeys((*olds, *news)):
        old, new = olds.get((type, id)), news.get((type, id))
        if old != new:
            interaction = "create" if old is None else "delete" if new is None else "update"
            yield Happened(interaction, type, id, _decoded(type, old, before), _decoded(type, new, now))


def _resources(document: Document | None, types: Iterable[str]) -> dict[tuple[str, str], bytes]:
    if document is None or document.withdrawn is not None:
        return {}
    return {(type, id): json for _, (type, id, json) in document.body.places(types)}


def _decoded(type: str, json: bytes | None, document: Document | None) -> dict | None:
    return json and orjson.loads(WHOLE(type, json, document.version, document.written))


def _asks(one: Subscription, happened: Happened, document: Document | None) -> bool:
    """Whether a subscription is to be told, by what it asks for and by what its client may see."""
    if document is None or not one.reads(happened.type) or not one.wanted.matches(happened):
        return False
    try:
        return bool(readable(one.reader, document.subject, [document]))
    except Denied:
        return False


def _event(number: int, change: Change, happened: Happened) -> Event:
    return Event(number, change.at, happened.interaction, happened.type, happened.id, change.subject, change.document)
