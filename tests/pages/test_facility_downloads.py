"""Findings as CSV and XLSX, read back; and the part of a page that renews itself."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sent import files, name_of, send


HEAD = ["Mã lượt khám (MA_LK)", "Mức độ", "Bảng", "Dòng", "Trường", "Giá trị đã gửi", "Sai ở đâu", "Cách sửa"]


@pytest.fixture
def nga(client, make_account):
    client.force_login(make_account("nga", role="facility", facility="99001"))
    return client


def read_csv(response) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(response.streaming_content).decode("utf-8-sig"))))


def read_xlsx(response) -> list[list[object]]:
    sheet = load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_both_tables_hold_every_finding(nga, conn) -> None:
    number = send(conn)
    count = conn.execute("select count(*) from intake_finding where submission_id = %s", (number,)).fetchone()[0]
    lines = read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))
    cells = read_xlsx(nga.get(f"/co-so/lan-gui/{number}/loi.xlsx"))
    assert lines[0][:8] == cells[0][:8] == HEAD
    assert len(lines) == len(cells) == count + 1 > 3
    assert [[str(value) if value is not None else "" for value in row] for row in cells] == lines
    assert {row[1] for row in lines[1:]} <= {"Lỗi nghiêm trọng", "Cảnh báo"}
    assert all(row[6] for row in lines[1:])


def test_the_csv_opens_in_excel_with_its_letters(nga, conn) -> None:
    response = nga.get(f"/co-so/lan-gui/{send(conn)}/loi.csv")
    assert b"".join(response.streaming_content).startswith(b"\xef\xbb\xbf")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="YT')


def test_downloads_follow_the_filter_and_the_language(nga, conn) -> None:
    number = send(conn)
    every = read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))
    narrowed = read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv?table=XML14"))
    assert [row for row in every if row[2] == "XML14"] == narrowed[1:] != []
    nga.get("/ngon-ngu/en/")
    assert read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))[0][1] == "Severity"


def test_a_value_that_looks_like_a_formula_stays_a_text(nga, conn) -> None:
    number = send(conn)
    conn.execute("update intake_finding set value = '=HYPERLINK(\"x\")'")
    conn.commit()
    assert {row[5] for row in read_csv(nga.get(f"/co-so/lan-gui/{number}/loi.csv"))[1:]} == {'\'=HYPERLINK("x")'}
    sheet = load_workbook(io.BytesIO(b"".join(nga.get(f"/co-so/lan-gui/{number}/loi.xlsx").streaming_content))).active
    assert {cell.data_type for cell in sheet["F"][1:]} == {"s"}


@pytest.mark.parametrize(("state", "moving"), [("received", True), ("processing", True), ("done", False)])
def test_the_part_that_renews_itself_equals_the_whole_page(nga, conn, state: str, moving: bool) -> None:
    number = send(conn, take_in=False)
    conn.execute("update intake_submission set status = %s, seen = 3, declared = 12", (state,))
    conn.commit()
    address = f"/co-so/lan-gui/{number}/"
    part = nga.get(address, headers={"HX-Request": "true"})
    assert part.content.decode().strip() in nga.get(address).content.decode()
    assert ("hx-get" in part.content.decode()) is moving
    assert part.headers.get("HX-Refresh") == (None if moving else "true")


def test_the_list_that_renews_itself_equals_the_whole_page(nga) -> None:
    parts = [io.BytesIO(file.bytes) for file in files()[:2]]
    for part, file in zip(parts, files()[:2], strict=True):
        part.name = name_of(file)
    assert nga.post("/co-so/gui/", {"files": parts}).headers["Location"] == "/co-so/gui/da-nhan/"
    part = nga.get("/co-so/gui/da-nhan/", headers={"HX-Request": "true"}).content.decode()
    assert part.strip() in nga.get("/co-so/gui/da-nhan/").content.decode()
    assert part.count("YT") == 2


def test_the_same_file_sent_twice_is_one_submission(nga, conn) -> None:
    addresses = []
    for _ in range(2):
        part = io.BytesIO(files()[0].bytes)
        part.name = name_of(files()[0])
        addresses.append(nga.post("/co-so/gui/", {"files": part}).headers["Location"])
    assert addresses[0] == addresses[1]
    assert conn.execute("select count(*) from intake_submission").fetchone() == (1,)


def test_long_lists_come_in_pages(nga, conn) -> None:
    conn.execute(
        """insert into intake_submission (facility, account, name, sha256, size, standard, status, received, seen,
                                          dossiers, accepted, with_warnings, refused)
           select '99001', '', 'tep-' || n, sha256(n::text::bytea), 1, '', 'done', now() - n * interval '1 hour',
                  0, 0, 0, 0, 0 from generate_series(1, 120) n"""
    )
    conn.commit()
    first, last = nga.get("/co-so/").content.decode(), nga.get("/co-so/?page=3").content.decode()
    assert "tep-1<" in first
    assert "Trang sau" in first
    assert "Trang trước" not in first
    assert "tep-120<" in last
    assert "Trang sau" not in last
    assert nga.get("/co-so/?page=xyz").content.decode().count("tep-") == first.count("tep-") == 50
    assert "q=tep&amp;page=2" in nga.get("/co-so/?q=tep").content.decode()
