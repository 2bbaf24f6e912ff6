"""What clients can be told of: the SubscriptionTopics of the node, which are data (`data/topics.json`).

A topic has triggers: a resource type, what happens to a resource, and what it is then (`current`), or has newly become
(`becomes`: true now, and not of the version before). https://hl7.org/fhir/R5/subscriptiontopic.html
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import parse_qsl

import orjson

from yteso.fhir import search
from yteso.mapping.names import BASE


DATA = Path(__file__).parent / "data/topics.json"

Test = Callable[[dict], bool]


@dataclass(slots=True, frozen=True)
class Happened:
    """Something that was done to a resource: create, update or delete; decoded, as it was before and as it is."""

    interaction: str
    type: str
    id: str
    before: dict | None
    now: dict | None

    @property
    def last(self) -> dict:
        """As it is, or as it was last."""
        return self.now or self.before or {}


@dataclass(slots=True, frozen=True)
class Trigger:
    type: str
    interactions: frozenset[str]
    current: search.Query
    becomes: search.Query

    def fires(self, happened: Happened) -> bool:
        if happened.type != self.type or happened.interaction not in self.interactions:
            return False
        if happened.interaction == "delete":
            return True
        new = not self.becomes.criteria or not happened.before or not self.becomes.matches(happened.before)
        return new and self.becomes.matches(happened.now) and self.current.matches(happened.now)


@dataclass(slots=True, frozen=True)
class Topic:
    """`filters` are the search parameters by which a subscription may narrow it."""

    url: str
    vi: str
    en: str
    triggers: tuple[Trigger, ...]
    filters: frozenset[str]

    @property
    def types(self) -> frozenset[str]:
        return frozenset(trigger.type for trigger in self.triggers)

    def fires(self, happened: Happened) -> bool:
        return any(trigger.fires(happened) for trigger in self.triggers)


@cache
def topics() -> dict[str, Topic]:
    """All topics by their canonical address."""
    found = (_topic(one) for one in orjson.loads(DATA.read_bytes()))
    return {topic.url: topic for topic in found}


def _topic(said: dict) -> Topic:
    triggers = tuple(_trigger(one) for one in said["triggers"])
    url = f"{BASE}/SubscriptionTopic/{said['name']}"
    return Topic(url, said["vi"], said["en"], triggers, frozenset(said["filters"]))


def _trigger(said: dict) -> Trigger:
    current, becomes = (search.parse(said["type"], parse_qsl(said.get(name, "")), strict=True) for name in _CRITERIA)
    return Trigger(said["type"], frozenset(said["interactions"]), current, becomes)


_CRITERIA = ("current", "becomes")
