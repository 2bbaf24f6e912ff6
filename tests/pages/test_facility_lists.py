"""The list of what a facility has sent: what each line says, searching, narrowing, turning pages."""

import re

import pytest
from sent import send
from sent_rows import rows


@pytest.fixture
def nga(client, make_account):
    client.force_login(make_account("nga", role="facility", facility="99001"))
    return client


def listed(client, query: str = "") -> list[str]:
    """Names in the list, top to bottom."""
    html = client.get(f"/co-so/{query}").content.decode()
    return re.findall(r'<a href="/co-so/lan-gui/\d+/">([^<]+)</a>', html)


def test_the_newest_comes_first(nga, conn) -> None:
    rows(conn, 3)
    assert listed(nga) == ["tep-1", "tep-2", "tep-3"]


def test_a_line_says_the_name_the_receipt_the_time_and_what_became_of_it(nga, conn) -> None:
    number = send(conn, name="thang 8.xml")
    received = conn.execute(
        "select to_char(received at time zone 'Asia/Ho_Chi_Minh', 'HH24:MI DD/MM/YYYY') from intake_submission"
    ).fetchone()[0]
    body = re.search(r"<tbody.*</tbody>", nga.get("/co-so/").content.decode(), re.DOTALL)[0]
    cells = [re.sub(r"<[^>]+>|\s+", " ", cell).strip() for cell in re.findall(r"<td.*?</td>", body, re.DOTALL)]
    assert len(cells) == 5
    assert "thang 8.xml" in cells[0]
    assert re.search(rf"YT\d{{6}}-{number}\b", cells[0])
    assert cells[1].endswith(received)
    assert cells[2].endswith("Có hồ sơ bị từ chối")
    assert cells[3].endswith("12")
    assert cells[4].endswith("7")


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"status": "received"}, "Đã nhận, chờ xử lý"),
        ({"status": "processing"}, "Đang xử lý"),
        ({"status": "refused"}, "Không đọc được tệp"),
        ({"dossiers": 3, "accepted": 3}, "Đạt tất cả"),
        ({"dossiers": 3, "accepted": 2, "with_warnings": 1}, "Đạt, có cảnh báo"),
        ({"dossiers": 3, "with_warnings": 2, "refused": 1}, "Có hồ sơ bị từ chối"),
        ({"dossiers": 0}, "Đã xử lý xong"),
    ],
)
def test_the_state_says_whether_anything_is_left_to_do(nga, conn, values: dict, words: str) -> None:
    rows(conn, **values)
    assert re.findall(r'<strong class="nhsuk-tag[^>]*>([^<]+)<', nga.get("/co-so/").content.decode()) == [words]


def test_what_needs_mending_is_found_in_one_choice(nga, conn) -> None:
    rows(conn, name="dat", dossiers=1, accepted=1)
    rows(conn, name="cho", status="received")
    rows(conn, name="hong", status="refused")
    rows(conn, name="tu-choi", dossiers=2, accepted=1, refused=1)
    rows(conn, name="canh-bao", dossiers=1, with_warnings=1)
    assert sorted(listed(nga, "?status=mend")) == ["canh-bao", "hong", "tu-choi"]
    assert listed(nga, "?status=received") == ["cho"]
    assert listed(nga, "?status=refused") == ["hong"]
    assert sorted(listed(nga, "?status=done")) == ["canh-bao", "dat", "tu-choi"]
    assert len(listed(nga, "?status=khong-co")) == 5


def test_a_name_is_found_without_its_marks_and_in_any_case(nga, conn) -> None:
    rows(conn, name="Hồ sơ tháng Bảy ĐỢT 1.xml")
    for words in ("ho so thang bay dot", "HỒ SƠ", "đợt 1", "Dot", "  bảy "):
        assert listed(nga, f"?q={words}") == ["Hồ sơ tháng Bảy ĐỢT 1.xml"], words
    for words in ("tháng tám", "hồ  sơ", "100%", "_"):
        assert listed(nga, f"?q={words}") == [], words


def test_a_receipt_is_found_by_its_number(nga, conn) -> None:
    number = rows(conn, 3)[1]
    receipt = re.search(rf"YT\d{{6}}-{number}\b", nga.get("/co-so/").content.decode())[0]
    assert listed(nga, f"?q={receipt}") == listed(nga, f"?q= {receipt.lower()} ") == ["tep-2"]
    assert listed(nga, f"?q={receipt}99") == []
    assert listed(nga, f"?q=YT261122-{'9' * 18}") == []


def test_days_narrow_from_midnight_to_midnight_in_viet_nam(nga, conn) -> None:
    rows(conn, name="dau-ngay")
    rows(conn, name="cuoi-ngay", account="binh")
    for name, moment in (("dau-ngay", "2026-03-01 17:00+00"), ("cuoi-ngay", "2026-03-02 16:59:59+00")):
        conn.execute("update intake_submission set received = %s where name = %s", (moment, name))
    conn.commit()
    assert listed(nga, "?since=2/3/2026&until=2/3/2026") == ["cuoi-ngay", "dau-ngay"]
    assert listed(nga, "?until=01.03.2026") == listed(nga, "?since=3-3-2026") == []
    assert len(listed(nga, "?since=02/03/2026")) == len(listed(nga, "?until=02 03 2026")) == 2


@pytest.mark.parametrize("typed", ["mai", "31/02/2026", "2026-03-01x", "1/1", "0/0/0", "01/03/99999"])
def test_a_date_that_is_none_is_said_beside_the_field_and_kept(nga, conn, typed: str) -> None:
    rows(conn, 2)
    html = nga.get("/co-so/", {"since": typed}).content.decode()
    assert "Nhập ngày như 22/11/2026" in html
    assert f'value="{typed}"' in html
    assert html.count("tep-") == 2


def test_nothing_found_says_what_to_do_next(nga, conn) -> None:
    assert "Bấm “Gửi hồ sơ” để bắt đầu" in nga.get("/co-so/").content.decode()
    rows(conn)
    html = nga.get("/co-so/?q=khac").content.decode()
    assert "Không có lần gửi nào khớp" in html
    assert '<a href="/co-so/">Bỏ lọc</a>' in html


def test_what_was_typed_stays_in_the_form(nga, conn) -> None:
    html = nga.get("/co-so/", {"q": '"><b>', "status": "mend", "since": "1/3/2026"}).content.decode()
    assert 'value="&#34;&gt;&lt;b&gt;"' in html
    assert re.search(r'<option value="mend" selected>', html)
    assert 'value="1/3/2026"' in html
    assert "<b>" not in html


def test_long_lists_come_in_pages(nga, conn) -> None:
    rows(conn, 60)
    first, last = nga.get("/co-so/").content.decode(), nga.get("/co-so/?page=3").content.decode()
    assert "60 lần gửi" in first
    assert listed(nga) == [f"tep-{n}" for n in range(1, 26)]
    assert listed(nga, "?page=3") == [f"tep-{n}" for n in range(51, 61)]
    assert "Trang sau" in first
    assert "Trang trước" not in first
    assert "Trang trước" in last
    assert "Trang sau" not in last
    assert 'aria-current="page"' in first


@pytest.mark.parametrize(("page", "top"), [("xyz", "tep-1"), ("0", "tep-51"), ("99", "tep-51"), ("", "tep-1")])
def test_an_impossible_page_gives_the_nearest(nga, conn, page: str, top: str) -> None:
    rows(conn, 60)
    assert listed(nga, f"?page={page}")[0] == top


def test_turning_the_page_keeps_the_search(nga, conn) -> None:
    rows(conn, 60)
    assert "q=tep&amp;page=2" in nga.get("/co-so/?q=tep").content.decode()


def test_one_page_has_no_page_numbers(nga, conn) -> None:
    rows(conn, 25)
    assert "nhsuk-pagination" not in nga.get("/co-so/").content.decode()


def test_the_facility_one_acts_for_is_named(nga, conn) -> None:
    conn.execute(
        "insert into registry_facility (code, name, kind, province, address) "
        "values ('99001', 'Trạm Y tế Thử', '', '', '')"
    )
    conn.commit()
    number = send(conn)
    for page in ("", "gui/", f"lan-gui/{number}/", f"lan-gui/{number}/bien-nhan/"):
        assert "Trạm Y tế Thử (99001)" in nga.get(f"/co-so/{page}").content.decode(), page
