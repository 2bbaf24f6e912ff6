"""The history of one dossier: its versions, what changed between two of them, and taking it back."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe
from psycopg import Connection

from yteso.access.models import Role
from yteso.access.reads import Reader
from yteso.config.database import connect
from yteso.intake import versions, withdrawals
from yteso.intake.comparing import compare
from yteso.intake.models import DossierResult
from yteso.intake.versions import History, Version
from yteso.pages.base.paging import page_of, pagination
from yteso.pages.base.roles import role_required
from yteso.pages.facility import difference_words, history_words, presenters, queries


ROWS = 100
OLD, NEW, DONE = "cu", "moi", "da-rut"

staff = role_required(Role.FACILITY)


@staff
@require_safe
def history(request: HttpRequest, number: int, position: int) -> HttpResponse:
    found = _dossier(request, number, position)
    with connect() as conn:
        of = _history(conn, request, found)
        pair = _pair(request, of)
        difference = compare(conn, _reader(request), of, *pair) if pair else None
    page = page_of(request, list(difference.rows) if difference else [], ROWS)
    context = {
        "back": presenters.dossier_name(found),
        "back_href": reverse("facility:dossier", args=[number, position]),
        "of": of,
        "patient": found.patient,
        "done": DONE in request.GET and of.withdrawn,
        "withdraw": reverse("facility:withdraw", args=[number, position]) if of.current else "",
        "withdrawals": history_words.withdrawals(of),
        "head": history_words.versions_head(),
        "rows": history_words.versions_rows(of),
        "old": pair and history_words.options(of, pair[0]),
        "new": pair and history_words.options(of, pair[1]),
        "compared": pair and difference_words.compared(difference, *pair),
        "tables": difference_words.tables(page.object_list, difference.money if difference else ()),
        "pagination": pagination(request, page),
    }
    return render(request, "facility/dossier-history.jinja", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, number: int, position: int) -> HttpResponse:
    """Says what will happen and asks why; then takes the dossier back."""
    found = _dossier(request, number, position)
    page = reverse("facility:history", args=[number, position])
    with connect() as conn:
        of = _history(conn, request, found)
        if not of.current:
            return redirect(page)
        error = _take_back(conn, request, of) if request.method == "POST" else ""
        if request.method == "POST" and not error:
            return redirect(f"{page}?{DONE}=1")
    context = {
        "of": of,
        "patient": found.patient,
        "page": page,
        "reason": request.POST.get("reason", ""),
        "error": error,
        "problems": [{"text": error, "href": "#reason"}] if error else [],
    }
    return render(request, "facility/dossier-withdraw.jinja", context, status=422 if error else 200)


def _take_back(conn: Connection, request: HttpRequest, of: History) -> str:
    """What is wrong; "" when the dossier is withdrawn."""
    reason, account = request.POST.get("reason", ""), request.user.get_username()
    try:
        outcome = withdrawals.withdraw(conn, of.facility, of.ma_lk, reason=reason, account=account)
    except withdrawals.NoReason:
        return _("Ghi lý do rút hồ sơ, không quá %(most)s ký tự") % {"most": withdrawals.REASON}
    return _("Hồ sơ này ghi mã của cơ sở khác (MA_CSKCB) nên không rút được") if outcome == "unknown" else ""


def _dossier(request: HttpRequest, number: int, position: int) -> DossierResult:
    """A dossier without MA_LK has no history; one of another facility does not exist for the asker."""
    of = queries.submission(request.membership.facility, number)
    found = of and queries.dossier(of, position)
    if not found or not found.ma_lk:
        raise Http404
    return found


def _history(conn: Connection, request: HttpRequest, found: DossierResult) -> History:
    of = versions.history(conn, request.membership.facility, found.ma_lk)
    if of is None:
        raise Http404
    return of


def _pair(request: HttpRequest, of: History) -> tuple[Version, Version] | None:
    """The two versions asked for, else the two that matter most."""
    asked = of.version(request.GET.get(OLD, "")), of.version(request.GET.get(NEW, ""))
    return (asked[0], asked[1]) if asked[0] and asked[1] else of.last_two


def _reader(request: HttpRequest) -> Reader:
    return Reader(
        account=request.user.get_username(),
        role=Role.FACILITY,
        purpose="sent-dossier",
        facility=request.membership.facility,
    )
