"""Who opened this book: one line for each day and reader."""

from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _

from yteso.access.reads import Reading
from yteso.pages.base import formats
from yteso.pages.book.presenters.resources import LOCAL, Name


@dataclass(frozen=True)
class Look:
    """`times`: how often that reader opened the book that day. `denied`: they tried, and were shown nothing."""

    when: str
    who: str
    facility: str
    purpose: str
    times: str
    denied: bool
    own: bool


def looks(readings: list[Reading], account: str, facility: Name) -> list[Look]:
    """`readings` newest first. `account` is the citizen's own."""

    def key(one: Reading) -> tuple[object, ...]:
        return (one.at.astimezone(LOCAL).date(), one.account, one.role, one.facility, one.purpose, one.outcome)

    ordered = sorted(readings, key=lambda one: (key(one)[0], *map(str, key(one)[1:])), reverse=True)
    days = [list(found) for _key, found in groupby(ordered, key=key)]
    days.sort(key=lambda found: max(one.at for one in found), reverse=True)
    return [_look(found, account, facility) for found in days]


def _look(found: list[Reading], account: str, facility: Name) -> Look:
    one = max(found, key=lambda reading: reading.at)
    return Look(
        when=formats.moment(one.at),
        who=_who(one, account),
        facility=facility(one.facility) if one.facility else "",
        purpose=_purpose(one.purpose),
        times=formats.number(len(found)),
        denied=one.outcome != "allowed",
        own=one.role == "citizen" and one.account == account,
    )


def _who(one: Reading, account: str) -> str:
    if one.role == "citizen" and one.account == account:
        return _("Bạn")
    roles = {
        "citizen": _("Tài khoản người dân khác"),
        "facility": _("Nhân viên cơ sở khám, chữa bệnh"),
        "operator": _("Người vận hành hệ thống"),
        "client": _("Phần mềm đã đăng ký"),
        "steward": _("Người quản lý dữ liệu"),
        "authority": _("Cơ quan quản lý"),
    }
    return roles.get(one.role, one.role)


def _purpose(purpose: str) -> str:
    known = {
        "own-book": _("Xem sổ sức khỏe"),
        "own-book-pdf": _("Tải sổ sức khỏe về máy"),
        "operator": _("Vận hành hệ thống"),
        "fhir": _("Đọc qua máy chủ FHIR"),
        "sent-dossier": _("So các bản của hồ sơ đã gửi"),
    }
    return known.get(purpose, purpose)
