"""A finding, or a group of alike findings, in words for the page and for the downloads."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from yteso import standards
from yteso.intake import messages
from yteso.intake.causes import Cause
from yteso.intake.findings import Finding
from yteso.intake.models import FindingRow
from yteso.pages.base import cells, formats
from yteso.pages.facility.grouping import Group
from yteso.pages.facility.words import SEVERITY


@dataclass(frozen=True)
class Shown:
    """A finding as the page shows it; `matters` is the tags of why it should be mended."""

    rule: str
    critical: bool
    tag: str
    matters: str
    title: str
    place: str
    where: str
    value: str
    message: str
    why: str
    hint: str
    legal: str


WHY_COLOURS = {"refused": "grey", "money": "orange", "quality": "grey"}


def shown(one: Finding) -> Shown:
    language = get_language()
    said, why = messages.describe(one, lang=language), messages.why(one, lang=language)
    tags = (cells.tag(messages.why_title(kind, language), WHY_COLOURS[kind]) for kind in why.kinds)
    return Shown(
        rule=one.rule,
        critical=one.critical,
        tag=cells.tag(*SEVERITY[one.severity]),
        matters=SafeString(" ".join(tags)),
        title=title(one.table, one.field),
        place=place(one, one.table),
        where=place(one, table_title(one.table)),
        value=one.value,
        message=said.message,
        why=why.text,
        hint=said.hint,
        legal=said.legal,
    )


def finding(row: FindingRow) -> Finding:
    return Finding(row.rule, row.severity, row.tbl, row.row, row.field, row.value, row.params)


def title(table: str, field: str) -> str:
    """The field in words, with the decree's name: "Ngày ra viện (NGAY_RA)"; the whole file has no field."""
    if not field:
        return _("Bảng %(table)s") % {"table": table_title(table)} if table else _("Cả tệp")
    label = messages.label(table, field, get_language())
    return field if label == field else f"{label} ({field})"


def table_title(name: str) -> str:
    """A table with its name in words: "XML2 – Chi tiết thuốc"."""
    known = next((one.tables[name] for one in reversed(standards.STANDARDS.values()) if name in one.tables), None)
    if known is None:
        return name
    return f"{name} – {known.title_vi if get_language() == 'vi' else known.title_en}"


def place(one: Finding, table: str) -> str:
    """The table, in the words given, and the row: "XML2, dòng 3"."""
    parts = [table] if table else []
    if one.row:
        parts.append(_("dòng %(row)s") % {"row": formats.number(one.row)})
    return ", ".join(parts) or _("cả tệp")


@dataclass(frozen=True)
class Effect:
    """What goes with a cause: one finding in words, or findings of one kind, how often, and where they are listed."""

    words: str
    times: str = ""
    href: str = ""


@dataclass(frozen=True)
class ShownCause:
    """A cause in one dossier: its finding, where to look first, the same fault elsewhere, and what goes with it."""

    example: Shown
    title: str
    advice: str
    same: list[str]
    effects: list[Effect]


def shown_cause(cause: Cause) -> ShownCause:
    same = [shown(one).place for one in cause.effects if cause.repeats(one)]
    effects = [Effect(shown(one).message) for one in cause.effects if not cause.repeats(one)]
    return ShownCause(shown(cause.finding), title(cause.table, cause.field), advice(cause), same, effects)


def advice(cause: Cause) -> str:
    """Where to look when the place at fault is not the place of the finding, else ""."""
    if not cause.elsewhere:
        return ""
    if not cause.field:
        return _("Các tổng không khớp cùng một lúc: bảng này có thể thiếu hoặc thừa dòng. Xem lại bảng này trước.")
    return _("Nhiều chỗ trái với giá trị này. Xem lại giá trị này trước.")


@dataclass(frozen=True)
class ShownGroup:
    """Causes of one kind: the one that stands for them, how often, where the rest are, and what goes with them."""

    example: Shown
    title: str
    advice: str
    times: str
    many: bool
    dossier: str
    dossier_href: str
    all_href: str
    following: str
    effects: list[Effect]


def shown_group(number: int, group: Group, query: Callable[[str, str, str], str]) -> ShownGroup:
    """`query` gives the filter narrowed to findings of a severity at a field of a table."""
    cause, of = group.example, group.visit
    here = cause.finding

    def listed(rule: str, severity: str, table: str, field: str) -> str:
        return reverse("facility:rule", args=[number, rule]) + query(severity, table, field)

    effects = [
        Effect(f"{table_title(table)}: {title(table, field)}", _places(count), listed(rule, severity, table, field))
        for (rule, severity, table, field), count in group.effects.most_common()
    ]
    return ShownGroup(
        example=shown(here),
        title=title(cause.table, cause.field),
        advice=advice(cause),
        times=_times(group),
        many=group.count > 1,
        dossier="" if of.position is None else of.ma_lk or _("hồ sơ thứ %(position)s") % {"position": of.position},
        dossier_href="" if of.position is None else reverse("facility:dossier", args=[number, of.position]),
        all_href=listed(here.rule, here.severity, here.table, here.field),
        following=_places(group.effects.total()),
        effects=effects,
    )


def _times(group: Group) -> str:
    if not group.dossiers:
        return _("Của cả tệp")
    if group.count == 1:
        return _("1 chỗ")
    return _("%(count)s chỗ, trong %(dossiers)s hồ sơ") % {
        "count": formats.number(group.count),
        "dossiers": formats.number(group.dossiers),
    }


def _places(count: int) -> str:
    return ngettext("%(num)s chỗ", "%(num)s chỗ", count) % {"num": formats.number(count)}
