"""The dated choices as they are shipped: grades, settings and holidays say one thing on each day."""

import csv
from collections import Counter
from datetime import date, timedelta

import pytest

from yteso.quality import months, settings
from yteso.quality.connections import VISITS
from yteso.quality.settings import DATA, FAIR, GOOD, MEASURES, POOR


FILES = {"grades.csv": "measure", "settings.csv": "name"}
YEARS = (2025, 2026, 2027)


def rows(file: str) -> list[dict[str, str]]:
    with (DATA / file).open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


@pytest.mark.parametrize(("file", "key"), FILES.items())
def test_nothing_is_said_twice_for_one_day(file: str, key: str) -> None:
    said = Counter((row[key], row["effective_from"]) for row in rows(file))
    assert [line for line, times in said.items() if times > 1] == []


@pytest.mark.parametrize(("file", "key"), FILES.items())
def test_lines_are_whole_and_their_dates_are_dates(file: str, key: str) -> None:
    for row in rows(file):
        assert None not in row and all(row.values()), row
        assert date.fromisoformat(row["effective_from"]) <= date(2030, 1, 1)


def test_grades_are_of_the_six_measures_and_of_nothing_else() -> None:
    assert {row["measure"] for row in rows("grades.csv")} == set(MEASURES)


@pytest.mark.parametrize("row", rows("grades.csv"), ids=lambda row: f"{row['measure']} {row['effective_from']}")
def test_limits_are_shares_and_good_is_above_fair(row: dict[str, str]) -> None:
    assert 0 < float(row["fair"]) < float(row["good"]) <= 1


@pytest.mark.parametrize("row", rows("grades.csv"), ids=lambda row: f"{row['measure']} {row['effective_from']}")
def test_a_limit_belongs_to_the_better_grade(row: dict[str, str]) -> None:
    name, on = row["measure"], date.fromisoformat(row["effective_from"])
    good, fair = float(row["good"]), float(row["fair"])
    values = (1.0, good, good - 1e-6, fair, fair - 1e-6, 0.0)
    assert [settings.grade(name, value, on) for value in values] == [GOOD, GOOD, FAIR, FAIR, POOR, POOR]


@pytest.mark.parametrize("name", ["minimum", "prior", "release_day", *(f"grace_{kind}" for kind in VISITS)])
def test_every_setting_that_is_asked_for_is_there_whatever_the_day(name: str) -> None:
    for on in (date(2000, 1, 1), date(2025, 1, 1), date(2026, 8, 31), date(2090, 1, 1)):
        assert settings.number(name, on) >= 1


def test_the_release_day_exists_in_every_month() -> None:
    assert all(1 <= int(row["value"]) <= 28 for row in rows("settings.csv") if row["name"] == "release_day")


@pytest.mark.parametrize("ahead", range(24))
def test_the_last_released_month_is_released_and_the_next_is_not(ahead: int) -> None:
    first = months.before(date(2026, 1, 1), -ahead)
    for today in (first, first + timedelta(days=3), first + timedelta(days=4), months.last_day(first)):
        last = settings.last_released(today)
        assert settings.released(last, today)
        assert not settings.released(months.after(last), today)


@pytest.mark.parametrize("year", YEARS)
@pytest.mark.parametrize(("month", "day"), [(1, 1), (4, 30), (5, 1), (9, 2)])
def test_holidays_of_fixed_date_are_days_off(year: int, month: int, day: int) -> None:
    assert date(year, month, day) in settings.holidays()


@pytest.mark.parametrize("year", YEARS)
def test_each_year_has_its_eleven_days(year: int) -> None:
    """Bộ luật Lao động 2019, Điều 112: 11 days, of which Tết âm lịch is five in a row."""
    of = sorted(day for day in settings.holidays() if day.year == year)
    assert len(of) == 11
    names = {row["day"]: row["name"] for row in rows("holidays.csv")}
    tet = [day for day in of if names[day.isoformat()] == "Tết Âm lịch"]
    assert [(day - tet[0]).days for day in tet] == [0, 1, 2, 3, 4]


def test_holidays_are_in_order_and_once() -> None:
    days = [row["day"] for row in rows("holidays.csv")]
    assert days == sorted(set(days))
