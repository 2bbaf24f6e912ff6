from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from psycopg import Connection

from yteso import quality, registry
from yteso.access.models import Role
from yteso.access.policy import sees_figures
from yteso.config.database import connect
from yteso.pages.authority import presenters
from yteso.pages.base import quality_card as card_words
from yteso.pages.base import quality_words as words
from yteso.pages.base.roles import role_required
from yteso.pages.base.spreadsheet import csv_response
from yteso.quality.ranks import Ranking


authority = role_required(Role.AUTHORITY)


@authority
@require_safe
def ranking(request: HttpRequest) -> HttpResponse:
    of, known, names = _ranking(request)
    context = {
        "province": request.membership.province,
        "month": words.month(of.month),
        "months": words.month_options(known, of.month),
        "measures": presenters.measure_options(of.measure),
        "meaning": presenters.meaning(of.measure),
        "query": f"?thang={of.month:%Y-%m}&tieu-chi={of.measure}",
        "head": presenters.ranking_head(),
        "rows": [presenters.ranking_row(one, names, of.month) for one in of.ranked],
        "few": presenters.too_few(of),
        "few_head": presenters.few_head(),
        "few_rows": [presenters.few_row(code, share, names, of.month) for code, share in of.too_few.items()],
    }
    return render(request, "authority/ranking.jinja", context)


@authority
@require_safe
def ranking_csv(request: HttpRequest) -> HttpResponse:
    of, _known, names = _ranking(request)
    rows = [presenters.csv_head(), *presenters.csv_rows(of, names)]
    return csv_response(f"xep-hang-{request.membership.province}-{of.month:%Y-%m}-{of.measure}", rows)


@authority
@require_safe
def silent(request: HttpRequest) -> HttpResponse:
    province, today = request.membership.province, timezone.localdate()
    with connect() as conn:
        found, never = quality.silences(conn, province, today), quality.never_heard(conn, province)
    names = registry.names({*found, *never})
    context = {
        "head": presenters.silent_head(),
        "rows": [presenters.silent_row(code, gap, names, today) for code, gap in found.items()],
        "never": [presenters.facility_title(code, names) for code in never],
    }
    return render(request, "authority/silent.jinja", context)


@authority
@require_safe
def interconnection(request: HttpRequest) -> HttpResponse:
    province, today = request.membership.province, timezone.localdate()
    with connect() as conn:
        known, month = _months(conn, request)
        found = quality.interconnection(conn, month, today, province=province)
    names = registry.names(set(found))
    context = {
        "month": words.month(month),
        "months": words.month_options(known, month),
        "expected_head": card_words.expected_head(),
        "total": presenters.total_rows(found),
        "head": presenters.interconnection_head(),
        "rows": [presenters.interconnection_row(code, lines, names, month) for code, lines in found.items()],
    }
    return render(request, "authority/interconnection.jinja", context)


@authority
@require_safe
def card(request: HttpRequest, facility: str) -> HttpResponse:
    """A facility of another province does not exist for the asker."""
    if not sees_figures(request.membership.role, facility, province=request.membership.province):
        raise Http404
    with connect() as conn:
        known, month = _months(conn, request)
        of = quality.scorecard(conn, facility, month)
        lines = quality.interconnection(conn, month, timezone.localdate(), facility=facility).get(facility, [])
    names = registry.names({facility})
    context = {
        "facility": presenters.facility_title(facility, names),
        "month": words.month(month),
        "months": words.month_options(known, month),
        "back": presenters.ranking_address(month),
        "visits": of.visits,
        "few": presenters.few_visits(of),
        "measures": card_words.measures(of),
        "trend_head": card_words.trend_head(),
        "parts_head": card_words.parts_head(),
        "rules_head": presenters.rules_head(),
        "rules": [presenters.rule_row(one) for one in of.rules],
        "expected_head": card_words.expected_head(),
        "expected": [card_words.expected_row(line) for line in lines],
    }
    return render(request, "authority/card.jinja", context)


def _ranking(request: HttpRequest) -> tuple[Ranking, list[date], dict[str, str]]:
    measure = presenters.measure_asked(request)
    with connect() as conn:
        known, month = _months(conn, request)
        of = quality.ranking(conn, request.membership.province, month, measure)
    return of, known, registry.names({*of.too_few, *(one.facility for one in of.ranked)})


def _months(conn: Connection, request: HttpRequest) -> tuple[list[date], date]:
    """The months that are released, and the one asked for. A month is its facilities' own until its day comes."""
    today = timezone.localdate()
    known = quality.months_known(conn, province=request.membership.province)
    known = [month for month in known if quality.released(month, today)]
    return known, words.month_asked(request, known, known[0] if known else quality.last_released(today))
