"""How soon a silence shows, by how a facility usually sends: the first morning on which it is called silent."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso.quality.silence import IMPROBABLE, LOOKED_BACK, silent


MONDAY = date(2026, 6, 1)


def habit(week: str, weeks: int, last: str = "") -> set[date]:
    """The days of `weeks` like `week` (Monday first, "." for none); the last one may differ."""
    marks = week * (weeks - 1) + (last or week) if weeks else ""
    return {MONDAY + timedelta(days=at) for at, mark in enumerate(marks) if mark != "."}


def first_silent(sent: set[date], off: tuple[date, ...] = ()) -> tuple[int, int] | None:
    """Days after the last file until silence is noticed, and how many were missed by then."""
    last = max(sent)
    for ahead in range(1, LOOKED_BACK.days + 1):
        if found := silent(sent, last + timedelta(days=ahead), days_off=off):
            return ahead, len(found.missed)
    return None


CADENCE = """
cadence                     week     weeks  noticed  missed
every day                   MTWTFSS  6      2        1
working days                MTWTF..  6      4        1
Monday to Saturday          MTWTFS.  6      3        1
Tuesdays and Thursdays      .T.T...  6      6        1
once a week                 ....F..  6      8        1
weekends only               .....SS  6      7        1
four weeks are a habit      MTWTF..  4      4        1
new, three weeks            MTWTF..  3      6        3
new, two weeks              MTWTF..  2      8        5
new, one week               MTWTF..  1      18       11
once a week, new            ....F..  1      78       11
"""
LINES = CADENCE.strip().split("\n")[1:]


@pytest.mark.parametrize("line", LINES, ids=[line[:28].strip() for line in LINES])
def test_how_soon_a_silence_is_noticed(line: str) -> None:
    week, weeks, noticed, missed = line[28:].split()
    assert first_silent(habit(week, int(weeks))) == (int(noticed), int(missed))


def test_a_single_day_of_outage_in_the_past_forgives_nothing_and_hides_nothing() -> None:
    """One Wednesday of four failed: next Wednesday is no proof alone, Thursday is."""
    sent = habit("MTWTF..", 6) - {MONDAY + timedelta(days=30)}
    sent |= {MONDAY + timedelta(days=42 + at) for at in (0, 1)}
    assert first_silent(sent) == (3, 2)


def test_who_sends_again_is_not_silent() -> None:
    sent = habit("MTWTF..", 6)
    back = max(sent) + timedelta(days=14)
    assert silent(sent, back, days_off=()) is not None
    assert silent(sent | {back}, back, days_off=()) is None
    assert silent(sent | {back}, back + timedelta(days=1), days_off=()) is None


def test_days_off_are_not_missed_and_do_not_end_the_gap() -> None:
    sent = habit("MTWTF..", 6)
    following = [max(sent) + timedelta(days=3 + at) for at in range(5)]
    assert first_silent(sent, off=tuple(following[:1])) == (5, 1)
    assert first_silent(sent, off=tuple(following)) == (11, 1)


def test_a_facility_whose_every_usual_day_is_off_is_never_silent() -> None:
    sent = habit("M......", 4)
    assert silent(sent, MONDAY + timedelta(days=60), days_off=[MONDAY + timedelta(weeks=n) for n in range(20)]) is None


def test_working_through_a_holiday_makes_no_habit_of_it() -> None:
    sent = habit("MTWTF..", 6)
    holiday = MONDAY + timedelta(days=37)
    assert first_silent(sent, off=(holiday,)) == first_silent(sent) == first_silent(sent - {holiday}, off=(holiday,))


def test_silence_ends_when_a_facility_is_gone() -> None:
    sent = habit("MTWTF..", 6)
    last = max(sent)
    assert silent(sent, last + LOOKED_BACK) is not None
    assert silent(sent, last + LOOKED_BACK + timedelta(days=1)) is None


@pytest.mark.parametrize(
    ("tet", "monday"), [(date(2026, 2, 13), date(2026, 2, 23)), (date(2027, 2, 4), date(2027, 2, 10))]
)
def test_tet_is_nobodys_silence(tet: date, monday: date) -> None:
    """The first working day after Tết is missed only once it is over."""
    sent = {day for n in range(60) if (day := tet - timedelta(days=n)).weekday() < 5}
    assert silent(sent, monday) is None
    found = silent(sent, monday + timedelta(days=1))
    assert found is not None and found.missed == (monday,)


sendings = st.sets(st.integers(0, 55), min_size=1).map(lambda found: {MONDAY + timedelta(days=at) for at in found})


@given(sendings, st.integers(0, 90))
def test_silence_is_improbable_and_missed_days_lie_in_the_gap(sent: set[date], ahead: int) -> None:
    today = max(sent) + timedelta(days=ahead)
    if found := silent(sent, today, days_off=()):
        assert 0 <= found.chance < IMPROBABLE
        assert found.last == max(sent)
        assert all(found.last < day < today for day in found.missed)
        assert list(found.missed) == sorted(set(found.missed))


@given(sendings, st.integers(1, 90))
def test_a_silence_does_not_heal_by_waiting(sent: set[date], ahead: int) -> None:
    today = max(sent) + timedelta(days=ahead)
    if silent(sent, today, days_off=()):
        assert silent(sent, today + timedelta(days=1), days_off=())


@given(sendings)
def test_what_is_known_today_does_not_depend_on_what_comes_after(sent: set[date]) -> None:
    today = min(sent) + timedelta(days=20)
    assert silent(sent, today, days_off=()) == silent({day for day in sent if day <= today}, today, days_off=())
