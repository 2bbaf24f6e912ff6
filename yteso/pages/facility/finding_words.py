"""A finding, or a group of alike findings, in words for the page and for the downloads."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yteso import standards
from yteso.intake import messages
from yteso.intake.findings import Finding
from yteso.intake.models import FindingRow
from yteso.pages.base import cells, formats
from yteso.pages.facility.queries import Group
from yteso.pages.facility.words import SEVERITY


@dataclass(frozen=True)
class Shown:
    """A finding as the page shows it."""

    rule: str
    critical: bool
    tag: str
    title: str
    place: str
    where: str
    value: str
    message: str
    hint: str
    legal: str


def shown(row: FindingRow) -> Shown:
    said = messages.describe(finding(row), lang=get_language())
    return Shown(
        rule=row.rule,
        critical=row.severity == "critical",
        tag=cells.tag(*SEVERITY[row.severity]),
        title=title(row),
        place=place(row, row.tbl),
        where=place(row, table_title(row.tbl)),
        value=row.value,
        message=said.message,
        hint=said.hint,
        legal=said.legal,
    )


def finding(row: FindingRow) -> Finding:
    return Finding(row.rule, row.severity, row.tbl, row.row, row.field, row.value, row.params)


def title(row: FindingRow) -> str:
    """The field in words, with the decree's name: "Ngày ra viện (NGAY_RA)"; the whole file has no field."""
    if not row.field:
        return _("Bảng %(table)s") % {"table": table_title(row.tbl)} if row.tbl else _("Cả tệp")
    label = messages.label(row.tbl, row.field, get_language())
    return row.field if label == row.field else f"{label} ({row.field})"


def table_title(name: str) -> str:
    """A table with its name in words: "XML2 – Chi tiết thuốc"."""
    known = next((one.tables[name] for one in reversed(standards.STANDARDS.values()) if name in one.tables), None)
    if known is None:
        return name
    return f"{name} – {known.title_vi if get_language() == 'vi' else known.title_en}"


def place(row: FindingRow, table: str) -> str:
    """The table, in the words given, and the row: "XML2, dòng 3"."""
    parts = [table] if table else []
    if row.row:
        parts.append(_("dòng %(row)s") % {"row": formats.number(row.row)})
    return ", ".join(parts) or _("cả tệp")


@dataclass(frozen=True)
class ShownGroup:
    """A group: the finding that stands for it, how often, and where the rest are."""

    example: Shown
    times: str
    many: bool
    dossier: str
    dossier_href: str
    all_href: str


def shown_group(number: int, group: Group, query: str) -> ShownGroup:
    of = group.example.dossier
    return ShownGroup(
        example=shown(group.example),
        times=_times(group),
        many=group.count > 1,
        dossier=of.ma_lk or _("hồ sơ thứ %(position)s") % {"position": of.position} if of else "",
        dossier_href=reverse("facility:dossier", args=[number, of.position]) if of else "",
        all_href=reverse("facility:rule", args=[number, group.example.rule]) + query,
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
