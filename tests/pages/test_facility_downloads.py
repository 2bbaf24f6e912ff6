"""Findings as CSV and XLSX, read back."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sent import send

from yteso.intake import sheet


SEVERITY, TABLE, FIELD, VALUE, RULE = 4, 6, 8, 9, 14
"""Columns."""


@pytest.fixture
def nga(client, make_account):
    client.force_login(make_account("nga", role="facility", facility="99001"))
    return client


def read_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def read_xlsx(response) -> list[list[object]]:
    page = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [list(row) for row in page.iter_rows(values_only=True)]


def test_both_tables_hold_every_finding(nga, conn) -> None:
    number = send(conn)
    count = conn.execute("select count(*) from intake_finding where submission_id = %s", (number,)).fetchone()[0]
    lines = read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))
    cells = read_xlsx(nga.get(f"/co-so/lan-gui/{number}/loi.xlsx"))
    assert lines[0] == cells[0] == sheet.head("vi")
    assert len(lines) == len(cells) == count + 1 > 3
    assert [[str(value) if value is not None else "" for value in row] for row in cells] == lines
    assert {row[SEVERITY] for row in lines[1:]} <= {"Lỗi nghiêm trọng", "Cảnh báo"}
    assert all(all(row[10:]) for row in lines[1:])


def test_the_csv_opens_in_excel_with_its_letters(nga, conn) -> None:
    response = nga.get(f"/co-so/lan-gui/{send(conn)}/loi.csv")
    assert response.content.startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="YT')


def test_downloads_follow_the_filter_and_the_language(nga, conn) -> None:
    number = send(conn)
    every = read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))
    narrowed = read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv?table=XML14"))
    assert [row for row in every if row[TABLE] == "XML14"] == narrowed[1:] != []
    nga.get("/ngon-ngu/en/")
    assert read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))[0][SEVERITY] == "Severity"


def test_a_value_that_looks_like_a_formula_stays_a_text(nga, conn) -> None:
    number = send(conn)
    conn.execute("update intake_finding set value = '=HYPERLINK(\"x\")'")
    conn.commit()
    assert {row[VALUE] for row in read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))[1:]} == {'\'=HYPERLINK("x")'}
    page = load_workbook(io.BytesIO(b"".join(nga.get(f"/co-so/lan-gui/{number}/loi.xlsx").streaming_content))).active
    assert {cell.data_type for cell in page["J"][1:]} == {"s"}


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_every_beginning_a_spreadsheet_would_run_is_disarmed(nga, conn, start: str) -> None:
    number = send(conn)
    conn.execute("update intake_finding set value = %s", (f"{start}1+1",))
    conn.commit()
    body = nga.get(f"/co-so/lan-gui/{number}/loi.csv").content.decode("utf-8-sig")
    assert {row[VALUE] for row in csv.reader(io.StringIO(body, newline=""))} == {"Giá trị đã gửi", f"'{start}1+1"}


def test_values_with_commas_quotes_and_lines_stay_one_cell(nga, conn) -> None:
    number = send(conn)
    value = 'a,"b";\nc'
    conn.execute("update intake_finding set value = %s", (value,))
    conn.commit()
    assert {row[VALUE] for row in read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))[1:]} == {value}
    assert {row[VALUE] for row in read_xlsx(nga.get(f"/co-so/lan-gui/{number}/loi.xlsx"))[1:]} == {value}


def test_the_workbook_is_ready_to_work_through(nga, conn) -> None:
    response = nga.get(f"/co-so/lan-gui/{send(conn)}/loi.xlsx")
    page = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    assert page.title == "Lỗi và cảnh báo"
    assert page.freeze_panes == "A2"
    assert page.auto_filter.ref == page.dimensions
    assert all(cell.font.bold for cell in page[1])
    assert response.headers["Content-Disposition"].startswith('attachment; filename="YT')


def test_a_file_without_findings_gives_its_head_alone(nga, conn) -> None:
    number = send(conn, take_in=False)
    assert len(read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))) == 1
    assert len(read_xlsx(nga.get(f"/co-so/lan-gui/{number}/loi.xlsx"))) == 1


def test_causes_are_numbered_over_the_file_whatever_is_asked_for(nga, conn) -> None:
    number = send(conn)
    every = read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))[1:]
    assert sorted({int(row[2]) for row in every}) == list(range(1, 1 + sum(row[3] == "Sửa trước" for row in every)))
    ma_lk = every[-1][1]
    narrowed = read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv?dossier={ma_lk}"))[1:]
    assert narrowed == [row for row in every if row[1] == ma_lk]


def test_one_rule_is_downloaded_alone(nga, conn) -> None:
    number = send(conn)
    found = read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv?rule=XML14-003&at=XML14.MA_THE_BHYT"))
    assert [(row[RULE], row[FIELD]) for row in found[1:]] == [("XML14-003", "MA_THE_BHYT")]


@pytest.mark.parametrize("name", ["loi.csv", "loi.xlsx"])
def test_downloads_are_kept_by_no_cache_and_not_for_others(nga, conn, make_account, name: str) -> None:
    address = f"/co-so/lan-gui/{send(conn)}/{name}"
    response = nga.get(address)
    response.close()
    assert "no-store" in response.headers["Cache-Control"]
    assert nga.post(address).status_code == 405
    nga.force_login(make_account("la", role="facility", facility="99002"))
    assert nga.get(address).status_code == 404
