"""The page that explains the API: open to everybody, readable, and complete."""

from browsing import follow, look
from playwright.sync_api import expect


def test_the_page_of_the_api_shows_every_operation_and_every_error(watched, live: str) -> None:
    watched.goto(live + "/api/v1/docs")
    expect(watched.get_by_role("heading", level=1)).to_have_text("API gửi hồ sơ")
    for summary in ("Lấy phiên làm việc", "Gửi một tệp hồ sơ", "Lỗi và cảnh báo của một lần gửi"):
        expect(watched.get_by_role("heading", name=summary)).to_be_visible()
    expect(watched.locator("#loi-429")).to_have_text("429")
    look(watched, "api-docs")
    follow(watched.get_by_role("link", name="/api/v1/openapi.json"))
    assert '"openapi"' in watched.content()


def test_the_page_of_the_api_speaks_english_around_the_document(client) -> None:
    client.cookies["language"] = "en"
    html = client.get("/api/v1/docs").content.decode()
    assert "API for sending dossiers" in html
    assert '<h2 class="nhsuk-heading-l" id="send-name" lang="vi">' in html
