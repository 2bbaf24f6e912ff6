"""The findings as a table to work through, one row each, cause by cause."""

from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from yteso.intake import messages
from yteso.intake.causes import Cause
from yteso.intake.findings import CRITICAL, WARNING, Finding
from yteso.intake.spreadsheet import Book, Row


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


def head(lang: str) -> list[str]:
    return [vi if lang == "vi" else en for vi, en, _ in COLUMNS]


def book(stream: BinaryIO, lang: str) -> Book:
    """An empty workbook for rows of findings."""
    widths = (width for _, _, width in COLUMNS)
    return Book(stream, WORDS[lang]["sheet"], list(zip(head(lang), widths, strict=True)))


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
