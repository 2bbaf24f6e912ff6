"""The words of what can become of a file and of a dossier, and the colour of each."""

from django.utils.translation import gettext_lazy as _

from yteso.intake.findings import CRITICAL, WARNING
from yteso.intake.models import Outcome, Status, Submission


STATUS = {
    Status.RECEIVED: (_("Đã nhận, chờ xử lý"), "grey"),
    Status.PROCESSING: (_("Đang xử lý"), "blue"),
    Status.DONE: (_("Đã xử lý xong"), "green"),
    Status.REFUSED: (_("Không đọc được tệp"), "red"),
}

MEND = "mend"
"""In the filter of the list: files that hold something to mend, whatever their status."""

TAKEN_BACK = "withdrawn"
"""In the filter of dossiers: those that were withdrawn, whatever their outcome."""

OUTCOME = {
    Outcome.ACCEPTED: (_("Đạt"), "green"),
    Outcome.WARNINGS: (_("Đạt, có cảnh báo"), "yellow"),
    Outcome.REFUSED: (_("Bị từ chối"), "red"),
}

WITHDRAWN = (_("Đã rút"), "grey")
CURRENT = (_("Đang dùng"), "blue")

SAVED = {
    "new": _("Hồ sơ mới"),
    "changed": _("Bản sửa, đã thay bản trước"),
    "same": _("Trùng với bản đã gửi, không ghi lại"),
    "older": _("Cũ hơn bản đang lưu, giữ làm lịch sử"),
    "": _("Không ghi vào hồ sơ sức khỏe"),
}

SEVERITY = {
    CRITICAL: (_("Lỗi nghiêm trọng"), "red"),
    WARNING: (_("Cảnh báo"), "yellow"),
}


SIGNATURE = {
    "broken": _("nội dung đã thay đổi sau khi ký"),
    "untrusted": _("hệ thống chưa biết đơn vị cấp chứng thư"),
    "expired": _("chứng thư không có hiệu lực vào ngày lập tệp"),
    "weak": _("thuật toán ký đã cũ, không còn an toàn"),
}
"""What is to be said of a signature whose owner is named."""


def state(of: Submission) -> tuple[object, str]:
    """What became of a file, and its colour. "Done" alone would hide that something was refused."""
    if of.status == Status.DONE and of.refused:
        return _("Có hồ sơ bị từ chối"), "red"
    if of.status == Status.DONE and of.with_warnings:
        return _("Đạt, có cảnh báo"), "yellow"
    if of.status == Status.DONE and of.dossiers:
        return _("Đạt tất cả"), "green"
    return STATUS[of.status]
