"""Asking what came of what was sent (services of 4210; they answer for files of every standard)."""

from datetime import date, datetime, time, timedelta

from django.db.models import F, QuerySet, Sum
from django.db.models.functions import TruncDate
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import localtime, make_aware

from yteso.exchange import results
from yteso.exchange.models import Credential
from yteso.exchange.portal import answers, reading
from yteso.exchange.portal.answers import Refusal
from yteso.exchange.portal.service import service, session_in
from yteso.intake.models import Submission


FIRST_YEAR, LAST_YEAR = 2000, 2999


@service
def days_4210(request: HttpRequest) -> HttpResponse:
    """How many dossiers each day brought, and how they fared."""
    given = reading.query(request)
    sender = session_in(given)
    found = _sent(sender, _day(given, "tuNgay"), _day(given, "denNgay"))
    rows = (
        found.annotate(day=TruncDate("received"))
        .values("day")
        .annotate(total=Sum("dossiers"), bad=Sum("refused"), good=Sum(F("accepted") + F("with_warnings")))
        .order_by("day")
    )
    days = [
        {
            "ngayGui": f"{row['day']:%d/%m/%Y}",
            "tongSo": row["total"],
            "soHSThanhCong": row["good"],
            "soHSLoi": row["bad"],
        }
        for row in rows
    ]
    return JsonResponse({"maKetQua": "200", "dsKQGuiHoSoNgay": days})


@service
def day_4210(request: HttpRequest) -> HttpResponse:
    """The transactions of one day."""
    given = reading.query(request)
    sender, day = session_in(given), _day(given, "ngayGui")
    sent = [
        {
            "ngayGui": f"{localtime(one.received):%d/%m/%Y}",
            "maGiaoDich": one.receipt,
            "soLuongHoSo": one.dossiers,
            "slHoSoDung": one.accepted + one.with_warnings,
            "slHoSoLoi": one.refused,
        }
        for one in _sent(sender, day, day).order_by("id")
    ]
    return JsonResponse({"maKetQua": "200", "dsHoSo": sent})


@service
def faults_4210(request: HttpRequest) -> HttpResponse:
    """What is wrong in one transaction."""
    given = reading.query(request)
    sender, receipt = session_in(given), reading.needed(given, "maGiaoDich")
    of = results.submission(sender.facility, receipt)
    if of is None:
        raise Refusal("no-transaction", value=receipt[:40])
    return JsonResponse({"maKetQua": "200", "dsLoi": answers.faults(of)}, json_dumps_params={"ensure_ascii": False})


def _day(given: reading.Fields, name: str) -> date:
    try:
        day = datetime.strptime(reading.needed(given, name), "%d/%m/%Y").date()  # noqa: DTZ007 (a calendar day)
    except ValueError:
        raise Refusal("wrong-day", field=name) from None
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        raise Refusal("wrong-day", field=name)
    return day


def _sent(sender: Credential, since: date, until: date) -> QuerySet[Submission]:
    first, last = (make_aware(datetime.combine(day, time.min)) for day in (since, until))
    return Submission.objects.filter(
        facility=sender.facility, received__gte=first, received__lt=last + timedelta(days=1)
    )
