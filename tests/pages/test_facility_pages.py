"""Staff of a facility send files, watch them, and see what to mend and how."""

import pytest
from browsing import follow, look, screenshot, sign_in
from playwright.sync_api import expect
from sent import as_upload, files, name_of, send, work_off
from sent_rows import rows


pytestmark = pytest.mark.browser


@pytest.fixture
def nga(watched, live, make_account):
    make_account("nga", role="facility", facility="99001", name="Nguyễn Thị Nga")
    return watched


def test_a_file_is_sent_watched_and_looked_into(nga, live, conn) -> None:
    file = files()[0]
    sign_in(nga, live, "nga")
    expect(nga.get_by_text("Cơ sở chưa gửi tệp nào")).to_be_visible()
    look(nga, "submissions-none")

    follow(nga.get_by_role("link", name="Gửi hồ sơ", exact=True).first)
    look(nga, "upload")
    nga.locator("input[type=file]").set_input_files(as_upload(file))
    follow(nga.get_by_role("button", name="Gửi", exact=True))

    expect(nga.get_by_text("Đã nhận, chờ xử lý")).to_be_visible()
    expect(nga.get_by_role("heading", name=name_of(file))).to_be_visible()
    look(nga, "submission-waiting")
    conn.execute("update intake_submission set status = 'processing', seen = 5, declared = 12, claimed_until = now()")
    conn.commit()
    nga.get_by_text("Đã xử lý 5 trên 12 hồ sơ.").wait_for()
    assert nga.get_by_role("progressbar").get_attribute("value") == "5"
    look(nga, "submission-moving")

    conn.execute("update intake_submission set status = 'received', seen = 0, claimed_until = null")
    work_off(conn)
    nga.get_by_role("heading", name="Việc cần sửa").wait_for()
    expect(nga.locator("[hx-get]")).to_have_count(0)
    look(nga, "submission")

    nga.get_by_text("Thông tin về tệp").click()
    assert nga.get_by_text(name_of(file)).count() >= 2
    follow(nga.get_by_role("link", name="Xem tất cả các chỗ").first)
    look(nga, "rule")
    follow(nga.get_by_role("main").get_by_role("table").get_by_role("link").first)
    expect(nga.get_by_text("Thứ tự trong tệp")).to_be_visible()
    look(nga, "dossier")
    follow(nga.get_by_role("link", name="Từng hồ sơ"))
    look(nga, "dossiers")
    nga.goto(nga.url.replace("/ho-so/", "/bien-nhan/"))
    expect(nga.get_by_role("button", name="In biên nhận")).to_be_visible()
    look(nga, "receipt")
    nga.emulate_media(media="print")
    expect(nga.get_by_role("link", name="Gửi hồ sơ")).to_have_count(0)
    expect(nga.get_by_role("button", name="In biên nhận")).to_have_count(0)
    assert nga.locator("header img").evaluate("image => getComputedStyle(image).content").endswith('logo-dark.svg")')
    screenshot(nga, "receipt-print")


def test_several_files_are_sent_one_of_them_unreadable_after_sending_nothing(nga, live, conn) -> None:
    sign_in(nga, live, "nga")
    nga.goto(live + "/co-so/gui/")
    nga.evaluate("document.querySelector('input[type=file]').removeAttribute('required')")
    follow(nga.get_by_role("button", name="Gửi", exact=True))
    expect(nga.get_by_role("alert").get_by_role("link", name="Hãy chọn ít nhất một tệp")).to_be_visible()
    look(nga, "upload-nothing")

    photo = {"name": "ảnh chụp.xml", "mimeType": "text/xml", "buffer": b"\xff\xd8\xff\xe0 not xml"}
    nga.locator("input[type=file]").set_input_files([as_upload(files()[0]), photo])
    expect(nga.get_by_text("Đã chọn 2 tệp")).to_be_visible()
    follow(nga.get_by_role("button", name="Gửi", exact=True))
    expect(nga.get_by_text("Đã nhận, chờ xử lý")).to_have_count(2)
    look(nga, "uploaded")
    work_off(conn)
    nga.get_by_text("Đã xử lý xong tất cả.").wait_for()
    expect(nga.locator("[hx-get]")).to_have_count(0)
    look(nga, "uploaded-done")
    follow(nga.get_by_role("link", name="ảnh chụp.xml"))
    expect(nga.get_by_text("Chưa nhận được hồ sơ nào.")).to_be_visible()
    expect(nga.locator("article.app-finding--critical")).to_have_count(1)
    look(nga, "submission-refused")

    follow(nga.get_by_role("button", name="Gửi hồ sơ khác"))
    nga.locator("input[type=file]").set_input_files(photo)
    follow(nga.get_by_role("button", name="Gửi", exact=True))
    expect(nga.get_by_text("Tệp này đã được gửi trước đó")).to_be_visible()
    look(nga, "submission-again")


def test_lists_and_findings_are_narrowed_and_read_in_english(nga, live, conn) -> None:
    number = send(conn, name="Hồ sơ bảo hiểm y tế " + "rất_dài" * 30 + ".xml")
    rows(conn, 60)
    sign_in(nga, live, "nga")
    look(nga, "submissions")
    follow(nga.get_by_role("link", name="Trang sau"))
    expect(nga.get_by_role("link", name="tep-26")).to_be_visible()
    nga.locator("#since").fill("mai")
    follow(nga.get_by_role("button", name="Tìm"))
    expect(nga.get_by_text("Nhập ngày như 22/11/2026")).to_be_visible()
    look(nga, "submissions-wrong-date")
    nga.locator("#since").fill("")
    nga.get_by_label("Tình trạng").select_option(label="Có việc cần sửa")
    follow(nga.get_by_role("button", name="Tìm"))
    expect(nga.get_by_text("1 lần gửi", exact=True)).to_be_visible()
    nga.locator("#q").fill("khong co")
    follow(nga.get_by_role("button", name="Tìm"))
    expect(nga.get_by_text("Không có lần gửi nào khớp")).to_be_visible()
    look(nga, "submissions-no-match")

    nga.goto(f"{live}/co-so/lan-gui/{number}/")
    every = nga.locator("article").count()
    nga.get_by_label("Bảng").select_option("XML14")
    follow(nga.get_by_role("button", name="Lọc"))
    assert 0 < nga.locator("article").count() < every
    nga.get_by_label("Mã lượt khám (MA_LK)").fill("khong-co")
    follow(nga.get_by_role("button", name="Lọc"))
    expect(nga.get_by_text("Không có lỗi nào khớp với điều kiện lọc.")).to_be_visible()
    look(nga, "submission-narrowed-to-nothing")
    follow(nga.get_by_role("link", name="Bỏ lọc"))
    expect(nga.locator("article")).to_have_count(every)
    follow(nga.get_by_role("link", name="Bị từ chối: 7"))
    expect(nga.get_by_text("7 hồ sơ", exact=True)).to_be_visible()
    look(nga, "dossiers-refused")

    follow(nga.get_by_role("link", name="English"))
    look(nga, "dossiers-english")
    nga.goto(f"{live}/co-so/lan-gui/{number}/")
    expect(nga.get_by_role("heading", name="What to mend")).to_be_visible()
    look(nga, "submission-english")


def test_a_file_dropped_on_the_page_is_taken(nga, live) -> None:
    sign_in(nga, live, "nga")
    nga.goto(live + "/co-so/gui/")
    nga.evaluate(
        """() => {
            const data = new DataTransfer();
            data.items.add(new File(["<x/>"], "keo-tha.xml", {type: "text/xml"}));
            const zone = document.querySelector(".nhsuk-file-upload button");
            zone.dispatchEvent(new DragEvent("drop", {dataTransfer: data, bubbles: true, cancelable: true}));
        }"""
    )
    expect(nga.get_by_text("keo-tha.xml")).to_be_visible()
    follow(nga.get_by_role("button", name="Gửi", exact=True))
    expect(nga.get_by_role("heading", name="keo-tha.xml")).to_be_visible()


def test_everything_works_without_javascript(browser, live, make_account, conn) -> None:
    make_account("nga", role="facility", facility="99001")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    sign_in(page, live, "nga")
    follow(page.get_by_role("link", name="Gửi hồ sơ", exact=True).first)
    page.get_by_label("Tệp XML").set_input_files(as_upload(files()[0]))
    follow(page.get_by_role("button", name="Gửi", exact=True))
    follow(page.get_by_role("link", name="Tải lại để xem tiến độ"))
    work_off(conn)
    page.reload()
    expect(page.get_by_role("heading", name="Việc cần sửa")).to_be_visible()
    page.get_by_label("Bảng").select_option("XML14")
    follow(page.get_by_role("button", name="Lọc"))
    expect(page.locator("article")).to_have_count(2)
    follow(page.get_by_role("button", name="Đăng xuất"))
    expect(page.get_by_role("heading", name="Đăng nhập")).to_be_visible()
    context.close()
