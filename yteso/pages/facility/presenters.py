"""Submissions and dossiers in words: tables, key figures, progress."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.urls import reverse
from django.utils.translation import gettext as _

from yteso import registry, standards
from yteso.intake.causes import Cause
from yteso.intake.models import DossierResult, FindingRow, Outcome, Status, Submission
from yteso.pages.base import cells, formats
from yteso.pages.facility.finding_words import finding, shown, title
from yteso.pages.facility.queries import UNFINISHED
from yteso.pages.facility.words import OUTCOME, SAVED, SIGNATURE, TAKEN_BACK, WITHDRAWN, state


def submissions_head() -> list[object]:
    numeric = {"format": "numeric"}
    return [
        _("Tệp"),
        _("Lúc nhận"),
        _("Tình trạng"),
        {"text": _("Hồ sơ"), **numeric},
        {"text": _("Bị từ chối"), **numeric},
    ]


def submission_row(of: Submission) -> list[cells.Cell]:
    return [
        cells.link(
            of.name, reverse("facility:submission", args=[of.id]), below=of.receipt, classes="app-break app-name"
        ),
        cells.text(formats.moment(of.received), classes="app-nowrap"),
        cells.tags(state(of)),
        cells.count(of.dossiers),
        cells.count(of.refused),
    ]


def dossiers_head() -> list[object]:
    numeric = {"format": "numeric"}
    return [
        _("Mã lượt khám (MA_LK)"),
        _("Người bệnh"),
        _("Ra viện"),
        _("Kết quả"),
        {"text": _("Lỗi"), **numeric},
        {"text": _("Cảnh báo"), **numeric},
    ]


def dossier_row(of: DossierResult, withdrawn: Collection[UUID] = ()) -> list[cells.Cell]:
    return [
        cells.link(
            dossier_name(of),
            reverse("facility:dossier", args=[of.submission_id, of.position]),
            classes="app-break app-key",
        ),
        cells.text(of.patient or "–"),
        cells.text(formats.day(of.ended) or "–"),
        cells.tags(OUTCOME[of.outcome], *([WITHDRAWN] if of.document in withdrawn else [])),
        cells.count(of.critical),
        cells.count(of.warnings),
    ]


def dossier_name(of: DossierResult) -> str:
    return of.ma_lk or _("Hồ sơ thứ %(position)s") % {"position": of.position}


def submission_facts(of: Submission, withdrawn: int = 0) -> list[dict[str, str]]:
    """Counts, each with the address of the dossiers it counts."""
    counts = (
        ("", "", _("Hồ sơ trong tệp"), of.dossiers),
        ("good", Outcome.ACCEPTED, _("Đạt"), of.accepted),
        ("warning", Outcome.WARNINGS, _("Đạt, có cảnh báo"), of.with_warnings),
        ("critical", Outcome.REFUSED, _("Bị từ chối"), of.refused),
        *([("", TAKEN_BACK, _("Đã rút"), withdrawn)] if withdrawn else []),
    )
    page = reverse("facility:dossiers", args=[of.id])
    return [
        {
            "label": label,
            "value": formats.number(count),
            "kind": kind,
            "href": (f"{page}?outcome={outcome}" if outcome else page) if count else "",
        }
        for kind, outcome, label, count in counts
    ]


def submission_advice(of: Submission) -> str:
    """What the facility should do about a file that has been looked through, in a sentence or two."""
    if of.status == Status.REFUSED:
        return _("Chưa nhận được hồ sơ nào. Xem lý do dưới đây, xuất lại tệp rồi gửi lại.")
    if of.refused:
        return _(
            "%(refused)s hồ sơ bị từ chối chưa vào hồ sơ sức khỏe của người bệnh. Sửa các lỗi nghiêm trọng trong phần "
            "mềm bệnh viện, xuất lại rồi gửi lại. Các hồ sơ đã đạt không cần gửi lại."
        ) % {"refused": formats.number(of.refused)}
    if of.with_warnings:
        return _("Tất cả hồ sơ đã được nhận. Nên xem các cảnh báo và sửa ở lần gửi sau.")
    return _("Tất cả hồ sơ đã được nhận, không có gì phải sửa.")


def facility_title(code: str) -> str:
    """ "Trạm Y tế … (99001)"; the code alone when the register does not know it."""
    name = registry.names({code}).get(code)
    return f"{name} ({code})" if name else code


def signed_by(of: Submission) -> str:
    """Who signed the file, and what is to be said of the signature; "" when it is unsigned or nobody can be named."""
    told = of.signature or {}
    if not told.get("name"):
        return ""
    words = _("Đã ký bởi %(name)s") % {"name": told["name"]}
    doubt = str(SIGNATURE.get(told["state"], ""))
    return f"{words} ({doubt})" if doubt else words


def submission_summary(of: Submission) -> list[dict[str, object]]:
    """Rows of a summary list: everything a receipt says of the file."""
    known = [
        (_("Biên nhận"), of.receipt),
        (_("Tên tệp"), of.name),
        (_("Cơ sở gửi"), facility_title(of.facility)),
        (_("Người gửi"), of.account),
        (_("Nhận lúc"), formats.moment(of.received)),
        (_("Xử lý xong lúc"), formats.moment(of.finished)),
        (_("Chuẩn dữ liệu"), standard_title(of.standard)),
        (_("Kích thước"), formats.size(of.size)),
        (_("Số hồ sơ khai trong tệp (SOLUONGHOSO)"), formats.number(of.declared)),
        (_("Chữ ký số"), signed_by(of)),
        (_("Mã băm SHA-256 của tệp"), bytes(of.sha256).hex()),
    ]
    return [{"key": {"text": name}, "value": {"text": value, "classes": "app-break"}} for name, value in known if value]


def dossier_summary(of: DossierResult) -> list[dict[str, object]]:
    known = [
        (_("Mã lượt khám (MA_LK)"), of.ma_lk),
        (_("Người bệnh"), of.patient),
        (_("Vào viện"), formats.moment(of.started)),
        (_("Ra viện"), formats.moment(of.ended)),
        (_("Thứ tự trong tệp"), formats.number(of.position)),
        (_("Chuẩn dữ liệu"), standard_title(of.standard)),
        (_("Ghi vào hồ sơ sức khỏe"), str(SAVED[of.saved])),
    ]
    return [{"key": {"text": name}, "value": {"text": value, "classes": "app-break"}} for name, value in known if value]


def standard_title(name: str) -> str:
    known = standards.STANDARDS.get(name)
    return known.title if known else name


@dataclass(frozen=True)
class Progress:
    """How far a submission is; `total` is 0 while nobody knows how many dossiers the file holds."""

    number: int
    name: str
    href: str
    receipt: str
    tag: str
    moving: bool
    seen: int
    total: int
    words: str


def progress(of: Submission) -> Progress:
    return Progress(
        number=of.id,
        name=of.name,
        href=reverse("facility:submission", args=[of.id]),
        receipt=of.receipt,
        tag=cells.tag(*state(of)),
        moving=of.status in UNFINISHED,
        seen=min(of.seen, of.declared or of.seen),
        total=of.declared or 0,
        words=_progress_words(of),
    )


def _progress_words(of: Submission) -> str:
    if of.status == Status.RECEIVED:
        return _("Tệp đã được lưu an toàn và đang chờ đến lượt.")
    if of.status == Status.REFUSED:
        return _("Không đọc được tệp này. Mở để xem lý do.")
    if of.status == Status.DONE:
        return _("%(dossiers)s hồ sơ, %(refused)s bị từ chối.") % {
            "dossiers": formats.number(of.dossiers),
            "refused": formats.number(of.refused),
        }
    seen = formats.number(of.seen)
    if of.declared:
        return _("Đã xử lý %(seen)s trên %(total)s hồ sơ.") % {"seen": seen, "total": formats.number(of.declared)}
    return _("Đã xử lý %(seen)s hồ sơ.") % {"seen": seen}


def findings_head() -> list[object]:
    return [_("Hồ sơ"), _("Vị trí"), _("Giá trị đã gửi"), _("Sai ở đâu"), _("Nguyên nhân")]


def finding_row(row: FindingRow, cause: Cause | None) -> list[cells.Cell]:
    """`cause` is what the finding only goes with; None when it is to be mended itself."""
    of = row.dossier
    where = (
        cells.link(dossier_name(of), reverse("facility:dossier", args=[row.submission_id, of.position]))
        if of
        else cells.text(_("cả tệp"))
    )
    one = shown(finding(row))
    origin = _("Theo %(place)s") % {"place": title(cause.table, cause.field)} if cause else _("Sửa tại đây")
    return [
        where,
        cells.text(one.place),
        cells.text(one.value or _("(trống)"), classes="app-code"),
        cells.text(one.message, classes="app-stack"),
        cells.text(origin),
    ]


def outcome_tag(of: DossierResult, *, withdrawn: bool = False) -> str:
    return cells.tags(OUTCOME[of.outcome], *([WITHDRAWN] if withdrawn else []))["html"]


def outcome_advice(of: DossierResult, *, withdrawn: bool = False) -> str:
    """What the facility should do about a dossier, in one sentence."""
    if withdrawn:
        return _("Cơ sở đã rút hồ sơ này: nó không còn trong hồ sơ sức khỏe của người bệnh.")
    if of.outcome == Outcome.REFUSED:
        return _("Hồ sơ này chưa vào hồ sơ sức khỏe của người bệnh. Sửa các lỗi nghiêm trọng rồi gửi lại.")
    if of.outcome == Outcome.WARNINGS:
        return _("Hồ sơ đã được nhận. Nên xem các cảnh báo và sửa ở lần gửi sau.")
    return _("Hồ sơ đã được nhận, không có gì phải sửa.")
