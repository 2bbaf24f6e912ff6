"""Words and sums that several rules share."""

from datetime import datetime, timedelta
from functools import lru_cache

from yteso.intake.checking.engine import Visit
from yteso.intake.checking.lookups import once
from yteso.intake.checking.values import BIRTH_MINUTES, BIRTH_YEARS, DAYS, MINUTES, parts


EXAM, EPISODE, INPATIENT, DAY_CARE, LONG_TERM, STATION, PICK_UP, LONG_TERM_SERVICES, SHORT_STAY = (
    "01", "02", "03", "04", "05", "06", "07", "08", "09",
)  # fmt: skip
"""Codes of MA_LOAI_KCB (QĐ 824/QĐ-BYT)."""

OUTPATIENT = (EXAM, EPISODE, LONG_TERM, LONG_TERM_SERVICES)

DIED = ("5", "8")
"""KET_QUA_DTRI: died inside or outside the facility."""

REFERRED = ("2", "5")
"""MA_LOAI_RV: referred for professional reasons, or on the patient's request."""

ABSCONDED = "3"
"""MA_LOAI_RV."""


def name_in(visit: Visit, family: str, old: str) -> str:
    """The field's name in the visit's standard: `family` in the 130 family, `old` in 4210."""
    return old if visit.standard == "4210" else family


@once
def cards(visit: Visit) -> list[str]:
    """The insurance cards of the visit, in order of use."""
    return parts(visit.x1.get(name_in(visit, "MA_THE_BHYT", "MA_THE"), ""))


@once
def insured(visit: Visit) -> bool:
    """True when a card is used: MA_DOITUONG_KCB 9 says it is not an insurance visit."""
    return bool(cards(visit)) and visit.x1.get("MA_DOITUONG_KCB") != "9"


def moment(text: str | None) -> str:
    """The text if it is a real minute (12 digits), else ""."""
    return text if text and MINUTES[text] else ""


def day_of(text: str | None) -> str:
    """The real day (8 digits) of a day or a minute, else ""."""
    if text and (DAYS[text] or MINUTES[text]):
        return text[:8]
    return ""


@once
def born(visit: Visit) -> str:
    """What is known of the birth: 4, 8 or 12 digits; "" when NGAY_SINH is missing or wrong."""
    text = visit.x1.get("NGAY_SINH", "")
    if not (BIRTH_MINUTES[text] or BIRTH_YEARS[text]):
        return ""
    for size in (8, 4):
        if len(text) > size and text[size : size + 4] == "0000":
            text = text[:size]
    return text


@lru_cache(maxsize=10_000)
def _clock(text: str) -> datetime:
    text = text.ljust(12, "0")
    return datetime(int(text[:4]), *(int(text[at : at + 2]) for at in range(4, 12, 2)))  # noqa: DTZ001 (local time)


def between(start: str, end: str) -> timedelta:
    """The time from one real day or minute to another; negative when `end` comes first."""
    return _clock(end) - _clock(start)


def days_between(start: str, end: str) -> int:
    """Midnights from one real day or minute to another."""
    return between(start[:8], end[:8]).days


def same_text(one: str, other: str) -> bool:
    """Equal but for letter case, blanks and the blanks around ";"."""
    return one == other or _plain(one) == _plain(other)


def _plain(text: str) -> list[str]:
    return [" ".join(part.split()) for part in parts(text.casefold())]
