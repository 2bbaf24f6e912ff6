"""What is approved for one facility: drugs, services, supplies, staff, departments, contract; and known facilities.

Each list is a CSV file named after it; a list that is not given is not judged. Entries carry their days
(`effective_from`, `effective_to` blank: without end), so that a price of last year stays right for last year's visits.
Cells left blank are not compared.
"""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from io import StringIO
from pathlib import Path
from typing import NamedTuple


COLUMNS: dict[str, tuple[str, ...]] = {
    "drugs": ("code", "name", "strength", "registration", "route", "tender", "price"),
    "services": ("code", "name", "price"),
    "supplies": ("code", "name", "tender", "price"),
    "staff": ("code", "name", "scope"),
    "departments": ("code", "name"),
    "contract": ("code", "level", "care_types"),
    "facilities": ("code", "name"),
}
"""List → its columns besides the days. Staff have their licence number as code, the contract the facility's own.

`care_types` are codes of MA_LOAI_KCB joined with ";", `level` is 1 (central) to 4 (commune). `facilities` holds all
facilities of the provinces it has any of.
"""
DAYS = ("effective_from", "effective_to")


class ListError(ValueError):
    """A list that cannot be used: file, line, what is wrong and how to mend it, Vietnamese first."""


class Entry(NamedTuple):
    """One line of a list. `facts` are its cells by column; `price` is None where there is none."""

    code: str
    facts: Mapping[str, str]
    price: float | None
    first: str
    last: str

    def covers(self, day: str) -> bool:
        """Whether it is in force on a day (yyyymmdd)."""
        return self.first <= day <= self.last


@dataclass(frozen=True, slots=True, eq=False)
class FacilityLists:
    """The lists by name, each its entries by code. A list that is not known is missing."""

    entries: Mapping[str, Mapping[str, tuple[Entry, ...]]] = field(default_factory=dict)

    def of(self, name: str) -> Mapping[str, tuple[Entry, ...]] | None:
        return self.entries.get(name)

    def __bool__(self) -> bool:
        return bool(self.entries)


NONE = FacilityLists()
"""Nothing is known of the facility."""


def read_folder(folder: Path) -> dict[str, str]:
    """The text of each list found in the folder; ListError when there is none, or a file is no text."""
    texts = {}
    for name in COLUMNS:
        path = folder / f"{name}.csv"
        if path.is_file():
            try:
                texts[name] = path.read_text(encoding="utf-8-sig")
            except UnicodeDecodeError:
                raise ListError(f"{path}: không phải UTF-8, hãy lưu lại / not UTF-8, save it again") from None
    if not texts:
        known = ", ".join(f"{name}.csv" for name in COLUMNS)
        raise ListError(f"{folder}: không có danh mục nào trong số / has none of {known}")
    return texts


def parse(texts: Mapping[str, str]) -> FacilityLists:
    """The lists from the text of each; ListError names file and line."""
    return FacilityLists({name: _by_code(_entries(name, text)) for name, text in texts.items()})


def _by_code(entries: Iterator[Entry]) -> dict[str, tuple[Entry, ...]]:
    found: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        found[entry.code] = (*found.get(entry.code, ()), entry)
    return found


def _entries(name: str, text: str) -> Iterator[Entry]:
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")))
    columns = (*COLUMNS[name], *DAYS)
    if missing := [column for column in columns if column not in (reader.fieldnames or ())]:
        raise ListError(f"{name}.csv: thiếu cột / missing column: {', '.join(missing)}")
    for row in reader:
        facts = {column: (row[column] or "").strip() for column in columns}
        try:
            if not facts["code"]:
                raise ValueError("thiếu mã / no code")
            price = float(facts["price"]) if facts.get("price") else None
            first, last = (_day(facts[column]) for column in DAYS)
            yield Entry(facts["code"], facts, price, first, last or "99999999")
        except ValueError as error:
            raise ListError(f"{name}.csv, dòng / line {reader.line_num}: {error}") from None


def _day(text: str) -> str:
    """yyyy-mm-dd as yyyymmdd; "" for a blank cell."""
    return date.fromisoformat(text).strftime("%Y%m%d") if text else ""
