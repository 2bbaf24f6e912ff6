"""The history of a dossier: every version, what changed between two, taking it back; and who may see it."""

import re

import pytest
from versions_sent import LINK, corrected, dossier, take, three_versions, visit_4210


@pytest.fixture
def nga(client, make_account):
    client.force_login(make_account("nga", role="facility", facility="99001"))
    return client


@pytest.fixture
def sent(conn) -> list[int]:
    return three_versions(conn)


def text(response) -> str:
    """What a page says, on one line."""
    body = response.content.decode().split("<main", 1)[1].split("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<(option|select)[^>]*>.*?</\1>|<[^>]+>", " ", body)).strip()


def rows(response, caption: str) -> list[list[str]]:
    """The cells of the table with this caption, without the headings that a phone shows in each."""
    table = re.search(rf"<caption[^>]*>\s*{re.escape(caption)}.*?</table>", response.content.decode(), re.DOTALL)[0]
    found = re.findall(r"<tr.*?</tr>", table.split("<tbody", 1)[1], re.DOTALL)
    plain = [re.sub(r'<span class="nhsuk-table__heading.*?</span>', "", row, flags=re.DOTALL) for row in found]
    cells = [re.findall(r"<td.*?</td>", row, re.DOTALL) for row in plain]
    return [[re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", cell)).strip() for cell in row] for row in cells]


def page(number: int, rest: str = "lich-su/", position: int = 1) -> str:
    return f"/co-so/lan-gui/{number}/ho-so/{position}/{rest}"


def test_every_version_is_listed_the_newest_first(nga, sent) -> None:
    found = rows(nga.get(page(sent[0])), "3 bản đã gửi")
    assert [row[0].split(" YT")[0] for row in found] == ["Bản 3", "Bản 2", "Bản 1"]
    assert [row[2] for row in found] == ["02/02/2026", "01/02/2026", "31/01/2026"]
    assert found[0][4].endswith("Đang dùng")
    assert found[1][4:] == ["Bị từ chối", "Không ghi vào hồ sơ sức khỏe"]
    assert found[2][4:] == ["Đạt", "Hồ sơ mới"]


def test_the_same_history_from_every_version(nga, sent) -> None:
    pages = [rows(nga.get(page(number)), "3 bản đã gửi") for number in sent]
    assert pages[0] == pages[1] == pages[2]


def test_the_last_two_accepted_are_compared_first(nga, sent) -> None:
    said = text(nga.get(page(sent[2])))
    assert "Bản 3 so với bản 1" in said
    assert "thêm 1 dòng, bỏ 1 dòng." in said


def test_old_and_new_stand_beside_each_other(nga, sent) -> None:
    response = nga.get(page(sent[2]))
    xml1 = rows(response, "XML1")
    assert ["0900000000", "0912000001"] in [row[-2:] for row in xml1]
    assert all(len(row) == 3 for row in xml1)
    drug = rows(response, "XML2")
    assert drug[0] == ["Dòng 1: Amoxicilin", "Liều dùng LIEU_DUNG", *drug[0][2:]]
    assert drug[0][2:] == ["1 viên * 2 lần * 1 ngày [2 viên/ngày]", "2 viên * 2 lần * 1 ngày [4 viên/ngày]"]


def test_a_row_that_came_or_went_is_said_in_words(nga, sent) -> None:
    response = nga.get(page(sent[2]))
    (gone,) = rows(response, "XML3")
    assert gone[:2] == ["Dòng 8 của bản cũ: Bơm tiêm 5 ml", "Bỏ dòng"]
    assert "N03.01.020" in gone[2]
    assert gone[3] == "(không có)"
    (more,) = rows(response, "XML4")
    assert more[:3] == ["Dòng 2: PLT", "Thêm dòng", "(không có)"]
    assert "250" in more[3]


def test_money_is_shown_as_a_difference(nga, sent) -> None:
    money = {row[0].split()[-1]: row[1:] for row in rows(nga.get(page(sent[2])), "Tiền thay đổi")}
    assert money["T_TONGCHI_BV"][2] == "+7.000"
    assert money["T_BHTT"][2] == "+5.600"


def test_any_two_versions_are_compared(nga, sent) -> None:
    said = text(nga.get(page(sent[0]), {"cu": f"{sent[2]}.1", "moi": f"{sent[1]}.1"}))
    assert "Bản 2 so với bản 3" in said
    response = nga.get(page(sent[0]), {"cu": f"{sent[0]}.1", "moi": f"{sent[1]}.1"})
    assert [row[-2:] for row in rows(response, "XML1")] == [["1", "7"]]
    same = nga.get(page(sent[0]), {"cu": f"{sent[0]}.1", "moi": f"{sent[0]}.1"})
    assert "Hãy chọn hai bản khác nhau" in text(same)


@pytest.mark.parametrize("query", [{"cu": "x"}, {"cu": "99.1", "moi": "98.1"}, {"moi": "1.1;drop"}])
def test_a_version_that_is_not_of_this_dossier_is_not_compared(nga, sent, query: dict) -> None:
    assert "Bản 3 so với bản 1" in text(nga.get(page(sent[0]), query))


def test_one_version_has_nothing_to_be_compared_with(nga, sent) -> None:
    response = nga.get(page(sent[0], position=2))
    assert "Hồ sơ mới được gửi một lần" in text(response)
    assert "So hai bản" not in response.content.decode()


def test_versions_that_differ_only_in_their_numbers_say_so(nga, conn) -> None:
    turned = dossier(1)
    turned.tables["XML3"].reverse()
    for number, row in enumerate(turned.tables["XML3"], 1):
        row["STT"] = str(number)
    number = take(conn, dossier(1))
    take(conn, turned, made="20260201")
    assert "Hai bản không khác nhau ở chỉ tiêu nào." in text(nga.get(page(number)))


def test_versions_of_two_standards_say_what_is_compared(nga, conn) -> None:
    old = visit_4210()
    for table in old.tables.values():
        table[0]["MA_LK"] = LINK
    old.standard = "4210"
    number = take(conn, dossier(1))
    take(conn, old, made="20260203")
    said = text(nga.get(page(number)))
    assert "Hai bản theo hai chuẩn khác nhau (QĐ 3176 và QĐ 4210)" in said
    assert "Không so các bảng XML7, XML8, XML14." in said


def test_comparing_is_a_reading_and_logged_as_one(nga, sent, conn) -> None:
    nga.get(page(sent[0], position=2))
    assert conn.execute("select count(*) from access_read").fetchone() == (0,)
    nga.get(page(sent[0]))
    logged = conn.execute(
        """select r.account, r.role, r.facility, r.purpose, r.outcome, r.person = l.person
           from access_read r, people_link l join people_subject s using (subject) where s.patient_no = 'BN000001'"""
    ).fetchall()
    assert logged == [("nga", "facility", "99001", "sent-dossier", "allowed", True)]


def test_what_was_sent_is_shown_as_text_and_never_as_markup(nga, conn) -> None:
    number = take(conn, dossier(1))
    take(conn, dossier(1, GHI_CHU="<script>alert(1)</script>", HO_TEN="A<b>"), made="20260201")
    html = nga.get(page(number)).content.decode()
    assert "&lt;script&gt;alert(1)" in html
    assert "<script>alert" not in html


def test_many_changes_come_in_pages(nga, conn) -> None:
    many = dossier(1)
    note = many.tables["XML5"][0]
    many.tables["XML5"] += [note | {"STT": str(n), "DIEN_BIEN_LS": f"lần {n}"} for n in range(4, 254)]
    number = take(conn, dossier(1))
    take(conn, many, made="20260201")
    first, last = nga.get(page(number)), nga.get(page(number), {"page": "3"})
    assert "thêm 250 dòng" in text(first)
    assert (len(rows(first, "XML5")), len(rows(last, "XML5"))) == (100, 50)


def test_a_dossier_page_leads_to_its_history(nga, sent) -> None:
    assert f'href="{page(sent[1])}"' in nga.get(page(sent[1], "")).content.decode()


def test_a_dossier_without_a_link_has_no_history(nga, conn) -> None:
    visit = dossier(1)
    for table in visit.tables.values():
        for row in table:
            row.pop("MA_LK", None)
    number = take(conn, visit)
    assert nga.get(page(number)).status_code == 404
    assert nga.post(page(number, "rut/"), {"reason": "x"}).status_code == 404
    assert "lich-su" not in nga.get(page(number, "")).content.decode()


def test_another_facility_sees_and_takes_back_nothing(client, make_account, sent, conn) -> None:
    client.force_login(make_account("la", role="facility", facility="99002"))
    for rest in ("lich-su/", "rut/"):
        assert client.get(page(sent[0], rest)).status_code == 404
        assert client.post(page(sent[0], "rut/"), {"reason": "x"}).status_code == 404
    assert conn.execute("select count(*) from intake_withdrawal").fetchone() == (0,)


@pytest.mark.parametrize("reason", ["", "   ", "x" * 501])
def test_taking_back_needs_a_reason(nga, sent, conn, reason: str) -> None:
    response = nga.post(page(sent[0], "rut/"), {"reason": reason})
    assert response.status_code == 422
    assert "Ghi lý do rút hồ sơ, không quá 500 ký tự" in text(response)
    assert conn.execute("select count(*) from intake_withdrawal").fetchone() == (0,)


def test_a_dossier_that_names_another_facility_is_not_taken_back(nga, conn) -> None:
    visit = dossier(1, MA_CSKCB="99002")
    visit.tables["XML14"][0]["MA_CSKCB"] = "99002"
    number = take(conn, visit)
    response = nga.post(page(number, "rut/"), {"reason": "nhầm"})
    assert response.status_code == 422
    assert "Hồ sơ này ghi mã của cơ sở khác (MA_CSKCB) nên không rút được" in text(response)


def test_looking_at_the_page_takes_nothing_back(nga, sent, conn) -> None:
    said = text(nga.get(page(sent[0], "rut/")))
    assert "Gửi lại đúng tệp cũ không có tác dụng" in said
    assert conn.execute("select count(*) from intake_withdrawal").fetchone() == (0,)


def test_a_withdrawn_dossier_shows_as_withdrawn_everywhere(nga, sent) -> None:
    done = nga.post(page(sent[0], "rut/"), {"reason": "Nhập nhầm <b>người bệnh</b>"})
    assert done.headers["Location"] == page(sent[0]) + "?da-rut=1"
    history = nga.get(done.headers["Location"])
    said = text(history)
    assert "Đã rút hồ sơ. Hồ sơ không còn" in said
    assert re.search(r"Đã rút lúc \d\d:\d\d \d\d/\d\d/\d{4}, người rút: nga\. Lý do: Nhập nhầm &lt;b&gt;", said)
    assert rows(history, "3 bản đã gửi")[0][4].endswith("Đã rút")
    assert "Rút hồ sơ này" not in said
    assert "Bản 3 so với bản 1" in said
    for number in (sent[0], sent[2]):
        assert "Đã rút" in text(nga.get(page(number, "")))
        assert "Cơ sở đã rút hồ sơ này" in text(nga.get(page(number, "")))
        assert re.search(r"Đã rút\s+1", text(nga.get(f"/co-so/lan-gui/{number}/")))
    listed = rows(nga.get(f"/co-so/lan-gui/{sent[0]}/ho-so/"), "Hồ sơ theo thứ tự trong tệp")
    assert [row[3] for row in listed] == ["Đạt Đã rút", "Đạt"]
    only = rows(nga.get(f"/co-so/lan-gui/{sent[0]}/ho-so/?outcome=withdrawn"), "Hồ sơ theo thứ tự trong tệp")
    assert [row[0] for row in only] == [LINK]


def test_taking_back_twice_is_harmless(nga, sent, conn) -> None:
    for reason in ("một", "hai"):
        assert nga.post(page(sent[0], "rut/"), {"reason": reason}).status_code == 302
    assert nga.get(page(sent[0], "rut/")).headers["Location"] == page(sent[0])
    assert conn.execute("select reason, account from intake_withdrawal").fetchall() == [("một", "nga")]


def test_sent_again_it_is_withdrawn_no_more(nga, sent, conn) -> None:
    nga.post(page(sent[0], "rut/"), {"reason": "nhầm"})
    number = take(conn, corrected(), dossier(2), made="20990101")
    history = nga.get(page(number))
    assert rows(history, "4 bản đã gửi")[0][4].endswith("Đang dùng")
    assert "Đã rút lúc" in text(history)
    assert "Đã rút" not in text(nga.get(page(sent[0], "")))


def test_the_first_page_counts_what_had_to_be_corrected(nga, sent) -> None:
    nga.post(page(sent[0], "rut/", position=2), {"reason": "nhầm"})
    said = text(nga.get("/co-so/"))
    assert "Hồ sơ phải sửa sau khi gửi" in said
    assert "Mọi hồ sơ bị từ chối đều đã được sửa hoặc đã rút." in said
    assert re.search(
        r"Đã nhận, sau đó gửi bản sửa 1 Bị từ chối, đã sửa xong 1 Bị từ chối, còn chờ sửa 0 Đã rút 1", said
    )


def test_what_waits_for_a_correction_is_said_in_words(nga, conn) -> None:
    take(conn, dossier(1, GIOI_TINH="7"), dossier(2, GIOI_TINH="7"))
    assert "Còn 2 hồ sơ bị từ chối chưa có bản sửa được nhận." in text(nga.get("/co-so/"))


def test_nothing_to_correct_is_one_sentence_and_the_period_is_the_readers(nga, conn) -> None:
    take(conn, dossier(1))
    said = text(nga.get("/co-so/", {"since": "1/3/2026", "until": "31/12/2099"}))
    assert "Từ 01/03/2026 đến 31/12/2099: không có hồ sơ nào phải sửa hay phải rút." in said
    assert "Hồ sơ phải sửa" not in text(nga.get("/co-so/", {"since": "2/1/2099", "until": "1/1/2099"}))


def test_a_withdrawn_visit_leaves_an_empty_book(nga, conn, make_account) -> None:
    from django.test import Client

    number = take(conn, dossier(1))
    (person,) = conn.execute("select person from people_link").fetchone()
    citizen = Client(SERVER_NAME="localhost")
    citizen.force_login(make_account("an", role="citizen", person=person))
    assert "NGƯỜI BỆNH THỬ" in citizen.get("/so-suc-khoe/").content.decode().upper()
    nga.post(page(number, "rut/"), {"reason": "nhầm"})
    for address in ("", "thuoc/", "ket-qua/", "giay-to/", "ai-da-xem/"):
        response = citizen.get(f"/so-suc-khoe/{address}")
        assert response.status_code == 200, address
        assert not re.search("người bệnh thử|viêm phổi|amoxicilin", response.content.decode().lower()), address
