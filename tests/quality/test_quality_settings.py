"""Grades, release days and other dated choices; delays; months."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso.quality import months, settings
from yteso.quality.delays import DAY, MONTH, Delays, width
from yteso.quality.settings import MEASURES


AUGUST = date(2026, 8, 1)


@pytest.mark.parametrize(
    ("value", "grade"), [(1.0, "good"), (0.95, "good"), (0.949, "fair"), (0.85, "fair"), (0.849, "poor"), (0.0, "poor")]
)
def test_a_share_is_graded_by_the_limits_in_force(value: float, grade: str) -> None:
    assert settings.grade("correct", value, AUGUST) == grade


@pytest.mark.parametrize("measure", MEASURES)
def test_every_measure_has_limits_in_order(measure: str) -> None:
    assert settings.grade(measure, 1.0, AUGUST) == "good"
    assert settings.grade(measure, 0.0, AUGUST) == "poor"


def test_a_new_line_holds_from_its_day_and_history_is_judged_as_it_was(tmp_path, monkeypatch) -> None:
    (tmp_path / "settings.csv").write_text(
        "name,effective_from,value\nminimum,2026-07-01,20\nminimum,2025-01-01,10\nrelease_day,2025-01-01,5\n"
    )
    monkeypatch.setattr(settings, "DATA", tmp_path)
    settings._table.cache_clear()
    try:
        days = [date(2024, 1, 1), date(2026, 6, 30), date(2026, 7, 1)]
        assert [settings.number("minimum", day) for day in days] == [10, 10, 20]
        with pytest.raises(KeyError):
            settings.number("khác", AUGUST)
    finally:
        settings._table.cache_clear()


def test_the_authority_sees_a_month_from_the_fifth_of_the_next() -> None:
    days = [date(2026, 8, 31), date(2026, 9, 4), date(2026, 9, 5), date(2027, 1, 1)]
    assert [settings.released(AUGUST, day) for day in days] == [False, False, True, True]
    assert settings.last_released(date(2026, 9, 4)) == date(2026, 7, 1)
    assert settings.last_released(date(2026, 9, 5)) == AUGUST
    assert settings.released(date(2026, 12, 1), date(2027, 1, 5))


def test_months_go_back_and_forth_over_years() -> None:
    assert months.before(date(2026, 1, 1)) == date(2025, 12, 1)
    assert months.before(date(2026, 3, 1), 12) == date(2025, 3, 1)
    assert months.after(date(2025, 12, 1)) == date(2026, 1, 1)
    assert months.last_day(date(2028, 2, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize("text", ["", "2026", "2026-13", "08/2026", "2026-8", "2026-08-01", "abcdefg"])
def test_what_is_no_month_is_none(text: str) -> None:
    assert months.parse(text) is None
    assert months.parse("2026-08") == AUGUST


def test_quantiles_are_read_inside_a_bucket() -> None:
    delays = Delays({0: 50, 15: 50})
    assert delays.quantile(0.5) == 15
    assert delays.quantile(0.25) == 7.5
    assert delays.quantile(1.0) == 30
    assert Delays().quantile(0.5) is None


def test_later_than_a_day_counts_from_24_hours() -> None:
    delays = Delays({1425: 3, DAY: 2, MONTH: 1})
    assert (delays.count, delays.later_than_a_day) == (6, 3)
    assert [width(minutes) for minutes in (0, 1425, DAY, MONTH - 60, MONTH)] == [15, 15, 60, 60, DAY]


@given(st.dictionaries(st.integers(0, 95).map(lambda n: n * 15), st.integers(0, 50), min_size=1), st.floats(0.01, 0.99))
def test_quantiles_never_go_down(buckets: dict[int, int], share: float) -> None:
    delays = Delays(buckets)
    low, high = delays.quantile(share / 2), delays.quantile(share)
    assert (low is None) == (high is None) == (delays.count == 0)
    assert low is None or 0 <= low <= high <= max(buckets) + 15
