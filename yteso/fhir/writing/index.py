"""What is known of a written resource without opening it: its time, its sensitivity."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from yteso.fhir import search
from yteso.fhir.search.kinds import dates
from yteso.mapping.names import systems


TIMES = ("date", "authored", "authoredon", "onset-date", "recorded-date", "whenhandedover", "created", "issued")
"""Search parameters that say when the care was, the first that a type has and a resource fills."""

Period = tuple[datetime | None, datetime | None]

_FIRST = datetime(1, 1, 1, tzinfo=UTC)
_DAY = timedelta(days=1)  # what is counted starts with day 1


def labels(resource: dict[str, Any]) -> list[str]:
    """Our sensitivity classes among its security labels: it is hidden as a visit with them is."""
    ours = systems()["nhan"]
    stated = resource.get("meta", {}).get("security", ())
    return sorted({one["code"] for one in stated if one.get("system") == ours and one.get("code")})


def period(resource: dict[str, Any]) -> Period:
    """From when to when the care was that it tells of; None where it does not say, or does not end."""
    known = search.parameters(resource["resourceType"])
    for name in TIMES:
        if name in known and known[name].type == "date":
            spans = [span for element in known[name].values(resource) if (span := dates.extent(element))]
            if spans:
                return _moment(min(start for start, _ in spans)), _moment(max(end for _, end in spans))
    return None, None


def _moment(nanoseconds: float) -> datetime | None:
    if isfinite(nanoseconds):
        with suppress(OverflowError):
            return _FIRST + timedelta(microseconds=nanoseconds // 1000) - _DAY
    return None
