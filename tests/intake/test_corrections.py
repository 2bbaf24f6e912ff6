"""How often what was sent had to be corrected: counted per facility and period."""

from datetime import date, timedelta

import pytest
from arrivals import FACILITY, dossier, file_of, send

from yteso.intake import service
from yteso.intake.corrections import Counts, counts
from yteso.intake.withdrawals import withdraw


@pytest.fixture
def conn(conn):
    conn.autocommit = True
    return conn


@pytest.fixture
def take(conn):
    """Send a file and take it in, `ago` days before now."""

    def take(content: bytes, *, ago: int = 0, **options: str) -> None:
        work, _ = send(conn, content, **options)
        conn.execute(
            "update intake_submission set received = received - make_interval(days => %s) where id = %s", (ago, work.id)
        )
        work.received -= timedelta(days=ago)
        service.take_in(conn, [work])

    return take


@pytest.fixture
def counted(conn):
    today = conn.execute("select (now() at time zone 'Asia/Ho_Chi_Minh')::date").fetchone()[0]

    def counted(days: int = 30, until: int = 0, facility: str = FACILITY) -> Counts:
        """Of the last `days` days, up to `until` days ago."""
        return counts(conn, facility, today - timedelta(days=days), today - timedelta(days=until))

    return counted


GOOD = dossier(1)


def corrected(number: int = 1, **fields: str):
    return dossier(number, **{"DIEN_THOAI": "0912000001"} | fields)


def wrong(number: int = 1, **fields: str):
    return dossier(number, GIOI_TINH="7", **fields)


def test_nothing_sent_nothing_counted(counted) -> None:
    assert counted() == Counts(0, 0, 0, 0)


def test_what_was_right_the_first_time_and_what_came_twice_is_not_counted(take, counted) -> None:
    take(file_of(GOOD))
    take(file_of(GOOD, dossier(2)))
    assert counted() == Counts(0, 0, 0, 0)


def test_a_dossier_corrected_after_sending_counts_once(take, counted) -> None:
    take(file_of(GOOD, dossier(2)))
    take(file_of(corrected(), made="20260201"))
    take(file_of(corrected(DIEN_THOAI="0912000002"), made="20260202"))
    assert counted() == Counts(corrected=1, mended=0, waiting=0, withdrawn=0)


def test_a_version_that_comes_too_late_corrects_nothing(take, counted) -> None:
    take(file_of(corrected(), made="20260201"))
    take(file_of(GOOD))
    assert counted().corrected == 0


def test_a_refused_dossier_waits_until_it_is_accepted(take, counted) -> None:
    take(file_of(wrong(), wrong(2)))
    assert counted() == Counts(0, 0, waiting=2, withdrawn=0)
    take(file_of(wrong(DIEN_THOAI="0912000001")))
    assert counted() == Counts(0, 0, waiting=2, withdrawn=0)
    take(file_of(GOOD))
    assert counted() == Counts(0, mended=1, waiting=1, withdrawn=0)


def test_a_correction_that_was_refused_waits_as_well(take, counted) -> None:
    take(file_of(GOOD))
    take(file_of(wrong(), made="20260201"))
    assert counted() == Counts(0, 0, waiting=1, withdrawn=0)
    take(file_of(corrected(), made="20260202"))
    assert counted() == Counts(corrected=1, mended=1, waiting=0, withdrawn=0)


def test_the_dossiers_of_a_refused_file_wait(take, counted) -> None:
    whole = file_of(GOOD, dossier(2))
    take(whole[: len(whole) * 3 // 4])
    assert counted().waiting == 1
    take(whole)
    assert counted() == Counts(0, mended=1, waiting=0, withdrawn=0)


def test_a_withdrawn_dossier_waits_for_nothing(conn, take, counted) -> None:
    take(file_of(GOOD, dossier(2)))
    take(file_of(wrong(), made="20260201"))
    withdraw(conn, FACILITY, "LK-000001", reason="nhầm", account="nga")
    assert counted() == Counts(0, 0, waiting=0, withdrawn=1)


def test_another_facility_is_not_counted_though_its_links_are_the_same(take, counted) -> None:
    take(file_of(wrong()))
    take(file_of(dossier(1, MA_CSKCB="99002"), facility="99002"), facility="99002")
    assert counted() == Counts(0, 0, waiting=1, withdrawn=0)
    assert counted(facility="99002") == Counts(0, 0, 0, 0)


def test_a_period_counts_what_came_in_it_and_what_became_of_that_since(take, counted) -> None:
    take(file_of(wrong(), wrong(2), dossier(3)), ago=40)
    take(file_of(GOOD, corrected(3), made="20260201"), ago=5)
    assert counted(days=30) == Counts(corrected=1, mended=0, waiting=0, withdrawn=0)
    assert counted(days=50, until=35) == Counts(0, mended=1, waiting=1, withdrawn=0)
    assert counted(days=5, until=5).corrected == 1
    assert counted(days=4).corrected == counted(days=30, until=6).corrected == 0


def test_days_begin_at_midnight_in_viet_nam(conn, take, counted) -> None:
    take(file_of(wrong()))
    conn.execute("update intake_submission set received = '2026-03-01 17:00+00'")
    assert counts(conn, FACILITY, date(2026, 3, 2), date(2026, 3, 2)).waiting == 1
    assert counts(conn, FACILITY, date(2026, 3, 1), date(2026, 3, 1)).waiting == 0


def test_dossiers_without_a_link_are_nobodys_correction(take, counted) -> None:
    visit = dossier(1)
    for rows in visit.tables.values():
        for row in rows:
            row.pop("MA_LK", None)
    take(file_of(visit))
    assert counted() == Counts(0, 0, 0, 0)
