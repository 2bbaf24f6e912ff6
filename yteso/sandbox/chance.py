"""Seeded chance that is the same on every machine: only the Mersenne Twister and exact arithmetic."""

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from random import Random
from typing import Generic, TypeVar


T = TypeVar("T")


class Weighted(Generic[T]):
    """Things with weights, to be drawn one at a time."""

    def __init__(self, things: Sequence[T], weights: Sequence[float]) -> None:
        kept = [(thing, weight) for thing, weight in zip(things, weights, strict=True) if weight > 0]
        self.things = [thing for thing, _ in kept]
        self.sums = list(accumulate(weight for _, weight in kept))
        self.total = self.sums[-1] if kept else 0.0

    def draw(self, dice: Random) -> T:
        return self.things[min(bisect(self.sums, dice.random() * self.total), len(self.things) - 1)]


def stream(*parts: object) -> Random:
    """A stream of chance of its own for what `parts` name (text seeds are hashed by SHA-512, not by hash())."""
    return Random("/".join(map(str, parts)))  # noqa: S311 - reproducible on purpose


def between(dice: Random, low: int, high: int) -> int:
    """A whole number from low to high, both included; four times faster than randint."""
    return low + int(dice.random() * (high - low + 1))


def bell(dice: Random) -> float:
    """A bell-shaped number around 0 within ±1.5 (standard deviation 0.5), without the platform's libm."""
    roll = dice.random
    return roll() + roll() + roll() - 1.5


def how_many(dice: Random, expected: float) -> int:
    """A small count with mean `expected`: that many coin tosses of a tenth each, so no exp() is needed."""
    chances, count = expected, 0
    while chances > 0:
        if dice.random() < min(chances, 0.1):
            count += 1
        chances -= 0.1
    return count
