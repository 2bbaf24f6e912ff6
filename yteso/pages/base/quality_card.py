"""A card in words: what `base/quality.jinja` shows of it."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yteso.pages.base import cells, formats
from yteso.pages.base import quality_words as words
from yteso.quality.cards import Measure, Scorecard
from yteso.quality.connections import Line
from yteso.quality.delays import Delays
from yteso.quality.shares import Share


WIDTH, HEIGHT, EDGE = 240, 60, 4
"""Of the small chart, in its own units."""


@dataclass(frozen=True)
class Shown:
    """One measure. `line` is the chart's points by unbroken stretch, `dots` each known month, `trend` its table."""

    name: str
    title: str
    meaning: str
    value: str
    counted: str
    sure: str
    beside: str
    tag: str
    line: list[str]
    dots: list[tuple[float, float]]
    summary: str
    trend: list[list[cells.Cell]]
    parts: list[list[cells.Cell]]
    also: str


def measures(card: Scorecard) -> list[Shown]:
    return [_shown(one, card) for one in card.measures]


def _shown(one: Measure, card: Scorecard) -> Shown:
    unit = words.ITEMS if one.name == "deep" else words.VISITS
    return Shown(
        name=one.name,
        title=str(words.MEASURE[one.name]),
        meaning=str(words.MEANING[one.name]),
        value=words.percent(one.share.value),
        counted=_of(one.share, unit),
        sure=_("Tỷ lệ thật nhiều khả năng %(range)s (độ tin cậy 95 %%).")
        % {"range": words.between(*one.share.interval)}
        if one.share.denominator
        else "",
        beside=_beside(one),
        tag=cells.tag(*words.GRADE[one.grade]),
        line=_stretches(one.trend),
        dots=[_place(at, share.value, len(one.trend)) for at, (_m, share) in enumerate(one.trend) if share.denominator],
        summary=_summary(one),
        trend=[_trend_row(at, share) for at, share in reversed(one.trend) if share.denominator],
        parts=[_part_row(part, share) for part, share in one.parts.items()],
        also=_delays(card.delays) if one.name == "timely" else "",
    )


def _of(share: Share, unit: object) -> str:
    if not share.denominator:
        return _("Tháng này chưa có gì để tính.")
    return _("%(part)s trên %(all)s %(unit)s") % {
        "part": formats.number(share.numerator),
        "all": formats.number(share.denominator),
        "unit": unit,
    }


def _sure(share: Share) -> str:
    if not share.denominator:
        return ""
    return _("Tỷ lệ thật nhiều khả năng %(range)s (độ tin cậy 95 %%).") % {"range": words.between(*share.interval)}


def _beside(one: Measure) -> str:
    """The province, and what this facility's own few visits amount to beside it."""
    if not one.share.denominator:
        return ""
    return _("Chung cả tỉnh: %(mean)s. Ước lượng cho cơ sở, đã tính đến số lượt khám ít hay nhiều: %(own)s.") % {
        "mean": words.percent(one.prior.mean),
        "own": words.percent(one.estimate.value),
    }


def _trend_row(month: date, share: Share) -> list[cells.Cell]:
    return [
        cells.text(words.month(month)),
        {"text": words.percent(share.value), "format": "numeric"},
        cells.count(share.numerator),
        cells.count(share.denominator),
    ]


def trend_head() -> list[object]:
    return [_("Tháng"), *({"text": text, "format": "numeric"} for text in (_("Tỷ lệ"), _("Đạt"), _("Tất cả")))]


def _part_row(part: str, share: Share) -> list[cells.Cell]:
    return [
        cells.text(words.PART[part]),
        {"text": words.percent(share.value), "format": "numeric"},
        cells.count(share.numerator),
        cells.count(share.denominator),
    ]


def parts_head() -> list[object]:
    return [_("Gồm"), *({"text": text, "format": "numeric"} for text in (_("Tỷ lệ"), _("Đạt"), _("Tất cả")))]


def _place(at: int, value: float, count: int) -> tuple[float, float]:
    x = EDGE + (WIDTH - 2 * EDGE) * at / max(count - 1, 1)
    return round(x, 1), round(EDGE + (HEIGHT - 2 * EDGE) * (1 - value), 1)


def _stretches(trend: list[tuple[date, Share]]) -> list[str]:
    """Points of a line for each run of months that are known: what is not known is not drawn."""
    runs: list[list[str]] = [[]]
    for at, (_month, share) in enumerate(trend):
        if share.denominator:
            x, y = _place(at, share.value, len(trend))
            runs[-1].append(f"{x},{y}")
        elif runs[-1]:
            runs.append([])
    return [" ".join(run) for run in runs if len(run) > 1]


def _summary(one: Measure) -> str:
    known = [(at, share) for at, share in one.trend if share.denominator]
    if not known:
        return _("Chưa có tháng nào để vẽ.")
    return _("Biểu đồ %(name)s theo tháng, từ 0 đến 100 %%: %(first)s là %(was)s, %(last)s là %(now)s.") % {
        "name": words.MEASURE[one.name],
        "first": words.month(known[0][0]),
        "was": words.percent(known[0][1].value),
        "last": words.month(known[-1][0]),
        "now": words.percent(known[-1][1].value),
    }


def _delays(delays: Delays) -> str:
    if not delays.count:
        return ""
    return _(
        "Một nửa số hồ sơ đến trong %(half)s, 95 %% đến trong %(most)s. Muộn hơn 24 giờ: %(late)s trên %(all)s."
    ) % {
        "half": words.duration(delays.quantile(0.5)),
        "most": words.duration(delays.quantile(0.95)),
        "late": formats.number(delays.later_than_a_day),
        "all": formats.number(delays.count),
    }


def expected_head() -> list[object]:
    numeric = [{"text": text, "format": "numeric"} for text in (_("Phải có"), _("Đã có"), _("Còn thiếu"))]
    return [_("Nội dung"), *numeric]


def expected_row(line: Line, href: str = "") -> list[cells.Cell]:
    """`href` leads to the list of what is missing."""
    missing = cells.count(line.missing) | ({"href": href} if line.missing and href else {})
    return [cells.text(words.EXPECTED[line.kind]), cells.count(line.expected), cells.count(line.came), missing]
