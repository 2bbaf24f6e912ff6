"""The words of the quality figures, the same for a facility and for its authority."""

from datetime import date

from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from yteso.pages.base import formats
from yteso.quality import OVERALL, months
from yteso.quality.settings import FAIR, GOOD, POOR


Words = dict[str, object]

MEASURE: Words = {
    "correct": lazy("Đúng"),
    "complete": lazy("Đủ"),
    "clean": lazy("Sạch"),
    "timely": lazy("Sống"),
    "deep": lazy("Sâu"),
    "same": lazy("Đồng bộ"),
    OVERALL: lazy("Chung cả sáu tiêu chí"),
}

MEANING: Words = {
    "correct": lazy("Hồ sơ không có lỗi nghiêm trọng."),
    "complete": lazy("Hồ sơ có đủ những bảng và thông tin phải có."),
    "clean": lazy("Hồ sơ không có cảnh báo, không trùng, không có giá trị điền cho có."),
    "timely": lazy("Hồ sơ đến trong vòng 24 giờ sau khi người bệnh ra về."),
    "deep": lazy("Chẩn đoán, kết quả và liều thuốc được mã hóa, ghi chi tiết."),
    "same": lazy("Bản cơ sở gửi sau cùng đúng là bản đang có trong hồ sơ sức khỏe."),
}

ITEMS = lazy("mục")
VISITS = lazy("lượt khám")

PART: Words = {
    "number": lazy("Số định danh cá nhân"),
    "address": lazy("Mã tỉnh và mã xã nơi cư trú"),
    "XML4": lazy("Kết quả cận lâm sàng (XML4)"),
    "XML5": lazy("Diễn biến lâm sàng (XML5)"),
    "XML7": lazy("Giấy ra viện (XML7)"),
    "XML8": lazy("Tóm tắt hồ sơ bệnh án (XML8)"),
    "XML13": lazy("Giấy chuyển cơ sở (XML13)"),
    "XML14": lazy("Giấy hẹn khám lại (XML14)"),
    "warning": lazy("Không có cảnh báo"),
    "duplicate": lazy("Không trùng lượt khám khác"),
    "placeholder": lazy("Không có giá trị điền cho có"),
    "icd": lazy("Mã bệnh chi tiết đến mức danh mục có"),
    "secondary": lazy("Bệnh kèm theo có mã"),
    "result": lazy("Kết quả bằng số, có đơn vị đo riêng"),
    "index": lazy("Kết quả có mã chỉ số"),
    "dose": lazy("Liều dùng ghi đúng cấu trúc"),
    "correction": lazy("Bản sửa đã vào hồ sơ sức khỏe"),
}

EXPECTED: Words = {
    "check-in": lazy("Lượt khám đã báo vào (XML0)"),
    "admission": lazy("Đợt nội trú đã báo vào (XML0)"),
    "referral": lazy("Người bệnh được nơi khác chuyển đến"),
    "return": lazy("Người bệnh được hẹn khám lại"),
    **{table: PART[table] for table in ("XML13", "XML14", "XML4", "XML7", "XML8")},
}

GRADE: dict[str, tuple[object, str]] = {
    GOOD: (lazy("Tốt"), "green"),
    FAIR: (lazy("Cần chú ý"), "yellow"),
    POOR: (lazy("Cần sửa ngay"), "red"),
    "": (lazy("Chưa đủ dữ liệu để xếp hạng"), "grey"),
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
