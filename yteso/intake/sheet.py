"""The findings as a table to work through, one row each, cause by cause: CSV, or a workbook for Excel and LibreOffice.

Codes stay text: a spreadsheet that guesses would eat leading zeros, make dates of numbers and run what begins with "=".
"""

import csv
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

import xlsxwriter

from yteso.intake import messages
from yteso.intake.causes import Cause
from yteso.intake.findings import CRITICAL, WARNING, Finding


Row = list[str | int | None]

COLUMNS = (
    ("Tệp", "File", 24),
    ("Mã lượt khám (MA_LK)", "Visit code (MA_LK)", 24),
    ("Nguyên nhân số", "Cause number", 12),
    ("Sửa trước hay theo sau", "First or following", 16),
    ("Mức độ", "Severity", 16),
    ("Hậu quả", "Consequence", 18),
    ("Bảng", "Table", 8),
    ("Dòng", "Row", 8),
    ("Trường", "Field", 22),
    ("Giá trị đã gửi", "Value sent", 24),
    ("Sai ở đâu", "What is wrong", 60),
    ("Vì sao cần sửa", "Why it matters", 50),
    ("Cách sửa", "How to mend it", 50),
    ("Căn cứ", "Source", 36),
    ("Mã quy tắc", "Rule", 14),
)
"""Vietnamese and English heading, width in characters."""

WORDS = {
    "vi": {"sheet": "Lỗi và cảnh báo", CRITICAL: "Lỗi nghiêm trọng", WARNING: "Cảnh báo"},
    "en": {"sheet": "Errors and warnings", CRITICAL: "Critical error", WARNING: "Warning"},
}
FIRST, FOLLOWING = {"vi": "Sửa trước", "en": "Mend first"}, {"vi": "Theo nguyên nhân", "en": "Follows"}

MOST = 1_048_575
"""Rows a sheet takes under its head; the rest goes to further sheets."""

FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell of a CSV file that begins so is run as a formula when a spreadsheet opens it; people send such values."""


def head(lang: str) -> list[str]:
    return [vi if lang == "vi" else en for vi, en, _ in COLUMNS]


def rows(
    file: str,
    visit: str,
    causes: Iterable[Cause],
    *,
    lang: str,
    first: int = 1,
    wanted: Callable[[Finding], bool] | None = None,
) -> Iterator[Row]:
    """The rows of one dossier, its causes numbered from `first`; findings that are not `wanted` are left out."""
    for number, cause in enumerate(causes, first):
        for finding in cause.findings:
            if wanted is None or wanted(finding):
                role = FIRST if finding is cause.finding else FOLLOWING
                yield [file, visit, number, role[lang], *_told(finding, lang)]


def _told(finding: Finding, lang: str) -> Row:
    said, matters = messages.describe(finding, lang=lang), messages.why(finding, lang=lang)
    kinds = ", ".join(messages.why_title(kind, lang) for kind in matters.kinds)
    return [
        *(WORDS[lang][finding.severity], kinds, finding.table, finding.row, finding.field, finding.value),
        *(said.message, matters.text, said.hint, said.legal, finding.rule),
    ]


class Book:
    """A workbook written row by row, in little memory: head frozen, filter on, columns wide enough to read."""

    def __init__(self, stream: BinaryIO, lang: str) -> None:
        self.lang, self.last = lang, 0
        plain = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        self.book = xlsxwriter.Workbook(stream, {"constant_memory": True, **plain})
        self.bold = self.book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        self.wrapped = self.book.add_format({"text_wrap": True, "valign": "top"})
        self._turn()

    def _turn(self) -> None:
        """Begin the next sheet."""
        count = len(self.book.worksheets()) + 1
        self.sheet = self.book.add_worksheet(WORDS[self.lang]["sheet"] + (f" {count}" if count > 1 else ""))
        for column, (name, (_, _, width)) in enumerate(zip(head(self.lang), COLUMNS, strict=True)):
            self.sheet.set_column(column, column, width, self.wrapped)
            self.sheet.write_string(0, column, name, self.bold)
        self.sheet.freeze_panes(1, 0)
        self.sheet.autofilter(0, 0, MOST, len(COLUMNS) - 1)
        self.sheet.ignore_errors({"number_stored_as_text": f"A1:O{MOST + 1}"})
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
        self.sheet.autofilter(0, 0, self.last, len(COLUMNS) - 1)
        self.book.close()


def csv_lines(rows: Iterable[Row], lang: str) -> Iterator[str]:
    """UTF-8 text with the mark that makes Excel read Vietnamese letters, head first."""
    writer = csv.writer(_Echo())
    yield "\ufeff" + writer.writerow(head(lang))
    for row in rows:
        yield writer.writerow([_harmless(value) for value in row])


class _Echo:
    def write(self, line: str) -> str:
        return line


def _harmless(value: str | int | None) -> str | int | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
