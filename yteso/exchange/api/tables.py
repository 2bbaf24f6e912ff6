"""The findings of a submission as CSV or XLSX: one row each, the keys of the JSON as column names."""

import csv
import tempfile
from collections.abc import Iterator
from typing import Any

import xlsxwriter
from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from yteso.exchange import results
from yteso.intake.models import Submission


CSV = "text/csv"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
COLUMNS = (
    *("ma_lk", "dossier", "severity", "rule", "table", "row", "field", "value"),
    *("message_vi", "hint_vi", "message_en"),
)

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so is run as a formula when a spreadsheet opens the file; people send such values."""


def as_csv(of: Submission) -> HttpResponse:
    """UTF-8 with the mark that makes Excel read Vietnamese letters."""
    writer = csv.writer(_Echo())
    lines = (writer.writerow([_harmless(value) for value in row]) for row in _rows(of))
    response = StreamingHttpResponse(_marked(lines), content_type=f"{CSV}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{of.receipt}.csv"'
    return response


def as_xlsx(of: Submission) -> HttpResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet = book.add_worksheet("findings")
    sheet.freeze_panes(1, 0)
    for number, row in enumerate(_rows(of)):
        for column, value in enumerate(row):
            sheet.write(number, column, value)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{of.receipt}.xlsx", content_type=XLSX)


def _rows(of: Submission) -> Iterator[list[Any]]:
    yield list(COLUMNS)
    for one in results.as_json(results.findings(of).iterator(2000)):
        yield [one[name] for name in COLUMNS]


class _Echo:
    def write(self, line: str) -> str:
        return line


def _harmless(value: Any) -> Any:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


def _marked(lines: Iterator[str]) -> Iterator[str]:
    yield "\ufeff"
    yield from lines
