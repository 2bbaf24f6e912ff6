from functools import partial

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from yteso.access.models import Role
from yteso.intake import causes
from yteso.intake.models import Outcome, Submission
from yteso.pages.base.paging import page_of, pagination
from yteso.pages.base.roles import role_required
from yteso.pages.facility import filters, grouping, presenters, quality, queries
from yteso.pages.facility.corrected import corrected
from yteso.pages.facility.finding_words import finding, shown, shown_cause, shown_group
from yteso.pages.facility.receiving import receive_all


PAGE = 25
ROWS = 100
UPLOADED, AGAIN = "uploaded", "again"

staff = role_required(Role.FACILITY)


@staff
@require_safe
def submissions(request: HttpRequest) -> HttpResponse:
    wanted = filters.submission_filter(request)
    page = page_of(request, queries.submissions(request.membership.facility, wanted), PAGE)
    context = {
        "facility": presenters.facility_title(request.membership.facility),
        "wanted": wanted,
        "statuses": filters.status_options(wanted.status),
        "since": filters.day_field(request, "since"),
        "until": filters.day_field(request, "until"),
        "narrowed": wanted != queries.SubmissionFilter(),
        "total": page.paginator.count,
        "corrections": corrected(request.membership.facility, wanted.since, wanted.until),
        "head": presenters.submissions_head(),
        "rows": [presenters.submission_row(one) for one in page],
        "pagination": pagination(request, page),
        "silence": quality.silence_of(request.membership.facility),
    }
    return render(request, "facility/submissions.jinja", context)


@staff
@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest) -> HttpResponse:
    """Take the files to the door; what was received shows on the next page, what was not is said here."""
    facility = presenters.facility_title(request.membership.facility)
    if request.method != "POST":
        return render(request, "facility/upload.jinja", {"problems": [], "facility": facility})
    taken = receive_all(
        request.FILES.getlist("files"), facility=request.membership.facility, account=request.user.get_username()
    )
    if taken.problems:
        context = {"problems": taken.problems, "received": len(taken.numbers), "facility": facility}
        return render(request, "facility/upload.jinja", context, status=422)
    request.session[UPLOADED], request.session[AGAIN] = taken.numbers, taken.again
    if len(taken.numbers) == 1:
        page = reverse("facility:submission", args=taken.numbers)
        return redirect(f"{page}?{AGAIN}=1" if taken.again else page)
    return redirect("facility:uploaded")


@staff
@require_safe
def uploaded(request: HttpRequest) -> HttpResponse:
    """The files of the last upload, with live progress. htmx asks for the list alone."""
    found = queries.received(request.membership.facility, request.session.get(UPLOADED, []))
    files = [presenters.progress(one) for one in found]
    context = {
        "files": files,
        "again": request.session.get(AGAIN, []),
        "moving": any(one.moving for one in files),
    }
    template = "facility/uploaded-files.jinja" if _fragment(request) else "facility/uploaded.jinja"
    return render(request, template, context)


@staff
@require_safe
def submission(request: HttpRequest, number: int) -> HttpResponse:
    """One submission: while it moves, its progress (htmx asks for that alone); then what to mend, grouped."""
    of = _submission(request, number)
    progress = presenters.progress(of)
    if _fragment(request):
        response = render(request, "facility/progress.jinja", {"progress": progress})
        if not progress.moving:
            response.headers["HX-Refresh"] = "true"
        return response
    wanted = filters.finding_filter(request)
    query = filters.finding_query(wanted)
    groups = [shown_group(of.id, group, partial(filters.place_query, wanted)) for group in grouping.groups(of, wanted)]
    context = {
        "of": of,
        "progress": progress,
        "signed": presenters.signed_by(of),
        "again": AGAIN in request.GET,
        "advice": presenters.submission_advice(of),
        "facts": presenters.submission_facts(of, len(queries.withdrawn(of))),
        "summary": presenters.submission_summary(of),
        "wanted": wanted,
        "narrowed": bool(query),
        "query": query,
        "severities": filters.severity_options(wanted.severity),
        "tables": filters.table_options(queries.tables(of), wanted.table),
        "critical": [group for group in groups if group.example.critical],
        "warnings": [group for group in groups if not group.example.critical],
    }
    return render(request, "facility/submission.jinja", context)


@staff
@require_safe
def rule(request: HttpRequest, number: int, rule: str) -> HttpResponse:
    """Every finding of one rule."""
    of = _submission(request, number)
    wanted = filters.finding_filter(request, rule=rule)
    page = page_of(request, queries.findings(of, wanted), ROWS)
    if not page.object_list:
        raise Http404
    followed = grouping.following(list(page.object_list))
    context = {
        "of": of,
        "example": shown(finding(page.object_list[0])),
        "total": page.paginator.count,
        "head": presenters.findings_head(),
        "rows": [presenters.finding_row(one, followed.get(one.id)) for one in page],
        "query": filters.finding_query(wanted),
        "narrowing": filters.finding_query(wanted.without_rule()),
        "pagination": pagination(request, page),
    }
    return render(request, "facility/rule.jinja", context)


@staff
@require_safe
def dossiers(request: HttpRequest, number: int) -> HttpResponse:
    of = _submission(request, number)
    outcome, text = filters.outcome(request), request.GET.get("q", "").strip()
    page = page_of(request, queries.dossiers(of, outcome=outcome, text=text), ROWS)
    withdrawn = queries.withdrawn(of)
    context = {
        "of": of,
        "text": text,
        "outcomes": filters.outcome_options(outcome),
        "narrowed": bool(outcome or text),
        "total": page.paginator.count,
        "head": presenters.dossiers_head(),
        "rows": [presenters.dossier_row(one, withdrawn) for one in page],
        "pagination": pagination(request, page),
    }
    return render(request, "facility/dossiers.jinja", context)


@staff
@require_safe
def dossier(request: HttpRequest, number: int, position: int) -> HttpResponse:
    of = _submission(request, number)
    found = queries.dossier(of, position)
    if found is None:
        raise Http404
    withdrawn = found.document in queries.withdrawn(of)
    findings = [finding(row) for row in queries.dossier_findings(found)]
    context = {
        "of": of,
        "name": presenters.dossier_name(found),
        "tag": presenters.outcome_tag(found, withdrawn=withdrawn),
        "refused": found.outcome == Outcome.REFUSED,
        "advice": presenters.outcome_advice(found, withdrawn=withdrawn),
        "history": reverse("facility:history", args=[of.id, found.position]) if found.ma_lk else "",
        "summary": presenters.dossier_summary(found),
        "count": len(findings),
        "causes": [shown_cause(cause) for cause in causes.group(findings)],
    }
    return render(request, "facility/dossier.jinja", context)


@staff
@require_safe
def receipt(request: HttpRequest, number: int) -> HttpResponse:
    of = _submission(request, number)
    context = {
        "of": of,
        "progress": presenters.progress(of),
        "advice": presenters.submission_advice(of),
        "facts": presenters.submission_facts(of),
        "summary": presenters.submission_summary(of),
    }
    return render(request, "facility/receipt.jinja", context)


def _submission(request: HttpRequest, number: int) -> Submission:
    """A submission of another facility does not exist for the asker."""
    found = queries.submission(request.membership.facility, number)
    if found is None:
        raise Http404
    return found


def _fragment(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
