"""Sending files: what is taken, what is said of those that are not, and of those sent before."""

import io
import re
from tempfile import NamedTemporaryFile

import pytest
from sent import files, name_of, send, work_off


@pytest.fixture
def nga(client, make_account):
    client.force_login(make_account("nga", role="facility", facility="99001"))
    return client


def part(body: bytes, name: str) -> io.BytesIO:
    made = io.BytesIO(body)
    made.name = name
    return made


def post(client, *parts: io.IOBase):
    return client.post("/co-so/gui/", {"files": list(parts)})


def test_one_file_leads_to_its_own_page(nga, conn) -> None:
    file = files()[0]
    response = post(nga, part(file.bytes, name_of(file)))
    row = conn.execute("select id, name, facility, account, size, status from intake_submission").fetchone()
    assert row[1:] == (name_of(file), "99001", "nga", len(file.bytes), "received")
    assert response.headers["Location"] == f"/co-so/lan-gui/{row[0]}/"
    assert "đang chờ đến lượt" in nga.get(response.headers["Location"]).content.decode()


def test_several_files_lead_to_a_page_of_all_in_their_order(nga) -> None:
    response = post(nga, *[part(f"<a>{n}</a>".encode(), f"tep-{n}.xml") for n in (2, 1, 3)])
    assert response.headers["Location"] == "/co-so/gui/da-nhan/"
    html = nga.get("/co-so/gui/da-nhan/").content.decode()
    assert re.findall(r"tep-\d\.xml(?=</a>)", html) == ["tep-2.xml", "tep-1.xml", "tep-3.xml"]


def test_a_file_is_kept_byte_for_byte_whatever_it_is(nga, conn) -> None:
    from yteso.intake import original, store

    body = b"\xff\xd8 not xml \x00" * 1000
    post(nga, part(body, "ảnh.xml"))
    number = conn.execute("select id from intake_submission").fetchone()[0]
    assert b"".join(original.unpack(store.original(conn, number))) == body


def test_the_same_file_again_leads_to_what_came_of_it_and_says_so(nga, conn) -> None:
    file = files()[0]
    first = post(nga, part(file.bytes, name_of(file))).headers["Location"]
    assert "đã được gửi trước đó" not in nga.get(first).content.decode()
    second = post(nga, part(file.bytes, "ten khac.xml")).headers["Location"]
    assert second == f"{first}?again=1"
    assert "Tệp này đã được gửi trước đó, lúc" in nga.get(second).content.decode()
    assert conn.execute("select count(*) from intake_submission").fetchone() == (1,)


def test_among_several_files_those_sent_before_are_marked(nga, conn) -> None:
    post(nga, part(b"<a/>", "cu.xml"))
    post(nga, part(b"<a/>", "cu.xml"), part(b"<b/>", "moi.xml"))
    html = nga.get("/co-so/gui/da-nhan/").content.decode()
    old, new = html.split("moi.xml")
    assert "đã được gửi trước đó" in old
    assert "đã được gửi trước đó" not in new


def test_the_same_bytes_twice_in_one_go_are_one_submission_and_no_repeat(nga, conn) -> None:
    response = post(nga, part(b"<a/>", "mot.xml"), part(b"<a/>", "hai.xml"))
    assert re.fullmatch(r"/co-so/lan-gui/\d+/", response.headers["Location"])
    assert conn.execute("select count(*) from intake_submission").fetchone() == (1,)


def test_two_facilities_may_send_the_same_bytes(nga, conn, make_account) -> None:
    post(nga, part(b"<a/>", "mot.xml"))
    nga.force_login(make_account("la", role="facility", facility="99002"))
    assert "again" not in post(nga, part(b"<a/>", "mot.xml")).headers["Location"]
    assert conn.execute("select facility from intake_submission order by 1").fetchall() == [("99001",), ("99002",)]


def test_sending_nothing_is_refused_in_words(nga, conn) -> None:
    response = post(nga)
    assert response.status_code == 422
    html = response.content.decode()
    assert 'href="#files"' in html
    assert html.count("Hãy chọn ít nhất một tệp") == 2
    assert "<title>" in html
    assert re.search(r"<title>\s*Lỗi: Gửi hồ sơ", html)
    assert conn.execute("select count(*) from intake_submission").fetchone() == (0,)


def test_a_file_over_the_limit_is_named_and_the_others_are_taken(database, conn) -> None:
    from django.core.files import File

    from yteso.intake.envelope import LIMITS
    from yteso.pages.facility.receiving import receive_all

    with NamedTemporaryFile() as big:
        big.truncate(LIMITS.file + 1)
        taken = receive_all(
            [File(big, name="to.xml"), File(io.BytesIO(b"<a/>"), name="nho.xml")], facility="99001", account="nga"
        )
    assert [problem["text"] for problem in taken.problems] == ["Tệp to.xml lớn hơn 100 MB"]
    assert conn.execute("select id, name from intake_submission").fetchall() == [(taken.numbers[0], "nho.xml")]


@pytest.mark.parametrize("name", ["x" * 255 + ".xml", "Hồ sơ " * 60 + ".xml", "<b>đậm</b>.xml", "a b&c;'\".xml"])
def test_any_name_is_shown_as_it_is_and_as_text(nga, conn, name: str) -> None:
    number = send(conn, name=name, take_in=False)
    for page in ("", f"lan-gui/{number}/", f"lan-gui/{number}/bien-nhan/"):
        html = nga.get(f"/co-so/{page}").content.decode()
        assert "<b>đậm" not in html
        assert html.count("app-break") >= 1, page


@pytest.mark.parametrize(
    ("body", "rule", "words"),
    [
        (b"", "ENV-111", "Tệp rỗng hoặc không có hồ sơ nào"),
        (b"\x89PNG", "ENV-101", "không phải XML đúng cú pháp hoặc bị cắt giữa chừng"),
        (b"<!DOCTYPE a><a/>", "ENV-102", "DOCTYPE"),
        ("<a/>".encode("utf-16"), "ENV-103", "UTF-8"),
        (b"<khac/>", "ENV-106", "gặp thẻ: KHAC"),
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_what_to_do(nga, conn, body: bytes, rule: str, words: str) -> None:
    address = post(nga, part(body, "hong.xml")).headers["Location"]
    work_off(conn)
    html = nga.get(address).content.decode()
    assert "Không đọc được tệp" in html
    assert "Xem lý do dưới đây, xuất lại tệp rồi gửi lại" in html
    assert rule in html
    assert words in html
    assert "Xem từng hồ sơ" not in html
    assert 'href="/co-so/gui/"' in html


def test_why_a_file_cannot_be_read_has_no_english_of_the_parser(nga, conn) -> None:
    address = post(nga, part(files()[0].bytes[:3000], "cut.xml")).headers["Location"]
    work_off(conn)
    assert not re.search(r"Premature|tag |line \d", re.sub(r"<[^>]+>", "", nga.get(address).content.decode()))


def test_a_good_file_says_that_nothing_is_left_to_do(nga, conn) -> None:
    number = send(conn)
    conn.execute("delete from intake_finding")
    conn.execute("update intake_submission set accepted = 12, refused = 0")
    conn.commit()
    html = nga.get(f"/co-so/lan-gui/{number}/").content.decode()
    assert "Tất cả hồ sơ đã được nhận, không có gì phải sửa." in html
    assert "Việc cần sửa" not in html
    assert "Excel" not in html


@pytest.mark.parametrize(("state", "moving"), [("received", True), ("processing", True), ("done", False)])
def test_the_part_that_renews_itself_equals_the_whole_page(nga, conn, state: str, moving: bool) -> None:
    number = send(conn, take_in=False)
    conn.execute("update intake_submission set status = %s, seen = 3, declared = 12", (state,))
    conn.commit()
    address = f"/co-so/lan-gui/{number}/"
    renewed = nga.get(address, headers={"HX-Request": "true"})
    assert renewed.content.decode().strip() in nga.get(address).content.decode()
    assert ("hx-get" in renewed.content.decode()) is moving
    assert renewed.headers.get("HX-Refresh") == (None if moving else "true")


def test_the_list_that_renews_itself_equals_the_whole_page(nga) -> None:
    post(nga, *[part(file.bytes, name_of(file)) for file in files()[:2]])
    renewed = nga.get("/co-so/gui/da-nhan/", headers={"HX-Request": "true"}).content.decode()
    assert renewed.strip() in nga.get("/co-so/gui/da-nhan/").content.decode()
    assert renewed.count("YT") == 2


def test_the_page_of_all_without_anything_sent_leads_on(nga) -> None:
    html = nga.get("/co-so/gui/da-nhan/").content.decode()
    assert "Gửi thêm hồ sơ" in html
    assert "hx-get" not in html


@pytest.mark.parametrize("method", ["put", "delete", "patch"])
def test_other_methods_are_refused(nga, method: str) -> None:
    assert getattr(nga, method)("/co-so/gui/").status_code == 405
    assert getattr(nga, method)("/co-so/").status_code == 405
