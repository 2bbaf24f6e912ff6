"""Shares with their uncertainty: intervals, and what a small facility's few visits are worth (docs/adr/0009)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import sqrt


Z = 1.959963984540054
"""Two-sided 95 %."""

HEAVIEST = 500.0
"""Visits that the province's experience weighs at most, when its facilities hardly differ."""


@dataclass(frozen=True, slots=True)
class Share:
    """`numerator` of `denominator`, resting on `dossiers` visits.

    Items of one visit are alike, so uncertainty goes by visits even where the share is of items.
    """

    numerator: int = 0
    denominator: int = 0
    dossiers: int = 0

    @property
    def value(self) -> float | None:
        return self.numerator / self.denominator if self.denominator else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 %, after Wilson; nothing known is anything from 0 to 1."""
        return wilson(self.value, self.dossiers) if self.denominator else (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Prior:
    """What to expect of a facility before its own visits are seen: `mean`, weighing as much as `weight` visits."""

    mean: float
    weight: float


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share drawn towards the province by as much as its own visits are few; `sd` is its standard deviation."""

    value: float
    sd: float

    @property
    def low(self) -> float:
        return max(0.0, self.value - Z * self.sd)

    @property
    def high(self) -> float:
        return min(1.0, self.value + Z * self.sd)


def wilson(value: float, count: int) -> tuple[float, float]:
    """95 % interval of a share of `count` (at least 1) after Wilson (1927)."""
    square = Z * Z
    centre = (value + square / (2 * count)) / (1 + square / count)
    half = Z / (1 + square / count) * sqrt(value * (1 - value) / count + square / (4 * count * count))
    return max(0.0, min(centre - half, value)), min(1.0, max(centre + half, value))


def prior(peers: Iterable[Share], lightest: float) -> Prior:
    """The Beta prior of these facilities' shares by the method of moments.

    What the shares differ by beyond chance is how much facilities really differ; the less that is, the more the common
    mean weighs, between `lightest` and HEAVIEST visits. Nobody to learn from: one half, weighing `lightest`.
    """
    known = [peer for peer in peers if peer.dossiers and peer.denominator]
    if not known:
        return Prior(0.5, lightest)
    total = sum(peer.dossiers for peer in known)
    mean = sum(peer.value * peer.dossiers for peer in known) / total
    spread = sum(peer.dossiers * (peer.value - mean) ** 2 for peer in known)
    by_chance = mean * (1 - mean) * (len(known) - 1)
    scale = total - sum(peer.dossiers**2 for peer in known) / total
    between = (spread - by_chance) / scale if scale > 0 else 0.0
    weight = mean * (1 - mean) / between - 1 if between > 0 else HEAVIEST
    return Prior(mean, min(max(weight, lightest), HEAVIEST))


def shrink(share: Share, known: Prior) -> Estimate:
    """The posterior mean and deviation of the Beta with this prior."""
    own = share.dossiers if share.denominator else 0
    count = known.weight + own
    value = (known.mean * known.weight + (share.value or 0.0) * own) / count
    return Estimate(value, sqrt(value * (1 - value) / (count + 1)))


def together(estimates: Sequence[Estimate]) -> Estimate:
    """The plain mean of several measures, each as uncertain as it is."""
    count = len(estimates)
    return Estimate(sum(e.value for e in estimates) / count, sqrt(sum(e.sd**2 for e in estimates)) / count)
