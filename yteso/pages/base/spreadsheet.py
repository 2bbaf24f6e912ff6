"""A table as a CSV file to keep."""

from collections.abc import Iterable

from django.http import HttpResponse

from yteso.intake.spreadsheet import Row, csv_lines


def csv_response(name: str, rows: Iterable[Row]) -> HttpResponse:
    response = HttpResponse("".join(csv_lines(rows)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response
