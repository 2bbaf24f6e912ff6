"""The sums of XML2 and XML3: who pays which part of a row, and what does not add up.

Amounts are numbers of dong. Other sources (T_NGUONKHAC) take over, in this order, what the patient pays outside
insurance (T_BNTT), the co-payment (T_BNCCT), and what the fund pays (T_BHTT). QĐ 130, 4750, 3176, tables 2 and 3.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from yteso.intake.checking.engine import Add
from yteso.intake.checking.values import MEMORY
from yteso.intake.dossier import Row


DONG = 1.006
"""Least difference that is no mistake: one dong, and half a hundredth for each of the two roundings."""

SOURCES = ("T_NGUONKHAC_NSNN", "T_NGUONKHAC_VTNN", "T_NGUONKHAC_VTTN", "T_NGUONKHAC_CL")


class Mistake(NamedTuple):
    """The amount expected, and how many dong the stated one is off the nearest that would do."""

    expected: float
    off: float


Mistakes = dict[str, Mistake]
"""Field → what is wrong there; the key "SUM" stands for the parts that do not make up the whole."""

Doubtful = list[tuple[int, Row, Mistakes]]
"""Row number (from 1), row, and what is wrong in it."""

_sources = itemgetter(*SOURCES)


class Sound:
    """Finds the rows whose figures do not add up, and remembers figures that do: prices and shares come again.

    `figures` takes the figures of a row (KeyError when one is missing), `adds_up` judges them.
    """

    def __init__(self, figures: itemgetter, adds_up: Callable[[tuple[float, ...]], bool]) -> None:
        self.figures, self.adds_up = figures, adds_up
        self.known: set[tuple[float, ...]] = set()

    def others(self, rows: Sequence[Mapping[str, float]]) -> list[int]:
        """Numbers (from 1) of the rows that do not add up or lack a figure."""
        found = []
        figures, known = self.figures, self.known
        for at, n in enumerate(rows, 1):
            try:
                taken = figures(n)
            except KeyError:
                found.append(at)
                continue
            if taken not in known:
                if self.adds_up(taken):
                    self._remember(taken)
                else:
                    found.append(at)
        return found

    def _remember(self, taken: tuple[float, ...]) -> None:
        if len(self.known) >= MEMORY:
            self.known.clear()
        self.known.add(taken)


class Parts(NamedTuple):
    """What the patient pays outside insurance, what as co-payment, what the fund pays."""

    out: float
    co: float
    fund: float


def split(total: float, scope: float, share: float, other: float = 0.0) -> Parts:
    """Divide `total`, of which `scope` is insured at `share` percent, after `other` sources have paid.

    >>> split(1000, 800, 80, other=250)
    Parts(out=0.0, co=110.0, fund=640.0)
    """
    fund = scope * share / 100
    parts = []
    for part in (max(0.0, total - scope), scope - fund, fund):
        taken = min(part, max(0.0, other))
        other -= taken
        parts.append(part - taken)
    return Parts(*parts)


def mistake(amount: float, candidates: Sequence[float]) -> Mistake | None:
    """What is wrong with an amount that is more than rounding away from every candidate; the first is expected."""
    off = min(abs(amount - candidate) for candidate in candidates)
    return Mistake(candidates[0], off) if off > DONG else None


def given(mistakes: Mapping[str, Mistake | None]) -> Mistakes:
    """Those that are mistakes."""
    return {field: wrong for field, wrong in mistakes.items() if wrong}


def parts_mistaken(
    n: Mapping[str, float],
    totals: Sequence[float],
    scopes: Sequence[float],
    *,
    others: Sequence[float],
    ceiling: float = 0.0,
) -> Mistakes:
    """The parts of a row that follow from none of the given totals, insured amounts and other sources.

    The first of each is what the decree says; the rest are the amounts as they should have been stated, so that one
    wrong amount is reported once and not again in all that was worked out from it. A row with a `ceiling` may have a
    smaller fund part than the formula gives. Parts that are missing or lack a rate or a total are not judged.
    """
    share, fund, co, out = percent(n, "MUC_HUONG"), n.get("T_BHTT"), n.get("T_BNCCT"), n.get("T_BNTT")
    wrong: dict[str, Mistake | None] = {}
    bases = [(t, s, o) for t in totals for s in scopes for o in others if not other_out_of_bounds(o, max(totals))]
    ways = [split(total, scope, share or 0.0, other) for total, scope, other in bases]
    if not ways or (fund is not None and ceiling > 0 and fund < ways[0].fund - DONG):
        return {}
    if fund is not None and share is not None:
        wrong["T_BHTT"] = mistake(fund, [way.fund for way in ways])
    if co is not None:
        expected = [way.co for way in ways] if share is not None else []
        expected += [_owed(*base, fund) for base in bases] if fund is not None else []
        wrong["T_BNCCT"] = mistake(co, expected) if expected else None
    if out is not None:
        wrong["T_BNTT"] = mistake(out, [way.out for way in ways])
    if not any(wrong.values()) and fund is not None and co is not None and out is not None:
        parts = fund + co + out
        apart = mistake(parts, [total - other for total, _, other in bases])
        wrong["SUM"] = apart and Mistake(parts + others[0], apart.off)
    return given(wrong)


def _owed(total: float, scope: float, other: float, fund: float) -> float:
    """The co-payment when the fund pays `fund`: the rest of the insured amount, less other sources left over."""
    return max(0.0, scope - fund - max(0.0, other - max(0.0, total - scope)))


def percent(n: Mapping[str, float], name: str) -> float | None:
    """A rate between 0 and 100; None when it is missing or is no percentage, which another rule reports."""
    rate = n.get(name)
    return rate if rate is not None and 0 <= rate <= 100 else None


def others_stated(n: Mapping[str, float]) -> list[float]:
    """What other sources paid: as the total says, then as the four sources add up to."""
    stated = [n["T_NGUONKHAC"]] if "T_NGUONKHAC" in n else []
    if all(source in n for source in SOURCES):
        stated.append(sum(_sources(n)))
    return stated or [0.0]


def sources_mistaken(n: Mapping[str, float], tolerance: float) -> float | None:
    """The sum of the four other sources when T_NGUONKHAC is not that sum, else None."""
    try:
        expected = sum(_sources(n))
        return expected if abs(n["T_NGUONKHAC"] - expected) > tolerance else None
    except KeyError:
        return None


def other_out_of_bounds(other: float, total: float | None, tolerance: float = DONG) -> bool:
    """True when other sources pay less than nothing or more than the whole."""
    return other < 0 or (total is not None and other > total + tolerance)


def mistaken(add: Add, doubtful: Doubtful, field: str) -> Iterator[tuple[int, Row, float]]:
    """Number, row and amount expected where `field` is further off than the running rule lets pass."""
    for at, row, wrong in doubtful:
        if field in wrong and wrong[field].off > add.tolerance:
            yield at, row, wrong[field].expected


def report(add: Add, table: str, doubtful: Doubtful, field: str, *shown: str) -> None:
    """Add a finding for each row where `field` is mistaken, with the amount expected and the fields `shown`."""
    for at, row, expected in mistaken(add, doubtful, field):
        add(table, at, field, row.get(field, ""), expected=dong(expected), **told(row, shown))


def told(row: Row, names: Sequence[str]) -> dict[str, str]:
    """The fields of a row as the parameters of a message: names in lower case, "0" for those left out."""
    return {name.lower(): row.get(name, "0") for name in names}


def dong(amount: float) -> str:
    """An amount as the file would write it, without needless decimals: 1200.5 → "1200.50", 1200.0 → "1200"."""
    text = f"{amount:.2f}"
    return text.removesuffix(".00") if text != "-0.00" else "0"
