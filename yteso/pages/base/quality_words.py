"""The words of the quality figures, the same for a facility and for its authority."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from yteso.pages.base import formats
from yteso.quality import OVERALL, months
from yteso.quality.settings import FAIR, GOOD, POOR


Words = dict[str, object]

MEASURE: Words = {
    "correct": _("Đúng"),
    "complete": _("Đủ"),
    "clean": _("Sạch"),
    "timely": _("Sống"),
    "deep": _("Sâu"),
    "same": _("Đồng bộ"),
    OVERALL: _("Chung cả sáu tiêu chí"),
}

MEANING: Words = {
    "correct": _("Hồ sơ không có lỗi nghiêm trọng."),
    "complete": _("Hồ sơ có đủ những bảng và thông tin phải có."),
    "clean": _("Hồ sơ không có cảnh báo, không trùng, không có giá trị điền cho có."),
    "timely": _("Hồ sơ đến trong vòng 24 giờ sau khi người bệnh ra về."),
    "deep": _("Chẩn đoán, kết quả và liều thuốc được mã hóa, ghi chi tiết."),
    "same": _("Bản cơ sở gửi sau cùng đúng là bản đang có trong hồ sơ sức khỏe."),
}

ITEMS = _("mục")
VISITS = _("lượt khám")

PART: Words = {
    "number": _("Số định danh cá nhân"),
    "address": _("Mã tỉnh và mã xã nơi cư trú"),
    "XML4": _("Kết quả cận lâm sàng (XML4)"),
    "XML5": _("Diễn biến lâm sàng (XML5)"),
    "XML7": _("Giấy ra viện (XML7)"),
    "XML8": _("Tóm tắt hồ sơ bệnh án (XML8)"),
    "XML13": _("Giấy chuyển cơ sở (XML13)"),
    "XML14": _("Giấy hẹn khám lại (XML14)"),
    "warning": _("Không có cảnh báo"),
    "duplicate": _("Không trùng lượt khám khác"),
    "placeholder": _("Không có giá trị điền cho có"),
    "icd": _("Mã bệnh chi tiết đến mức danh mục có"),
    "secondary": _("Bệnh kèm theo có mã"),
    "result": _("Kết quả bằng số, có đơn vị đo riêng"),
    "index": _("Kết quả có mã chỉ số"),
    "dose": _("Liều dùng ghi đúng cấu trúc"),
    "correction": _("Bản sửa đã vào hồ sơ sức khỏe"),
}

EXPECTED: Words = {
    "check-in": _("Lượt khám đã báo vào (XML0)"),
    "admission": _("Đợt nội trú đã báo vào (XML0)"),
    "referral": _("Người bệnh được nơi khác chuyển đến"),
    "return": _("Người bệnh được hẹn khám lại"),
    **{table: PART[table] for table in ("XML13", "XML14", "XML4", "XML7", "XML8")},
}

GRADE: dict[str, tuple[object, str]] = {
    GOOD: (_("Tốt"), "green"),
    FAIR: (_("Cần chú ý"), "yellow"),
    POOR: (_("Cần sửa ngay"), "red"),
    "": (_("Chưa đủ dữ liệu để xếp hạng"), "grey"),
}


def percent(value: float | None) -> str:
    """96,2 %; a share just short of everything does not read as everything."""
    if value is None:
        return "–"
    shown = 99.9 if 99.9 < value * 100 < 100 else value * 100
    return f"{formats.number(shown, 1)} %"


def between(low: float, high: float) -> str:
    return _("từ %(low)s đến %(high)s") % {"low": percent(low), "high": percent(high)}


def month(of: date) -> str:
    return f"{of:%m/%Y}"


def duration(minutes: float | None) -> str:
    """45 phút, 5 giờ, 3 ngày; rounded to what people would say."""
    if minutes is None:
        return "–"
    if minutes < 60:
        return _("%(count)s phút") % {"count": formats.number(round(minutes))}
    if minutes < 48 * 60:
        return _("%(count)s giờ") % {"count": formats.number(round(minutes / 60))}
    return _("%(count)s ngày") % {"count": formats.number(round(minutes / 60 / 24))}


def month_asked(request: HttpRequest, known: list[date], otherwise: date) -> date:
    """The month of `?thang=yyyy-mm` when it is one of `known`."""
    asked = months.parse(request.GET.get("thang", ""))
    return asked if asked in known else otherwise


def month_options(known: list[date], chosen: date) -> list[dict[str, object]]:
    listed = sorted({*known, chosen}, reverse=True)
    return [{"value": f"{one:%Y-%m}", "text": month(one), "selected": one == chosen} for one in listed]
