"""What several rules of XML2 to XML5 ask of a visit, found out once and shared."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date
from functools import lru_cache
from math import nan
from typing import NamedTuple, TypeVar

from yteso.intake.checking.engine import Visit
from yteso.intake.checking.values import MEMORY, MINUTES
from yteso.intake.dossier import Row


Answer = TypeVar("Answer")
Rows = list[tuple[int, Row]]
"""Rows with their number in the table, counting from 1."""

LABORATORY, IMAGING, FUNCTION_TESTS = "1", "2", "3"
SURGERY, PROCEDURES = "8", "18"
EXAMINATION = "13"
TESTS = (LABORATORY, IMAGING, FUNCTION_TESTS)
INTERVENTIONS = (SURGERY, PROCEDURES)
BEDS = ("14", "15", "16")
SUPPLIES = ("10", "11")

_NEVER_EARLY, _NEVER_LATE = "", "~"


def once(work: Callable[[Visit], Answer]) -> Callable[[Visit], Answer]:
    """Let `work` run once per visit: the rules of one visit run one after another and share its last answer."""
    last: tuple[Visit | None, Answer | None] = (None, None)

    def answer(visit: Visit) -> Answer:
        nonlocal last
        known, value = last
        if known is not visit:
            value = work(visit)
            last = (visit, value)
        return value

    return answer


@once
def services(v: Visit) -> dict[str, Rows]:
    """The rows of XML3 by cost group (MA_NHOM)."""
    found: defaultdict[str, Rows] = defaultdict(list)
    for entry in enumerate(v.x3, 1):
        found[entry[1].get("MA_NHOM", "")].append(entry)
    return found


def of(v: Visit, groups: Iterable[str]) -> Rows:
    """The rows of XML3 in the given cost groups."""
    found = services(v)
    return [entry for group in groups if group in found for entry in found[group]]


class Stay(NamedTuple):
    """The bounds of the visit as yyyymmddHHMM text; unknown bounds are texts below and above every moment.

    `begins` is the first moment that raises no question (arrival, and card in force), `ends` the last (leaving, and
    not in the future).
    """

    arrived: str
    left: str
    card_from: str
    begins: str
    ends: str


@once
def stay(v: Visit) -> Stay:
    arrived, left = v.x1.get("NGAY_VAO", ""), v.x1.get("NGAY_RA", "")
    arrived = arrived if MINUTES[arrived] else _NEVER_EARLY
    left = left if MINUTES[left] else _NEVER_LATE
    starts = [part.strip() for part in v.x1.get("GT_THE_TU", "").split(";")]
    card_from = min(starts) if all(len(start) == 8 and start.isdigit() for start in starts) else _NEVER_EARLY
    return Stay(arrived, left, card_from, max(arrived, card_from), min(left, v.now))


def bounds(v: Visit) -> dict[str, str]:
    """The visit's beginning and end as parameters of a message."""
    return {"ngay_vao": v.x1.get("NGAY_VAO", "…"), "ngay_ra": v.x1.get("NGAY_RA", "…")}


def within(known: Stay, moment: str) -> bool:
    """True when the moment is real and between arrival and leaving."""
    return MINUTES[moment] and known.arrived <= moment <= known.left


class _Clock(dict[str, float]):
    """Real yyyymmddHHMM → minutes since the calendar began; NaN for anything else. Bounded; starts afresh when full."""

    def __missing__(self, moment: str) -> float:
        if not MINUTES[moment]:
            return nan
        if len(self) >= MEMORY:
            self.clear()
        self[moment] = _day(moment[:8]) * 1440 + int(moment[8:10]) * 60 + int(moment[10:])
        return self[moment]


_clock = _Clock()


def minutes_between(earlier: str, later: str) -> float:
    """Minutes from one yyyymmddHHMM to another; NaN, which is neither more nor less, when one is no real moment."""
    return _clock[later] - _clock[earlier]


def days_of(first: str, last: str) -> int:
    """Calendar days from one real moment to another, both counted."""
    return _day(last[:8]) - _day(first[:8]) + 1


@lru_cache(10_000)
def _day(text: str) -> int:
    return date(int(text[:4]), int(text[4:6]), int(text[6:])).toordinal()


def care_type(v: Visit) -> str:
    """MA_LOAI_KCB with its leading zero, which older files leave out."""
    return v.x1.get("MA_LOAI_KCB", "").zfill(2)


def card_kinds(v: Visit) -> set[str]:
    """The two letters each insurance card of the visit begins with."""
    cards = v.x1.get("MA_THE_BHYT") or v.x1.get("MA_THE", "")
    return {card.strip()[:2].upper() for card in cards.split(";") if card.strip()}


def base_code(code: str) -> str:
    """A service code without what is added to it: _GT, _TB, _TT, and .K. with the facility that did it."""
    return code.strip().partition("_")[0].partition(".K.")[0]
