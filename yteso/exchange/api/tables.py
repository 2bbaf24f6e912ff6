"""The findings of a submission as CSV or XLSX: one row each, the keys of the JSON as column names."""

import tempfile
from collections.abc import Iterator
from itertools import chain

from django.http import FileResponse, HttpResponse, StreamingHttpResponse

from yteso.exchange import results
from yteso.intake.models import Submission
from yteso.intake.spreadsheet import XLSX, Book, Row, csv_lines


CSV = "text/csv"
COLUMNS = {
    **{"ma_lk": 24, "dossier": 8, "severity": 10, "rule": 14, "table": 8, "row": 8, "field": 22, "value": 24},
    **{"message_vi": 60, "hint_vi": 50, "message_en": 60},
}
"""Width in characters."""


def as_csv(of: Submission) -> HttpResponse:
    response = StreamingHttpResponse(csv_lines(chain([list(COLUMNS)], _rows(of))), content_type=f"{CSV}; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{of.receipt}.csv"'
    return response


def as_xlsx(of: Submission) -> HttpResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115 (the response closes it)
    book = Book(file, "findings", list(COLUMNS.items()))
    for row in _rows(of):
        book.add(row)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"{of.receipt}.xlsx", content_type=XLSX)


def _rows(of: Submission) -> Iterator[Row]:
    for one in results.as_json(results.findings(of).iterator(2000)):
        yield [one[name] for name in COLUMNS]
