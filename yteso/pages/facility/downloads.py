"""The findings of a submission as a table to work through: CSV, and XLSX for Excel."""

import csv
import tempfile
from collections.abc import Iterable, Iterator

import xlsxwriter
from django.http import FileResponse, Http404, HttpRequest, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from yteso.access.models import Role
from yteso.intake.models import FindingRow, Submission
from yteso.pages.base.roles import role_required
from yteso.pages.facility import filters, queries
from yteso.pages.facility.finding_words import shown
from yteso.pages.facility.words import SEVERITY


BATCH = 2000

# A cell that begins so is run as a formula when a spreadsheet opens the file; people send such values.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@role_required(Role.FACILITY)
@require_safe
def findings_csv(request: HttpRequest, number: int) -> StreamingHttpResponse:
    """UTF-8 with the mark that makes Excel read Vietnamese letters."""
    of = _submission(request, number)
    rows = list(_lines(_found(request, of)))
    lines = (_csv_line(row) for row in ([str(name) for name in _head()], *rows))
    response = StreamingHttpResponse(_marked(lines), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{of.receipt}.csv"'
    return response


@role_required(Role.FACILITY)
@require_safe
def findings_xlsx(request: HttpRequest, number: int) -> FileResponse:
    of = _submission(request, number)
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet(_("Lỗi và cảnh báo"))
    bold, wrapped = book.add_format({"bold": True}), book.add_format({"text_wrap": True, "valign": "top"})
    for column, (name, width) in enumerate(_head().items()):
        sheet.set_column(column, column, width, wrapped)
        sheet.write_string(0, column, name, bold)
    sheet.freeze_panes(1, 0)
    last = 0
    for last, row in enumerate(_lines(_found(request, of)), start=1):
        for column, value in enumerate(row):
            sheet.write(last, column, value)
    sheet.autofilter(0, 0, last, len(_head()) - 1)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{of.receipt}.xlsx")


def _submission(request: HttpRequest, number: int) -> Submission:
    found = queries.submission(request.membership.facility, number)
    if found is None:
        raise Http404
    return found


def _found(request: HttpRequest, of: Submission) -> Iterator[FindingRow]:
    return queries.findings(of, filters.finding_filter(request)).iterator(BATCH)


def _head() -> dict[str, int]:
    """Column names and their widths in characters."""
    return {
        _("Mã lượt khám (MA_LK)"): 20,
        _("Mức độ"): 18,
        _("Bảng"): 8,
        _("Dòng"): 8,
        _("Trường"): 22,
        _("Giá trị đã gửi"): 24,
        _("Sai ở đâu"): 60,
        _("Cách sửa"): 60,
        _("Căn cứ"): 30,
        _("Mã quy tắc"): 14,
    }


def _lines(rows: Iterable[FindingRow]) -> Iterator[list[str | int | None]]:
    for row in rows:
        one = shown(row)
        ma_lk = row.dossier.ma_lk if row.dossier else ""
        words = str(SEVERITY[row.severity][0])
        yield [ma_lk, words, row.tbl, row.row, row.field, row.value, one.message, one.hint, one.legal, row.rule]


class _Echo:
    def write(self, line: str) -> str:
        return line


def _csv_line(row: list[str | int | None]) -> str:
    return csv.writer(_Echo()).writerow([_harmless(value) for value in row])


def _harmless(value: str | int | None) -> str | int | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _marked(lines: Iterable[str]) -> Iterator[str]:
    yield "\ufeff"
    yield from lines
