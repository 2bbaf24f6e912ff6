"""Rankings, silences and interconnection in words."""

from collections.abc import Iterator
from datetime import date

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from yteso import quality
from yteso.intake import messages
from yteso.intake.findings import Finding
from yteso.pages.base import cells, formats
from yteso.pages.base import quality_card as card_words
from yteso.pages.base import quality_words as words
from yteso.pages.facility.words import SEVERITY
from yteso.quality.cards import Scorecard, TopRule
from yteso.quality.connections import KINDS, Line, total
from yteso.quality.ranks import OVERALL, Ranked, Ranking
from yteso.quality.shares import Estimate, Share
from yteso.quality.silence import Silence


Names = dict[str, str]

CHOICES = (OVERALL, *quality.MEASURES)


def facility_title(code: str, names: Names) -> str:
    return f"{names[code]} ({code})" if code in names else code


def measure_asked(request: HttpRequest) -> str:
    asked = request.GET.get("tieu-chi", "")
    return asked if asked in CHOICES else OVERALL


def measure_options(chosen: str) -> list[dict[str, object]]:
    return [{"value": one, "text": str(words.MEASURE[one]), "selected": one == chosen} for one in CHOICES]


def meaning(measure: str) -> str:
    if measure == OVERALL:
        return _("Trung bình của sáu tiêu chí đúng, đủ, sạch, sống, sâu, đồng bộ.")
    return str(words.MEANING[measure])


def ranking_address(month: date) -> str:
    return f"{reverse('authority:ranking')}?thang={month:%Y-%m}"


def card_address(facility: str, month: date) -> str:
    return f"{reverse('authority:card', args=[facility])}?thang={month:%Y-%m}"


def _facility(code: str, names: Names, month: date) -> cells.Cell:
    return cells.link(names.get(code, code), card_address(code, month), below=code, classes="app-break app-name")


def ranking_head() -> list[object]:
    numeric = {"format": "numeric"}
    return [
        {"text": _("Hạng"), **numeric},
        _("Cơ sở"),
        {"text": _("Lượt khám"), **numeric},
        {"text": _("Ước lượng"), **numeric},
        {"text": _("Khoảng tin cậy"), **numeric},
        _("So với hạng khác"),
    ]


def ranking_row(of: Ranked, names: Names, month: date) -> list[cells.Cell]:
    return [
        cells.count(of.rank),
        _facility(of.facility, names, month),
        cells.count(of.share.dossiers),
        {"text": words.percent(of.estimate.value), "format": "numeric"},
        {"html": _interval(of.estimate), "format": "numeric"},
        cells.text(alike(of)),
    ]


def alike(of: Ranked) -> str:
    """How sure the place is: "không khác biệt rõ với hạng 3 đến 7"."""
    first, last = of.alike
    if first == last:
        return _("Khác biệt rõ với các hạng khác")
    return _("Không khác biệt rõ với hạng %(first)s đến %(last)s") % {"first": first, "last": last}


def _interval(of: Estimate) -> object:
    """The range in words, over a scale from 0 to 100 %."""
    low, high, at = (round(100 * value, 1) for value in (of.low, of.high, of.value))
    return format_html(
        '{}<svg class="quality-interval" viewBox="-3 0 106 12" aria-hidden="true">'
        '<line class="quality-interval__scale" x1="0" x2="100" y1="6" y2="6"/>'
        '<line class="quality-interval__range" x1="{}" x2="{}" y1="6" y2="6"/>'
        '<circle class="quality-interval__value" cx="{}" cy="6" r="3"/></svg>',
        _range(of),
        *(low, high, at),
    )


def _range(of: Estimate) -> str:
    return f"{words.percent(of.low)} – {words.percent(of.high)}"


def too_few(of: Ranking) -> str:
    return _("Chưa đủ dữ liệu để xếp hạng: dưới %(minimum)s lượt khám trong tháng.") % {
        "minimum": formats.number(of.minimum)
    }


def few_visits(of: Scorecard) -> str:
    if of.enough or not of.visits:
        return ""
    return _("Tháng này có %(visits)s lượt khám, chưa đủ %(minimum)s lượt để xếp hạng.") % {
        "visits": formats.number(of.visits),
        "minimum": formats.number(of.minimum),
    }


def few_head() -> list[object]:
    return [_("Cơ sở"), {"text": _("Lượt khám"), "format": "numeric"}]


def few_row(code: str, share: Share, names: Names, month: date) -> list[cells.Cell]:
    return [_facility(code, names, month), cells.count(share.dossiers)]


def csv_head() -> list[str]:
    return [
        _("Hạng"),
        _("Mã cơ sở"),
        _("Cơ sở"),
        _("Tháng"),
        _("Tiêu chí"),
        _("Đạt"),
        _("Tất cả"),
        _("Lượt khám"),
        _("Ước lượng (%)"),
        _("Từ (%)"),
        _("Đến (%)"),
        _("So với hạng khác"),
    ]


def csv_rows(of: Ranking, names: Names) -> Iterator[list[object]]:
    about = [words.month(of.month), str(words.MEASURE[of.measure])]
    for one in of.ranked:
        yield [
            *(one.rank, one.facility, names.get(one.facility, ""), *about, *_counted(of, one.share)),
            *(round(100 * value, 2) for value in (one.estimate.value, one.estimate.low, one.estimate.high)),
            alike(one),
        ]
    for code, share in of.too_few.items():
        yield ["", code, names.get(code, ""), *about, *_counted(of, share), "", "", "", too_few(of)]


def _counted(of: Ranking, share: Share) -> list[object]:
    """The mean of all six has no numerator of its own."""
    both = ["", ""] if of.measure == OVERALL else [share.numerator, share.denominator]
    return [*both, share.dossiers]


def silent_head() -> list[object]:
    numeric = {"format": "numeric"}
    return [
        _("Cơ sở"),
        _("Lần cuối nhận được"),
        {"text": _("Số ngày"), **numeric},
        {"text": _("Số ngày lẽ ra có gửi"), **numeric},
    ]


def silent_row(code: str, of: Silence, names: Names, today: date) -> list[cells.Cell]:
    return [
        cells.text(facility_title(code, names)),
        cells.text(formats.day(of.last)),
        cells.count((today - of.last).days),
        cells.count(len(of.missed)),
    ]


def total_rows(found: dict[str, list[Line]]) -> list[list[cells.Cell]]:
    lines = total(line for of in found.values() for line in of)
    return [card_words.expected_row(line) for line in lines.values()]


def interconnection_head() -> list[object]:
    numeric = [{"text": _short(kind), "format": "numeric"} for kind in KINDS]
    return [_("Cơ sở"), *numeric]


def _short(kind: str) -> str:
    short = {
        "check-in": _("Báo vào"),
        "admission": _("Báo nội trú"),
        "referral": _("Chuyển đến"),
        "return": _("Hẹn lại"),
        "XML13": _("Giấy chuyển"),
        "XML14": _("Giấy hẹn"),
        "XML4": _("Kết quả"),
        "XML7": _("Giấy ra viện"),
        "XML8": _("Tóm tắt"),
    }
    return short[kind]


def interconnection_row(code: str, lines: list[Line], names: Names, month: date) -> list[cells.Cell]:
    """Came / expected per kind."""
    by_kind = {line.kind: line for line in lines}
    return [_facility(code, names, month), *(_came(by_kind.get(kind)) for kind in KINDS)]


def _came(line: Line | None) -> cells.Cell:
    if line is None:
        return {"text": "–", "format": "numeric"}
    return {"text": f"{formats.number(line.came)}/{formats.number(line.expected)}", "format": "numeric"}


def rules_head() -> list[object]:
    numeric = {"format": "numeric"}
    return [
        _("Quy tắc"),
        _("Mức độ"),
        {"text": _("Người bệnh"), **numeric},
        {"text": _("Hồ sơ"), **numeric},
        _("Cách sửa"),
    ]


def rule_row(of: TopRule) -> list[cells.Cell]:
    """Without the visits it touches: those are for the facility."""
    return [
        cells.text(of.rule, classes="app-code"),
        cells.tags(SEVERITY[of.severity]),
        cells.count(of.patients),
        cells.count(of.dossiers),
        cells.text(
            messages.describe(Finding(of.rule, of.severity), lang=get_language()).hint, classes="app-stack app-break"
        ),
    ]
