"""What a person does in the browser, and what every page must stand up to."""

import os
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe


PASSWORD = "mot-mat-khau-dai-de-thu"

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def follow(link: object) -> None:
    """Press a link or button that leads to a page, and wait for that page: read before, it would be the old one."""
    with link.page.expect_navigation():
        link.click()


def sign_in(page: object, live: str, username: str, password: str = PASSWORD) -> None:
    """Through the form, as a person does; ends on the first page of the account's role."""
    page.goto(live + "/dang-nhap/")
    page.get_by_label("Tên đăng nhập").fill(username)
    page.get_by_label("Mật khẩu", exact=True).fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url(lambda url: "/dang-nhap/" not in url)


def assert_accessible(page: object) -> None:
    """No violation of WCAG 2.2 AA, and nothing that pushes the page sideways."""
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    assert [(v["id"], v["help"], [n["html"][:200] for n in v["nodes"]]) for v in found] == []
    wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, f"{page.url} is {wide} px wider than the screen"


def screenshot(page: object, name: str) -> None:
    """Keep a picture in the folder $YTESO_SHOTS, when it is set: `<name>-<width>.png`."""
    if folder := os.environ.get("YTESO_SHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=f"{folder}/{name}-{page.viewport_size['width']}.png", full_page=True)


def look(page: object, name: str) -> None:
    """A page as a test sees it: accessible, and pictured."""
    assert_accessible(page)
    screenshot(page, name)
