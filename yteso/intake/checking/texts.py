"""Texts with a grammar of their own: tender information, doses, machine codes. Each text is judged once."""

import re
from functools import lru_cache
from typing import NamedTuple


MEMORY = 20_000

FIRST_TENDER_YEAR = 2010

_DOSE = re.compile(
    r"(?P<amount>\d+(?:[.,]\d+)?)(?:/(?P<of>[1-9]\d*))?\s*(?P<unit>[^\W\d][^*\d\[\]();]*?)?\s*"
    r"\*\s*(?P<times>\d+(?:[.,]\d+)?)\s*(?:lần[^*\d\[\]();]*)?"
    r"\*\s*(?P<days>\d+)\s*(?:ngày)?\s*(?:\[[^\]]*\])?",
    re.IGNORECASE,
)
_MACHINE = re.compile(r"[A-ZĐ]{2,3}\.(?:[12](?:\[[^\]]*\])?|3\[[^\]]+\])\.\S.*", re.IGNORECASE)
_MACHINE_WITH_FACILITY = re.compile(r"[A-ZĐ]{2,3}\.[123](?:\[[^\]]*\])?\.\d{5}\.\S.*", re.IGNORECASE)
_BETWEEN_MACHINES = re.compile(r";(?![^\[]*\])")


class Dose(NamedTuple):
    """LIEU_DUNG: `total` = amount each time × times a day × `days`; `unit` in small letters, "" when not written."""

    total: float
    unit: str
    days: int


@lru_cache(MEMORY)
def dose(text: str) -> Dose | None:
    """The dose of one plain pattern ("1 viên * 2 lần * 5 ngày [2 viên/ngày]"); None for anything else.

    QĐ 130, 4750, 3176, table 2, LIEU_DUNG. Patterns that change from day to day are left to people.
    """
    found = _DOSE.fullmatch(text.strip())
    if not found:
        return None
    amount, days = _number(found["amount"]) / int(found["of"] or 1), int(found["days"])
    return Dose(amount * _number(found["times"]) * days, (found["unit"] or "").strip().lower(), days)


def _number(text: str) -> float:
    return float(text.replace(",", "."))


@lru_cache(MEMORY)
def tender_is_written(text: str, lowest: int, last_year: int) -> bool:
    """True for `decision;G1;N1;2022[;extra]`: package and group from `lowest` to 99, a year up to `last_year`.

    The year may be left out when nothing follows the group (two semicolons suffice).
    """
    decision, *rest = (part.strip().upper() for part in text.split(";"))
    if not decision or len(rest) < 2 or not (_numbered("G", rest[0], lowest) and _numbered("N", rest[1], lowest)):
        return False
    return len(rest) == 2 or not rest[2] or _year(rest[2], last_year)


def _numbered(letter: str, part: str, lowest: int) -> bool:
    digits = part[1:]
    return part[:1] == letter and digits.isascii() and digits.isdigit() and lowest <= int(digits[:9]) <= 99


def _year(part: str, last: int) -> bool:
    return len(part) == 4 and part.isascii() and part.isdigit() and FIRST_TENDER_YEAR <= int(part) <= last


@lru_cache(MEMORY)
def machines_are_written(text: str, standard: str) -> bool:
    """True when every machine code of MA_MAY has the form of the version.

    QĐ 130 and 4750: `XX.n.YYYYY.Z` (group, fund, facility, number); QĐ 3176: `XX.n.Z`, with `[source]` after fund 3.
    """
    form = _MACHINE if standard == "3176" else _MACHINE_WITH_FACILITY
    return all(form.fullmatch(code.strip()) for code in _BETWEEN_MACHINES.split(text) if code.strip())
