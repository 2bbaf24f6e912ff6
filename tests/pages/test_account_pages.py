"""Signing in and out in a real browser, at the width of a phone and of a desk."""

import pytest
from browsing import PASSWORD, follow, look, sign_in
from playwright.sync_api import expect


pytestmark = pytest.mark.browser


def test_a_person_signs_in_after_mistakes_looks_around_and_signs_out(watched, live, make_account) -> None:
    make_account("nga", role="facility", facility="99001", name="Nguyễn Thị Nga")
    watched.goto(live + "/co-so/gui/")
    look(watched, "sign-in")
    name, password = watched.get_by_label("Tên đăng nhập"), watched.get_by_label("Mật khẩu", exact=True)
    send = watched.get_by_role("button", name="Đăng nhập")

    follow(send)
    problems = watched.get_by_role("alert")
    assert problems.get_by_role("link").all_inner_texts() == ["Hãy nhập tên đăng nhập", "Hãy nhập mật khẩu"]
    problems.get_by_role("link", name="Hãy nhập mật khẩu").click()
    assert watched.evaluate("document.activeElement.id") == "password"
    look(watched, "sign-in-empty")

    name.fill("nga")
    password.fill("khong-phai-mat-khau")
    watched.get_by_role("button", name="Hiện mật khẩu").click()
    assert password.get_attribute("type") == "text"
    watched.get_by_role("button", name="Ẩn mật khẩu").click()
    assert password.get_attribute("type") == "password"
    follow(send)
    expect(problems.get_by_text("Tên đăng nhập hoặc mật khẩu không đúng")).to_be_visible()
    assert (name.input_value(), password.input_value()) == ("nga", "")
    look(watched, "sign-in-wrong")

    password.fill(PASSWORD)
    follow(send)
    assert watched.url == f"{live}/co-so/gui/"
    expect(watched.get_by_text("Nguyễn Thị Nga")).to_be_visible()
    watched.goto(live + "/khong-co/0123456789")
    expect(watched.get_by_role("heading", name="Không tìm thấy trang")).to_be_visible()
    look(watched, "error-404")
    watched.goto(live + "/so-suc-khoe/")
    expect(watched.get_by_role("heading", name="không được xem trang này")).to_be_visible()
    look(watched, "error-403")

    follow(watched.get_by_role("link", name="Về trang đầu", exact=True))
    follow(watched.get_by_role("button", name="Đăng xuất"))
    expect(watched.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    watched.go_back()
    watched.wait_for_url("**/dang-nhap/**")
    expect(watched.get_by_role("heading", name="Đăng nhập")).to_be_visible()


def test_a_new_account_reads_english_by_keyboard_and_is_told_it_has_no_pages_yet(watched, live, make_account) -> None:
    make_account("moi")
    watched.goto(live + "/dang-nhap/?next=/co-so/")
    watched.keyboard.press("Tab")
    assert watched.evaluate("document.activeElement.textContent.trim()") == "Đến nội dung chính"
    watched.keyboard.press("Enter")
    assert watched.evaluate("document.activeElement.id") == "maincontent"

    follow(watched.get_by_role("link", name="English"))
    assert watched.locator("html").get_attribute("lang") == "en"
    assert "next=/co-so/" in watched.url
    expect(watched.get_by_role("heading", name="Sign in")).to_be_visible()
    look(watched, "sign-in-english")
    watched.goto(live + "/dang-nhap/")
    assert watched.locator("html").get_attribute("lang") == "en"
    follow(watched.get_by_role("link", name="Tiếng Việt"))

    sign_in(watched, live, "moi")
    expect(watched.get_by_role("heading", name="Chưa có trang cho tài khoản này")).to_be_visible()
    look(watched, "no-role")
