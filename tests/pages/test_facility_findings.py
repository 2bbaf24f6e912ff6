"""What is wrong with a file: findings in groups, narrowed, one rule everywhere it struck, one dossier."""

import re
from html import unescape

import pytest
from sent import send


RULE = "XML14-003"
"""In the file sent here it strikes two fields, in one dossier each."""


@pytest.fixture
def nga(client, make_account):
    client.force_login(make_account("nga", role="facility", facility="99001"))
    return client


@pytest.fixture
def number(conn) -> int:
    return send(conn)


def text(html: str) -> str:
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", html)))


def groups(client, number: int, query: str = "") -> list[str]:
    """Each group of the page in words."""
    html = client.get(f"/co-so/lan-gui/{number}/{query}").content.decode()
    return [text(article) for article in re.findall(r"<article.*?</article>", html, re.DOTALL)]


def counted(conn, where: str = "true") -> int:
    return conn.execute(f"select count(*) from intake_finding where {where}").fetchone()[0]


def test_every_finding_is_in_exactly_one_group(nga, conn, number) -> None:
    """As a cause, or counted below the cause it goes with."""
    shown = groups(nga, number)
    kinds = conn.execute("select count(distinct (severity, rule, tbl, field)) from intake_finding").fetchone()[0]
    assert 5 < len(shown) < kinds
    at_head = sum(int(re.search(r"(\d+) chỗ", one)[1]) for one in shown)
    following = sum(int(n) for one in shown for n in re.findall(r"Kéo theo lỗi khác: (\d+) chỗ", one))
    assert following > 0
    assert at_head + following == counted(conn)


def test_a_cause_tells_what_goes_with_it_folded_away_and_where_it_is_listed(nga, number) -> None:
    html = nga.get(f"/co-so/lan-gui/{number}/").content.decode()
    one = next(one for one in re.findall(r"<article.*?</article>", html, re.DOTALL) if "XML1-039" in one)
    folded = re.search(r"<details.*?</details>", one, re.DOTALL)[0]
    assert " open" not in folded.split(">")[0]
    assert "Kéo theo lỗi khác" in text(folded)
    listed = nga.get(unescape(re.search(r'href="([^"]+/loi/XML14-003/[^"]+)"', folded)[1])).content.decode()
    assert "Theo Mã bệnh chính (ICD-10) (MA_BENH_CHINH)" in text(listed)


def test_a_group_says_why_in_words(nga, number) -> None:
    for one in groups(nga, number):
        assert re.search("Bị từ chối|Ảnh hưởng tiền|Chất lượng", one)
        assert "Vì sao" in one


def test_a_finding_to_mend_itself_says_so(nga, number) -> None:
    assert "Sửa tại đây" in nga.get(f"/co-so/lan-gui/{number}/loi/XML1-039/").content.decode()


def test_critical_groups_come_first_and_the_most_frequent_of_them_on_top(nga, conn, number) -> None:
    conn.execute("update intake_finding set severity = 'warning' where rule = 'XML1-013'")
    conn.commit()
    shown = groups(nga, number)
    severities = ["Lỗi nghiêm trọng" in one for one in shown]
    assert severities == sorted(severities, reverse=True)
    assert severities.count(False) == 1
    assert "XML1-039" in shown[0]
    assert "2 chỗ, trong 2 hồ sơ" in shown[0]


def test_a_group_says_the_field_in_words_an_example_the_way_to_mend_it_and_the_source(nga, number) -> None:
    one = next(one for one in groups(nga, number) if "XML1-001" in one)
    assert "Họ và tên người bệnh (HO_TEN)" in one
    assert "99001260716000000601 , XML1 – Tổng hợp khám bệnh, chữa bệnh" in one
    assert "Cách sửa Nhập HO_TEN" in one
    assert "Căn cứ" in one


def test_only_a_group_of_several_leads_to_the_rest(nga, number) -> None:
    for one in groups(nga, number):
        several = re.search(r"(\d+) chỗ", one)[1] != "1"
        assert ("Xem tất cả các chỗ" in one) is several
        assert ("Ví dụ:" if several else "Chỗ sai:") in one


def test_a_group_leads_to_exactly_the_places_it_counts(nga, conn, number) -> None:
    conn.execute(
        "insert into intake_finding (submission_id, dossier_id, rule, severity, tbl, row, field, value, params) "
        "select submission_id, dossier_id, rule, severity, tbl, 2, field, value, params from intake_finding"
    )
    conn.commit()
    html = nga.get(f"/co-so/lan-gui/{number}/").content.decode()
    articles = re.findall(r"<article.*?</article>", html, re.DOTALL)
    assert articles
    for article in articles:
        count = int(re.search(r"(\d+) chỗ", text(article))[1])
        page = nga.get(unescape(re.search(r'href="([^"]+/loi/[^"]+)"', article)[1])).content.decode()
        assert f"{count} chỗ" in text(page)
        assert len(re.findall(r"<tr[^>]*nhsuk-table__row", page.split("<tbody")[1])) == count


def test_findings_are_narrowed_by_severity_table_and_dossier_together(nga, conn, number) -> None:
    every = groups(nga, number)
    narrowed = groups(nga, number, "?table=XML14")
    assert 0 < len(narrowed) < len(every)
    assert all("XML14" in one for one in narrowed)
    assert len(groups(nga, number, "?severity=critical&table=XML14")) == len(narrowed)
    assert groups(nga, number, "?severity=warning&table=XML14") == []
    ma_lk = conn.execute("select ma_lk from intake_dossier where critical = 2 limit 1").fetchone()[0]
    assert len(groups(nga, number, f"?dossier= {ma_lk} ")) == 1
    assert groups(nga, number, "?dossier=khong-co") == []
    assert len(groups(nga, number, "?severity=khong-co")) == len(every)


def test_links_to_what_follows_drop_the_filter_that_would_hide_it(nga, conn, number) -> None:
    conn.execute("update intake_finding set severity = 'warning' where rule = 'XML14-003'")
    conn.commit()
    html = unescape(nga.get(f"/co-so/lan-gui/{number}/?severity=critical&table=XML1").content.decode())
    links = re.findall(r'href="([^"]+/loi/XML14-003/[^"]*)"', html)
    assert links
    assert {nga.get(link).status_code for link in links} == {200}


def test_narrowed_to_nothing_says_so_and_how_to_get_back(nga, number) -> None:
    html = nga.get(f"/co-so/lan-gui/{number}/?dossier=khong-co").content.decode()
    assert "Không có lỗi nào khớp với điều kiện lọc." in html
    assert f'<a href="/co-so/lan-gui/{number}/">Bỏ lọc</a>' in html
    assert "không có gì phải sửa" not in html


def test_tables_to_choose_from_are_those_with_findings_in_order_and_in_words(nga, number) -> None:
    html = nga.get(f"/co-so/lan-gui/{number}/?table=XML14").content.decode()
    options = re.findall(r'<option value="(XML\d+)"( selected)?>([^<]+)<', html)
    assert options == [
        ("XML1", "", "XML1 – Tổng hợp khám bệnh, chữa bệnh"),
        ("XML14", " selected", "XML14 – Giấy hẹn khám lại"),
    ]


def test_links_and_downloads_keep_the_filter(nga, conn, number) -> None:
    conn.execute("update intake_finding set rule = 'XML14-003', field = 'MA_THE_BHYT' where tbl = 'XML14'")
    conn.commit()
    html = unescape(nga.get(f"/co-so/lan-gui/{number}/?table=XML14&severity=critical").content.decode())
    kept = "?severity=critical&table=XML14"
    assert f"loi.csv{kept}" in html
    assert f"loi.xlsx{kept}" in html
    page = unescape(nga.get(re.search(rf'href="([^"]+/loi/{RULE}/[^"]+)"', html)[1]).content.decode())
    assert f'href="/co-so/lan-gui/{number}/{kept}"' in page


def test_counts_lead_to_the_dossiers_they_count(nga, conn, number) -> None:
    html = nga.get(f"/co-so/lan-gui/{number}/").content.decode()
    facts = re.findall(r"<dt>([^<]+)</dt><dd>(?:<a href=\"([^\"]+)\"[^>]*>)?(\d+)<", html)
    assert [(label, count) for label, _href, count in facts] == [
        ("Hồ sơ trong tệp", "12"),
        ("Đạt", "5"),
        ("Đạt, có cảnh báo", "0"),
        ("Bị từ chối", "7"),
    ]
    for _label, href, count in facts:
        assert bool(href) is (count != "0")
        if href:
            assert f"{count} hồ sơ" in text(nga.get(href).content.decode())


def test_a_rule_lists_each_place_with_its_dossier_value_and_words(nga, conn, number) -> None:
    html = nga.get(f"/co-so/lan-gui/{number}/loi/XML1-039/").content.decode()
    assert "Quy tắc XML1-039" in html
    assert "2 chỗ" in text(html)
    for ma_lk, value in conn.execute(
        "select ma_lk, value from intake_finding f join intake_dossier d on d.id = dossier_id where rule = 'XML1-039'"
    ):
        assert f">{ma_lk}</a>" in html
        assert value in html


def test_a_rule_may_be_narrowed_to_one_field(nga, number) -> None:
    page = f"/co-so/lan-gui/{number}/loi/{RULE}/"
    assert "2 chỗ" in text(nga.get(page).content.decode())
    assert "1 chỗ" in text(nga.get(f"{page}?at=XML14.MA_THE_BHYT").content.decode())
    assert nga.get(f"{page}?at=XML14.KHONG_CO").status_code == 404


def test_a_rule_without_findings_has_no_page(nga, number) -> None:
    assert nga.get(f"/co-so/lan-gui/{number}/loi/XML9-999/").status_code == 404


def test_an_empty_value_is_called_empty(nga, number) -> None:
    assert "(trống)" in nga.get(f"/co-so/lan-gui/{number}/loi/XML1-001/").content.decode()


def test_a_value_is_shown_as_sent_and_as_text(nga, conn, number) -> None:
    conn.execute("update intake_finding set value = '<img src=x onerror=alert(1)>&amp;'")
    conn.commit()
    for page in ("", "loi/XML1-013/"):
        html = nga.get(f"/co-so/lan-gui/{number}/{page}").content.decode()
        assert "&lt;img src=x" in html
        assert "<img src=x" not in html


def test_a_finding_of_the_whole_file_has_no_dossier(nga, conn, number) -> None:
    conn.execute(
        "insert into intake_finding (submission_id, rule, severity, tbl, field, value, params) "
        "values (%s, 'ENV-001', 'critical', '', '', '', '{\"declared\": \"13\", \"found\": \"12\"}')",
        (number,),
    )
    conn.commit()
    one = next(one for one in groups(nga, number) if "ENV-001" in one)
    assert "Của cả tệp" in one
    assert "khai báo 13 hồ sơ nhưng chỉ có 12" in one
    assert "cả tệp" in text(nga.get(f"/co-so/lan-gui/{number}/loi/ENV-001/").content.decode())


def test_dossiers_are_listed_in_the_order_of_the_file(nga, conn, number) -> None:
    html = nga.get(f"/co-so/lan-gui/{number}/ho-so/").content.decode()
    known = [row[0] for row in conn.execute("select ma_lk from intake_dossier order by position")]
    assert re.findall(r'/ho-so/\d+/">([^<]+)</a>', html) == known


def test_dossiers_are_found_by_number_by_name_without_marks_and_by_outcome(nga, number) -> None:
    def found(query: str) -> int:
        html = nga.get(f"/co-so/lan-gui/{number}/ho-so/?{query}").content.decode()
        return len(re.findall(r'/ho-so/\d+/">', html))

    assert found("q=99001260724000000401") == found("q=00401") == 1
    assert found("q=nguyen thi ngoc dieu") == found("q=Ngọc Diệu") == 3
    assert found("outcome=refused") == 7
    assert found("outcome=refused&q=diệu") == 2
    assert found("outcome=warnings") == found("q=khong co ai") == 0
    assert "Không có hồ sơ nào khớp" in nga.get(f"/co-so/lan-gui/{number}/ho-so/?q=khong").content.decode()


def test_a_dossier_without_its_number_goes_by_its_place(nga, conn, number) -> None:
    conn.execute("update intake_dossier set ma_lk = '' where position = 3")
    conn.commit()
    for page in ("", "ho-so/", "ho-so/3/"):
        assert "ồ sơ thứ 3" in nga.get(f"/co-so/lan-gui/{number}/{page}").content.decode(), page


def test_a_refused_dossier_says_what_is_wrong_and_what_to_do(nga, number) -> None:
    html = nga.get(f"/co-so/lan-gui/{number}/ho-so/7/").content.decode()
    assert "Bị từ chối" in html
    assert "Sửa các lỗi nghiêm trọng rồi gửi lại." in html
    assert "Gửi bản đã sửa" in html
    assert "1 việc cần sửa" in html
    assert "2 lỗi và cảnh báo được gộp theo nguyên nhân." in html
    assert html.count("<article") == 1
    assert "Kéo theo 1 chỗ" in text(html)
    assert "Không ghi vào hồ sơ sức khỏe" in html


def test_an_accepted_dossier_says_that_nothing_is_left_to_do(nga, number) -> None:
    html = nga.get(f"/co-so/lan-gui/{number}/ho-so/1/").content.decode()
    assert "Hồ sơ đã được nhận, không có gì phải sửa." in html
    assert "11:12 24/07/2026" in html
    assert "Hồ sơ mới" in html
    assert "<article" not in html
    assert "Gửi bản đã sửa" not in html


@pytest.mark.parametrize("page", ["ho-so/13/", "ho-so/0/", "loi/khong-co/", "khac/"])
def test_what_is_not_there_is_not_found(nga, number, page: str) -> None:
    assert nga.get(f"/co-so/lan-gui/{number}/{page}").status_code == 404
    assert nga.get(f"/co-so/lan-gui/999999/{page}").status_code == 404


def test_a_receipt_says_everything_one_may_be_asked_for(nga, conn, number) -> None:
    digest = conn.execute("select encode(sha256, 'hex') from intake_submission").fetchone()[0]
    words = text(nga.get(f"/co-so/lan-gui/{number}/bien-nhan/").content.decode())
    for told in (digest, "Người gửi nga", "Cơ sở gửi 99001", "Kích thước 1,2 MB", "Quyết định 3176/QĐ-BYT"):
        assert told in words
    assert re.search(rf"Biên nhận YT\d{{6}}-{number}\b", words)
    assert "Hệ thống đã nhận tệp dưới đây và lưu nguyên như đã gửi." in words
    assert "7 hồ sơ bị từ chối chưa vào hồ sơ sức khỏe" in words


def test_a_receipt_is_there_before_the_file_is_looked_through(nga, conn) -> None:
    number = send(conn, take_in=False)
    words = text(nga.get(f"/co-so/lan-gui/{number}/bien-nhan/").content.decode())
    assert "Đã nhận, chờ xử lý" in words
    assert "Xử lý xong lúc" not in words
    assert "Hồ sơ trong tệp" not in words


def test_the_same_pages_in_english(nga, number) -> None:
    nga.get("/ngon-ngu/en/")
    for page in ("", "ho-so/", "ho-so/7/", "loi/XML1-039/", "bien-nhan/"):
        html = nga.get(f"/co-so/lan-gui/{number}/{page}").content.decode()
        main = text(html.split("<main")[1].split("</main>")[0])
        assert '<html lang="en"' in html
        for vietnamese in ("Hồ sơ", "Lỗi", "Ví dụ", "Cách sửa", "dòng", "chỗ", "Biên nhận", "Kết quả"):
            assert vietnamese not in main, (page, vietnamese)
