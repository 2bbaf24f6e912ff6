"""Subscription: kept for the client that wrote it and shown to nobody else, since it may hold the receiver's secrets.

http://hl7.org/fhir/uv/subscriptions-backport/STU1.1/workflow.html
"""

from uuid import UUID

import orjson

from yteso.fhir import structure
from yteso.fhir.server import formats
from yteso.fhir.server.faults import Fault, Issue, not_found, wrong
from yteso.fhir.server.inputs import inputs
from yteso.fhir.server.node import connections
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import instant
from yteso.fhir.subscriptions import bindings, hooks, notifications, store
from yteso.fhir.subscriptions.store import Asked, Subscription
from yteso.fhir.subscriptions.wanted import CONTENTS, NotAccepted, read


MOST = 100
"""Subscriptions of a client, and events told at once by $events."""


def create(request: Request) -> Answer:
    _may(request, request.client.writes)
    asked = _asked(request)
    with connections().taken() as conn:
        if len(store.of(conn, request.client.name)) >= MOST:
            raise Fault(429, "throttled", f"Đã có {MOST} Subscription.", f"There are {MOST} subscriptions already.")
        id = store.add(conn, request.client.name, request.base, asked)
        one = store.find(conn, request.client.name, id)
    answer = _answer(one, 201)
    answer.headers.append(("Location", f"{request.base}/{one.name}/_history/{one.version}"))
    return answer


def read_one(request: Request) -> Answer:
    return _answer(_one(request))


def update(request: Request) -> Answer:
    """Also how a subscription that is off is asked for again."""
    _may(request, request.client.writes)
    one = _one(request)
    expected = request.header("If-Match").strip()
    if expected and expected not in ("*", _etag(one)):
        raise Fault(412, "conflict", "Đã có bản mới hơn; hãy đọc lại.", "There is a newer version; read it again.")
    asked = _asked(request)
    with connections().taken() as conn:
        store.change(conn, one.id, asked)
        return _answer(store.find(conn, request.client.name, one.id))


def delete(request: Request) -> Answer:
    _may(request, request.client.writes)
    one = _one(request)
    with connections().taken() as conn:
        store.remove(conn, one.id)
    return Answer(status=204)


def search(request: Request) -> Answer:
    """Those of the client; by `_id`, `status`, `criteria`."""
    _may(request, request.client.reads)
    unknown = {name for name, _ in request.parameters} - {"_id", "status", "criteria", "_format", "_pretty", "_count"}
    if unknown and not request.lenient:
        raise wrong("Subscription tìm theo _id, status, criteria.", "Search Subscription by _id, status, criteria.")
    with connections().taken() as conn:
        found = store.of(conn, request.client.name, _ids(request.all("_id")) if request.all("_id") else None)
    for name, value in (("status", lambda one: one.status), ("criteria", lambda one: one.criteria)):
        asked = [text.split(",") for text in request.all(name)]
        found = [one for one in found if all(value(one) in texts for texts in asked)]
    return _searchset([(one.base + "/" + one.name, _shown(one)) for one in found])


def status(request: Request) -> Answer:
    """$status of one, or of those that are asked for."""
    if "id" in request.values:
        found = [_one(request)]
    else:
        _may(request, request.client.reads)
        asked = [pair for pair in inputs(request) if isinstance(pair[1], str)]
        ids, states = ([value for name, value in asked if name == key] for key in ("id", "status"))
        with connections().taken() as conn:
            found = store.of(conn, request.client.name, _ids(ids) if ids else None)
        found = [one for one in found if not states or one.status in states]
    entries = [notifications.status(one, "query-status") for one in found]
    return _searchset([(f"{request.base}/Parameters/{entry['id']}", entry) for entry in entries])


def events(request: Request) -> Answer:
    """$events: what was told, or is still to be told, from one number to another."""
    one, asked = _one(request), dict(pair for pair in inputs(request) if isinstance(pair[1], str))
    first, last = (_number(asked, name, default) for name, default in (("Since", 1), ("Until", one.events)))
    content = asked.get("content", "")
    if content and content not in CONTENTS:
        raise wrong(f"content là một trong: {', '.join(CONTENTS)}.", f"content is one of: {', '.join(CONTENTS)}.")
    with connections().taken() as conn:
        found = store.events(conn, one.id, first, last, MOST)
        return Answer(notifications.build(conn, one, "query-event", found, content))


def binding(request: Request) -> Answer:
    """$get-ws-binding-token, for one subscription or for all of the client's that have that channel."""
    if "id" in request.values:
        found = [_one(request)]
    else:
        _may(request, request.client.reads)
        ids = [value for name, value in inputs(request) if name == "id" and isinstance(value, str)]
        with connections().taken() as conn:
            found = store.of(conn, request.client.name, _ids(ids) if ids else None)
    found = [one for one in found if one.wanted.channel == "websocket"]
    if not found:
        raise wrong("Không có Subscription kênh websocket.", "There is no subscription with the channel websocket.")
    with connections().taken() as conn:
        token, expires = bindings.make(conn, request.client.name, [one.id for one in found])
    said = [
        {"name": "token", "valueString": token},
        {"name": "expiration", "valueDateTime": instant(expires)},
        *({"name": "subscription", "valueString": str(one.id)} for one in found),
        {"name": "websocket-url", "valueUrl": bindings.address(request.base)},
    ]
    return Answer(orjson.dumps({"resourceType": "Parameters", "parameter": said}))


def _asked(request: Request) -> Asked:
    """What the client wrote, if it can be kept; raises Fault."""
    body = formats.resource(request)
    if found := structure.check(body):
        raise Fault.of(422, *(Issue("error", one.code, one.vi, one.en, one.location) for one in found))
    resource = orjson.loads(body)
    if resource["resourceType"] != "Subscription":
        raise wrong("Nội dung phải là Subscription.", "The body must be a Subscription.")
    try:
        wanted = read(resource, request.base)
        if wanted.channel == "rest-hook":
            hooks.check(wanted.endpoint)
    except NotAccepted as reason:
        raise Fault(422, "business-rule", reason.vi, reason.en) from None
    except hooks.Refused as reason:
        raise Fault(422, "business-rule", *str(reason).split(" / ")) from None
    for type in wanted.topic.types:
        _may(request, request.client.reads, type)
    return Asked(orjson.dumps(resource).decode(), wanted, resource["status"] == "off")


def _one(request: Request) -> Subscription:
    _may(request, request.client.reads)
    ids = _ids([request.values["id"]])
    with connections().taken() as conn:
        found = store.of(conn, request.client.name, ids)
    if not found:
        raise not_found()
    return found[0]


def _answer(one: Subscription, status: int = 200) -> Answer:
    return Answer(orjson.dumps(_shown(one)), status, [("ETag", _etag(one))])


def _shown(one: Subscription) -> dict[str, object]:
    """As its client wrote it, with how it stands."""
    resource = orjson.loads(one.resource)
    meta = resource.get("meta", {}) | {"versionId": str(one.version), "lastUpdated": instant(one.written)}
    resource.pop("error", None)
    stands = {"status": one.status} | ({"error": one.fault} if one.fault else {})
    return {"resourceType": "Subscription", "id": str(one.id), "meta": meta} | {
        name: value for name, value in (resource | stands).items() if name not in ("resourceType", "id", "meta")
    }


def _searchset(found: list[tuple[str, dict]]) -> Answer:
    entries = [{"fullUrl": url, "resource": one, "search": {"mode": "match"}} for url, one in found]
    bundle = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return Answer(orjson.dumps(bundle | ({"entry": entries} if entries else {})))


def _may(request: Request, right: object, type: str = "Subscription") -> None:
    if not right(type):
        raise Fault(403, "forbidden", f"Phạm vi không có {type}.", f"The scope does not have {type}.")


def _ids(texts: list[str]) -> list[UUID]:
    """Those that can be ids of subscriptions."""
    found = []
    for text in ",".join(texts).split(","):
        try:
            found.append(UUID(text.rpartition("/")[2]))
        except ValueError:
            continue
    return found


def _number(asked: dict[str, str], which: str, default: int) -> int:
    text = asked.get(f"events{which}Number", str(default))
    if not text.isascii() or not text.isdigit():
        raise wrong(f"events{which}Number là một số.", f"events{which}Number is a number.")
    return int(text[:18])


def _etag(one: Subscription) -> str:
    return f'W/"{one.version}"'
