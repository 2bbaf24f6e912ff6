"""A finding, or a group of alike findings, in words for the page and for the downloads."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

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
        place=place(row),
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
        return _("Bảng %(table)s") % {"table": row.tbl} if row.tbl else _("Cả tệp")
    label = messages.label(row.tbl, row.field, get_language())
    return row.field if label == row.field else f"{label} ({row.field})"


def place(row: FindingRow) -> str:
    """ "XML2, dòng 3"."""
    parts = [row.tbl] if row.tbl else []
    if row.row:
        parts.append(_("dòng %(row)s") % {"row": formats.number(row.row)})
    return ", ".join(parts) or _("cả tệp")


@dataclass(frozen=True)
class ShownGroup:
    """A group: the finding that stands for it, how often, and where the rest are."""

    example: Shown
    times: str
    dossier: str
    dossier_href: str
    all_href: str


def shown_group(number: int, group: Group, query: str) -> ShownGroup:
    of = group.example.dossier
    return ShownGroup(
        example=shown(group.example),
        times=_times(group),
        dossier=of.ma_lk or _("hồ sơ thứ %(position)s") % {"position": of.position} if of else "",
        dossier_href=reverse("facility:dossier", args=[number, of.position]) if of else "",
        all_href=reverse("facility:rule", args=[number, group.example.rule]) + query,
    )


def _times(group: Group) -> str:
    if not group.dossiers:
        return _("%(count)s lần, lỗi của cả tệp") % {"count": formats.number(group.count)}
    return _("%(count)s lần, trong %(dossiers)s hồ sơ") % {
        "count": formats.number(group.count),
        "dossiers": formats.number(group.dossiers),
    }
