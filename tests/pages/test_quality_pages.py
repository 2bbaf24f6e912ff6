"""The quality card of a facility, and what the authority of its province sees of it."""

import pytest
from browsing import follow, look, sign_in
from playwright.sync_api import expect
from quality_data import fill


pytestmark = pytest.mark.browser


@pytest.fixture
def province(conn, database):
    fill(conn)
    return conn


@pytest.fixture
def nga(watched, live, province, make_account):
    make_account("nga", role="facility", facility="99001", name="Nguyễn Thị Nga")
    return watched


@pytest.fixture
def so(watched, live, province, make_account):
    make_account("so", role="authority", province="99", name="Sở Y tế")
    return watched


def test_a_facility_reads_its_card_and_finds_what_to_mend(nga, live) -> None:
    sign_in(nga, live, "nga")
    nga.goto(live + "/co-so/chat-luong/")
    nga.get_by_label("Tháng người bệnh ra về").select_option("2026-08")
    follow(nga.get_by_role("button", name="Xem"))
    expect(nga.get_by_role("heading", level=1)).to_contain_text("Phiếu chất lượng 08/2026")
    for title in ("Đúng", "Đủ", "Sạch", "Sống", "Sâu", "Đồng bộ"):
        expect(nga.get_by_role("heading", name=title, exact=True)).to_be_visible()
    look(nga, "quality-card")
    nga.get_by_text("Số liệu chi tiết: Sâu").click()
    expect(nga.get_by_text("Liều dùng ghi đúng cấu trúc")).to_be_visible()
    look(nga, "quality-card-details")
    follow(nga.locator(".quality-samples a").first)
    expect(nga.get_by_text("Thứ tự trong tệp")).to_be_visible()


def test_a_facility_follows_what_is_missing(nga, live) -> None:
    sign_in(nga, live, "nga")
    nga.goto(live + "/co-so/chat-luong/?thang=2026-08")
    row = nga.get_by_role("row").filter(has_text="Người bệnh được hẹn khám lại")
    follow(row.get_by_role("link"))
    expect(nga.get_by_role("heading", level=1)).to_contain_text("Người bệnh được hẹn khám lại")
    expect(nga.get_by_role("table").get_by_role("row")).not_to_have_count(0)
    look(nga, "quality-missing")
    follow(nga.get_by_role("link", name="Phiếu chất lượng 08/2026"))
    expect(nga.get_by_role("heading", level=1)).to_contain_text("Phiếu chất lượng 08/2026")


def test_a_facility_without_visits_is_told_when_there_will_be_a_card(watched, live, make_account) -> None:
    make_account("moi", role="facility", facility="99777")
    sign_in(watched, live, "moi")
    follow(watched.get_by_role("link", name="Chất lượng"))
    expect(watched.get_by_text("Chưa có lượt khám nào để lập phiếu")).to_be_visible()
    look(watched, "quality-none")


def test_the_authority_ranks_compares_and_opens_a_card(so, live) -> None:
    sign_in(so, live, "so")
    expect(so.get_by_role("heading", level=1)).to_contain_text("Xếp hạng chất lượng dữ liệu")
    so.get_by_label("Tháng người bệnh ra về").select_option("2026-08")
    so.get_by_label("Tiêu chí", exact=True).select_option("Đúng")
    follow(so.get_by_role("button", name="Xem"))
    expect(so.get_by_text("Không khác biệt rõ với hạng").first).to_be_visible()
    expect(so.get_by_text("Chưa đủ dữ liệu để xếp hạng: dưới 10")).to_be_visible()
    look(so, "ranking")
    follow(so.get_by_role("link", name="Cơ sở thử 99001"))
    expect(so.get_by_role("heading", level=1)).to_contain_text("Cơ sở thử 99001 (99001)")
    look(so, "authority-card")


def test_the_authority_sees_interconnection_and_silence(so, live, province) -> None:
    sign_in(so, live, "so")
    so.goto(live + "/quan-ly/lien-thong/?thang=2026-08")
    expect(so.get_by_text("Cả tỉnh: phải có và đã có")).to_be_visible()
    look(so, "interconnection")
    follow(so.get_by_role("link", name="Lâu không gửi"))
    expect(so.get_by_role("heading", level=1)).to_contain_text("Cơ sở lâu không gửi hồ sơ")
    look(so, "silent")
