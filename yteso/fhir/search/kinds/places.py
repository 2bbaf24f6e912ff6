"""Places: `near=21.003|105.841|5|km` finds what lies within five kilometres.

Source: FHIR R4, Location, "Positional Searching".
"""

from collections.abc import Callable
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.escapes import split
from yteso.fhir.search.kinds.numbers import decimal


NEAR = 10.0
"""Kilometres, when a search does not say how far."""

EARTH = 6371.0088
"""Mean radius of the earth in kilometres."""

UNITS = {"": 1.0, "km": 1.0, "m": 0.001, "[mi_us]": 1.609347, "[mi_i]": 1.609344}
"""Kilometres in each unit (UCUM)."""


class Circle(NamedTuple):
    """Degrees, and kilometres."""

    latitude: float
    longitude: float
    radius: float


def read(text: str, parameter: str) -> Circle:
    """`latitude|longitude|distance|unit`; unit and distance may be left out. Raises SearchError."""
    parts = split(text, "|")
    numbers = [decimal(part) for part in parts[:3] if part]
    unit = UNITS.get("".join(parts[3:]))
    if not 2 <= len(parts) <= 4 or None in numbers or len(numbers) < 2 or not all(parts[:2]) or unit is None:
        raise SearchError("place", parameter, text)
    latitude, longitude, *distance = map(float, numbers)
    if abs(latitude) > 90 or abs(longitude) > 180 or min(distance, default=0) < 0:
        raise SearchError("place", parameter, text)
    return Circle(latitude, longitude, distance[0] * unit if distance else NEAR)


def matcher(circles: list[Circle]) -> Callable[[object], bool]:
    """Does the element (Location.position) lie within any of the circles?"""

    def test(element: object) -> bool:
        place = [decimal(element.get(name)) for name in ("latitude", "longitude")] if type(element) is dict else [None]
        return None not in place and any(_distance(circle, *map(float, place)) <= circle.radius for circle in circles)

    return test


def _distance(circle: Circle, latitude: float, longitude: float) -> float:
    """Kilometres along a great circle (haversine)."""
    up, along = radians(latitude - circle.latitude), radians(longitude - circle.longitude)
    part = sin(up / 2) ** 2 + cos(radians(latitude)) * cos(radians(circle.latitude)) * sin(along / 2) ** 2
    return 2 * EARTH * asin(sqrt(min(1.0, part)))
