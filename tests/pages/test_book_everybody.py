"""Whatever facilities send, the book opens: every page and every PDF of many synthetic people."""

import io
import re

import book_data
from pypdf import PdfReader


BOOK = "/so-suc-khoe/"
LINK = re.compile(r'href="(/so-suc-khoe/[^"?]*)"')


def test_every_page_of_every_book_opens(conn, client, make_account) -> None:
    from yteso import people

    numbers = book_data.simulated(conn, 20)
    client.defaults["SERVER_NAME"] = "localhost"
    opened, kinds = 0, set()
    for number in numbers:
        (person,) = people.find(conn, number)
        client.force_login(make_account(f"an{number}", role="citizen", person=person))
        waiting, seen = [BOOK], {BOOK}
        while waiting:
            address = waiting.pop()
            response = client.get(address)
            assert response.status_code == 200, address
            opened += 1
            kinds.add(re.sub(r"(?<=luot-kham/)\w+|(?<=ket-qua/)[\w-]+", "…", address))
            if response.headers["Content-Type"] == "application/pdf":
                assert PdfReader(io.BytesIO(response.content)).pages
                continue
            found = set(LINK.findall(response.content.decode())) - seen
            seen |= found
            waiting += sorted(found)
    assert opened > 80
    assert {f"{BOOK}luot-kham/…/", f"{BOOK}luot-kham/….pdf", f"{BOOK}ket-qua/…/", f"{BOOK}so-suc-khoe.pdf"} <= kinds
    assert {one for one in kinds if "/giay/" in one} >= {f"{BOOK}luot-kham/…/giay/xml{n}/1/" for n in (7, 8, 14)}
