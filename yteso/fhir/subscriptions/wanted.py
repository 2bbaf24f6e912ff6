"""What a Subscription asks for, read from the resource of the backport profile.

http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl

from yteso.fhir import search
from yteso.fhir.search import Query, SearchError
from yteso.fhir.subscriptions.topics import Happened, Topic, topics


EXTENSIONS = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-"
FORMATS = ("application/fhir+json", "application/fhir+xml")
CONTENTS = ("empty", "id-only", "full-resource")
CHANNELS = ("rest-hook", "websocket")
TIMEOUT, LONGEST = 10, 60
"""Seconds that a receiver has to answer, without a wish of its own, and at most."""

MOST = 50
"""Events in one notification, at most."""

SHORTEST = 10
"""Seconds between two heartbeats, at least."""

_HEADER = re.compile(r"([A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}):[ \t]*([\x21-\x7e][\x20-\x7e]{0,2000}|)")
_OURS = {"host", "content-type", "content-length", "connection", "transfer-encoding", "expect", "te", "upgrade"}


class NotAccepted(ValueError):
    """A Subscription that cannot be kept; `vi` and `en` say why and how to mend it."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en


@dataclass(slots=True, frozen=True)
class Wanted:
    """`filters` must all hold of a resource of their type. Times in seconds; `heartbeat` 0: none."""

    topic: Topic
    filters: tuple[Query, ...]
    channel: str
    endpoint: str
    format: str
    content: str
    headers: tuple[tuple[str, str], ...]
    heartbeat: int
    timeout: int
    most: int
    ends: datetime | None

    def matches(self, happened: Happened) -> bool:
        own = [query for query in self.filters if query.resource_type == happened.type]
        return self.topic.fires(happened) and all(query.matches(happened.last) for query in own)


def read(resource: dict[str, Any], base: str) -> Wanted:
    """From a Subscription whose structure has been checked; raises NotAccepted."""
    channel = resource["channel"]
    topic = topics().get(resource["criteria"])
    if not topic:
        raise NotAccepted(
            f"criteria phải là địa chỉ của một chủ đề: {', '.join(topics())}.",
            f"criteria must be the address of a topic: {', '.join(topics())}.",
        )
    extra = channel.get("extension", [])
    return Wanted(
        topic=topic,
        filters=tuple(_filters(resource, topic, base)),
        channel=_one_of("channel.type", channel["type"], CHANNELS),
        endpoint=channel.get("endpoint", ""),
        format=_one_of("channel.payload", channel.get("payload", FORMATS[0]), FORMATS),
        content=_one_of("backport-payload-content", _content(channel), CONTENTS),
        headers=tuple(_headers(channel)),
        heartbeat=_seconds(extra, "heartbeat-period", 0, SHORTEST, 7 * 86_400),
        timeout=_seconds(extra, "timeout", TIMEOUT, 1, LONGEST),
        most=_seconds(extra, "max-count", 1, 1, MOST),
        ends=datetime.fromisoformat(resource["end"]) if "end" in resource else None,
    )


def _content(channel: dict[str, Any]) -> str:
    return _value(channel.get("_payload", {}).get("extension", []), "payload-content") or "empty"


def _filters(resource: dict[str, Any], topic: Topic, base: str) -> Iterable[Query]:
    """`Encounter?patient=Patient/1` or, of each type that the topic has, `patient=Patient/1`."""
    for extension in resource.get("_criteria", {}).get("extension", []):
        if extension.get("url") != EXTENSIONS + "filter-criteria":
            continue
        head, mark, rest = extension.get("valueString", "").rpartition("?")
        pairs = parse_qsl(rest, keep_blank_values=True)
        types = [head] if mark else sorted(topic.types)
        unknown = [name for name, _ in pairs if name.partition(":")[0].partition(".")[0] not in topic.filters]
        if not pairs or unknown or not topic.types.issuperset(types):
            raise _not_a_filter(topic)
        for type in types:
            yield _query(type, pairs, base)


def _query(type: str, pairs: list[tuple[str, str]], base: str) -> Query:
    try:
        query = search.parse(type, pairs, strict=True, base=base)
    except SearchError as error:
        raise NotAccepted(error.vi, error.en) from None
    if query.links:
        raise NotAccepted(
            "Bộ lọc chỉ nhận điều kiện trên chính tài nguyên.", "A filter takes conditions on the resource itself only."
        )
    return query


def _headers(channel: dict[str, Any]) -> Iterable[tuple[str, str]]:
    for text in channel.get("header", []):
        header = _HEADER.fullmatch(text)
        if not header or header[1].lower() in _OURS:
            raise NotAccepted(
                "channel.header viết là Tên: giá trị, và không phải tiêu đề mà hệ thống tự đặt.",
                "channel.header is written as Name: value, and is none that the server sets itself.",
            )
        yield header[1], header[2]


def _seconds(extensions: list[dict[str, Any]], name: str, default: int, least: int, most: int) -> int:
    value = _value(extensions, name)
    return default if value is None else min(max(int(value), least), most)


def _value(extensions: list[dict[str, Any]], name: str) -> Any:
    """The value of one of the extensions of the guide."""
    found = (one for one in extensions if one.get("url") == EXTENSIONS + name)
    return next((value for one in found for key, value in one.items() if key.startswith("value")), None)


def _one_of(name: str, value: str, known: tuple[str, ...]) -> str:
    if value not in known:
        raise NotAccepted(f"{name} là một trong: {', '.join(known)}.", f"{name} is one of: {', '.join(known)}.")
    return value


def _not_a_filter(topic: Topic) -> NotAccepted:
    example, names = f"{min(topic.types)}?patient=Patient/ID", ", ".join(sorted(topic.filters))
    return NotAccepted(
        f"backport-filter-criteria viết như {example}; chủ đề này nhận: {names}.",
        f"backport-filter-criteria is written as {example}; this topic takes: {names}.",
    )
