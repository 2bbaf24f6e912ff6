"""What people fall ill with: the illness table by age, sex and month, and what each illness needs."""

from dataclasses import dataclass
from functools import cache
from random import Random

from yteso.sandbox import data
from yteso.sandbox.chance import Weighted


BANDS = (1, 6, 16, 40, 60)
"""First age of each band after the first: under 1, 1-5, 6-15, 16-39, 40-59, 60 and more."""
AGELESS = ("J", "E87", "N39", "N76", "O")
"""Accompanying codes (by how they begin) that also fit people under 40."""


@dataclass(frozen=True, slots=True)
class Dose:
    """`each` units, `times` a day for `days` days; days 0 = a whole pack of `each` (creams, drops)."""

    drug: str
    each: int
    times: int
    days: int


@dataclass(frozen=True, slots=True)
class Illness:
    """One row of illnesses.csv. `rates` per 1,000 people of a band and year; for chronic forms how many have it."""

    key: str
    icd: str
    rates: tuple[float, ...]
    sex: str
    season: tuple[float, ...]
    levels: Weighted[str]
    department: str
    form: str
    stay: tuple[int, int]
    also: tuple[tuple[str, float], ...]
    reason: str
    course: str
    doses: tuple[Dose, ...]
    tests: tuple[str, ...]
    shifts: dict[str, float]
    return_days: int

    def accompanying(self, dice: Random, age: int) -> list[str]:
        drawn = [code for code, chance in self.also if dice.random() < chance]
        return [code for code in drawn if age >= 40 or code.startswith(AGELESS)]


def band(age: int) -> int:
    return sum(age >= first for first in BANDS)


@cache
def all_illnesses() -> dict[str, Illness]:
    return {row["key"]: _parse(row) for row in data.rows("illnesses")}


@cache
def acute(age_band: int, sex: str, month: int) -> tuple[Weighted[Illness], float]:
    """What a person of this band and sex may catch in this month, and how often a year at this month's pace."""
    able = [i for i in all_illnesses().values() if i.form not in CHRONIC and i.sex in ("0", sex)]
    weighted = Weighted(able, [i.rates[age_band] * i.season[month - 1] for i in able])
    return weighted, weighted.total / 1000


CHRONIC = ("chronic", "dialysis")


@cache
def chronic(age_band: int, sex: str) -> tuple[tuple[Illness, float], ...]:
    """Long illnesses with the share of people of this band and sex who live with them."""
    able = [i for i in all_illnesses().values() if i.form in CHRONIC and i.sex in ("0", sex)]
    return tuple((i, i.rates[age_band] / 1000) for i in able if i.rates[age_band])


def diagnosis(code: str, *, before: bool) -> tuple[str, str]:
    """ICD-10 code and name in the list of TT 06/2026, or in that of QĐ 4469 for visits that ended `before` it."""
    row = data.table("icd10", "code")[code]
    return (row["before"], row["before_name"]) if before else (code, row["name"])


def _parse(row: dict[str, str]) -> Illness:
    season = [float(digit) for digit in row["season"]]
    mean = sum(season) / 12
    levels = row["levels"]
    low, _, high = row["stay"].partition("-")
    return Illness(
        key=row["key"],
        icd=row["icd"],
        rates=tuple(float(row[column]) for column in ("r0", "r1", "r6", "r16", "r40", "r60")),
        sex=row["sex"],
        season=tuple(weight / mean for weight in season),
        levels=Weighted(list(levels[::2]), [float(weight) for weight in levels[1::2]]),
        department=row["department"],
        form=row["form"],
        stay=(int(low or 0), int(high or low or 0)),
        also=tuple((part.split(":")[0], float(part.split(":")[1]) / 100) for part in row["also"].split(";") if part),
        reason=row["reason"],
        course=row["course"],
        doses=tuple(_dose(text) for text in row["drugs"].split()),
        tests=tuple(row["tests"].split()),
        shifts={part.split(":")[0]: float(part.split(":")[1]) for part in row["shifts"].split()},
        return_days=int(row["return_days"] or 0),
    )


def _dose(text: str) -> Dose:
    drug, _, pattern = text.partition(":")
    if pattern.startswith("="):
        return Dose(drug, int(pattern[1:]), 1, 0)
    numbers = [int(part) for part in pattern.split("*")]
    return Dose(drug, numbers[0], numbers[1], numbers[2] if len(numbers) > 2 else 1)
