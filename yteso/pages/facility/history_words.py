"""The versions of a dossier in words, the newest first."""

from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import gettext as _

from yteso.intake.versions import History, Version
from yteso.pages.base import cells, formats
from yteso.pages.facility.words import CURRENT, OUTCOME, SAVED, WITHDRAWN


def versions_head() -> list[object]:
    return [
        _("Bản"),
        _("Lúc nhận"),
        _("Ngày lập (NGAYLAP)"),
        _("Chuẩn dữ liệu"),
        _("Kết quả"),
        _("Ghi vào hồ sơ sức khỏe"),
    ]


def versions_rows(of: History) -> list[list[cells.Cell]]:
    return [_row(of, version) for version in reversed(of.versions)]


def _row(of: History, version: Version) -> list[cells.Cell]:
    tags = [OUTCOME[version.outcome]]
    if version is of.current:
        tags.append(CURRENT)
    elif of.withdrawn and version is [one for one in of.versions if one.accepted][-1]:
        tags.append(WITHDRAWN)
    return [
        cells.link(
            name(version),
            reverse("facility:dossier", args=[version.submission, version.position]),
            below=version.receipt,
            classes="app-nowrap",
        ),
        cells.text(formats.moment(version.received), classes="app-nowrap"),
        cells.text(formats.day(version.made)),
        cells.text(standard_name(version.standard)),
        cells.tags(*tags),
        cells.text(SAVED[version.saved]),
    ]


def standard_name(standard: str) -> str:
    """ "QĐ 3176"; a dash for a file that could not be read."""
    return f"QĐ {standard}" if standard else "–"


def name(version: Version) -> str:
    return _("Bản %(number)s") % {"number": version.number}


def options(of: History, chosen: Version) -> list[dict[str, object]]:
    """Items of a select: every version, the newest first."""
    return [
        {
            "value": version.key,
            "text": f"{name(version)} – {formats.moment(version.received)} – {OUTCOME[version.outcome][0]}",
            "selected": version is chosen,
        }
        for version in reversed(of.versions)
    ]


def withdrawals(of: History) -> list[str]:
    """One sentence for each time it was taken back, the last first."""
    return [
        escape(
            _("Đã rút lúc %(at)s, người rút: %(account)s. Lý do: %(reason)s")
            % {"at": formats.moment(one.at), "account": one.account, "reason": one.reason}
        )
        for one in reversed(of.withdrawals)
    ]
