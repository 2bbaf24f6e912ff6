"""What changed between two versions of a dossier, in words: old and new beside each other."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from decimal import Decimal
from itertools import groupby

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from yteso import standards
from yteso.intake import messages
from yteso.intake.differences import ADDED, CHANGED, REMOVED, Difference, FieldChange, Money, RowChange
from yteso.intake.versions import Version
from yteso.pages.base import cells, formats
from yteso.pages.facility.finding_words import table_title
from yteso.pages.facility.history_words import name, standard_name


NAMES = ("TEN_THUOC", "TEN_DICH_VU", "TEN_VAT_TU", "TEN_CHI_SO", "THOI_DIEM_DBLS", "NGAY_YL", "HO_TEN_CON")
"""What a row is called by: the first of these that it has."""

TOLD = (
    *("MA_THUOC", "MA_DICH_VU", "MA_VAT_TU", "MA_CHI_SO", "GIA_TRI", "DON_VI_DO", "KET_LUAN", "DIEN_BIEN_LS"),
    *(
        "SO_LUONG",
        "DON_VI_TINH",
        "DON_GIA",
        "DON_GIA_BV",
        "THANH_TIEN_BV",
        "THANH_TIEN",
        "T_BHTT",
        "NGAY_YL",
        "NGAY_KQ",
    ),
)
"""What is told of a row that came or went; of a row with none of these, its first fields."""
FIRST = 8


@dataclass(frozen=True)
class Compared:
    """Two versions side by side: what in all, money, and what could not be compared."""

    title: str
    words: str
    standards: str
    money_head: list[object]
    money: list[list[cells.Cell]]


@dataclass(frozen=True)
class ShownTable:
    title: str
    head: list[object]
    rows: list[list[cells.Cell]]


def compared(of: Difference, old: Version, new: Version) -> Compared:
    numeric = {"format": "numeric"}
    return Compared(
        title=_("%(new)s so với %(old)s") % {"new": name(new), "old": name(old).lower()},
        words=_words(of, old, new),
        standards=_standards(of),
        money_head=[
            _("Khoản tiền (đồng)"),
            {"text": _("Bản cũ"), **numeric},
            {"text": _("Bản mới"), **numeric},
            {"text": _("Chênh lệch"), **numeric},
        ],
        money=[
            [
                _field("XML1", money.field),
                _sum(money.old),
                _sum(money.new),
                _sum(money.more, sign="+" if money.more > 0 else ""),
            ]
            for money in of.money
        ],
    )


def _words(of: Difference, old: Version, new: Version) -> str:
    if old is new:
        return _("Hãy chọn hai bản khác nhau để so.")
    if not of.rows:
        return _("Hai bản không khác nhau ở chỉ tiêu nào.")
    fields = sum(len(row.fields) for row in of.rows if row.kind == CHANGED)
    added, removed = of.count(ADDED), of.count(REMOVED)
    parts = [
        fields and ngettext("sửa %(num)s chỗ", "sửa %(num)s chỗ", fields) % {"num": formats.number(fields)},
        added and ngettext("thêm %(num)s dòng", "thêm %(num)s dòng", added) % {"num": formats.number(added)},
        removed and ngettext("bỏ %(num)s dòng", "bỏ %(num)s dòng", removed) % {"num": formats.number(removed)},
    ]
    told = ", ".join(part for part in parts if part)
    return _("%(new)s %(told)s.") % {"new": name(new), "told": told}


def _standards(of: Difference) -> str:
    if of.old_standard == of.new_standard:
        return ""
    words = _("Hai bản theo hai chuẩn khác nhau (%(old)s và %(new)s): chỉ so những chỉ tiêu có ở cả hai.") % {
        "old": standard_name(of.old_standard),
        "new": standard_name(of.new_standard),
    }
    if of.left_out:
        words += " " + _("Không so các bảng %(tables)s.") % {"tables": ", ".join(of.left_out)}
    return words


def tables(rows: Iterable[RowChange], money: Iterable[Money] = ()) -> list[ShownTable]:
    """Table after table; the sums that stand under money are not told again."""
    told = {one.field for one in money}
    found = [
        ShownTable(table_title(table), _head(table), [line for row in some for line in _rows(row, told)])
        for table, some in groupby(rows, key=lambda row: row.table)
    ]
    return [table for table in found if table.rows]


def _head(table: str) -> list[object]:
    return [*([] if _single(table) else [_("Dòng")]), _("Chỉ tiêu"), _("Bản cũ"), _("Bản mới")]


def _rows(row: RowChange, told: Collection[str]) -> list[list[cells.Cell]]:
    place = [] if _single(row.table) else [cells.text(_place(row), classes="app-break")]
    if row.kind == CHANGED:
        return [
            [*place, _field(row.table, one.field), _value(row, one, "old"), _value(row, one, "new")]
            for one in row.fields
            if row.table != "XML1" or one.field not in told
        ]
    nothing = cells.text(_("(không có)"))
    if row.kind == ADDED:
        return [[*place, cells.tags((_("Thêm dòng"), "green")), nothing, _told(row)]]
    return [[*place, cells.tags((_("Bỏ dòng"), "red")), _told(row), nothing]]


def _place(row: RowChange) -> str:
    number = formats.number(row.new_at or row.old_at)
    words = _("Dòng %(number)s của bản cũ") if row.kind == REMOVED else _("Dòng %(number)s")
    called = next((_text(row.table, field, row.row[field]) for field in NAMES if field in row.row), "")
    return f"{words % {'number': number}}: {called}" if called else words % {"number": number}


def _told(row: RowChange) -> cells.Cell:
    fields = [field for field in TOLD if field in row.row] or [one.field for one in row.fields][:FIRST]
    lines = ((_label(row.table, field), _text(row.table, field, row.row[field])) for field in fields)
    return {"html": format_html_join(SafeString("<br>"), "{}: {}", lines), "classes": "app-break app-stack"}


def _field(table: str, field: str) -> cells.Cell:
    words = _label(table, field)
    if words == field:
        return cells.text(field, classes="app-break app-code")
    html = format_html('{}<br><span class="app-code app-muted">{}</span>', words, field)
    return {"html": html, "classes": "app-break"}


def _value(row: RowChange, one: FieldChange, side: str) -> cells.Cell:
    value = getattr(one, side)
    words = _("(trống)") if value is None else _text(row.table, one.field, value)
    return cells.text(words, classes="app-break")


def _text(table: str, field: str, value: str) -> str:
    """Dates as people write them, everything else as it was sent."""
    known = _newest(table)
    kind = known.fields[field].type if known and field in known.fields else ""
    return formats.national(value.strip()) if kind in ("date", "datetime") else value


def _sum(amount: Decimal, sign: str = "") -> cells.Cell:
    plain = amount.normalize()
    return {
        "text": sign + formats.number(plain if plain.as_tuple().exponent <= 0 else plain.quantize(Decimal(1))),
        "format": "numeric",
    }


def _label(table: str, field: str) -> str:
    return messages.label(table, field, get_language())


def _single(table: str) -> bool:
    known = _newest(table)
    return known is not None and not known.row


def _newest(table: str) -> standards.Table | None:
    return next((one.tables[table] for one in reversed(standards.STANDARDS.values()) if table in one.tables), None)
