"""Who sees figures: a facility its own, at once; the authority those of its province, when they are released; nobody
else. And no page of the authority shows anything about anybody."""

import re
from datetime import date

import pytest

from yteso.access.policy import sees_figures
from yteso.quality import months


WHO = """
role       own    province  facility  sees
facility   99001  -         99001     yes
facility   99001  -         99002     no
facility   -      -         99001     no
facility   99001  99        99002     no
authority  -      99        99001     yes
authority  -      99        98001     no
authority  -      -         99001     no
authority  -      9         99001     no
authority  99001  -         99001     no
citizen    99001  99        99001     no
operator   99001  99        99001     no
steward    99001  99        99001     no
"""


@pytest.mark.parametrize("line", WHO.strip().split("\n")[1:])
def test_figures_are_open_to_the_facility_itself_and_its_authority(line: str) -> None:
    role, own, province, facility, sees = line.replace("-", "_").split()
    own, province = own.strip("_"), province.strip("_")
    assert sees_figures(role, facility, own=own, province=province) == (sees == "yes")


def test_an_authority_without_a_province_cannot_be_stored(database) -> None:
    from django.contrib.auth.models import User
    from django.db import IntegrityError

    from yteso.access.models import Membership

    user = User.objects.create(username="so")
    with pytest.raises(IntegrityError):
        Membership.objects.create(user=user, role="authority")


@pytest.fixture
def figures(conn):
    """Two facilities of province 99, one of 98: last month and the month before that."""
    today = date.today()
    this, last = months.first(today), months.before(months.first(today), 2)
    for facility in ("99001", "99002", "98001"):
        for month in (this, last):
            for measure in ("correct", "complete", "clean", "timely", "deep", "same"):
                conn.execute(
                    "insert into quality_count values (%s, %s, %s, '', 18, 20, 20)", (facility, month, measure)
                )
    conn.commit()
    return last


@pytest.fixture
def so(client, make_account, figures):
    client.force_login(make_account("so", role="authority", province="99"))
    return client


PAGES = ("", "xep-hang.csv", "lau-khong-gui/", "lien-thong/", "co-so/99001/")


@pytest.mark.parametrize("role", ["", "facility", "citizen", "steward", "operator"])
def test_other_roles_do_not_see_the_authoritys_pages(client, make_account, role: str) -> None:
    person = "6f1b8a50-0000-4000-8000-000000000000" if role == "citizen" else None
    client.force_login(make_account("an", role=role, facility="99001", person=person))
    assert {client.get(f"/quan-ly/{page}").status_code for page in PAGES} == {403}


def test_the_authority_sees_its_province_only(so, figures) -> None:
    assert {so.get(f"/quan-ly/{page}").status_code for page in PAGES} == {200}
    assert so.get("/quan-ly/co-so/98001/").status_code == 404
    ranking = so.get(f"/quan-ly/?thang={figures:%Y-%m}").content.decode()
    assert "99001" in ranking and "98001" not in ranking
    assert "98001" not in so.get("/quan-ly/xep-hang.csv").content.decode()


def test_a_month_is_the_facilitys_own_until_it_is_released(so, client, make_account, figures) -> None:
    this = months.first(date.today())
    for page in ("", "lien-thong/", "co-so/99001/"):
        html = so.get(f"/quan-ly/{page}?thang={this:%Y-%m}").content.decode()
        assert f"{this:%m/%Y}" not in html, page
        assert f"{figures:%m/%Y}" in html, page
    client.force_login(make_account("nga", role="facility", facility="99001"))
    card = client.get(f"/co-so/chat-luong/?thang={this:%Y-%m}").content.decode()
    assert f"Phiếu chất lượng {this:%m/%Y}" in card
    assert "Hiện chỉ cơ sở thấy phiếu này" in card


def test_the_ranking_opens_in_a_spreadsheet(so, figures) -> None:
    from yteso.registry.models import Facility

    Facility.objects.create(code="99001", name="=HYPERLINK(1)")
    response = so.get(f"/quan-ly/xep-hang.csv?thang={figures:%Y-%m}&tieu-chi=correct")
    assert response.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert f'xep-hang-99-{figures:%Y-%m}-correct.csv"' in response.headers["Content-Disposition"]
    mark, *lines = response.content.decode().replace("\ufeff", "\ufeff\n", 1).splitlines()
    assert mark == "\ufeff"
    assert lines[0].startswith("Hạng,Mã cơ sở,Cơ sở,Tháng,Tiêu chí,Đạt,Tất cả,Lượt khám")
    assert lines[1].startswith(f"1,99001,'=HYPERLINK(1),{figures:%m/%Y},Đúng,18,20,20,")
    assert len(lines) == 3


def test_nonsense_in_the_address_gives_an_ordinary_page(so) -> None:
    for query in ("thang=x&tieu-chi=y", "thang=9999-99", "thang=2026-13", "tieu-chi=';--"):
        assert so.get(f"/quan-ly/?{query}").status_code == 200
        assert so.get(f"/quan-ly/co-so/99001/?{query}").status_code == 200


def test_pages_without_any_figures_say_so(client, make_account) -> None:
    client.force_login(make_account("so", role="authority", province="77"))
    assert "Chưa có cơ sở nào đủ dữ liệu" in client.get("/quan-ly/").content.decode()
    assert "Tháng này chưa có gì phải liên thông" in client.get("/quan-ly/lien-thong/").content.decode()
    assert "Không có cơ sở nào im lặng" in client.get("/quan-ly/lau-khong-gui/").content.decode()
    assert "chưa có lượt khám nào" in client.get("/quan-ly/co-so/77001/").content.decode()


def test_the_missing_list_knows_its_kinds_only(client, make_account) -> None:
    client.force_login(make_account("nga", role="facility", facility="99001"))
    assert client.get("/co-so/chat-luong/thieu/XML7/").status_code == 200
    assert client.get("/co-so/chat-luong/thieu/XML1/").status_code == 404


def test_the_authority_starts_on_the_ranking(so) -> None:
    assert so.get("/").headers["Location"] == "/quan-ly/"


def test_pages_in_english_speak_english(so, client, make_account, figures) -> None:
    so.cookies["language"] = "en"
    assert "Not clearly different from ranks 1 to 2" in so.get("/quan-ly/").content.decode()
    client.force_login(make_account("nga", role="facility", facility="99001"))
    page = client.get(f"/co-so/chat-luong/?thang={figures:%Y-%m}").content.decode()
    assert "18 of 20 visits" in page and "90.0 %" in page


def test_no_page_of_the_authority_names_a_visit_or_a_person(client, make_account, conn) -> None:
    from quality_data import fill

    fill(conn)
    client.force_login(make_account("so", role="authority", province="99"))
    links = {ma_lk for (ma_lk,) in conn.execute("select ma_lk from intake_dossier where ma_lk <> ''")}
    names = {name for (name,) in conn.execute("select patient from intake_dossier where patient <> ''")}
    for page in PAGES:
        html = client.get(f"/quan-ly/{page}?thang=2026-08").content.decode()
        assert not [name for name in names if name in html], page
        assert not links & set(re.findall(r"\d{15,}", html)), page
        assert not re.search(r"<[^>]+\s(style|on\w+)=", html), page
