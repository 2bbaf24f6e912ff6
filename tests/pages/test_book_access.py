"""Whose book opens to whom. Every refusal is in the log of the person it was about."""

from collections.abc import Callable
from datetime import date, timedelta
from uuid import uuid4

import book_data
import pytest


BOOK = "/so-suc-khoe/"


@pytest.fixture
def people(conn) -> dict[str, object]:
    """An, and Bình with a visit of his own."""
    book_data.name_facilities()
    today = date.today()
    an = book_data.called(book_data.moved(book_data.outpatient_visit(), today - timedelta(days=2)), "LK-AN")
    binh = book_data.called(
        book_data.moved(book_data.clean_visit(), today - timedelta(days=10)),
        "LK-BINH",
        MA_BN="BN000002",
        SO_CCCD="001070000002",
        NGAY_SINH="197001010000",
        HO_TEN="TRẦN VĂN BÌNH",
    )
    binh.tables["XML14"][0].update(HO_TEN="TRẦN VĂN BÌNH", NGAY_SINH="197001010000")
    binh.tables["XML7"][0]["MA_YTE"] = "BN000002"
    book_data.send(conn, [an, binh])
    return {"an": book_data.person(conn), "binh": book_data.person(conn, "001070000002")}


@pytest.fixture
def opened(client, make_account) -> Callable[[str, str], object]:
    client.defaults["SERVER_NAME"] = "localhost"

    def sign_in(person: object, role: str = "citizen", facility: str = "") -> object:
        user = make_account("an", role=role, person=person, facility=facility)
        client.force_login(user)
        return client

    return sign_in


def visit_id(conn, person: object) -> str:
    """The address of the person's visit, as their own book names it."""
    from yteso.access.reads import Reader, open_record
    from yteso.record.ids import fhir_id

    record = open_record(conn, Reader("test", "citizen", "test", person=person), person)
    return fhir_id(record.visits[0].id)


def log(conn, person: object) -> list[tuple[str, str, str]]:
    from yteso.access.reads import readings

    found = [(one.account, one.purpose, one.outcome) for one in readings(conn, person) if one.account != "test"]
    conn.commit()
    return found


def test_ones_own_visit_opens_and_is_logged(conn, people, opened) -> None:
    own = visit_id(conn, people["an"])
    response = opened(people["an"]).get(f"{BOOK}luot-kham/{own}/")
    assert response.status_code == 200
    assert log(conn, people["an"]) == [("an", "own-book", "allowed")]
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("place", ["luot-kham/{}/", "luot-kham/{}.pdf", "luot-kham/{}/giay/xml7/1/"])
def test_anothers_visit_does_not_exist_and_the_attempt_is_in_their_log(conn, people, opened, place) -> None:
    theirs = visit_id(conn, people["binh"])
    response = opened(people["an"]).get(BOOK + place.format(theirs))
    assert response.status_code == 404
    assert "BÌNH" not in response.content.decode()
    assert [outcome for _account, _purpose, outcome in log(conn, people["binh"])] == ["denied"]


def test_anothers_book_is_refused_and_logged(conn, people, opened) -> None:
    client = opened(people["an"])
    assert client.get(f"{BOOK}nguoi/{people['binh']}/").status_code == 403
    assert log(conn, people["binh"]) == [("an", "own-book", "denied")]
    assert client.get(f"{BOOK}nguoi/{uuid4()}/").status_code == 403
    assert client.get(f"{BOOK}nguoi/{people['an']}/").status_code == 302


@pytest.mark.parametrize("id", ["a", "zzzzzzzzzzzzzzzzzzzzzzzzzz", "aaaaaaaaaaaaaaaaaaaaaaaaaa", "0123456789" * 3])
def test_what_is_no_visit_is_not_found(people, opened, id) -> None:
    client = opened(people["an"])
    for place in (f"luot-kham/{id}/", f"luot-kham/{id}.pdf", f"luot-kham/{id}/giay/xml7/1/", f"ket-qua/{id}/"):
        assert client.get(BOOK + place).status_code == 404


def test_a_paper_that_a_visit_does_not_have_is_not_found(conn, people, opened) -> None:
    own, client = visit_id(conn, people["an"]), opened(people["an"])
    for paper in ("xml13/1", "xml14/1", "xml1/1", "nothing/7"):
        assert client.get(f"{BOOK}luot-kham/{own}/giay/{paper}/").status_code == 404


@pytest.mark.parametrize("place", ["", "thuoc/", "ket-qua/", "giay-to/", "ai-da-xem/", "so-suc-khoe.pdf"])
def test_the_book_is_for_citizens_who_signed_in(client, opened, people, place) -> None:
    client.defaults["SERVER_NAME"] = "localhost"
    response = client.get(BOOK + place)
    assert response.status_code == 302 and "/dang-nhap/" in response.headers["Location"]
    assert opened(None, role="facility", facility=book_data.HOSPITAL).get(BOOK + place).status_code == 403


def test_nothing_is_changed_by_a_form(people, opened) -> None:
    client = opened(people["an"])
    for place in ("", "thuoc/", "ket-qua/", "giay-to/", "ai-da-xem/", "so-suc-khoe.pdf"):
        assert client.post(BOOK + place).status_code == 405


def test_the_whole_book_is_a_file_to_keep(conn, people, opened) -> None:
    response = opened(people["an"]).get(f"{BOOK}so-suc-khoe.pdf")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"].startswith('attachment; filename="so-suc-khoe-')
    assert response.content.startswith(b"%PDF-")
    assert log(conn, people["an"]) == [("an", "own-book-pdf", "allowed")]


def test_the_log_page_is_no_reading_of_the_record(conn, people, opened) -> None:
    assert opened(people["an"]).get(f"{BOOK}ai-da-xem/").status_code == 200
    assert log(conn, people["an"]) == []
