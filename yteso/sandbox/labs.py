"""Results of tests: values around the reference range, moved by illness; findings of images."""

from dataclasses import dataclass
from functools import cache
from random import Random

from yteso.sandbox import data
from yteso.sandbox.chance import bell
from yteso.sandbox.formulary import services
from yteso.sandbox.people import FEMALE, Person
from yteso.sandbox.xml import row_template


VALUE_VARIABLES = ("MA_LK", "STT", "GIA_TRI", "NGAY_KQ", "MA_BS_DOC_KQ")
FINDING_VARIABLES = ("MA_LK", "STT", "NGAY_KQ", "MA_BS_DOC_KQ")
POSITIVE = {"dengue": ("ns1",), "dengue_warning": ("ns1", "dab"), "influenza": ("flu",), "hepatitis_b": ("hbs",)}
"""Illnesses that turn a rapid test positive."""


@dataclass(frozen=True, slots=True)
class Index:
    """One line of a test. Numbers have ranges by sex, words have `choices` from normal to abnormal."""

    name: str
    low: tuple[float, float]
    high: tuple[float, float]
    pattern: str
    ceiling: float
    shift: str
    choices: tuple[str, ...]
    row: str


@cache
def indexes() -> dict[str, tuple[Index, ...]]:
    """The lines of each test, in the order they are reported."""
    found: dict[str, list[Index]] = {}
    for row in data.rows("lab_indexes"):
        found.setdefault(row["service"], []).append(_index(row))
    return {service: tuple(lines) for service, lines in found.items()}


@cache
def panels() -> dict[str, str]:
    """One XML4 template for all lines of a test."""
    return {service: "\n".join(line.row for line in lines) for service, lines in indexes().items()}


@cache
def findings() -> dict[tuple[str, str], tuple[str, str, str]]:
    """(service, illness key or "" for the usual picture) → description, conclusion, XML4 row template."""
    found = {}
    for row in data.rows("findings"):
        constants = {
            "MA_DICH_VU": services()[row["service"]].code,
            "TEN_CHI_SO": services()[row["service"]].name,
            "MO_TA": row["description"],
            "KET_LUAN": row["conclusion"],
        }
        template = row_template("XML4", constants, FINDING_VARIABLES)
        for illness in row["illnesses"].split(","):
            found[row["service"], illness] = (row["description"], row["conclusion"], template)
    return found


def values(service: str, person: Person, illness: str, shifts: dict[str, float], dice: Random) -> list[str]:
    """The results of one test, one text per index."""
    lines = indexes()[service]
    if service == "cbc":
        return blood_count(lines, person, shifts, dice)
    female = person.sex == FEMALE
    found = []
    for line in lines:
        if line.choices:
            found.append(_word(line, person, illness, shifts, dice))
        else:
            low, high = line.low[female], line.high[female]
            value = (low + high) / 2 + (high - low) * (0.37 * bell(dice) + 0.5 * shifts.get(line.shift, 0.0))
            found.append(line.pattern % min(max(value, low * 0.4), line.ceiling))
    return found


def blood_count(lines: tuple[Index, ...], person: Person, shifts: dict[str, float], dice: Random) -> list[str]:
    """A blood count whose parts agree: shares add up to 100 %, absolute counts and cell indexes follow from them."""
    shift, female = shifts.get, person.sex == FEMALE
    white = max(1.2, 6.8 + 1.9 * (bell(dice) + shift("wbc", 0)))
    eosinophils = max(0.1, 2.8 + 1.6 * bell(dice) + 2 * shift("eos", 0))
    basophils, monocytes = 0.6 + 0.3 * bell(dice), 6.8 + 2 * bell(dice)
    lymphocytes = min(max(28 + 7 * bell(dice) + 9 * shift("lym", 0) - 7 * shift("neu", 0), 5), 70)
    neutrophils = 100 - lymphocytes - monocytes - eosinophils - basophils
    haemoglobin = (136 if female else 153) + 12 * bell(dice) + 11 * shift("hgb", 0) + 6 * shift("hct", 0)
    volume = 88 + 5 * bell(dice) + 3 * shift("hgb", 0)
    concentration = 334 + 8 * bell(dice)
    haematocrit = haemoglobin / concentration
    red = haematocrit * 1000 / volume
    platelets = max(12.0, 255 + 62 * (bell(dice) + 0.75 * shift("plt", 0)))
    mean_platelet = 9.3 + 1.1 * bell(dice)
    shares = (neutrophils, lymphocytes, monocytes, eosinophils, basophils)
    numbers = (
        white,
        *shares,
        *(white * share / 100 for share in shares),
        red,
        haemoglobin,
        haematocrit,
        volume,
        haemoglobin / red,
        concentration,
        12.9 + 0.9 * bell(dice),
        platelets,
        mean_platelet,
        platelets * mean_platelet / 10_000,
        13 + 2 * bell(dice),
    )
    return [line.pattern % number for line, number in zip(lines, numbers, strict=True)]


def _word(line: Index, person: Person, illness: str, shifts: dict[str, float], dice: Random) -> str:
    if line.choices == ("*",):
        return person.blood or "O+"
    if line.shift and line.shift in POSITIVE.get(illness, ()):
        return "Dương tính"
    shift = shifts.get(line.shift, 0.0)
    middle = len(line.choices) // 2 if shift > 0 else 0
    step = int(shift * dice.random()) if shift > 0 else int(dice.random() * len(line.choices))
    return line.choices[min(middle + step, len(line.choices) - 1)]


def _index(row: dict[str, str]) -> Index:
    low, high = float(row["low"] or 0), float(row["high"] or 0)
    low_female, high_female = float(row["low_female"] or low), float(row["high_female"] or high)
    constants = {
        "MA_DICH_VU": services()[row["service"]].code,
        "MA_CHI_SO": row["code"],
        "TEN_CHI_SO": row["name"],
        "DON_VI_DO": row["unit"],
    }
    return Index(
        name=row["name"],
        low=(low, low_female),
        high=(high, high_female),
        pattern=f"%.{row['decimals']}f",
        ceiling=100.0 if row["unit"] == "%" and high >= 99 else float("inf"),
        shift=row["shift"],
        choices=tuple(row["choices"].split(";")) if row["choices"] else (),
        row=row_template("XML4", constants, VALUE_VARIABLES),
    )
