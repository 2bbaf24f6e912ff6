import book_data, pytest
from datetime import date
from browsing import *
def test_a(conn):
    try: book_data.simulated(conn,"htn")
    except AssertionError: pass
    from yteso.intake.models import FindingRow
    print(list(FindingRow.objects.values_list("rule","severity", "tbl","field","value","params"))[:10]); assert 0
def test_b(conn, live, page, make_account):
    book_data.name_facilities(); book_data.send(conn, book_data.life(date.today()))
    make_account("an", role="citizen", person=book_data.person(conn)); sign_in(page, live, "an")
    page.goto(live+"/so-suc-khoe/giay-to/")
    page.get_by_role("link", name="Giấy chuyển cơ sở khám bệnh, chữa bệnh").click()
    found = Axe().run(page, options={"runOnly": {"type": "tag", "values": WCAG}}).response["violations"]
    print([(v["id"], v["help"], [n["html"][:200] for n in v["nodes"]]) for v in found]);
    print(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
    assert 0
