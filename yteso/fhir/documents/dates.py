"""Dates of resources: a year, a month, a day, or a moment. What is not known of them is their beginning."""

import re
from datetime import date, datetime, time

from yteso.record.document import LOCAL


_PARTIAL = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?", re.ASCII)


def moment(text: str) -> datetime | None:
    """None when it cannot be read."""
    try:
        if partial := _PARTIAL.fullmatch(text):
            year, month, day = (int(part or 1) for part in partial.groups())
            return datetime.combine(date(year, month, day), time(), LOCAL)
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=LOCAL)


def day(text: str) -> date | None:
    """The day in Viet Nam."""
    found = moment(text)
    return found and found.astimezone(LOCAL).date()


def shown(on: date | None) -> str:
    return f"{on:%d/%m/%Y}" if on else ""
