"""Signing in and out, the language switch, the way home."""

import pytest
from browsing import PASSWORD, look, sign_in


pytestmark = pytest.mark.browser


def test_signs_in_to_the_first_page_of_the_role_and_out_again(watched, live, make_account) -> None:
    make_account("nga", role="facility", facility="99001", name="Nguyễn Thị Nga")
    watched.goto(live)
    look(watched, "sign-in")
    sign_in(watched, live, "nga")
    assert watched.get_by_text("Nguyễn Thị Nga").is_visible()
    assert watched.url == f"{live}/co-so/"
    watched.get_by_role("button", name="Đăng xuất").click()
    assert watched.get_by_role("heading", name="Đăng nhập").is_visible()
    watched.goto(live + "/co-so/")
    assert "/dang-nhap/" in watched.url


def test_a_wrong_password_is_said_plainly_and_keeps_the_name(watched, live, make_account) -> None:
    make_account("nga", role="facility", facility="99001")
    watched.goto(live + "/dang-nhap/")
    watched.get_by_label("Tên đăng nhập").fill("nga")
    watched.get_by_label("Mật khẩu", exact=True).fill("khong-phai-mat-khau")
    watched.get_by_role("button", name="Đăng nhập").click()
    assert watched.get_by_role("alert").get_by_text("Tên đăng nhập hoặc mật khẩu không đúng").is_visible()
    assert watched.get_by_label("Tên đăng nhập").input_value() == "nga"
    assert watched.get_by_label("Mật khẩu", exact=True).input_value() == ""
    look(watched, "sign-in-wrong")


def test_empty_fields_are_named(watched, live) -> None:
    watched.goto(live + "/dang-nhap/")
    watched.get_by_role("button", name="Đăng nhập").click()
    problems = watched.get_by_role("alert")
    assert problems.get_by_role("link").all_inner_texts() == ["Hãy nhập tên đăng nhập", "Hãy nhập mật khẩu"]
    problems.get_by_role("link", name="Hãy nhập mật khẩu").click()
    assert watched.evaluate("document.activeElement.id") == "password"
    look(watched, "sign-in-empty")


def test_after_signing_in_one_lands_where_one_was_going(watched, live, make_account) -> None:
    make_account("nga", role="facility", facility="99001")
    watched.goto(live + "/co-so/gui/")
    watched.get_by_label("Tên đăng nhập").fill("nga")
    watched.get_by_label("Mật khẩu", exact=True).fill(PASSWORD)
    watched.get_by_role("button", name="Đăng nhập").click()
    assert watched.url == f"{live}/co-so/gui/"


def test_the_password_can_be_shown(watched, live) -> None:
    watched.goto(live + "/dang-nhap/")
    field = watched.get_by_label("Mật khẩu", exact=True)
    watched.get_by_role("button", name="Hiện mật khẩu").click()
    assert field.get_attribute("type") == "text"
    watched.get_by_role("button", name="Ẩn mật khẩu").click()
    assert field.get_attribute("type") == "password"


def test_language_is_switched_in_the_header_and_remembered(watched, live, make_account) -> None:
    make_account("nga", role="facility", facility="99001")
    watched.goto(live + "/dang-nhap/?next=/co-so/")
    assert watched.locator("html").get_attribute("lang") == "vi"
    watched.get_by_role("link", name="English").click()
    assert watched.locator("html").get_attribute("lang") == "en"
    assert "next=/co-so/" in watched.url
    assert watched.get_by_role("heading", name="Sign in").is_visible()
    look(watched, "sign-in-english")
    watched.goto(live + "/dang-nhap/")
    assert watched.locator("html").get_attribute("lang") == "en"
    watched.get_by_role("link", name="Tiếng Việt").click()
    assert watched.get_by_role("heading", name="Đăng nhập").is_visible()


def test_an_account_without_a_role_is_told_so(watched, live, make_account) -> None:
    make_account("moi")
    sign_in(watched, live, "moi")
    assert watched.get_by_role("heading", name="Chưa có trang cho tài khoản này").is_visible()
    look(watched, "no-role")


def test_error_pages_help_and_repeat_nothing(watched, live, make_account) -> None:
    make_account("nga", role="facility", facility="99001")
    sign_in(watched, live, "nga")
    watched.goto(live + "/khong-co/0123456789")
    assert watched.get_by_role("heading", name="Không tìm thấy trang").is_visible()
    assert "0123456789" not in watched.locator("main").inner_text()
    look(watched, "error-404")


def test_the_keyboard_skips_to_the_content(watched, live) -> None:
    watched.goto(live + "/dang-nhap/")
    watched.keyboard.press("Tab")
    assert watched.evaluate("document.activeElement.textContent.trim()") == "Đến nội dung chính"
    watched.keyboard.press("Enter")
    assert watched.evaluate("document.activeElement.id") == "maincontent"


def test_works_without_javascript(browser, live, make_account) -> None:
    make_account("nga", role="facility", facility="99001")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    sign_in(page, live, "nga")
    assert page.url == f"{live}/co-so/"
    context.close()
