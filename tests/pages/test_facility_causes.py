"""One wrong date, and all the rows that disagree with it: the facility sees one thing to mend."""

import re
from functools import cache
from html import unescape
from io import BytesIO

import pytest
from browsing import follow, look, sign_in
from playwright.sync_api import expect
from sent import FACILITY, work_off

from yteso.sandbox import simulate


@cache
def late_discharges() -> list[simulate.SimulatedFile]:
    """Files of one dossier each, whose discharge was typed a year too early."""
    made = simulate.visits(people=150, days=120, facilities=1, seed=3, dirty=1.0)
    wrong = [file for file in made if [one.kind.name for one in file.mistakes] == ["discharge_before_arrival"]]
    return [file for file in wrong if file.facility == FACILITY]


@pytest.fixture
def number(conn) -> int:
    from yteso.intake import service

    file = max(late_discharges(), key=lambda file: len(file.bytes))
    work, _new = service.receive(conn, BytesIO(file.bytes), name="ngay-ra-sai.xml", facility=FACILITY, account="nga")
    conn.commit()
    work_off(conn)
    return work.id


def text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def test_many_findings_are_one_thing_to_mend(client, make_account, conn, number) -> None:
    client.force_login(make_account("nga", role="facility", facility=FACILITY))
    count = conn.execute("select count(*) from intake_finding").fetchone()[0]
    assert count > 9
    for page in ("", "ho-so/1/"):
        html = client.get(f"/co-so/lan-gui/{number}/{page}").content.decode()
        first = text(re.search(r"<article.*?</article>", html, re.DOTALL)[0])
        assert "XML1-048" in first
        assert "Ngày ra viện (NGAY_RA)" in first
        assert html.count("<article") <= 3
        assert "Kéo theo" in first


def test_each_row_that_follows_says_what_it_follows(client, make_account, number) -> None:
    client.force_login(make_account("nga", role="facility", facility=FACILITY))
    html = client.get(f"/co-so/lan-gui/{number}/loi/XML3-014/").content.decode()
    assert text(html).count("Theo Ngày ra viện (NGAY_RA)") > 1
    assert "Sửa tại đây" not in html


@pytest.mark.browser
def test_the_cause_is_read_and_its_effects_unfolded(watched, live, make_account, number) -> None:
    make_account("nga", role="facility", facility=FACILITY, name="Nguyễn Thị Nga")
    sign_in(watched, live, "nga")
    watched.goto(f"{live}/co-so/lan-gui/{number}/")
    cause = watched.locator("article").first
    effect = cause.get_by_role("listitem").first
    expect(effect).to_be_hidden()
    look(watched, "causes-submission")
    cause.locator("summary").click()
    expect(effect).to_be_visible()
    look(watched, "causes-submission-unfolded")
    follow(effect.get_by_role("link"))
    expect(watched.get_by_text("Theo Ngày ra viện (NGAY_RA)").first).to_be_visible()
    look(watched, "causes-rule")
    watched.goto(f"{live}/co-so/lan-gui/{number}/ho-so/1/")
    watched.locator("article").first.locator("summary").click()
    expect(watched.locator("article").first.get_by_role("listitem").first).to_be_visible()
    look(watched, "causes-dossier-unfolded")
