"""Words for codes, in the language of the page, from the list in force on the day."""

from datetime import date, datetime
from decimal import Decimal

from django.utils.translation import get_language

from yteso import standards
from yteso.pages.base import formats


def english() -> bool:
    return (get_language() or "").startswith(formats.ENGLISH)


def word(name: str, code: str, on: date) -> str:
    """What a code of list `name` means; the code itself when the list does not know it, "" for none."""
    if not code:
        return ""
    known = standards.code_list(name, on).codes.get(code)
    if known is None:
        return code
    return (english() and known.en) or known.vi


def period(started: datetime, ended: datetime) -> str:
    """One day, or the first and the last."""
    first, last = formats.day(started), formats.day(ended)
    return first if first == last else f"{first} – {last}"


def birth(text: str) -> str:
    """A FHIR date, whole or in part: 1965-03-12 → 12/03/1965, 1965 → 1965."""
    return "/".join(reversed(text.split("-")))


def amount(number: Decimal | int | None) -> str:
    """A number without idle zeros: files write 56.000 tablets, which readers would take for thousands."""
    if isinstance(number, Decimal):
        number = int(number) if number == number.to_integral() else number.normalize()
    return formats.number(number)


def plain(text: str) -> str:
    """First letter in upper case, the rest as written."""
    return text[:1].upper() + text[1:]
