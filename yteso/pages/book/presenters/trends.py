"""The same test over time, across facilities."""

import re
from dataclasses import dataclass
from hashlib import blake2b

from django.utils.translation import gettext as _

from yteso.pages.base import formats
from yteso.pages.book.presenters.resources import Name, Visit
from yteso.pages.book.presenters.results import Result, laboratory, result


@dataclass(frozen=True)
class Point:
    result: Result
    visit: str
    when: str
    facility: str


@dataclass(frozen=True)
class Trend:
    """`points` oldest first, at least two, all numbers of one test in one unit. `slug` names it in an address."""

    slug: str
    name: str
    also: str
    unit: str
    range: str
    points: list[Point]

    @property
    def last(self) -> Point:
        return self.points[-1]


def trends(visits: list[Visit], facility: Name) -> list[Trend]:
    """Tests with two numbers or more, those with the latest result first."""
    found: dict[str, list[Point]] = {}
    for visit in visits:
        if visit.has("Observation", "o"):
            for one in visit.all("Observation"):
                if laboratory(one, visit) and "valueQuantity" in one:
                    line = result(one, visit)
                    point = Point(line, visit.id, formats.moment(line.at), facility(visit.facility))
                    found.setdefault(line.key, []).append(point)
    made = [_trend(key, points) for key, points in found.items() if len(points) > 1]
    return sorted(made, key=lambda one: (-one.last.result.at.timestamp(), one.name))


def _trend(key: str, points: list[Point]) -> Trend:
    points = sorted(points, key=lambda one: one.result.at)
    last = points[-1].result
    return Trend(slug(key), last.name, last.also, last.unit, last.range, points)


def slug(key: str) -> str:
    """Letters, digits and hyphens; a short hash keeps apart what looks alike without its signs."""
    readable = re.sub(r"[^a-z0-9]+", "-", key.lower()).strip("-")
    return f"{readable}-{blake2b(key.encode(), digest_size=2).hexdigest()}".lstrip("-")


def summary(trend: Trend) -> str:
    """What the chart shows, for those who do not see it."""
    ordered = sorted(trend.points, key=lambda one: one.result.number)
    return _(
        "Biểu đồ %(name)s: %(count)s kết quả từ %(first)s đến %(last)s. "
        "Thấp nhất %(lowest)s, cao nhất %(highest)s, gần nhất %(latest)s %(unit)s."
    ) % {
        "name": trend.name,
        "count": len(trend.points),
        "first": formats.day(trend.points[0].result.at),
        "last": formats.day(trend.last.result.at),
        "lowest": ordered[0].result.value,
        "highest": ordered[-1].result.value,
        "latest": trend.last.result.value,
        "unit": trend.unit,
    }


def chart(trend: Trend) -> dict[str, object]:
    """What the script draws: moments in seconds, values, the range, and the words of the page."""
    last = trend.last.result
    bound = {name: None if value is None else float(value) for name, value in (("low", last.low), ("high", last.high))}
    return {
        "times": [int(one.result.at.timestamp()) for one in trend.points],
        "values": [float(one.result.number) for one in trend.points],
        "flags": [one.result.flag for one in trend.points],
        "name": trend.name,
        "unit": trend.unit,
        "decimal": "." if formats.number(1.5) == "1.5" else ",",
        **bound,
    }
