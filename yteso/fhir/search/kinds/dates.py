"""Dates: every one is a span of time, as long as it is imprecise.

A span is (start, end) in nanoseconds, UTC, the end not included; 1 January of year 1 is day 1, an open period has ±∞.
Without a zone a time is of Viet Nam (UTC+7). Source: FHIR R4, Search, "date" and "Prefixes".
"""

import re
import time
from calendar import monthrange
from collections.abc import Callable
from datetime import date
from functools import lru_cache
from math import inf
from typing import NamedTuple

from yteso.fhir.search.errors import SearchError


Span = tuple[float, float]
"""Integers, or ±∞."""

SECOND = 1_000_000_000
DAY = 86_400 * SECOND
ZONE = 7 * 3_600 * SECOND
"""Asia/Ho_Chi_Minh, ahead of UTC."""

PREFIXES = ("eq", "ne", "gt", "lt", "ge", "le", "sa", "eb", "ap")

_DATE = re.compile(
    r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2})(?:T([0-9]{2}):([0-9]{2})(?::([0-9]{2})(?:\.([0-9]{1,9})[0-9]*)?)?"
    r"(Z|[+ -][0-9]{2}:[0-9]{2})?)?)?)?"
)
_EPOCH = date(1970, 1, 1).toordinal()


class Moment(NamedTuple):
    """One alternative of a date search."""

    prefix: str
    start: float
    end: float


def read(text: str, parameter: str) -> Moment:
    """`ge2026-01` and the like. Raises SearchError."""
    prefix, rest = (text[:2], text[2:]) if text[:2] in PREFIXES else ("eq", text)
    found = span(rest)
    if found is None:
        raise SearchError("date", parameter, text)
    return Moment(prefix, *found)


def matcher(moments: list[Moment]) -> Callable[[object], bool]:
    """Does an element (date, dateTime, instant, Period or Timing) match any of the moments?"""
    if len(moments) == 1:
        return _one(moments[0])
    tests = [_one(moment) for moment in moments]
    return lambda element: any(test(element) for test in tests)


def _one(moment: Moment) -> Callable[[object], bool]:
    compare = _COMPARE[moment.prefix]
    start, end = _widened(moment) if moment.prefix == "ap" else moment[1:]

    def test(element: object) -> bool:
        found = span(element) if type(element) is str else extent(element)
        return found is not None and compare(start, end, *found)

    return test


def _widened(moment: Moment) -> Span:
    """10 % of the gap between now and the date, on both sides."""
    now = time.time_ns() + _EPOCH * DAY
    gap = max(moment.start - now, now - moment.end, 0) // 10
    return moment.start - gap, moment.end + gap


_COMPARE: dict[str, Callable[[float, float, float, float], bool]] = {
    # s, e: what is searched for; a, b: what the resource says.
    "eq": lambda s, e, a, b: s <= a and b <= e,
    "ne": lambda s, e, a, b: not (s <= a and b <= e),
    "gt": lambda s, e, a, b: b > e,
    "lt": lambda s, e, a, b: a < s,
    # By its words the specification would miss a stay that ends on that very day; here "may be as late" counts.
    "ge": lambda s, e, a, b: b > s,
    "le": lambda s, e, a, b: a < e,
    "sa": lambda s, e, a, b: a >= e,
    "eb": lambda s, e, a, b: b <= s,
    "ap": lambda s, e, a, b: a < e and s < b,
    "po": lambda s, e, a, b: a < e and s < b,  # of a _filter: the two spans overlap
}


def extent(element: object) -> Span | None:
    """The span of any element with a date; a Timing spans from its first event to its last."""
    if type(element) is str:
        return span(element)
    if type(element) is not dict:
        return None
    if "event" in element or "repeat" in element:
        return _timing(element)
    return _period(element)


def day(found: Span) -> str:
    """The day, month or year of Viet Nam that the whole span lies in, as 2026-03-01, 2026-03 or 2026; else ""."""
    try:
        first, last = (date.fromordinal(int(end + ZONE) // DAY).isoformat() for end in (found[0], found[1] - 1))
    except (ValueError, OverflowError):
        return ""
    return next((first[:length] for length in (10, 7, 4) if first[:length] == last[:length]), "")


def _timing(element: dict) -> Span | None:
    repeat = element.get("repeat")
    spans = [span(event) for event in element.get("event", ()) if type(event) is str]
    if type(repeat) is dict and type(repeat.get("boundsPeriod")) is dict:
        spans.append(_period(repeat["boundsPeriod"]))
    known = [one for one in spans if one]
    return (min(start for start, _ in known), max(end for _, end in known)) if known else None


def _period(element: dict) -> Span | None:
    """A bound that is missing or says nothing is open; a period without any is no date."""
    start, end = (span(text) if type(text := element.get(name)) is str else None for name in ("start", "end"))
    if start is None and end is None:
        return None
    return start[0] if start else -inf, end[1] if end else inf


@lru_cache(65_536)
def span(text: str) -> Span | None:
    """The span of a date, dateTime or instant; None when it is not one."""
    found = _DATE.fullmatch(text)
    if not found:
        return None
    year, month, day, hour, minute, second, fraction, zone = found.groups()
    try:
        first = date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    if hour is None:
        days = 1 if day else monthrange(first.year, first.month)[1] if month else 365 + _leap(first.year)
        start = first.toordinal() * DAY - ZONE
        return start, start + days * DAY
    # A leap second is the first one of the next minute.
    if hour > "23" or minute > "59" or (second or "") > "60":
        return None
    seconds = int(hour) * 3_600 + int(minute) * 60 + int(second or 0)
    width = 10 ** (9 - len(fraction)) if fraction else SECOND if second else 60 * SECOND
    start = first.toordinal() * DAY + seconds * SECOND - _offset(zone) + int(fraction or 0) * width
    return start, start + width


def _offset(zone: str | None) -> int:
    """Nanoseconds ahead of UTC. A `+` that nobody escaped arrives as a space."""
    if zone is None:
        return ZONE
    if zone == "Z":
        return 0
    ahead = (int(zone[1:3]) * 60 + int(zone[4:])) * 60 * SECOND
    return -ahead if zone[0] == "-" else ahead


def _leap(year: int) -> bool:
    return monthrange(year, 2)[1] == 29
