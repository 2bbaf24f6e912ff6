"""Every page of figures and everybody who might knock: who gets in, who is turned away, and with what answer."""

from datetime import date

import pytest

from yteso.quality import months


PERSON = "6f1b8a50-0000-4000-8000-000000000000"
WHO = {
    "nobody": None,
    "facility": {"role": "facility", "facility": "99001"},
    "authority": {"role": "authority", "province": "99"},
    "other": {"role": "authority", "province": "98"},
    "citizen": {"role": "citizen", "person": PERSON},
    "operator": {"role": "operator"},
    "steward": {"role": "steward"},
    "roleless": {},
}

DOORS = """
page                               nobody  facility  authority  other  citizen  operator  steward  roleless
/quan-ly/                          302     403       200        200    403      403       403      403
/quan-ly/xep-hang.csv              302     403       200        200    403      403       403      403
/quan-ly/lau-khong-gui/            302     403       200        200    403      403       403      403
/quan-ly/lien-thong/               302     403       200        200    403      403       403      403
/quan-ly/co-so/99001/              302     403       200        404    403      403       403      403
/quan-ly/co-so/98001/              302     403       404        200    403      403       403      403
/quan-ly/co-so/9/                  302     403       404        404    403      403       403      403
/co-so/chat-luong/                 302     200       403        403    403      403       403      403
/co-so/chat-luong/thieu/XML7/      302     200       403        403    403      403       403      403
/co-so/chat-luong/thieu/referral/  302     200       403        403    403      403       403      403
/co-so/chat-luong/thieu/XML99/     302     404       403        403    403      403       403      403
"""
HEAD, *LINES = (line.split() for line in DOORS.strip().split("\n"))
PAGES = [line[0] for line in LINES]


@pytest.fixture
def figures(conn) -> date:
    """A released month of two provinces, each facility with a number of visits nobody else has."""
    month = months.before(months.first(date.today()), 2)
    for facility, visits in (("99001", 7771), ("99002", 7772), ("98001", 8881)):
        conn.execute(
            "insert into quality_count values (%s, %s, 'correct', '', 1, %s, %s)", (facility, month, visits, visits)
        )
    conn.commit()
    return month


def enter(client, make_account, who: str) -> None:
    if WHO[who] is not None:
        client.force_login(make_account(who, **WHO[who]))


@pytest.mark.parametrize("who", HEAD[1:])
def test_who_gets_in(client, make_account, figures, who: str) -> None:
    enter(client, make_account, who)
    wanted = {line[0]: int(line[HEAD.index(who)]) for line in LINES}
    assert {page: client.get(page).status_code for page in PAGES} == wanted


def test_a_stranger_is_led_to_the_sign_in_page_and_back(client, figures) -> None:
    for page in PAGES:
        assert page in client.get(page).headers["Location"].replace("%2F", "/"), page


@pytest.mark.parametrize(("who", "theirs"), [("authority", {"99001", "99002"}), ("other", {"98001"})])
def test_each_authority_reads_its_own_province(client, make_account, figures, who: str, theirs: set[str]) -> None:
    enter(client, make_account, who)
    for page in ("/quan-ly/", "/quan-ly/xep-hang.csv"):
        text = client.get(f"{page}?thang={figures:%Y-%m}&tieu-chi=correct").content.decode()
        assert {code for code in ("99001", "99002", "98001") if code in text} == theirs, page


@pytest.mark.parametrize("who", ["nobody", "citizen", "operator", "steward", "roleless"])
def test_who_is_turned_away_reads_no_figure(client, make_account, figures, who: str) -> None:
    enter(client, make_account, who)
    for page in PAGES:
        text = client.get(page).content.decode()
        assert not [code for code in ("99002", "7771", "7.771", "8881", "8.881") if code in text], page


@pytest.mark.parametrize("page", [line[0] for line in LINES if "200" in line])
@pytest.mark.parametrize("method", ["post", "put", "delete", "patch"])
def test_figures_are_for_reading_only(client, make_account, figures, page: str, method: str) -> None:
    who = "facility" if page.startswith("/co-so/") else "other" if "98001" in page else "authority"
    enter(client, make_account, who)
    assert getattr(client, method)(page).status_code == 405


@pytest.mark.parametrize("month", ["", "x", "2026-13", "0001-01", "9999-12", "0000-00", "2026-8", "%00", "１２３４-01"])
def test_any_month_in_the_address_gives_a_page(client, make_account, figures, month: str) -> None:
    enter(client, make_account, "facility")
    for page in ("/co-so/chat-luong/", "/co-so/chat-luong/thieu/XML7/", "/co-so/chat-luong/thieu/return/"):
        assert client.get(f"{page}?thang={month}").status_code == 200, page
    client.logout()
    enter(client, make_account, "authority")
    for page in ("/quan-ly/", "/quan-ly/xep-hang.csv", "/quan-ly/lien-thong/", "/quan-ly/co-so/99001/"):
        assert client.get(f"{page}?thang={month}").status_code == 200, page
