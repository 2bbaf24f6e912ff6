"""`yteso quality`"""

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import click

from yteso.cli.node import connected


if TYPE_CHECKING:
    from yteso.quality.cards import Scorecard
    from yteso.quality.ranks import Ranking

NOTHING = 1
MEASURES = ("correct", "complete", "clean", "timely", "deep", "same")

WORDS = {
    "correct": "đúng",
    "complete": "đủ",
    "clean": "sạch",
    "timely": "sống",
    "deep": "sâu",
    "same": "đồng bộ",
}
GRADES = {"good": "tốt / good", "fair": "cần chú ý / fair", "poor": "cần sửa ngay / poor", "": ""}
EXPECTED = {
    "check-in": "đã báo vào / check-ins",
    "admission": "báo vào nội trú / admissions",
    "referral": "chuyển đến / referrals",
    "return": "hẹn lại / appointments",
}


def a_month(_ctx: click.Context, _param: click.Parameter, text: str | None) -> date | None:
    from yteso.quality import months

    if text is None:
        return None
    if found := months.parse(text):
        return found
    raise click.BadParameter("a month is written yyyy-mm, such as 2026-07")


month = click.option("--month", callback=a_month, metavar="YYYY-MM", help="Month of visit ends.  [default: the latest]")
as_json = click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")


@click.group()
def command() -> None:
    """Figures on what facilities send: correct, complete, clean, timely, deep, the same everywhere.

    \b
    Example: yteso quality show 99001 --month 2026-07
    """


@command.command()
@click.option("--all", "everything", is_flag=True, help="Count every month anew, not only what has changed.")
def refresh(everything: bool) -> None:
    """Count what has come in; the worker does it by itself.

    \b
    Example: yteso quality refresh --all

    Exit code 0: done.
    """
    with connected() as conn:
        from yteso import quality

        conn.autocommit = True
        pairs = quality.refresh(conn, everything=everything)
    click.echo(f"{pairs} cơ sở–tháng đã tính lại / facility months counted")


@command.command()
@click.argument("facility")
@month
@as_json
def show(facility: str, month: date | None, as_json: bool) -> None:
    """The card of FACILITY for a month.

    \b
    Example: yteso quality show 99001 --month 2026-07 --json

    Exit code 0: shown; 1: no visits of this facility in the month.
    """
    with connected() as conn:
        from yteso import quality

        known = quality.months_known(conn, facility=facility)
        month = month or (known[0] if known else _today())
        card = quality.scorecard(conn, facility, month)
        lines = quality.interconnection(conn, month, _today(), facility=facility).get(facility, [])
        silence = quality.silence_of(conn, facility, _today())
    if as_json:
        came = [asdict(line) | {"missing": line.missing} for line in lines]
        said = card_as_json(card) | {"interconnection": came, "silent_since": silence and silence.last.isoformat()}
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo("\n".join(card_lines(card)))
        for line in lines:
            kind = EXPECTED.get(line.kind, line.kind)
            click.echo(f"  {kind:<28} {line.came}/{line.expected}, thiếu / missing {line.missing}")
        if silence:
            click.echo(f"  Im lặng từ / silent since {silence.last:%d/%m/%Y}")
    sys.exit(0 if card.visits else NOTHING)


@command.command()
@click.option("--province", required=True, metavar="XX", help="The first two characters of its facilities' codes.")
@month
@click.option(
    "--measure",
    type=click.Choice(["overall", *MEASURES]),
    default="overall",
    show_default=True,
    help="By what to rank.",
)
@as_json
def ranking(province: str, month: date | None, measure: str, as_json: bool) -> None:
    """The facilities of a province in order, with how sure the order is.

    \b
    Example: yteso quality ranking --province 01 --json

    Exit code 0: shown; 1: nobody has enough visits in the month.
    """
    if len(province) != 2:
        raise click.BadParameter("a province is two characters, such as 01", param_hint="--province")
    with connected() as conn:
        from yteso import quality

        known = quality.months_known(conn, province=province)
        of = quality.ranking(conn, province, month or (known[0] if known else _today().replace(day=1)), measure)
    click.echo(json.dumps(ranking_as_json(of), ensure_ascii=False) if as_json else "\n".join(ranking_lines(of)))
    sys.exit(0 if of.ranked else NOTHING)


def _today() -> date:
    return datetime.now(ZoneInfo("Asia/Ho_Chi_Minh")).date()


def card_as_json(card: "Scorecard") -> dict[str, object]:
    """Shares between 0 and 1, null where there is nothing to count; delays in minutes."""
    return {
        "facility": card.facility,
        "month": f"{card.month:%Y-%m}",
        "visits": card.visits,
        "enough": card.enough,
        "measures": {
            one.name: {
                "numerator": one.share.numerator,
                "denominator": one.share.denominator,
                "value": one.share.value,
                "low": one.share.interval[0],
                "high": one.share.interval[1],
                "province": one.prior.mean,
                "estimate": one.estimate.value,
                "grade": one.grade,
                "parts": {part: [share.numerator, share.denominator] for part, share in one.parts.items()},
                "trend": {f"{at:%Y-%m}": [share.numerator, share.denominator] for at, share in one.trend},
            }
            for one in card.measures
        },
        "delay": {
            "p50": card.delays.quantile(0.5),
            "p95": card.delays.quantile(0.95),
            "later_than_24h": card.delays.later_than_a_day,
            "visits": card.delays.count,
        },
        "rules": [asdict(rule) for rule in card.rules],
    }


def card_lines(card: "Scorecard") -> Iterator[str]:
    yield f"{card.facility}  {card.month:%m/%Y}  {card.visits} lượt khám / visits"
    for one in card.measures:
        value = "–" if one.share.value is None else f"{one.share.value:.1%}"
        low, high = one.share.interval
        counted, grade = f"{one.share.numerator}/{one.share.denominator}", GRADES[one.grade]
        yield f"  {WORDS[one.name]:<8} {value:>7}  {counted:>13}  [{low:.1%} – {high:.1%}]  {grade}".rstrip()
    for rule in card.rules:
        yield f"  {rule.rule:<12} {rule.patients} người bệnh / patients, {rule.dossiers} hồ sơ / dossiers"


def ranking_as_json(of: "Ranking") -> dict[str, object]:
    return {
        "month": f"{of.month:%Y-%m}",
        "measure": of.measure,
        "minimum": of.minimum,
        "ranked": [
            {
                "rank": one.rank,
                "facility": one.facility,
                "estimate": one.estimate.value,
                "low": one.estimate.low,
                "high": one.estimate.high,
                "visits": one.share.dossiers,
                "alike": list(one.alike),
            }
            for one in of.ranked
        ],
        "too_few": {code: share.dossiers for code, share in of.too_few.items()},
    }


def ranking_lines(of: "Ranking") -> Iterator[str]:
    yield f"{of.month:%m/%Y}  {of.measure}"
    for one in of.ranked:
        first, last = one.alike
        sure = f"  ~ {first}–{last}" if first != last else ""
        value, between = f"{one.estimate.value:.1%}", f"[{one.estimate.low:.1%} – {one.estimate.high:.1%}]"
        yield f"{one.rank:>4}  {one.facility}  {value}  {between}  {one.share.dossiers} lượt{sure}"
    for code, share in of.too_few.items():
        yield f"   –  {code}  {share.dossiers} lượt, chưa đủ để xếp hạng / too few to rank"
