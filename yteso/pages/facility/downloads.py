"""The findings of a submission as a table to work through: CSV, and XLSX for Excel."""

import tempfile
from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yteso.access.models import Role
from yteso.intake import sheet
from yteso.intake.models import Submission
from yteso.pages.base.roles import role_required
from yteso.pages.facility import filters, grouping, queries


@role_required(Role.FACILITY)
@require_safe
def findings_csv(request: HttpRequest, number: int) -> StreamingHttpResponse:
    of = _submission(request, number)
    lines = list(sheet.csv_lines(_rows(request, of), get_language()))
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{of.receipt}.csv"'
    return response


@role_required(Role.FACILITY)
@require_safe
def findings_xlsx(request: HttpRequest, number: int) -> FileResponse:
    of = _submission(request, number)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = sheet.Book(file, get_language())
    for row in _rows(request, of):
        book.add(row)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{of.receipt}.xlsx")


def _submission(request: HttpRequest, number: int) -> Submission:
    found = queries.submission(request.membership.facility, number)
    if found is None:
        raise Http404
    return found


def _rows(request: HttpRequest, of: Submission) -> Iterator[sheet.Row]:
    wanted, language, first = filters.finding_filter(request), get_language(), 1
    fit = grouping.fits(wanted)
    for visit in grouping.visits(of):
        if wanted.dossier.lower() in ("", visit.ma_lk.lower()):
            name = visit.ma_lk or (_("hồ sơ thứ %(position)s") % {"position": visit.position} if visit.position else "")
            yield from sheet.rows(of.name, name, visit.causes, lang=language, first=first, wanted=fit)
        first += len(visit.causes)
