"""What a facility reads about its own quality, in words."""

from dataclasses import dataclass
from datetime import date

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from yteso import quality
from yteso.pages.base import cells, formats
from yteso.pages.facility import queries
from yteso.pages.facility.finding_words import Shown, finding, shown
from yteso.quality import months, settings
from yteso.quality.cards import Sample, Scorecard, TopRule
from yteso.quality.connections import VISITS, Missing
from yteso.quality.silence import Silence


_NOT_COME = gettext_lazy(
    "Nếu người bệnh đã đến khám, hãy gửi hồ sơ của lượt khám đó. Nếu không đến, không phải làm gì; con số này cho "
    "biết việc chuyển, hẹn có được nối tiếp không."
)
_LACKING = gettext_lazy("Lập giấy trong phần mềm bệnh viện, xuất lại hồ sơ và gửi lại. Bản mới thay bản cũ.")

ADVICE: dict[str, object] = {
    **dict.fromkeys(("referral", "return"), _NOT_COME),
    **dict.fromkeys(
        ("check-in", "admission"),
        gettext_lazy("Đã báo người bệnh vào khám nhưng chưa có hồ sơ. Hãy gửi hồ sơ của lượt khám."),
    ),
    **dict.fromkeys(("XML7", "XML8", "XML13", "XML14"), _LACKING),
    "XML4": gettext_lazy(
        "Có dịch vụ xét nghiệm, chẩn đoán hình ảnh hoặc thăm dò chức năng mà chưa có kết quả. Bổ sung bảng XML4 rồi "
        "gửi lại."
    ),
}


def card_address(month: date) -> str:
    return f"{reverse('facility:quality')}?thang={month:%Y-%m}"


def missing_address(kind: str, month: date) -> str:
    return f"{reverse('facility:quality-missing', args=[kind])}?thang={month:%Y-%m}"


def seen_by(month: date, today: date) -> str:
    """Who else sees this month, and from when."""
    if quality.released(month, today):
        return _("Cơ quan quản lý y tế của tỉnh cũng đã thấy các con số của tháng này, không thấy người bệnh nào.")
    following = months.after(month)
    day = following.replace(day=settings.number("release_day", following))
    return _(
        "Hiện chỉ cơ sở thấy phiếu này. Cơ quan quản lý y tế của tỉnh thấy các con số từ ngày %(day)s; sửa và gửi lại "
        "trước ngày đó thì phiếu tính theo bản đã sửa."
    ) % {"day": formats.day(day)}


def silence_notice(of: Silence | None) -> str:
    if of is None:
        return ""
    return _(
        "Lần cuối hệ thống nhận được tệp của cơ sở là ngày %(last)s, trong khi mọi khi vào những ngày này cơ sở có "
        "gửi. Hãy kiểm tra phần mềm bệnh viện và đường truyền, rồi gửi bù các hồ sơ còn thiếu."
    ) % {"last": formats.day(of.last)}


def too_few(card: Scorecard) -> str:
    if card.enough or not card.visits:
        return ""
    return _(
        "Tháng này mới có %(visits)s lượt khám, chưa đủ %(minimum)s lượt để xếp hạng. Các con số dưới đây chỉ để tham "
        "khảo."
    ) % {"visits": formats.number(card.visits), "minimum": formats.number(card.minimum)}


@dataclass(frozen=True)
class Rule:
    """A rule that touches many patients, said by one case of it. `samples` are links: words and address."""

    touched: str
    example: Shown
    samples: list[tuple[str, str]]


def rule(of: TopRule) -> Rule:
    case = queries.example(of.rule, [one.id for one in of.samples])
    return Rule(
        touched=_("%(patients)s người bệnh, %(dossiers)s hồ sơ")
        % {"patients": formats.number(of.patients), "dossiers": formats.number(of.dossiers)},
        example=shown(finding(case)),
        samples=[_sample(one) for one in of.samples],
    )


def _sample(of: Sample) -> tuple[str, str]:
    name = of.ma_lk or _("Hồ sơ thứ %(position)s") % {"position": of.position}
    return name, reverse("facility:dossier", args=[of.submission, of.position])


def missing_head(kind: str) -> list[object]:
    if kind not in VISITS:
        return [_("Mã lượt khám (MA_LK)")]
    return [_("Ngày dự kiến"), _("Cơ sở báo"), _("Mã lượt khám (MA_LK)")]


def missing_row(of: Missing, kind: str) -> list[cells.Cell]:
    if kind not in VISITS:
        href = reverse("facility:dossier", args=[of.submission, of.position])
        return [cells.link(of.ma_lk or "–", href, classes="app-break app-key")]
    return [
        cells.text(formats.day(of.due)),
        cells.text(of.source),
        cells.text(of.ma_lk, classes="app-break app-key"),
    ]
