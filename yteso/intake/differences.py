"""What changed between two versions of a dossier, field by field. Pure.

Rows are matched by what they are about (a drug and when it was ordered, a service and a result …), so that a row put in
between does not mark all that follow. Row numbers (STT) and the order of rows are therefore no difference.

When the standards of the versions differ, fields go by their newest names and only those that both standards have are
compared.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from yteso import standards
from yteso.intake.dossier import Dossier, Row
from yteso.mapping.renames import newest


ADDED, REMOVED, CHANGED = "added", "removed", "changed"

NUMBER = "STT"

MONEY = ("T_TONGCHI", "T_TONGCHI_BV", "T_TONGCHI_BH", "T_BHTT", "T_BNCCT", "T_BNTT")
"""The sums of XML1 whose change is told apart: the bill, the fund's share and the patient's."""

_SUM = re.compile(r"\s*-?[0-9]{1,15}(\.[0-9]{1,6})?\s*")

KEYS: dict[str, tuple[tuple[str, ...], ...]] = {
    "XML2": (("MA_THUOC", "NGAY_YL"), ("MA_THUOC",)),
    "XML3": (("MA_DICH_VU", "MA_VAT_TU", "NGAY_YL"), ("MA_DICH_VU", "MA_VAT_TU")),
    "XML4": (("MA_DICH_VU", "MA_CHI_SO", "TEN_CHI_SO", "NGAY_KQ"), ("MA_DICH_VU", "MA_CHI_SO")),
    "XML5": (("THOI_DIEM_DBLS",), ("NGAY_YL",)),
    "XML6": (("NGAYKD_HIV", "BDDT_ARV"),),
    "XML9": (("SO", "QUYEN_SO"), ("NGAY_SINH_CON", "HO_TEN_CON")),
    "XML15": (("NGAYBD_DTRI_LAO",),),
}
"""What a row of a table is about, the surer first; rows left over are matched by their number."""


@dataclass(slots=True, frozen=True)
class FieldChange:
    """`None` where the field had, or has, no value."""

    field: str
    old: str | None
    new: str | None


@dataclass(slots=True, frozen=True)
class RowChange:
    """One row: `added`, `removed` or `changed`. Places count from 1; `row` is as it is now, or was when removed."""

    table: str
    kind: str
    old_at: int | None
    new_at: int | None
    row: Row
    fields: tuple[FieldChange, ...]


@dataclass(slots=True, frozen=True)
class Money:
    """A sum of XML1, in đồng."""

    field: str
    old: Decimal
    new: Decimal

    @property
    def more(self) -> Decimal:
        return self.new - self.old


@dataclass(slots=True, frozen=True)
class Difference:
    """`left_out`: tables that only one of the two standards has."""

    old_standard: str
    new_standard: str
    rows: tuple[RowChange, ...]
    money: tuple[Money, ...]
    left_out: tuple[str, ...]

    def count(self, kind: str) -> int:
        return sum(row.kind == kind for row in self.rows)


def diff(old: Dossier, new: Dossier) -> Difference:
    """What makes `new` of `old`, table after table in the order of the decree."""
    found = sorted(old.tables.keys() | new.tables.keys(), key=lambda table: int(table[3:]))
    left_out = tuple(t for t in found if old.standard != new.standard and not _shared(t, old.standard, new.standard))
    rows = [row for table in found if table not in left_out for row in _table(table, old, new)]
    summary = next((row.fields for row in rows if row.table == "XML1" and row.kind == CHANGED), ())
    money = tuple(_money(summary))
    return Difference(old.standard, new.standard, tuple(rows), money, left_out)


def _table(table: str, old: Dossier, new: Dossier) -> list[RowChange]:
    before, after = _comparable(table, old, new.standard), _comparable(table, new, old.standard)
    partner = _matched(table, before, after)
    changes = [
        RowChange(table, REMOVED, at + 1, None, row, tuple(FieldChange(f, row[f], None) for f in _ordered(table, row)))
        for at, row in enumerate(before)
        if at not in set(partner.values())
    ]
    for at, row in enumerate(after):
        was = before[partner[at]] if at in partner else {}
        fields = tuple(
            FieldChange(field, was.get(field), row.get(field))
            for field in _ordered(table, was.keys() | row.keys())
            if was.get(field) != row.get(field)
        )
        if at not in partner:
            changes.append(RowChange(table, ADDED, None, at + 1, row, fields))
        elif fields:
            changes.append(RowChange(table, CHANGED, partner[at] + 1, at + 1, row, fields))
    return sorted(changes, key=lambda change: (change.new_at or change.old_at, change.kind))


def _matched(table: str, before: list[Row], after: list[Row]) -> dict[int, int]:
    """For rows of `after` (by index) the row of `before` that each was; every row at most once."""
    partner: dict[int, int] = {}
    free = dict.fromkeys(range(len(before)))

    def match(key: Callable[[Row], object], fit: Callable[[Row, Row], bool] = lambda one, other: True) -> None:
        waiting: dict[object, list[int]] = {}
        for at in reversed(free):
            if (about := key(before[at])) is not None:
                waiting.setdefault(about, []).append(at)
        for at, row in enumerate(after):
            candidates = waiting.get(key(row), ()) if at not in partner else ()
            if candidates and fit(before[candidates[-1]], row):
                partner[at] = candidates.pop()
                del free[partner[at]]

    match(lambda row: frozenset(_content(row).items()))
    for fields in KEYS.get(table, ()):
        match(lambda row, fields=fields: _about(row, fields))
    if len(before) == len(after) == 1:
        match(lambda row: True)
    match(lambda row: row.get(NUMBER), _alike)
    return partner


def _about(row: Row, fields: tuple[str, ...]) -> tuple | None:
    values = tuple(row.get(field) for field in fields)
    return values if any(values) else None


def _alike(one: Row, other: Row) -> bool:
    """At least half of the fields are the same: the row was changed, and is not another one under its number."""
    same = _content(one).items() & _content(other).items()
    return 2 * len(same) >= len(_content(one).keys() | _content(other).keys())


def _content(row: Row) -> Row:
    return {field: value for field, value in row.items() if field != NUMBER}


def _comparable(table: str, of: Dossier, other: str) -> list[Row]:
    rows = of.tables.get(table, [])
    if of.standard == other:
        return rows
    shared = _shared(table, of.standard, other)
    named = ({newest(table, field, of.standard): value for field, value in row.items()} for row in rows)
    return [{field: value for field, value in row.items() if field in shared} for row in named]


def _shared(table: str, one: str, other: str) -> set[str]:
    """Fields that both standards have, by their newest names."""
    known = [
        {newest(table, field, standard) for field in found.fields}
        for standard in (one, other)
        if (found := standards.standard(standard).tables.get(table))
    ]
    return set.intersection(*known) if len(known) == 2 else set()


def _ordered(table: str, fields: Iterable[str]) -> list[str]:
    """As the newest standard that has the table puts them, unknown ones last; without the row's number."""
    known = next((s.tables[table].fields for s in reversed(standards.STANDARDS.values()) if table in s.tables), {})
    place = {field: at for at, field in enumerate(known)}
    return sorted((field for field in fields if field != NUMBER), key=lambda f: (place.get(f, len(place)), f))


def _money(changes: Iterable[FieldChange]) -> Iterator[Money]:
    for change in changes:
        sums = [text or "0" for text in (change.old, change.new)]
        if change.field in MONEY and all(_SUM.fullmatch(text) for text in sums):
            old, new = map(Decimal, sums)
            if old != new:
                yield Money(change.field, old, new)
