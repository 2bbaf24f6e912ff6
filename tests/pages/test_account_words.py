"""Signing in, the language, the first page of each role, error pages: everything that needs no browser."""

import re

import pytest
from browsing import PASSWORD


def sign_in(client, username: str, password: str = PASSWORD, **more: str):
    return client.post("/dang-nhap/", {"username": username, "password": password, **more})


@pytest.fixture
def nga(make_account):
    return make_account("nga", role="facility", facility="99001")


@pytest.mark.parametrize("case", ["unknown", "wrong", "closed"])
def test_nobody_learns_who_has_an_account(client, nga, case: str) -> None:
    if case == "closed":
        nga.is_active = False
        nga.save()
    name, password = {"unknown": ("ai-do", PASSWORD), "wrong": ("nga", "x"), "closed": ("nga", PASSWORD)}[case]
    html = sign_in(client, name, password).content.decode()
    assert "Tên đăng nhập hoặc mật khẩu không đúng. Hãy kiểm tra và nhập lại." in html
    assert f'value="{name}"' in html
    assert f'value="{password}"' not in html
    assert re.search(r"<title>\s*Lỗi: Đăng nhập", html)


@pytest.mark.parametrize(
    ("username", "password", "said"),
    [
        ("", "", ["Hãy nhập tên đăng nhập", "Hãy nhập mật khẩu"]),
        ("nga", "", ["Hãy nhập mật khẩu"]),
        ("  ", "x", ["Hãy nhập tên đăng nhập"]),
    ],
)
def test_empty_fields_are_named_above_and_beside(client, database, username: str, password: str, said: list) -> None:
    html = sign_in(client, username, password).content.decode()
    assert re.findall(r'<a href="#(?:username|password)">\s*([^<]+?)\s*</a>', html) == said
    for words in said:
        assert html.count(words) == 2


@pytest.mark.parametrize(
    ("wanted", "reached"),
    [
        ("/co-so/gui/", "/co-so/gui/"),
        ("", "/"),
        ("https://elsewhere.example/", "/"),
        ("//elsewhere.example", "/"),
        ("javascript:alert(1)", "/"),
    ],
)
def test_signing_in_leads_where_one_was_going_and_nowhere_else(client, nga, wanted: str, reached: str) -> None:
    assert sign_in(client, "nga", next=wanted).headers["Location"] == reached


def test_where_one_was_going_survives_a_wrong_password(client, nga) -> None:
    assert 'name="next" value="/co-so/gui/"' in client.get("/dang-nhap/?next=/co-so/gui/").content.decode()
    assert 'name="next" value="/co-so/gui/"' in sign_in(client, "nga", "x", next="/co-so/gui/").content.decode()


def test_signing_in_changes_the_session_and_ends_with_signing_out(client, nga) -> None:
    client.get("/dang-nhap/")
    sign_in(client, "nga")
    first = client.session.session_key
    cookie = client.cookies["sessionid"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert client.post("/dang-xuat/").headers["Location"] == "/dang-nhap/"
    assert client.get("/co-so/").status_code == 302
    sign_in(client, "nga")
    assert client.session.session_key != first


def test_who_is_signed_in_does_not_see_the_form_again(client, nga) -> None:
    client.force_login(nga)
    assert client.get("/dang-nhap/").headers["Location"] == "/"


@pytest.mark.parametrize(
    ("role", "of", "first"),
    [("facility", {"facility": "99001"}, "/co-so/"), ("authority", {"province": "99"}, "/quan-ly/")],
)
def test_home_is_the_first_page_of_the_role(client, make_account, role: str, of: dict[str, str], first: str) -> None:
    client.force_login(make_account("an", role=role, **of))
    assert client.get("/").headers["Location"] == first


def test_home_of_an_account_without_a_role_says_whom_to_ask(client, make_account) -> None:
    client.force_login(make_account("an"))
    response = client.get("/")
    assert "Chưa có trang cho tài khoản này" in response.content.decode()
    assert "Hãy liên hệ người quản trị tài khoản" in response.content.decode()


def test_the_header_names_the_person_and_else_the_account(client, make_account) -> None:
    client.force_login(make_account("nga", role="facility", facility="99001", name="Nguyễn Thị Nga"))
    assert "Nguyễn Thị Nga" in client.get("/co-so/").content.decode()
    client.force_login(make_account("binh", role="facility", facility="99001"))
    assert "binh" in client.get("/co-so/").content.decode()


def test_the_menu_is_that_of_the_role_and_marks_where_one_is(client, nga, make_account) -> None:
    client.force_login(nga)

    def marked(address: str) -> list[str]:
        html = client.get(address).content.decode()
        return re.findall(r'<a [^>]*aria-current="(?:page|true)"[^>]*>\s*(?:<[^>]+>)?\s*([^<]+?)\s*<', html)

    assert marked("/co-so/") == ["Các lần gửi"]
    assert marked("/co-so/gui/") == marked("/co-so/gui/da-nhan/") == ["Gửi hồ sơ"]
    client.force_login(make_account("moi"))
    assert "Gửi hồ sơ" not in client.get("/").content.decode()


@pytest.mark.parametrize(("code", "title"), [("vi", "Đăng nhập"), ("en", "Sign in")])
def test_the_language_chosen_is_remembered(client, database, code: str, title: str) -> None:
    response = client.get(f"/ngon-ngu/{code}/?next=/dang-nhap/")
    assert response.headers["Location"] == "/dang-nhap/"
    assert response.cookies["language"]["httponly"]
    assert int(response.cookies["language"]["max-age"]) > 300 * 24 * 3600
    page = client.get("/dang-nhap/")
    assert page.headers["Content-Language"] == code
    assert f'<html lang="{code}"' in page.content.decode()
    assert title in page.content.decode()


def test_a_language_nobody_offers_is_vietnamese(client, database) -> None:
    client.cookies["language"] = "fr"
    assert client.get("/dang-nhap/").headers["Content-Language"] == "vi"


def test_the_switch_comes_back_to_the_same_page_with_its_search(client, nga) -> None:
    client.force_login(nga)
    html = client.get("/co-so/?q=a&status=done").content.decode()
    assert 'href="/ngon-ngu/en/?next=%2Fco-so%2F%3Fq%3Da%26status%3Ddone"' in html
    assert re.search(r'<span lang="en">English</span>', html)


@pytest.mark.parametrize(
    ("address", "status", "title"),
    [
        ("/khong-co/0123456789/", 404, "Không tìm thấy trang"),
        ("/so-suc-khoe/", 403, "Tài khoản của bạn không được xem trang này"),
    ],
)
def test_error_pages_help_and_repeat_nothing(client, nga, address: str, status: int, title: str) -> None:
    client.force_login(nga)
    response = client.get(address)
    html = response.content.decode()
    assert response.status_code == status
    assert title in html
    assert f"Mã lỗi {status}" in html
    assert "Về trang đầu" in html
    assert "Gửi hồ sơ" in html  # the menu is still there
    assert "0123456789" not in html.split("<main")[1]
    assert "no-store" in response.headers["Cache-Control"]


def test_a_bad_request_is_answered_in_words(client, nga) -> None:
    client.force_login(nga)
    response = client.get("/co-so/", headers={"host": "elsewhere.example"})
    assert response.status_code == 400
    assert "Yêu cầu không hợp lệ" in response.content.decode()


def test_error_pages_speak_the_language_chosen(client, nga) -> None:
    client.force_login(nga)
    client.get("/ngon-ngu/en/")
    assert "Page not found" in client.get("/khong-co/").content.decode()


def test_error_pages_for_those_not_signed_in_ask_to_sign_in_and_tell_nothing(client, database) -> None:
    there, not_there = client.get("/co-so/"), client.get("/co-so/lan-gui/1/")
    assert there.status_code == not_there.status_code == 302
