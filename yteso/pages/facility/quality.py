"""The quality card of one's own facility: seen here first, with the visits to mend."""

from datetime import date

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from yteso import quality
from yteso.access.models import Role
from yteso.config.database import connect
from yteso.pages.base import quality_card as card_words
from yteso.pages.base import quality_words as words
from yteso.pages.base.roles import role_required
from yteso.pages.facility import quality_presenters as presenters
from yteso.pages.facility.presenters import facility_title
from yteso.quality import months
from yteso.quality.connections import KINDS


staff = role_required(Role.FACILITY)


@staff
@require_safe
def card(request: HttpRequest) -> HttpResponse:
    facility, today = request.membership.facility, timezone.localdate()
    with connect() as conn:
        known = quality.months_known(conn, facility=facility)
        month = words.month_asked(request, known, known[0] if known else months.first(today))
        of = quality.scorecard(conn, facility, month)
        lines = quality.interconnection(conn, month, today, facility=facility).get(facility, [])
        silence = quality.silence_of(conn, facility, today)
    context = {
        "facility": facility_title(facility),
        "month": words.month(month),
        "months": words.month_options(known, month),
        "seen_by": presenters.seen_by(month, today),
        "silence": presenters.silence_notice(silence),
        "few": presenters.too_few(of),
        "visits": of.visits,
        "measures": card_words.measures(of),
        "trend_head": card_words.trend_head(),
        "parts_head": card_words.parts_head(),
        "rules": [presenters.rule(one) for one in of.rules],
        "expected_head": card_words.expected_head(),
        "expected": [card_words.expected_row(line, presenters.missing_address(line.kind, month)) for line in lines],
    }
    return render(request, "facility/quality.jinja", context)


@staff
@require_safe
def missing(request: HttpRequest, kind: str) -> HttpResponse:
    """What was expected in a month and did not come, visit by visit."""
    if kind not in KINDS:
        raise Http404
    facility, today = request.membership.facility, timezone.localdate()
    month = months.parse(request.GET.get("thang", "")) or months.first(today)
    with connect() as conn:
        found = quality.missing(conn, facility, month, kind, today)
    context = {
        "title": words.EXPECTED[kind],
        "advice": presenters.ADVICE[kind],
        "month": words.month(month),
        "back": presenters.card_address(month),
        "head": presenters.missing_head(kind),
        "rows": [presenters.missing_row(one, kind) for one in found],
        "total": len(found),
    }
    return render(request, "facility/quality-missing.jinja", context)


def silence_of(facility: str, today: date | None = None) -> str:
    """The notice for a facility's own pages when nothing has come from it for too long; "" otherwise."""
    today = today or timezone.localdate()
    with connect() as conn:
        return presenters.silence_notice(quality.silence_of(conn, facility, today))
