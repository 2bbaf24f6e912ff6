"""When a gap is a silence. Each line: the days of four weeks on which files came (Monday first), the days since then
that have passed (x nothing came), and whether that is a silence on the morning after."""

from datetime import date, timedelta

import pytest

from yteso.quality.silence import silent


MONDAY = date(2026, 6, 1)

TABLE = """
what                               four weeks                             then      silent  missed
daily, one working day missed      MTWTF.. MTWTF.. MTWTF.. MTWTF..        x         yes     1
daily, the weekend only            MTWTF.. MTWTF.. MTWTF.. MTWTF..        -         no      0
daily with Sundays, Monday missed  MTWTFSS MTWTFSS MTWTFSS MTWTFSS        x         yes     1
twice a week, its day not yet      M..T... M..T... M..T... M..T...        -         no      0
twice a week, Monday missed        M..T... M..T... M..T... M..T...        x         yes     1
three Mondays of four              M...... M...... M...... .......        x         no      1
three of four, a week missed       .TWT... MTWT... MTWT... MTWT...        x         no      1
three of four, two days missed     .TWT... MTWT... MTWT... MTWT...        xx        yes     2
irregular, one day                 M...... ..W.... ....F.. .T.....        x         no      1
irregular, a week                  M...... ..W.... ....F.. .T.....        xxxxxxx   no      4
irregular, two weeks and more      M...... ..W.... ....F.. .T.....        xxxxxxxxxxxxxxxxxxxxxxxxxx  yes 18
first week of a new daily sender   ....... ....... ....... MTWTF..        x         no      1
new daily sender, three weeks      ....... ....... ....... MTWTF..        xxxxxxxxxxxxxxxxxxxxx  yes  15
"""
LINES = list(TABLE.strip().split("\n")[1:])


def days_of(weeks: str) -> set[date]:
    marks = weeks.replace(" ", "")
    return {MONDAY + timedelta(days=at) for at, mark in enumerate(marks) if mark != "."}


@pytest.mark.parametrize("line", LINES, ids=[line[:35].strip() for line in LINES])
def test_silence_by_the_facilitys_own_habit(line: str) -> None:
    weeks = line[35:66]
    then, expected, missed = line[66:].split()
    today = MONDAY + timedelta(days=28 + then.count("x"))
    found = silent(days_of(weeks), today, days_off=())
    assert (found is not None) == (expected == "yes")
    if found:
        assert len(found.missed) == int(missed)
        assert found.last == max(days_of(weeks))


def daily(until: date, weeks: int = 5) -> set[date]:
    days = [until - timedelta(days=back) for back in range(7 * weeks)]
    return {day for day in days if day.weekday() < 5}


def test_a_daily_sender_shows_up_the_morning_after_one_working_day() -> None:
    friday = date(2026, 7, 24)
    assert [silent(daily(friday), friday + timedelta(days=n)) is not None for n in range(5)] == [False] * 4 + [True]


def test_today_is_not_over_and_counts_for_nothing() -> None:
    monday = date(2026, 7, 20)
    assert silent(daily(monday), monday + timedelta(days=1)) is None
    assert silent(daily(monday), monday + timedelta(days=2)) is not None


def test_holidays_are_nobodys_silence() -> None:
    before_tet = date(2026, 2, 13)
    assert silent(daily(before_tet), date(2026, 2, 23)) is None
    found = silent(daily(before_tet), date(2026, 2, 24))
    assert found is not None and found.missed == (date(2026, 2, 23),)


def test_a_habit_with_a_holiday_in_it_is_the_same_habit() -> None:
    # Giỗ Tổ, 30/4 and 1/5 fall into the four weeks; on the other Mondays, Thursdays and Fridays it always sent.
    sent = daily(date(2026, 5, 8)) - {date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)}
    assert silent(sent, date(2026, 5, 12)) is not None


def test_who_never_sent_or_stopped_over_a_year_ago_is_not_silent() -> None:
    assert silent(set(), MONDAY) is None
    assert silent(daily(date(2025, 1, 10)), MONDAY) is None


def test_what_arrives_later_than_today_is_not_known_yet() -> None:
    friday = date(2026, 7, 24)
    assert silent(daily(friday), friday - timedelta(days=7)) is None


def test_the_longer_the_gap_the_less_probable() -> None:
    sent = days_of("M.W.... M.W.... M.W.... M......")
    gaps = [silent(sent, date(2026, 6, 29) + timedelta(days=n), days_off=()) for n in range(1, 40)]
    first = next(n for n, gap in enumerate(gaps) if gap)
    assert all(gap is not None for gap in gaps[first:])
    chances = [gap.chance for gap in gaps[first:]]
    assert chances == sorted(chances, reverse=True)
