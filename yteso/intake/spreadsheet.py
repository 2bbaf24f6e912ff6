"""Tables for Excel and LibreOffice: CSV, or a workbook.

Codes stay text: a spreadsheet that guesses would eat leading zeros, make dates of numbers and run what begins with "=".
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name


Row = Sequence[object]

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

MOST = 1_048_575
"""Rows a sheet takes under its head; the rest goes to further sheets."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell of a CSV file that begins so is run as a formula when a spreadsheet opens it; people send such values."""


def csv_lines(rows: Iterable[Row]) -> Iterator[str]:
    """The rows, head first, with the mark that makes Excel read Vietnamese letters; to be written as UTF-8."""
    writer, mark = csv.writer(_Echo()), "\ufeff"
    for row in rows:
        yield mark + writer.writerow([_harmless(value) for value in row])
        mark = ""


class _Echo:
    def write(self, line: str) -> str:
        return line


def _harmless(value: object) -> object:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class Book:
    """A workbook written row by row, in little memory: head frozen, filter on, columns wide enough to read.

    `columns`: heading and width in characters. Close it, or the stream holds nothing.
    """

    def __init__(self, stream: BinaryIO, title: str, columns: Sequence[tuple[str, int]]) -> None:
        self.title, self.columns, self.last = title, columns, 0
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(stream, {"constant_memory": True, **plain})
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self._turn()

    def _turn(self) -> None:
        """Begin the next sheet."""
        count = len(self.book.worksheets()) + 1
        self.sheet = self.book.add_worksheet(self.title + (f" {count}" if count > 1 else ""))
        for column, (name, width) in enumerate(self.columns):
            self.sheet.set_column(column, column, width, self.wrapped)
            self.sheet.write_string(0, column, name, self.bold)
        self.sheet.freeze_panes(1, 0)
        self.sheet.autofilter(0, 0, MOST, len(self.columns) - 1)
        last = xl_col_to_name(len(self.columns) - 1)
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:{last}{MOST + 1}"})
        self.last = 0

    def add(self, row: Row) -> None:
        if self.last == MOST:
            self._turn()
        self.last += 1
        for column, value in enumerate(row):
            if isinstance(value, str):
                self.sheet.write_string(self.last, column, value, self.wrapped)
            elif value is not None:
                self.sheet.write_number(self.last, column, value, self.wrapped)

    def close(self) -> None:
        self.sheet.autofilter(0, 0, self.last, len(self.columns) - 1)
        self.book.close()
