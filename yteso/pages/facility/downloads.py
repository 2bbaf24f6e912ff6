"""The findings of a submission as a table to work through: CSV, and XLSX for Excel."""

import tempfile
from collections.abc import Iterator

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yteso.access.models import Role
from yteso.intake import sheet
from yteso.intake.models import Submission
from yteso.intake.spreadsheet import Row
from yteso.pages.base.roles import role_required
from yteso.pages.base.spreadsheet import csv_response
from yteso.pages.facility import filters, grouping, queries


@role_required(Role.FACILITY)
@require_safe
def findings_csv(request: HttpRequest, number: int) -> HttpResponse:
    of = _submission(request, number)
    return csv_response(of.receipt, [sheet.head(get_language()), *_rows(request, of)])


@role_required(Role.FACILITY)
@require_safe
def findings_xlsx(request: HttpRequest, number: int) -> FileResponse:
    of = _submission(request, number)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = sheet.book(file, get_language())
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


def _rows(request: HttpRequest, of: Submission) -> Iterator[Row]:
    wanted, language, first = filters.finding_filter(request), get_language(), 1
    fit = grouping.fits(wanted)
    for visit in grouping.visits(of):
        if wanted.dossier.lower() in ("", visit.ma_lk.lower()):
            name = visit.ma_lk or (_("hồ sơ thứ %(position)s") % {"position": visit.position} if visit.position else "")
            yield from sheet.rows(of.name, name, visit.causes, lang=language, first=first, wanted=fit)
        first += len(visit.causes)
