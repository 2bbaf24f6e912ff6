"""Staff of a facility send files, watch them, and see what to mend and how."""

import pytest
from browsing import look, sign_in
from sent import as_upload, files, name_of, send, work_off


pytestmark = pytest.mark.browser


@pytest.fixture
def nga(watched, live, make_account):
    make_account("nga", role="facility", facility="99001", name="Nguyễn Thị Nga")
    return watched


def test_a_file_is_sent_watched_and_looked_into(nga, live, conn) -> None:
    file = files()[0]
    sign_in(nga, live, "nga")
    assert nga.get_by_text("Cơ sở chưa gửi tệp nào").is_visible()
    look(nga, "submissions-none")

    nga.get_by_role("link", name="Gửi hồ sơ", exact=True).first.click()
    look(nga, "upload")
    nga.locator("input[type=file]").set_input_files(as_upload(file))
    nga.get_by_role("button", name="Gửi", exact=True).click()

    assert nga.get_by_text("Đã nhận, chờ xử lý").is_visible()
    assert nga.get_by_role("heading", name=name_of(file)).is_visible()
    look(nga, "submission-waiting")
    conn.execute("update intake_submission set status = 'processing', seen = 5, declared = 12, claimed_until = now()")
    conn.commit()
    nga.get_by_text("Đã xử lý 5 trên 12 hồ sơ.").wait_for()
    assert nga.get_by_role("progressbar").get_attribute("value") == "5"
    look(nga, "submission-moving")

    conn.execute("update intake_submission set status = 'received', seen = 0, claimed_until = null")
    work_off(conn)
    nga.get_by_role("heading", name="Việc cần sửa").wait_for()
    assert nga.locator("[hx-get]").count() == 0
    look(nga, "submission")

    nga.get_by_text("Thông tin về tệp").click()
    assert nga.get_by_text(name_of(file)).count() >= 2
    nga.get_by_role("link", name="Xem tất cả các chỗ").first.click()
    look(nga, "rule")
    nga.get_by_role("main").get_by_role("table").get_by_role("link").first.click()
    assert nga.get_by_text("Thứ tự trong tệp").is_visible()
    look(nga, "dossier")
    nga.get_by_role("link", name="Từng hồ sơ").click()
    look(nga, "dossiers")
    nga.goto(nga.url.replace("/ho-so/", "/bien-nhan/"))
    assert nga.get_by_role("button", name="In biên nhận").is_visible()
    look(nga, "receipt")


def test_several_files_are_watched_together(nga, live, conn) -> None:
    sign_in(nga, live, "nga")
    nga.goto(live + "/co-so/gui/")
    nga.locator("input[type=file]").set_input_files([as_upload(file) for file in files()[:2]])
    assert nga.get_by_text("Đã chọn 2 tệp").is_visible()
    nga.get_by_role("button", name="Gửi", exact=True).click()
    assert nga.get_by_text("Đã nhận, chờ xử lý").count() == 2
    look(nga, "uploaded")
    work_off(conn)
    nga.get_by_text("Đã xử lý xong tất cả.").wait_for()
    assert nga.locator("[hx-get]").count() == 0
    look(nga, "uploaded-done")
    nga.goto(live + "/co-so/")
    look(nga, "submissions")


def test_sending_nothing_is_said(nga, live) -> None:
    sign_in(nga, live, "nga")
    nga.goto(live + "/co-so/gui/")
    nga.evaluate("document.querySelector('input[type=file]').removeAttribute('required')")
    nga.get_by_role("button", name="Gửi", exact=True).click()
    assert nga.get_by_role("alert").get_by_role("link", name="Hãy chọn ít nhất một tệp").is_visible()
    look(nga, "upload-nothing")


def test_findings_are_narrowed_by_severity_table_and_dossier(nga, live, conn) -> None:
    number = send(conn)
    sign_in(nga, live, "nga")
    nga.goto(f"{live}/co-so/lan-gui/{number}/")
    every = nga.locator("article").count()
    nga.get_by_label("Bảng").select_option("XML14")
    nga.get_by_role("button", name="Lọc").click()
    assert 0 < nga.locator("article").count() < every
    assert all("XML14" in text for text in nga.locator("article").all_inner_texts())
    nga.get_by_label("Mức độ").select_option(label="Lỗi nghiêm trọng")
    nga.get_by_role("button", name="Lọc").click()
    assert nga.locator("article").count() == nga.locator("article.app-finding--critical").count() > 0
    nga.get_by_label("Mã lượt khám (MA_LK)").fill("khong-co")
    nga.get_by_role("button", name="Lọc").click()
    assert nga.get_by_text("Không có lỗi nào khớp với điều kiện lọc.").is_visible()
    look(nga, "submission-narrowed-to-nothing")
    nga.get_by_role("link", name="Bỏ lọc").click()
    assert nga.locator("article").count() == every


def test_the_english_pages_are_english(nga, live, conn) -> None:
    number = send(conn)
    sign_in(nga, live, "nga")
    nga.get_by_role("link", name="English").click()
    nga.goto(f"{live}/co-so/lan-gui/{number}/")
    assert nga.get_by_role("heading", name="What to mend").is_visible()
    look(nga, "submission-english")


def test_files_are_sent_without_javascript(browser, live, make_account, conn) -> None:
    make_account("nga", role="facility", facility="99001")
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.set_default_timeout(10_000)
    file = files()[0]
    sign_in(page, live, "nga")
    page.goto(live + "/co-so/gui/")
    page.get_by_label("Tệp XML").set_input_files(as_upload(file))
    page.get_by_role("button", name="Gửi", exact=True).click()
    page.get_by_role("link", name="Tải lại để xem tiến độ").click()
    work_off(conn)
    page.reload()
    assert page.get_by_role("heading", name="Việc cần sửa").is_visible()
    context.close()


def test_files_dropped_on_the_page_are_taken(nga, live) -> None:
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
    assert nga.get_by_text("keo-tha.xml").is_visible()
    nga.get_by_role("button", name="Gửi", exact=True).click()
    assert nga.get_by_role("heading", name="keo-tha.xml").is_visible()


def test_submissions_are_found_by_name_without_marks_by_receipt_status_and_date(nga, live, conn) -> None:
    send(conn, name="Hồ sơ tháng Bảy ĐỢT 1.xml")
    sign_in(nga, live, "nga")

    def search(**typed: str) -> int:
        nga.goto(f"{live}/co-so/")
        for field, text in typed.items():
            nga.locator(f"#{field}").fill(text)
        nga.get_by_role("button", name="Tìm").click()
        return nga.get_by_role("link", name="Hồ sơ tháng Bảy ĐỢT 1.xml").count()

    receipt = nga.locator("td.app-code").inner_text().split()[-1]
    assert search(q="ho so thang bay dot") == 1
    assert search(q="tháng tám") == 0
    assert search(q=receipt.lower()) == 1
    assert search(q=f"{receipt}9") == 0
    assert search(since="01/01/2020", until="31/12/2099") == 1
    assert search(since="1/1/2099") == 0
    assert search(until="31.12.2020") == 0
    assert nga.get_by_text("Không có lần gửi nào khớp").is_visible()
    search(since="mai")
    assert nga.get_by_text("Nhập ngày như 22/11/2026").is_visible()
    look(nga, "submissions-wrong-date")
    nga.goto(f"{live}/co-so/?status=refused")
    assert nga.get_by_text("Không có lần gửi nào khớp").is_visible()


def test_a_file_that_cannot_be_read_says_why(nga, live, conn) -> None:
    sign_in(nga, live, "nga")
    nga.goto(live + "/co-so/gui/")
    nga.locator("input[type=file]").set_input_files(
        {"name": "ảnh chụp.xml", "mimeType": "text/xml", "buffer": b"\xff\xd8\xff\xe0 not xml"}
    )
    nga.get_by_role("button", name="Gửi", exact=True).click()
    work_off(conn)
    nga.get_by_text("Không đọc được tệp").wait_for()
    assert nga.locator("article.app-finding--critical").count() == 1
    look(nga, "submission-refused")
