"""Signing in and out in a real browser, at the width of a phone and of a desk."""

import pytest
from browsing import PASSWORD, look, sign_in


pytestmark = pytest.mark.browser


def test_a_person_signs_in_after_mistakes_looks_around_and_signs_out(watched, live, make_account) -> None:
    make_account("nga", role="facility", facility="99001", name="Nguyễn Thị Nga")
    watched.goto(live + "/co-so/gui/")
    look(watched, "sign-in")
    name, password = watched.get_by_label("Tên đăng nhập"), watched.get_by_label("Mật khẩu", exact=True)
    send = watched.get_by_role("button", name="Đăng nhập")

    send.click()
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
    send.click()
    assert problems.get_by_text("Tên đăng nhập hoặc mật khẩu không đúng").is_visible()
    assert (name.input_value(), password.input_value()) == ("nga", "")
    look(watched, "sign-in-wrong")

    password.fill(PASSWORD)
    send.click()
    assert watched.url == f"{live}/co-so/gui/"
    assert watched.get_by_text("Nguyễn Thị Nga").is_visible()
    watched.goto(live + "/khong-co/0123456789")
    assert watched.get_by_role("heading", name="Không tìm thấy trang").is_visible()
    look(watched, "error-404")
    watched.goto(live + "/so-suc-khoe/")
    assert watched.get_by_role("heading", name="không được xem trang này").is_visible()
    look(watched, "error-403")

    watched.get_by_role("link", name="Về trang đầu", exact=True).click()
    watched.get_by_role("button", name="Đăng xuất").click()
    assert watched.get_by_role("heading", name="Đăng nhập").is_visible()
    watched.go_back()
    watched.wait_for_url("**/dang-nhap/**")
    assert watched.get_by_role("heading", name="Đăng nhập").is_visible()


def test_a_new_account_reads_english_by_keyboard_and_is_told_it_has_no_pages_yet(watched, live, make_account) -> None:
    make_account("moi")
    watched.goto(live + "/dang-nhap/?next=/co-so/")
    watched.keyboard.press("Tab")
    assert watched.evaluate("document.activeElement.textContent.trim()") == "Đến nội dung chính"
    watched.keyboard.press("Enter")
    assert watched.evaluate("document.activeElement.id") == "maincontent"

    watched.get_by_role("link", name="English").click()
    assert watched.locator("html").get_attribute("lang") == "en"
    assert "next=/co-so/" in watched.url
    assert watched.get_by_role("heading", name="Sign in").is_visible()
    look(watched, "sign-in-english")
    watched.goto(live + "/dang-nhap/")
    assert watched.locator("html").get_attribute("lang") == "en"
    watched.get_by_role("link", name="Tiếng Việt").click()

    sign_in(watched, live, "moi")
    assert watched.get_by_role("heading", name="Chưa có trang cho tài khoản này").is_visible()
    look(watched, "no-role")
