"""Facilities in order, with as much confidence as their visits give (docs/adr/0009).

The order is by the share drawn towards the province: few visits lead to the middle, not to an end.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from psycopg import Connection

from yteso.quality import settings
from yteso.quality.cards import by_facility, counts
from yteso.quality.settings import MEASURES
from yteso.quality.shares import Estimate, Share, prior, shrink, together


OVERALL = "overall"
"""The plain mean of the six measures."""

SAME = 1e-9


@dataclass(frozen=True, slots=True)
class Ranked:
    """`rank` counts from 1, equal values share it. `alike` is the first and last place not clearly different from this
    one, itself included: those whose intervals overlap.
    """

    facility: str
    rank: int
    estimate: Estimate
    share: Share
    alike: tuple[int, int]


@dataclass(frozen=True, slots=True)
class Ranking:
    """`too_few` have fewer than `minimum` visits and no rank."""

    month: date
    measure: str
    minimum: int
    ranked: list[Ranked]
    too_few: dict[str, Share]


def ranking(conn: Connection, province: str, month: date, measure: str = "correct") -> Ranking:
    """The facilities of a province by one measure, or by OVERALL."""
    figures = by_facility(counts(conn, [month], province=province, part=""))
    return rank(month, measure, figures)


def rank(month: date, measure: str, figures: Mapping[str, Mapping[str, Share]]) -> Ranking:
    """`figures`: facility → measure → share."""
    minimum, lightest = settings.number("minimum", month), settings.number("prior", month)
    wanted = MEASURES if measure == OVERALL else (measure,)
    every = [figures[facility] for facility in sorted(figures)]  # sums of fractions go by the order
    known = {name: prior((of.get(name, Share()) for of in every), lightest) for name in wanted}
    shown = {
        facility: of.get("correct" if measure == OVERALL else measure, Share()) for facility, of in figures.items()
    }
    enough = {facility for facility, share in shown.items() if share.dossiers >= minimum}
    estimates = {
        facility: together([shrink(figures[facility].get(name, Share()), known[name]) for name in wanted])
        for facility in enough
    }
    too_few = {facility: shown[facility] for facility in sorted(shown.keys() - enough)}
    return Ranking(month, measure, minimum, _in_order(estimates, shown), too_few)


def _in_order(estimates: dict[str, Estimate], shares: dict[str, Share]) -> list[Ranked]:
    order = sorted(estimates, key=lambda facility: (-round(estimates[facility].value, 9), facility))
    ranks: dict[str, int] = {}
    for place, facility in enumerate(order, 1):
        above = order[place - 2] if place > 1 else None
        tied = above is not None and abs(estimates[above].value - estimates[facility].value) < SAME
        ranks[facility] = ranks[above] if tied else place
    found = []
    for facility in order:
        mine = estimates[facility]
        alike = [
            place
            for place, other in enumerate(order, 1)
            if estimates[other].low <= mine.high and mine.low <= estimates[other].high
        ]
        found.append(Ranked(facility, ranks[facility], mine, shares[facility], (ranks[order[alike[0] - 1]], alike[-1])))
    return found
