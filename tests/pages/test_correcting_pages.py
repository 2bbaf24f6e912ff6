"""In the browser: what was corrected, version against version, and taking a dossier back."""

import pytest
from browsing import follow, look, sign_in
from playwright.sync_api import expect
from versions_sent import LINK, dossier, take, three_versions, visit_4210


pytestmark = pytest.mark.browser


@pytest.fixture
def nga(watched, live, make_account):
    make_account("nga", role="facility", facility="99001", name="Nguyễn Thị Nga")
    return watched


def test_a_correction_is_looked_at_and_the_dossier_taken_back(nga, live, conn) -> None:
    three_versions(conn)
    take(conn, dossier(3, GIOI_TINH="7"))
    sign_in(nga, live, "nga")
    expect(nga.get_by_text("Còn 1 hồ sơ bị từ chối chưa có bản sửa được nhận.")).to_be_visible()
    look(nga, "submissions-corrections")
    follow(nga.get_by_role("link", name="thang-1-sua-lan-2.xml"))
    follow(nga.get_by_role("button", name="Xem từng hồ sơ"))
    follow(nga.get_by_role("link", name=LINK))
    follow(nga.get_by_role("link", name="Lịch sử hồ sơ"))
    expect(nga.get_by_role("heading", name="Bản 3 so với bản 1")).to_be_visible()
    look(nga, "history")

    nga.get_by_label("Bản mới").select_option(label=nga.locator("#moi option").nth(1).inner_text())
    follow(nga.get_by_role("button", name="So hai bản"))
    expect(nga.get_by_role("heading", name="Bản 2 so với bản 1")).to_be_visible()
    expect(nga.get_by_text("Bản 2 sửa 1 chỗ.")).to_be_visible()
    look(nga, "history-refused")

    follow(nga.get_by_role("button", name="Rút hồ sơ này"))
    look(nga, "withdraw")
    follow(nga.get_by_role("button", name="Rút hồ sơ"))
    expect(nga.get_by_role("alert").get_by_role("link", name="Ghi lý do rút hồ sơ")).to_be_visible()
    look(nga, "withdraw-without-reason")
    nga.get_by_label("Lý do rút hồ sơ").fill("Nhập nhầm người bệnh")
    follow(nga.get_by_role("button", name="Rút hồ sơ"))
    expect(nga.get_by_text("Đã rút hồ sơ. Hồ sơ không còn")).to_be_visible()
    expect(nga.get_by_text("Lý do: Nhập nhầm người bệnh")).to_be_visible()
    look(nga, "history-withdrawn")
    follow(nga.get_by_role("link", name=LINK))
    expect(nga.get_by_text("Cơ sở đã rút hồ sơ này")).to_be_visible()
    look(nga, "dossier-withdrawn")
    follow(nga.get_by_role("link", name="Từng hồ sơ"))
    look(nga, "dossiers-withdrawn")


def test_versions_of_two_standards_and_in_english(nga, live, conn) -> None:
    old = visit_4210()
    for table in old.tables.values():
        table[0]["MA_LK"] = LINK
    number = take(conn, dossier(1))
    take(conn, old, made="20260203")
    sign_in(nga, live, "nga")
    nga.goto(f"{live}/co-so/lan-gui/{number}/ho-so/1/lich-su/")
    expect(nga.get_by_text("Hai bản theo hai chuẩn khác nhau")).to_be_visible()
    look(nga, "history-standards")
    follow(nga.get_by_role("link", name="English"))
    expect(nga.get_by_role("heading", name="Version 2 compared with version 1")).to_be_visible()
    look(nga, "history-english")


def test_it_works_without_javascript(browser, live, make_account, conn) -> None:
    make_account("nga", role="facility", facility="99001")
    numbers = three_versions(conn)
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(20_000)
    sign_in(page, live, "nga")
    page.goto(f"{live}/co-so/lan-gui/{numbers[0]}/ho-so/1/lich-su/")
    page.get_by_label("Bản cũ").select_option(f"{numbers[1]}.1")
    follow(page.get_by_role("button", name="So hai bản"))
    expect(page.get_by_role("heading", name="Bản 3 so với bản 2")).to_be_visible()
    follow(page.get_by_role("button", name="Rút hồ sơ này"))
    page.get_by_label("Lý do rút hồ sơ").fill("Nhập nhầm")
    follow(page.get_by_role("button", name="Rút hồ sơ"))
    expect(page.get_by_text("Lý do: Nhập nhầm")).to_be_visible()
    context.close()
