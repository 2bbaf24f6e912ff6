"""ICD-10 as Viet Nam uses it: the list of QĐ 4469 (2020), and that of TT 06/2026 from 1 July 2026.

Codes are written without dagger or asterisk; `mark` holds it. Names are Vietnamese only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import NamedTuple

from yteso.catalogues import files


TT06_FROM = date(2026, 7, 1)
"""Visits that end on this day or later are coded with TT 06/2026."""

ICD10_SYSTEM = "http://hl7.org/fhir/sid/icd-10"


class Icd10Code(NamedTuple):
    """One code. A leaf has no longer code below it and may stand for a case. `mark` is "†", "*" or ""."""

    code: str
    name_vi: str
    is_leaf: bool
    chapter: str
    block: str
    not_as_main: bool
    discouraged_as_main: bool
    female_only: bool
    male_only: bool
    death_cause_only: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Icd10:
    """One edition of the list. `system` is its FHIR code system, `id` the version within it."""

    id: str
    title: str
    codes: dict[str, Icd10Code]
    system: str = ICD10_SYSTEM

    def __contains__(self, code: str) -> bool:
        return code in self.codes

    def __len__(self) -> int:
        return len(self.codes)

    def get(self, code: str) -> Icd10Code | None:
        return self.codes.get(code)

    def name_vi(self, code: str) -> str:
        """Vietnamese name; KeyError when the code is not in this edition."""
        return self.codes[code].name_vi


@dataclass(frozen=True, slots=True)
class Icd10Group:
    """A chapter ("I", with its range) or a block ("A00-A09", with its chapter and, where blocks nest, its parent)."""

    id: str
    name_vi: str
    range: str
    chapter: str
    parent: str


@dataclass(frozen=True, slots=True)
class AgeLimit:
    """Ages a code fits, both ends included; `unit` is "day" or "year", a missing end is None."""

    list: str
    min_age: int | None
    max_age: int | None
    unit: str
    title_vi: str


def icd10(on: date) -> Icd10:
    """The list to code a visit that ended on `on`."""
    return _tt06() if on >= TT06_FROM else _qd4469()


@cache
def icd10_chapters() -> dict[str, Icd10Group]:
    """The 22 chapters by Roman numeral."""
    return {
        row["chapter"]: Icd10Group(row["chapter"], row["name_vi"], row["range"], row["chapter"], "")
        for row in files.rows("icd10/chapters.csv")
    }


@cache
def icd10_blocks() -> dict[str, Icd10Group]:
    """The blocks by their range, such as "A00-A09"."""
    return {
        row["block"]: Icd10Group(row["block"], row["name_vi"], row["block"], row["chapter"], row["parent"])
        for row in files.rows("icd10/blocks.csv")
    }


@cache
def age_limits() -> dict[str, tuple[AgeLimit, ...]]:
    """Code → the age bands it is bound to (annex A3 of QĐ 4469); most codes have none and are absent."""
    bands = {
        row["list"]: AgeLimit(
            row["list"], _number(row["min_age"]), _number(row["max_age"]), row["unit"], row["title_vi"]
        )
        for row in files.rows("icd10/age-limits.csv")
    }
    limits: dict[str, tuple[AgeLimit, ...]] = {}
    for code, name in files.columns("icd10/age-limited-codes.csv"):
        limits[code] = (*limits.get(code, ()), bands[name])
    return limits


@cache
def dagger_asterisk() -> dict[str, frozenset[str]]:
    """Dagger code (the cause) → asterisk codes (its manifestations) it may be paired with, as of QĐ 4469."""
    pairs: dict[str, set[str]] = {}
    for dagger, asterisk in files.columns("icd10/dagger-asterisk.csv"):
        pairs.setdefault(dagger, set()).add(asterisk)
    return {dagger: frozenset(asterisks) for dagger, asterisks in pairs.items()}


def _number(text: str) -> int | None:
    return int(text) if text else None


@cache
def _tt06() -> Icd10:
    listed = [(code, mark, block, name, flags) for code, mark, block, name, flags, *_ in _file()]
    return Icd10("TT06-2026", "ICD-10 theo Thông tư 06/2026/TT-BYT", _codes(listed))


@cache
def _qd4469() -> Icd10:
    kept = [
        (code, mark, block, old_name or name, flags)
        for code, mark, block, name, flags, in_qd4469, old_name in _file()
        if in_qd4469 == "yes"
    ]
    withdrawn = [(code, "", block, name, "") for code, block, name in files.columns("icd10/withdrawn.csv")]
    return Icd10("QD4469-2020", "ICD-10 theo Quyết định 4469/QĐ-BYT", _codes(kept + withdrawn))


def _file() -> Iterator[list[str]]:
    return files.columns("icd10/icd10.csv")


def _codes(listed: list[tuple[str, str, str, str, str]]) -> dict[str, Icd10Code]:
    chapter_of = {block: group.chapter for block, group in icd10_blocks().items()}
    parents = {code[:-1].rstrip(".") for code, *_ in listed}
    flag_columns: dict[str, tuple[bool, ...]] = {}
    codes = {}
    for code, mark, block, name, flags in sorted(listed):
        if flags not in flag_columns:
            flag_columns[flags] = _flags(flags)
        codes[code] = Icd10Code(code, name, code not in parents, chapter_of[block], block, *flag_columns[flags], mark)
    return codes


def _flags(text: str) -> tuple[bool, ...]:
    words = text.split()
    return tuple(
        name in words for name in ("not_as_main", "discouraged_as_main", "female_only", "male_only", "death_cause_only")
    )
