"""The citizen's book in the browser, on a phone and on a desk: every page, every way through."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import book_data
import pytest
from browsing import follow, look, sign_in
from playwright.sync_api import expect


pytestmark = pytest.mark.browser
BOOK = "/so-suc-khoe/"


@pytest.fixture
def reader(conn, live, watched, make_account) -> Callable[..., object]:
    """Signs in whoever the record knows by this number, and opens the book."""

    def open_book(number: str = book_data.NUMBER, name: str = "Người Bệnh Thử") -> object:
        make_account("an", role="citizen", person=book_data.person(conn, number), name=name)
        sign_in(watched, live, "an")
        assert watched.url == live + BOOK
        return watched

    return open_book


@pytest.fixture
def known(conn) -> None:
    """Somebody with five visits at two facilities, the last a few days ago."""
    book_data.name_facilities()
    book_data.send(conn, book_data.life(date.today()))


def shown(day: date) -> str:
    return f"{day:%d/%m/%Y}"


def test_the_first_page_says_at_a_glance_what_an_emergency_needs(known, reader) -> None:
    page = reader()
    card = page.get_by_role("region", name="Thẻ sức khỏe")
    text = card.inner_text()
    for words in (
        "NGƯỜI BỆNH THỬ",
        "Nam",
        "12/03/1965",
        "001065000001",
        "O+",
        "Penicillin",
        "62,5 kg",
        "DN4019900000001",
    ):
        assert words in text
    assert "(I10)" in text
    assert "Amoxicilin 500mg" in text
    box = card.bounding_box()
    assert box["y"] < 400, "it is the first thing on the page"
    look(page, "book-home")


def test_visits_of_all_facilities_stand_newest_first_under_their_year(known, reader) -> None:
    page = reader()
    entries = page.locator(".book-entry")
    expect(entries).to_have_count(5)
    first = entries.nth(0).inner_text()
    assert shown(date.today() - timedelta(days=3)) in first
    assert "Trạm y tế phường Ba Đình" in first
    assert "Ngoại trú bệnh mạn tính dài ngày" in first
    assert "Kết quả xét nghiệm" in first and "Đơn thuốc" in first
    assert "Giấy chuyển cơ sở" in entries.nth(3).inner_text()
    years = page.locator(".book-year").all_inner_texts()
    assert years == sorted(years, reverse=True)


def test_the_next_re_examination_is_on_top(known, reader) -> None:
    page = reader()
    coming = page.get_by_role("region", name="Lịch khám lại")
    expect(coming.get_by_role("listitem")).to_have_count(1)
    assert shown(date.today() + timedelta(days=10)) in coming.inner_text()
    assert "còn 10 ngày" in coming.inner_text()
    follow(coming.get_by_role("link", name="Xem giấy hẹn"))
    expect(page.get_by_role("heading", name="Giấy hẹn khám lại")).to_be_visible()


def test_visits_are_narrowed_by_year_facility_and_kind(known, reader) -> None:
    page = reader()
    page.get_by_label("Cơ sở").select_option("Trạm y tế phường Ba Đình")
    follow(page.get_by_role("button", name="Lọc"))
    expect(page.get_by_role("status")).to_have_text("2 lượt khám")
    page.get_by_label("Loại khám, chữa bệnh").select_option("Điều trị nội trú")
    follow(page.get_by_role("button", name="Lọc"))
    expect(page.get_by_role("status")).to_have_text("Không có lượt khám nào khớp với điều kiện lọc.")
    look(page, "book-home-narrowed")
    follow(page.get_by_role("link", name="Bỏ lọc"))
    page.get_by_label("Năm").select_option(str((date.today() - timedelta(days=400)).year))
    follow(page.get_by_role("button", name="Lọc"))
    years = [(date.today() - timedelta(days=days)).year for days in (400, 100, 31, 8, 3)]
    expect(page.locator(".book-entry")).to_have_count(years.count(years[0]))


def test_a_book_without_visits_says_so(conn, reader, live, watched, make_account) -> None:
    from uuid import uuid4

    make_account("an", role="citizen", person=uuid4(), name="Người Mới")
    sign_in(watched, live, "an")
    for place, words in (
        ("", "Chưa có lượt khám nào"),
        ("thuoc/", "Không có thuốc nào còn hạn dùng"),
        ("ket-qua/", "Chưa có xét nghiệm nào"),
        ("giay-to/", "Chưa có giấy ra viện"),
        ("ai-da-xem/", "Chưa có ai khác mở sổ"),
    ):
        watched.goto(live + BOOK + place)
        assert words in watched.locator("main").inner_text()
        look(watched, f"book-empty-{place.strip('/') or 'home'}")


def test_a_visit_is_shown_in_full(known, reader) -> None:
    page = reader()
    follow(page.locator(".book-entry").nth(1).get_by_role("link"))
    text = page.locator("main").inner_text()
    for words in (
        "Viêm phổi, không", "J18.9", "Tăng huyết áp".lower(), "I10", "Bệnh viện đa khoa Thử Nghiệm",
        "Sốt, ho", "Kháng sinh, hạ sốt", "Đỡ", "Amoxicilin", "500mg", "Uống sau ăn",
        "WBC", "12,4", "4 – 10", "Cao ↑", "HGB", "131", "Thấp ↓",
        "Theo dõi viêm phổi phải", "Đám mờ đáy phổi phải", "Khám Nội",
        "92 lần/phút", "38,5 °C", "130/85 mmHg", "Đỡ sốt, ho giảm", "933.002 đ", "746.401 đ", "186.600 đ",
    ):  # fmt: skip
        assert words.lower() in text.lower(), words
    assert "CSST" not in text
    look(page, "book-visit")


def test_papers_of_a_visit_open_and_the_items_of_the_bill_too(known, reader) -> None:
    page = reader()
    follow(page.locator(".book-entry").nth(1).get_by_role("link"))
    page.locator("summary", has_text="Giấy ra viện").click()
    expect(page.get_by_text("Bác sĩ Thử")).to_be_visible()
    page.locator("summary", has_text="Từng khoản chi phí").click()
    costs = page.get_by_role("table", name="Từng khoản chi phí")
    expect(costs.get_by_role("row").filter(has_text="Bơm tiêm 5 ml").get_by_text("3.000 đ").first).to_be_visible()
    look(page, "book-visit-open")


def test_a_paper_stands_alone_for_printing(known, reader) -> None:
    page = reader()
    page.goto(page.url + "giay-to/")
    look(page, "book-papers")
    follow(page.get_by_role("link", name="Giấy chuyển cơ sở khám bệnh, chữa bệnh"))
    text = page.locator("article").inner_text()
    for words in ("Số 15", "15/2026/GCT", "Trạm y tế phường Ba Đình", "Tỉnh, tự thở", "Xe cứu thương", "J18.9", "Nam"):
        assert words in text
    look(page, "book-paper")
    page.emulate_media(media="print")
    expect(page.get_by_role("button", name="In giấy này")).to_be_hidden()
    expect(page.locator(".nhsuk-header__account")).to_be_hidden()


def test_current_medicines_say_how_much_until_when_and_by_whom(known, reader) -> None:
    page = reader()
    page.goto(page.url + "thuoc/")
    expect(page.locator(".book-drug")).to_have_count(1)
    text = page.locator(".book-drug").inner_text()
    until = date.today() - timedelta(days=3) + timedelta(days=27)
    for words in ("Amoxicilin", "Mỗi lần 1 viên, ngày 2 lần, trong 28 ngày", "Trạm y tế phường Ba Đình", shown(until)):
        assert words in text
    assert "Dùng dài ngày" in text
    page.locator("summary").click()
    look(page, "book-medicines")


def test_a_result_over_time_is_a_chart_and_the_same_table(known, reader) -> None:
    page = reader()
    page.goto(page.url + "ket-qua/")
    look(page, "book-results")
    follow(page.get_by_role("link", name="WBC"))
    chart = page.locator("#chart")
    expect(chart.locator("canvas")).to_be_visible()
    assert "5 kết quả" in chart.get_attribute("aria-label")
    data = page.evaluate("JSON.parse(document.getElementById('chart-data').textContent)")
    rows = page.get_by_role("table").locator("tbody tr")
    values = [rows.nth(n).locator("td").first.inner_text() for n in range(rows.count())]
    assert values == [str(value).replace(".", ",").removesuffix(",0") for value in reversed(data["values"])]
    flags = [rows.nth(n).locator(".book-flag").inner_text() for n in range(rows.count())]
    assert flags == [{"H": "Cao ↑", "L": "Thấp ↓", "N": "Bình thường"}[flag] for flag in reversed(data["flags"])]
    assert {"Cao ↑", "Thấp ↓", "Bình thường"} == set(flags)
    assert (data["low"], data["high"]) == (4, 10)
    assert page.locator("tbody").inner_text().count("4 – 10") == 5
    look(page, "book-trend")


def test_who_looked_is_there_to_see(known, conn, reader, live, watched) -> None:
    from yteso.access.reads import Denied, Reader, open_record

    person = book_data.person(conn)
    open_record(conn, Reader("nga", "facility", "Khám bệnh", facility=book_data.HOSPITAL), person)
    with pytest.raises(Denied):
        open_record(conn, Reader("la", "facility", "tò mò", facility="99999"), person)
    page = reader()
    page.goto(page.url + "ai-da-xem/")
    rows = page.get_by_role("table", name="Người khác").locator("tbody tr")
    expect(rows).to_have_count(2)
    assert "Bị từ chối" in rows.nth(0).inner_text()
    assert "Bệnh viện đa khoa Thử Nghiệm" in rows.nth(1).inner_text()
    assert "Khám bệnh" in rows.nth(1).inner_text()
    page.locator("summary", has_text="Những lần bạn tự xem").click()
    look(page, "book-looked")


def test_the_book_in_english(known, reader) -> None:
    page = reader()
    follow(page.get_by_role("link", name="English"))
    expect(page.get_by_role("heading", name="Health book")).to_be_visible()
    look(page, "book-home-english")
    follow(page.locator(".book-entry").nth(1).get_by_role("link"))
    text = page.locator("main").inner_text()
    assert "High ↑" in text and "12.4" in text and "Reference range" in text
    look(page, "book-visit-english")


def test_a_long_life_has_pages(conn, reader) -> None:
    book_data.name_facilities()
    first = date.today() - timedelta(days=600)
    visits = [
        book_data.called(book_data.moved(book_data.outpatient_visit(), first + timedelta(days=20 * n)), f"LK-{n}")
        for n in range(30)
    ]
    book_data.send(conn, visits)
    page = reader()
    expect(page.get_by_role("status")).to_have_text("30 lượt khám")
    expect(page.locator(".book-entry")).to_have_count(25)
    follow(page.get_by_role("link", name=re.compile("Trang sau")))
    expect(page.locator(".book-entry")).to_have_count(5)
    look(page, "book-home-second")


def test_somebody_of_the_synthetic_province_reads_their_book(conn, reader, live) -> None:
    (number,) = book_data.simulated(conn, 300, illness="dm2")
    page = reader(number)
    look(page, "book-simulated")
    addresses = sorted({link.get_attribute("href") for link in page.locator(".book-entry a").all()})
    assert len(addresses) >= 5
    for number, address in enumerate(addresses):
        page.goto(live + address)
        look(page, f"book-simulated-visit-{number}")
    for place in ("thuoc/", "ket-qua/", "giay-to/"):
        page.goto(live + BOOK + place)
        look(page, f"book-simulated-{place[:-1]}")
