"""Who has gone silent: a gap that the facility's own habit makes improbable. Pure; no database."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from yteso.quality.settings import holidays


WEEKS = 4
HABIT = timedelta(weeks=WEEKS)
IMPROBABLE = 0.05
LOOKED_BACK = timedelta(days=400)
"""A facility silent for longer than this is gone, not late."""


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing since `last`; `missed` are the days since then on which its habit expected something.

    `chance` is how probable such a gap would be if nothing were wrong.
    """

    last: date
    missed: tuple[date, ...]
    chance: float


def silent(sent: Collection[date], today: date, days_off: Collection[date] | None = None) -> Silence | None:
    """None while there is no reason to worry. `sent`: the days on which something arrived.

    The habit is how often each weekday brought something in the four weeks up to the last arrival, days off apart; a
    weekday that always did is missed after one day. Today is not over and counts for nothing.
    """
    off = holidays() if days_off is None else days_off
    last = max((day for day in sent if day <= today), default=None)
    if last is None or today - last > LOOKED_BACK:
        return None
    habit = _habit(set(sent), last, off)
    chance, missed = 1.0, []
    for ahead in range(1, (today - last).days):
        day = last + timedelta(days=ahead)
        if day not in off and (usual := habit[day.weekday()]):
            chance *= 1 - usual
            missed.append(day)
    return Silence(last, tuple(missed), chance) if chance < IMPROBABLE else None


def _habit(sent: set[date], last: date, off: Collection[date]) -> list[float]:
    """Per weekday, the share of its working days with an arrival; Monday first.

    A week before the first arrival counts as empty, so that a new sender is not called silent too soon.
    """
    days = [last - timedelta(days=back) for back in range(HABIT.days)]
    habit = []
    for weekday in range(7):
        worked = [day for day in days if day.weekday() == weekday and day not in off]
        habit.append(sum(day in sent for day in worked) / len(worked) if worked else 0.0)
    return habit
