from datetime import date
import book_data
from browsing import *
def test_x(conn, client, make_account):
    book_data.name_facilities()
    try:
        book_data.send(conn, book_data.life(date.today()))
    except AssertionError as e:
        print(e)
    from yteso.intake.models import FindingRow
    for r in FindingRow.objects.all()[:30]: print(r.rule, r.severity, r.table, r.field, r.value, r.dossier.ma_lk if r.dossier else "")
    p=book_data.person(conn)
    u=make_account("an", role="citizen", person=p, name="Người Bệnh Thử")
    client.force_login(u); client.defaults["SERVER_NAME"]="localhost"; client.raise_request_exception=True
    import re
    r=client.get("/so-suc-khoe/")
    print(r.status_code); print(re.sub(r"\s+"," ",r.content.decode())[-9000:])
    ids=re.findall(r"luot-kham/(\w+)/\"", r.content.decode())
    for u in ["/so-suc-khoe/thuoc/","/so-suc-khoe/ket-qua/","/so-suc-khoe/giay-to/","/so-suc-khoe/ai-da-xem/"]+[f"/so-suc-khoe/luot-kham/{i}/" for i in ids]+[f"/so-suc-khoe/luot-kham/{i}.pdf" for i in ids]+["/so-suc-khoe/so-suc-khoe.pdf"]:
        r=client.get(u); print(u, r.status_code, len(r.content))
    assert 0
