"""How late visits arrive, from the raw histogram (`quality_delay`)."""

from collections.abc import Mapping
from dataclasses import dataclass, field


DAY = 24 * 60
MONTH = 30 * DAY


@dataclass(frozen=True, slots=True)
class Delays:
    """`buckets`: minutes at which a bucket begins → visits in it."""

    buckets: Mapping[int, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        return sum(self.buckets.values())

    @property
    def later_than_a_day(self) -> int:
        return sum(count for minutes, count in self.buckets.items() if minutes >= DAY)

    def quantile(self, share: float) -> float | None:
        """Minutes within which this share of the visits had arrived, even inside a bucket; None without visits."""
        wanted, seen = share * self.count, 0
        for minutes in sorted(self.buckets):
            here = self.buckets[minutes]
            if here and seen + here >= wanted:
                return minutes + width(minutes) * (wanted - seen) / here
            seen += here
        return None


def width(minutes: int) -> int:
    """Minutes that the bucket beginning here is wide."""
    return 15 if minutes < DAY else 60 if minutes < MONTH else DAY
