"""Seeded chance and the calendar of the simulation: the same on every machine."""

from collections import Counter
from datetime import date
from statistics import fmean, pstdev

import pytest

from yteso.sandbox.calendar import CLOCK, DAY, MARGIN, Calendar
from yteso.sandbox.chance import Weighted, bell, between, how_many, stream


# chance


def test_streams_are_told_apart_by_all_of_their_parts():
    draws = {parts: stream(*parts).random() for parts in [("a",), ("a", 1), ("a", "1", 2), (1, "a"), ("b",)]}
    assert len(set(draws.values())) == len(draws)
    assert stream("a", 1).random() == stream("a", "1").random(), "numbers are read as text"


def test_a_stream_begins_anew_for_whoever_asks():
    one, other = stream(7, "person", 3), stream(7, "person", 3)
    assert [one.random() for _ in range(5)] == [other.random() for _ in range(5)]


@pytest.mark.parametrize(
    ("weights", "never"),
    [([1, 1, 1], ""), ([0, 1, 1], "a"), ([1, 0, 1], "b"), ([1, 1, 0], "c"), ([0, 0, 5], "ab")],
)
def test_what_weighs_nothing_is_never_drawn(weights, never):
    dice, weighted = stream("weights"), Weighted("abc", weights)
    drawn = {weighted.draw(dice) for _ in range(300)}
    assert drawn == set("abc") - set(never)


def test_things_are_drawn_as_often_as_they_weigh():
    dice, weighted = stream("weights"), Weighted("abc", [70, 20, 10])
    drawn = Counter(weighted.draw(dice) for _ in range(5000))
    assert [drawn[thing] / 5000 for thing in "abc"] == pytest.approx([0.7, 0.2, 0.1], abs=0.025)


def test_the_total_of_nothing_is_nothing():
    assert (Weighted([], []).total, Weighted("ab", [0, 0]).total, Weighted("ab", [2, 3]).total) == (0, 0, 5)


def test_every_thing_needs_a_weight():
    with pytest.raises(ValueError):
        Weighted("abc", [1, 2])


@pytest.mark.parametrize(("low", "high"), [(0, 0), (0, 1), (3, 6), (-2, 2)])
def test_between_gives_both_ends_and_all_in_the_middle(low, high):
    dice = stream("between", low, high)
    assert {between(dice, low, high) for _ in range(400)} == set(range(low, high + 1))


def test_the_bell_is_around_zero_and_bounded():
    dice = stream("bell")
    drawn = [bell(dice) for _ in range(5000)]
    assert -1.5 <= min(drawn) < -1 and 1 < max(drawn) <= 1.5
    assert (fmean(drawn), pstdev(drawn)) == pytest.approx((0, 0.5), abs=0.03)


@pytest.mark.parametrize("expected", [0, 0.05, 0.25, 1, 2.5])
def test_counts_have_the_expected_mean(expected):
    dice = stream("how many", expected)
    counts = [how_many(dice, expected) for _ in range(4000)]
    assert fmean(counts) == pytest.approx(expected, abs=0.06)
    assert min(counts) == 0


# time


@pytest.fixture(scope="module")
def summer() -> Calendar:
    return Calendar(date(2026, 6, 20), 50)


MOMENTS = """
minute        day       stamp
0             20260620  202606200000
1             20260620  202606200001
545           20260620  202606200905
1439          20260620  202606202359
1440          20260621  202606210000
15840         20260701  202607010000
-1            20260619  202606192359
-1440         20260619  202606190000
"""


@pytest.mark.parametrize("line", MOMENTS.split("\n")[2:-1])
def test_minutes_are_written_as_the_decree_asks(summer, line):
    minute, day, stamp = line.split()
    assert (summer.day(int(minute)), summer.stamp(int(minute))) == (day, stamp)
    assert f"{summer.date(int(minute)):%Y%m%d}" == day


def test_the_clock_has_every_minute_once():
    assert len(CLOCK) == DAY == len(set(CLOCK))
    assert (CLOCK[0], CLOCK[59], CLOCK[60], CLOCK[-1]) == ("0000", "0059", "0100", "2359")


@pytest.mark.parametrize(
    ("start", "days", "months"),
    [
        (date(2026, 7, 1), 31, [(7, 0, 31)]),
        (date(2026, 7, 1), 32, [(7, 0, 31), (8, 31, 1)]),
        (date(2026, 6, 20), 50, [(6, 0, 11), (7, 11, 31), (8, 42, 8)]),
        (date(2025, 12, 31), 2, [(12, 0, 1), (1, 1, 1)]),
        (date(2028, 2, 1), 30, [(2, 0, 29), (3, 29, 1)]),
        (date(2026, 7, 15), 1, [(7, 0, 1)]),
    ],
)
def test_months_of_the_period(start, days, months):
    assert Calendar(start, days).months == months


def test_the_same_month_of_the_next_year_is_another_month():
    months = Calendar(date(2026, 7, 1), 400).months
    assert [month for month, _, _ in months].count(7) == 2
    assert sum(days for *_, days in months) == 400


def test_the_period_has_margins_for_cards_and_appointments(summer):
    assert summer.end == 50 * DAY
    assert summer.day(-MARGIN * DAY) < "20260101"
    assert summer.day(summer.end + (MARGIN - 1) * DAY) > "20270801"
    assert len(set(summer.texts)) == 50 + 2 * MARGIN
