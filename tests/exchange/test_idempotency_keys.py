"""A key chosen by the sender: one key is one file of one account, however often and from wherever it is sent."""

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO

import pytest
from hospital import FACILITY, NAME, visits


@pytest.fixture
def sender(secret: str) -> object:
    from yteso.exchange.models import Credential

    return Credential.objects.get(name=NAME)


def receive(content: bytes, sender: object, key: str = "k", at_once: bool = False) -> tuple[int, bool]:
    from yteso.exchange import receiving

    row, new = receiving.receive(BytesIO(content), name="a.xml", sender=sender, at_once=at_once, key=key)
    return row.id, new


def kept(conn) -> tuple[int, int]:
    """Submissions and keys."""
    query = "select (select count(*) from intake_submission), (select count(*) from exchange_idempotency_key)"
    found = conn.execute(query).fetchone()
    conn.rollback()
    return found


def test_the_same_key_and_bytes_are_answered_as_the_first_time(sender, conn) -> None:
    first = receive(b"<a/>", sender)
    assert first[1] is True
    assert [receive(b"<a/>", sender) for _ in range(3)] == [first] * 3
    assert kept(conn) == (1, 1)


def test_without_a_key_the_second_time_is_not_new(sender, conn) -> None:
    first, second = receive(b"<a/>", sender, key=""), receive(b"<a/>", sender, key="")
    assert (first[0], first[1], second[1]) == (second[0], True, False)
    assert kept(conn) == (1, 0)


def test_the_same_key_and_other_bytes_keep_nothing(sender, conn) -> None:
    from yteso.exchange.receiving import KeyTaken

    first = receive(b"<a/>", sender)
    with pytest.raises(KeyTaken):
        receive(b"<b/>", sender)
    assert kept(conn) == (1, 1)
    assert receive(b"<a/>", sender) == first
    assert receive(b"<b/>", sender, key="k2")[1] is True


def test_another_key_for_bytes_that_came_already_says_that_they_are_not_new(sender, conn) -> None:
    first = receive(b"<a/>", sender, key="k1")
    assert receive(b"<a/>", sender, key="k2") == (first[0], False)
    assert receive(b"<a/>", sender, key="k1") == (first[0], True)
    assert kept(conn) == (1, 2)


def test_a_key_of_another_facility_is_another_key(sender, neighbour, conn) -> None:
    from yteso.exchange.models import Credential

    other = Credential.objects.get(name=neighbour.name)
    first, second = receive(b"<a/>", sender), receive(b"<b/>", other)
    third = receive(b"<a/>", other, key="k3")
    assert len({first[0], second[0], third[0]}) == 3
    assert (first[1], second[1], third[1]) == (True, True, True)
    assert kept(conn) == (3, 3)


def test_a_key_of_another_account_of_the_same_facility_is_another_key(sender, conn) -> None:
    from yteso.exchange import credentials

    other = credentials.create(FACILITY, "99001_KHOA", by="test")[0]
    first = receive(b"<a/>", sender)
    assert receive(b"<b/>", other)[1] is True
    assert receive(b"<a/>", other, key="k2") == (first[0], False)


def test_keys_differ_by_letter_case(sender, conn) -> None:
    receive(b"<a/>", sender, key="khoa")
    assert receive(b"<b/>", sender, key="KHOA")[1] is True
    assert kept(conn) == (2, 2)


def test_in_parallel_one_file_wins_its_key_and_every_sender_of_it_has_one_answer(sender, conn) -> None:
    from django.db import connection

    from yteso.exchange.receiving import KeyTaken

    def knock(number: int) -> tuple[int, bool] | None:
        try:
            return receive(b"<a/>" if number % 2 else b"<b/>", sender)
        except KeyTaken:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(knock, range(8)))
    assert answers.count(None) == 4
    assert len(set(answers) - {None}) == 1
    assert kept(conn) == (1, 1)


def test_a_file_over_the_limit_leaves_its_key_free(sender, conn, monkeypatch) -> None:
    from yteso.intake import service

    with monkeypatch.context() as patch:
        patch.setattr(service, "arrival", lambda *_, **__: (_ for _ in ()).throw(service.TooLarge("a.xml")))
        with pytest.raises(service.TooLarge):
            receive(b"<a/>", sender)
    assert kept(conn) == (0, 0)
    assert receive(b"<b/>", sender)[1] is True


def test_a_failure_while_storing_leaves_neither_file_nor_key(sender, conn) -> None:
    import psycopg

    conn.execute("alter table intake_original rename to elsewhere")
    conn.commit()
    with pytest.raises(psycopg.Error):
        receive(b"<a/>", sender)
    assert kept(conn) == (0, 0)


def test_a_repeated_key_that_waits_gets_the_result_without_a_second_reading(knocker, conn) -> None:
    head = {"Idempotency-Key": "lan-1"}
    first, second = (knocker.post(visits()[0], "?wait=1", **head) for _ in range(2))
    assert (first.status_code, first.json()) == (second.status_code, second.json())
    assert first.json()["status"] == "done"
    assert conn.execute("select count(*) from record_document where kind = 'visit'").fetchone() == (1,)


@pytest.mark.parametrize("key", ["x" * 65, "có dấu".encode().decode("latin-1"), "a b"])
def test_a_key_that_is_none_is_named(knocker, key: str, conn) -> None:
    answer = knocker.post(visits()[0], **{"Idempotency-Key": key})
    assert answer.status_code == 422
    assert [one["name"] for one in answer.json()["errors"]] == ["Idempotency-Key"]
    assert kept(conn) == (0, 0)
