"""Signed files at the door: a changed one enters nothing, and the submission remembers who signed."""

from io import BytesIO

import psycopg
import pytest
from arrivals import FACILITY, dossier, file_of
from signing import Owner, sign

from yteso.intake import process, service, worker


@pytest.fixture(scope="module")
def station() -> Owner:
    return Owner("TRẠM Y TẾ XÃ THỬ NGHIỆM")


def take_in(conn: psycopg.Connection, data: bytes) -> tuple:
    """Status, signature, documents in the record, rules of the file itself."""
    conn.autocommit = True
    work, _ = service.receive(conn, BytesIO(data), name="a.xml", facility=FACILITY, account="")
    while worker.once(conn):
        pass
    status, told = conn.execute("select status, signature from intake_submission where id = %s", (work.id,)).fetchone()
    (visits,) = conn.execute("select count(*) from record_document where kind = 'visit'").fetchone()
    rules = conn.execute("select rule from intake_finding where dossier_id is null").fetchall()
    return status, told, visits, [rule for (rule,) in rules]


def test_a_signed_file_enters_the_record_and_says_who_signed(conn: psycopg.Connection, station: Owner) -> None:
    status, told, visits, rules = take_in(conn, sign(file_of(dossier(1), dossier(2)), station))
    assert (status, visits, rules) == ("done", 2, ["ENV-122"])
    assert (told["state"], told["name"]) == ("untrusted", "TRẠM Y TẾ XÃ THỬ NGHIỆM")


def test_a_file_changed_after_signing_enters_nothing(conn: psycopg.Connection, station: Owner) -> None:
    signed = sign(file_of(dossier(1)), station).replace(b"20260131", b"20260130")
    status, told, visits, rules = take_in(conn, signed)
    assert (status, told["state"], visits, rules) == ("refused", "broken", 0, ["ENV-121"])


def test_a_file_that_is_streamed_is_verified_before_anything_of_it_enters(
    conn: psycopg.Connection, station: Owner, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "IN_ONE_GO", 1)
    monkeypatch.setattr(process, "BATCH", 1)
    signed = sign(file_of(dossier(1), dossier(2)), station)
    assert take_in(conn, signed.replace(b"20260131", b"20260130"))[2:] == (0, ["ENV-121"])
    assert take_in(conn, signed)[2] == 2


def test_an_unsigned_file_has_no_signature(conn: psycopg.Connection) -> None:
    assert take_in(conn, file_of(dossier(1)))[:3] == ("done", None, 1)
