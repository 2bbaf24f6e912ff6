"""Dates in parameters, as far as they are known: 2026, 2026-03, 2026-03-01, or a moment with its time zone.

https://hl7.org/fhir/R4/search.html#date. A time without a zone is that of Viet Nam.
"""

import re
from contextlib import suppress
from datetime import datetime, timedelta

from yteso.fhir.server.faults import wrong
from yteso.fhir.server.requests import Request
from yteso.record.document import LOCAL


_TIME = r"T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+\- ]\d\d:\d\d)?"
_FORM = re.compile(rf"(\d{{4}})(?:-(\d\d)(?:-(\d\d)(?:{_TIME})?)?)?", re.ASCII)


def since(request: Request) -> datetime | None:
    """The moment of `_since`."""
    return span(request, "_since")[0]


def span(request: Request, name: str) -> tuple[datetime | None, datetime | None]:
    """The first moment that a date parameter covers and the one after its last; raises Fault."""
    text = request.one(name)
    if not text:
        return None, None
    if form := _FORM.fullmatch(text):
        with suppress(ValueError, OverflowError):
            return _span(text, *form.groups())
    raise wrong(
        f"{name} không đọc được; ví dụ 2026-03-01 hoặc 2026-03-01T08:00:00+07:00.",
        f"{name} cannot be read; write 2026-03-01 or 2026-03-01T08:00:00+07:00.",
    )


def _span(text: str, year: str, month: str | None, day: str | None) -> tuple[datetime, datetime]:
    if "T" in text:
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign in an address is a blank
        moment = moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
        return moment, moment + (timedelta(seconds=1) if "." not in text else timedelta(milliseconds=1))
    first = datetime(int(year), int(month or 1), int(day or 1), tzinfo=LOCAL)
    if day:
        return first, first + timedelta(days=1)
    following = (first.year, first.month + 1) if month and first.month < 12 else (first.year + 1, 1)
    return first, datetime(*following, 1, tzinfo=LOCAL)
