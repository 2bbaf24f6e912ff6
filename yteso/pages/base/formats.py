"""Dates, numbers and sizes as people of Viet Nam read them; numbers follow English habits on English pages.

Dates are dd/mm/yyyy in both languages, so that nobody reads a day as a month.
"""

from datetime import UTC, date, datetime
from decimal import Decimal

from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language


ENGLISH = "en"


def day(value: date | datetime | None) -> str:
    """22/11/2026. A datetime is shown in the time of Viet Nam; None gives ""."""
    if value is None:
        return ""
    return f"{_local(value):%d/%m/%Y}"


def moment(value: datetime | None) -> str:
    """09:05 22/11/2026, in the time of Viet Nam; None gives ""."""
    if value is None:
        return ""
    return f"{_local(value):%H:%M %d/%m/%Y}"


def national(text: str) -> str:
    """A date as the national files write it: yyyymmdd, yyyymmddHHMM, yyyy; unknown parts are 00.

    20261122 → 22/11/2026, 19850000 → 1985, 19850300 → 03/1985. Anything else is shown as it is.
    """
    if not text.isdecimal() or len(text) not in (4, 8, 12, 14):
        return text
    year, month, dom, hour = text[:4], text[4:6], text[6:8], text[8:12]
    shown = "/".join(part for part in (dom, month) if part.strip("0")) if month.strip("0") else ""
    shown = f"{shown}/{year}" if shown else year
    return f"{hour[:2]}:{hour[2:]} {shown}" if hour else shown


def number(value: int | float | Decimal | None, decimals: int | None = None) -> str:
    """1.234,5 on Vietnamese pages, 1,234.5 on English ones; `decimals` fixes the places, else none are added."""
    if value is None:
        return ""
    shown = f"{value:,}" if decimals is None else f"{value:,.{decimals}f}"
    return shown if _english() else shown.translate(str.maketrans(",.", ".,"))


def size(count: int) -> str:
    """Bytes for people: 512 B, 12,4 KB, 3,0 MB."""
    amount = float(count)
    for unit in ("B", "KB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            return f"{number(amount, 0 if unit == 'B' else 1)} {unit}"
        amount /= 1000
    raise AssertionError("unreachable")


def _local(value: date | datetime) -> date | datetime:
    if not isinstance(value, datetime):
        return value
    if value.tzinfo is None:
        value = value.replace(tzinfo=UTC)
    return value.astimezone(get_current_timezone())


def _english() -> bool:
    return (get_language() or "").startswith(ENGLISH)
