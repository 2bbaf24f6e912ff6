"""Code lists of the visit standard, chosen by the day of the visit."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from yteso.standards import files


@dataclass(frozen=True, slots=True)
class Code:
    """One code with its meaning in Vietnamese and English."""

    code: str
    vi: str
    en: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """One edition of a list. `open`: known to be incomplete or composable, so a code it lacks is no mistake."""

    name: str
    title_vi: str
    decree: str
    open: bool
    codes: dict[str, Code]

    def __contains__(self, code: str) -> bool:
        return code in self.codes


@dataclass(frozen=True, slots=True)
class Edition:
    """When one edition of a list is in force, both days included; None is open."""

    name: str
    file: str
    effective_from: date | None
    effective_to: date | None
    open: bool
    title_vi: str
    decree: str

    def covers(self, on: date) -> bool:
        started = self.effective_from is None or self.effective_from <= on
        return started and (self.effective_to is None or on <= self.effective_to)


def _editions() -> dict[str, list[Edition]]:
    found: dict[str, list[Edition]] = {}
    for row in files.rows("code-lists.csv"):
        dates = {key: files.day(row[key]) for key in ("effective_from", "effective_to")}
        found.setdefault(row["name"], []).append(Edition(**row | dates | {"open": row["open"] == "yes"}))
    return found


_EDITIONS = _editions()

CODE_LISTS = tuple(_EDITIONS)
"""Names that `code_list` knows."""


def code_list(name: str, on: date) -> CodeList:
    """The edition of list `name` in force on day `on`; KeyError when there is no such list."""
    return edition_codes(next(edition for edition in _EDITIONS[name] if edition.covers(on)))


def editions(name: str) -> tuple[Edition, ...]:
    """All editions of a list, oldest first; KeyError when there is no such list."""
    return tuple(_EDITIONS[name])


@cache
def edition_codes(edition: Edition) -> CodeList:
    """The list as this edition has it."""
    codes = {row["code"]: Code(**row) for row in files.rows(f"code-lists/{edition.file}")}
    return CodeList(edition.name, edition.title_vi, edition.decree, edition.open, codes)
