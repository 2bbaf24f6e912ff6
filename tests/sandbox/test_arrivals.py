"""When the files of a demo province are said to have arrived."""

from datetime import date, datetime, timedelta
from hashlib import sha256
from zoneinfo import ZoneInfo

import pytest

from yteso.sandbox import arrivals


HERE = ZoneInfo("Asia/Ho_Chi_Minh")
MADE = date(2026, 3, 2)
NAMES = [f"20260302_{n}.xml" for n in range(200)]


@pytest.fixture
def taken_in(conn):
    """Files made on one day and taken in long after it."""
    from yteso.intake.models import Submission

    def create(name: str, facility: str = "99001", **more) -> object:
        digest = sha256(name.encode()).digest()
        when = datetime(2026, 9, 1, 8, tzinfo=HERE)
        return Submission.objects.create(
            facility=facility, name=name, sha256=digest, size=1, received=when, status="done", **more
        )

    return create


def days_late(conn) -> dict[str, int]:
    rows = conn.execute("select name, received from intake_submission order by id")
    return {name: (received.astimezone(HERE).date() - MADE).days for name, received in rows}


def test_most_files_arrive_in_the_night_after_the_visit_and_some_days_later(conn, taken_in):
    for name in NAMES:
        taken_in(name)
    arrivals.spread(conn, NAMES)
    late = days_late(conn)
    assert set(late.values()) <= set(range(7))
    assert 150 <= list(late.values()).count(0) < 200


def test_the_same_files_are_late_each_time(conn, taken_in):
    for name in NAMES:
        taken_in(name)
    arrivals.spread(conn, NAMES)
    once = days_late(conn)
    arrivals.spread(conn, NAMES)
    assert days_late(conn) == once


def test_nothing_arrives_in_the_future(conn, taken_in):
    tomorrow = datetime.now(HERE) + timedelta(days=1)
    taken_in(name := f"{tomorrow:%Y%m%d}_1.xml")
    arrivals.spread(conn, [name])
    assert conn.execute("select received <= now() from intake_submission").fetchone() == (True,)


def test_what_is_counted_and_what_others_sent_stays_as_it_is(conn, taken_in):
    taken_in("20260302_1.xml", tallied=True)
    taken_in("cua-toi.xml")
    arrivals.spread(conn, ["20260302_1.xml"])
    assert {str(received.date()) for (received,) in conn.execute("select received from intake_submission")} == {
        "2026-09-01"
    }
