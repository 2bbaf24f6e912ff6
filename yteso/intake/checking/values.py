"""Texts of the file as numbers and moments, each text judged once and remembered.

A visit repeats its values ("0", "100", the day of the stay), so looking a text up is several times faster than
judging it again. The memories are bounded; a full one starts afresh.
"""

import re
from datetime import date
from functools import cache


MEMORY = 50_000

_NUMBER = re.compile(r"-?\d{1,18}(?:\.(\d{1,12}))?", re.ASCII)


class Numbers(dict[str, float | None]):
    """Text → number with at most so many decimals (zeros at the end do not count) and `size` digits before the point.

    None for anything else.
    """

    def __init__(self, decimals: int, size: int | None = None) -> None:
        super().__init__()
        self.decimals, self.limit = decimals, 10 ** (size or 18)

    def __missing__(self, text: str) -> float | None:
        found = _NUMBER.fullmatch(text)
        number = float(text) if found and len((found[1] or "").rstrip("0")) <= self.decimals else None
        return _remember(self, text, number if number is not None and abs(number) < self.limit else None)


class Moments(dict[str, bool]):
    """Text → whether it is a real day (8 digits) or minute (12 digits), between 1850 and 2199."""

    def __init__(self, digits: int) -> None:
        super().__init__()
        self.digits = digits

    def __missing__(self, text: str) -> bool:
        return _remember(self, text, len(text) == self.digits and real(text))


class Births(Moments):
    """As `Moments`, and month, day, hour and minute may be unknown: 0000 for month-day and for hour-minute."""

    def __missing__(self, text: str) -> bool:
        known = text
        if len(text) == 12 and text[8:] == "0000":
            known = text[:8]
        if len(known) == 8 and known[4:] == "0000":
            known = known[:4] + "0101"
        return _remember(self, text, len(text) == self.digits and real(known))


class BirthYears(Moments):
    """Birth dates of QĐ 4210: the year alone or a day."""

    def __missing__(self, text: str) -> bool:
        year = text[:4] if len(text) == 4 or (len(text) == 8 and text[4:] == "0000") else ""
        return _remember(self, text, real(year + "0101") if year else len(text) == 8 and real(text))


def real(text: str) -> bool:
    """True for yyyymmdd or yyyymmddHHMM that exists."""
    if not (text.isascii() and text.isdigit()):
        return False
    if len(text) == 12:
        return DAYS[text[:8]] and text[8:10] < "24" and text[10:] < "60"
    if len(text) != 8:
        return False
    try:
        date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return False
    return "1850" <= text[:4] < "2200"


@cache
def numbers(decimals: int, size: int | None = None) -> Numbers:
    """The memory of numbers of one kind."""
    return Numbers(decimals, size)


DECIMAL = numbers(3)
DAYS, MINUTES = Moments(8), Moments(12)
BIRTH_DAYS, BIRTH_MINUTES, BIRTH_YEARS = Births(8), Births(12), BirthYears(8)


def parts(text: str) -> list[str]:
    """The values of a list field: split at ";", blanks around stripped, an empty last one ignored."""
    if ";" not in text:
        text = text.strip()
        return [text] if text else []
    found = [part.strip() for part in text.split(";")]
    while found and not found[-1]:
        found.pop()
    return found


def _remember(memory, text, value):
    if len(memory) >= MEMORY:
        memory.clear()
    if len(text) <= 24:
        memory[text] = value
    return value
