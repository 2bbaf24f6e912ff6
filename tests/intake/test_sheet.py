"""The findings as rows of a spreadsheet: cause by cause, and safe to open."""

import csv
import io

import pytest
from cases import HEADER, NOW, change, clean_visit
from openpyxl import load_workbook

from yteso.intake import causes, checking, sheet, spreadsheet
from yteso.intake.findings import CRITICAL, Finding


def grouped(visit):
    return causes.group(checking.check(visit, HEADER, now=NOW))


def finding(value: str) -> Finding:
    return Finding("XML1-013", CRITICAL, "XML1", 1, "GIOI_TINH", value)


def lines(value: str, **kept) -> list[spreadsheet.Row]:
    return list(sheet.rows("hoso.xml", "0012", causes.group([finding(value)]), lang="vi", **kept))


def opened(rows: list[spreadsheet.Row], lang: str = "vi"):
    stream = io.BytesIO()
    book = sheet.book(stream, lang)
    for row in rows:
        book.add(row)
    book.close()
    return load_workbook(stream)


def read(rows: list[spreadsheet.Row]) -> list[list[str]]:
    text = "".join(spreadsheet.csv_lines([sheet.head("vi"), *rows]))
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text[1:], newline="")))


def test_each_row_says_what_why_and_how_by_which_source():
    (row,) = lines("7")
    assert row[:10] == [
        "hoso.xml",
        "0012",
        1,
        "Sửa trước",
        "Lỗi nghiêm trọng",
        "Bị từ chối",
        "XML1",
        1,
        "GIOI_TINH",
        "7",
    ]
    assert len(row) == len(sheet.COLUMNS)
    assert all(row[10:])
    assert row[-1] == "XML1-013"


def test_rows_follow_their_cause_and_carry_its_number():
    found = grouped(change(clean_visit(), "XML1", 1, NGAY_RA="202512310900", MA_DANTOC="77"))
    rows = list(sheet.rows("a.xml", "LK", found, lang="vi", first=5))
    assert [row[2] for row in rows] == [5] * (len(rows) - 1) + [6]
    assert [row[3] for row in rows].count("Sửa trước") == 2
    assert rows[0][3] == rows[-1][3] == "Sửa trước"
    assert len(rows) == sum(len(cause.findings) for cause in found)


def test_what_is_left_out_changes_no_number():
    found = grouped(change(clean_visit(), "XML1", 1, NGAY_RA="202512310900", MA_DANTOC="77"))
    rows = list(sheet.rows("a.xml", "LK", found, lang="vi", wanted=lambda one: one.field == "MA_DANTOC"))
    assert [(row[2], row[8]) for row in rows] == [(2, "MA_DANTOC")]


@pytest.mark.parametrize(
    "value", ["=HYPERLINK(1)", "00012", "20260110", "1e5", "+84", "http://x", "@A1", "TRUE", "1,5"]
)
def test_a_value_is_a_text_cell_as_it_was_sent(value):
    cell = opened(lines(value)).active["J2"]
    assert (cell.value, cell.data_type) == (value, "s")


def test_only_row_and_cause_are_numbers():
    (row,) = list(opened(lines("7")).active.iter_rows(min_row=2))
    assert [cell.column_letter for cell in row if cell.data_type == "n" and cell.value is not None] == ["C", "H"]


def test_the_head_is_frozen_filtered_bold_and_columns_are_wide():
    book = opened(lines("7") * 3)
    page = book.active
    assert page.title == "Lỗi và cảnh báo"
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == page.dimensions == "A1:O4"
    assert all(cell.font.bold for cell in page[1])
    assert page.column_dimensions["K"].width > 50
    assert page["K2"].alignment.wrap_text


def test_the_head_speaks_english():
    page = opened(lines("7"), "en").active
    assert page.title == "Errors and warnings"
    assert [cell.value for cell in page[1]][:3] == ["File", "Visit code (MA_LK)", "Cause number"]


def test_more_rows_than_a_sheet_takes_go_on_in_the_next(monkeypatch):
    monkeypatch.setattr(spreadsheet, "MOST", 2)
    book = opened(lines("7") * 5)
    assert [page.max_row for page in book] == [3, 3, 2]
    assert book.sheetnames == ["Lỗi và cảnh báo", "Lỗi và cảnh báo 2", "Lỗi và cảnh báo 3"]


@pytest.mark.parametrize("start", spreadsheet.FORMULA)
def test_csv_disarms_what_a_spreadsheet_would_run(start):
    assert read(lines(f"{start}1+1"))[1][9] == f"'{start}1+1"


def test_csv_keeps_commas_quotes_and_lines_in_one_cell():
    assert read(lines('a,"b";\nc'))[1][9] == 'a,"b";\nc'


def test_csv_has_the_same_rows_as_the_workbook():
    rows = list(sheet.rows("a.xml", "LK", grouped(change(clean_visit(), "XML1", 1, NGAY_RA="x")), lang="vi"))
    cells = [list(row) for row in opened(rows).active.iter_rows(values_only=True)]
    assert [["" if value is None else str(value) for value in row] for row in cells] == read(rows)
