"""A card read from raw figures: grades by the month's own limits, the worst rules first, samples to open."""

from datetime import date

import pytest
from arrivals import dossier

from yteso import quality
from yteso.quality import settings
from yteso.quality.cards import TOP, TREND, top_rules
from yteso.quality.settings import MEASURES


JANUARY = date(2026, 1, 1)

GRADES = """
measure   good  of   grade
correct   95    100  good
correct   94    100  fair
correct   84    100  poor
complete  95    100  good
complete  85    100  fair
clean     90    100  good
clean     74    100  poor
timely    80    100  fair
timely    79    100  poor
deep      90    100  good
deep      75    100  fair
same      99    100  good
same      98    100  fair
same      94    100  poor
same      10    10   good
same      9     9    -
correct   0     9    -
"""


@pytest.fixture
def put(conn):
    def write(measure: str, good: int, of: int, month: date = JANUARY, facility: str = "99001", part: str = "") -> None:
        row = (facility, month, measure, part, good, of, of)
        conn.execute("insert into quality_count values (%s, %s, %s, %s, %s, %s, %s)", row)

    return write


@pytest.mark.parametrize("line", GRADES.strip().split("\n")[1:])
def test_a_measure_is_graded_by_its_own_limits(conn, put, line: str) -> None:
    name, good, of, grade = line.split()
    put(name, int(good), int(of))
    found = {one.name: one.grade for one in quality.scorecard(conn, "99001", JANUARY).measures}
    assert found == dict.fromkeys(MEASURES, "") | {name: grade.strip("-")}


def test_stricter_limits_leave_older_months_as_they_were(conn, put, tmp_path, monkeypatch) -> None:
    for file in settings.DATA.glob("*.csv"):
        (tmp_path / file.name).write_bytes(file.read_bytes())
    with (tmp_path / "grades.csv").open("a") as stream:
        stream.write("correct,2026-02-01,0.99,0.98\n")
    monkeypatch.setattr(settings, "DATA", tmp_path)
    settings._table.cache_clear()
    try:
        months = (JANUARY, date(2026, 2, 1))
        for month in months:
            put("correct", 97, 100, month)
        assert [quality.scorecard(conn, "99001", month).measures[0].grade for month in months] == ["good", "poor"]
    finally:
        settings._table.cache_clear()


def test_parts_stand_under_their_measure_and_not_in_the_trend(conn, put) -> None:
    put("complete", 8, 10)
    put("complete", 3, 4, part="XML7")
    put("complete", 1, 4, date(2025, 12, 1), part="XML8")
    found = {one.name: one for one in quality.scorecard(conn, "99001", JANUARY).measures}
    assert {part: share.value for part, share in found["complete"].parts.items()} == {"XML7": 0.75}
    assert [share.value for _, share in found["complete"].trend] == [None] * (TREND - 1) + [0.8]
    assert found["clean"].parts == {}


def test_the_five_rules_that_touch_most_patients_come_first(conn) -> None:
    touched = {"A": (9, 1), "B": (3, 3), "C": (4, 3), "D": (5, 5), "E": (3, 3), "F": (2, 2), "G": (7, 7)}
    for rule, (dossiers, patients) in touched.items():
        row = ("99001", JANUARY, rule, "warning", dossiers, patients)
        conn.execute("insert into quality_rule values (%s, %s, %s, %s, %s, %s, '{}')", row)
    found = quality.scorecard(conn, "99001", JANUARY).rules
    assert len(found) == TOP
    assert [one.rule for one in found] == ["G", "D", "C", "B", "E"]
    assert top_rules(conn, "99002", JANUARY) == top_rules(conn, "99001", date(2026, 2, 1)) == []


def test_samples_are_at_most_five_the_newest_and_can_be_found(tell, autocommit) -> None:
    number = tell(*(dossier(n, LY_DO_VV="") for n in range(1, 8)), at="2026-01-14 10:00")
    quality.refresh(autocommit)
    found = {one.rule: one for one in top_rules(autocommit, "99001", JANUARY, 50)}["XML1-004"]
    assert (found.dossiers, found.patients) == (7, 7)
    assert [one.ma_lk for one in found.samples] == [f"LK-{n:06}" for n in (7, 6, 5, 4, 3)]
    assert {(one.submission, one.position) for one in found.samples} == {(number, n) for n in (3, 4, 5, 6, 7)}
