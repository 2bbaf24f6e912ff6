"""Which month a visit counts in by Viet Nam's clock, and how late it came: from file to bucket to quantile."""

from collections import Counter
from datetime import UTC, date, datetime
from math import ceil

import pytest
from arrivals import dossier
from cases import clean_visit
from hypothesis import given
from hypothesis import strategies as st

from yteso import quality
from yteso.intake.facts import facts
from yteso.quality import months
from yteso.quality.cards import delays
from yteso.quality.delays import DAY, MONTH, Delays, width


def bucket(minutes: int) -> int:
    """Where the database puts a delay, said once more in Python."""
    minutes = max(minutes, 0)
    if minutes < MONTH:
        return minutes - minutes % width(minutes)
    return min(minutes // DAY, 365) * DAY


BY_CLOCK = """
what                                arrived        left           received (UTC)     month
over midnight, within a month       202601142330   202601150030   2026-01-16 02:00   2026-01
over midnight, over a month end     202601312330   202602010030   2026-02-02 02:00   2026-02
over midnight, over a year end      202512312330   202601010030   2026-01-02 02:00   2026-01
the last minute of a month          202601310800   202601312359   2026-02-02 02:00   2026-01
the first minute of a month         202601310800   202602010000   2026-02-02 02:00   2026-02
a leap day                          202802280800   202802291000   2028-03-01 02:00   2028-02
months in bed                       202510010800   202601200900   2026-01-21 02:00   2026-01
left today, already tomorrow here   202601310800   202602010030   2026-01-31 17:45   2026-02
left tomorrow, even here            202601310800   202602020030   2026-01-31 17:45   2026-01
seconds are no matter               20260131080000 20260201003000 2026-02-02 02:00   2026-02
"""
CLOCK = [
    (line[:36].strip(), *line[36:66].split(), line[66:85].strip(), line[85:]) for line in BY_CLOCK.strip().split("\n")
]


@pytest.mark.parametrize(
    ("what", "arrived", "left", "received", "month"), CLOCK[1:], ids=[line[0] for line in CLOCK[1:]]
)
def test_a_visit_counts_in_the_month_it_ended_here(what, arrived, left, received, month) -> None:
    visit = clean_visit()
    visit.tables["XML1"][0] |= {"NGAY_VAO": arrived, "NGAY_RA": left}
    moment = datetime.fromisoformat(received).replace(tzinfo=UTC)
    assert facts(visit, "99001", moment).month == date.fromisoformat(f"{month}-01")


def test_a_file_without_dates_counts_in_the_month_it_arrived_here() -> None:
    visit = clean_visit()
    del visit.tables["XML1"]
    assert facts(visit, "99001", datetime(2026, 1, 31, 16, 59, tzinfo=UTC)).month == date(2026, 1, 1)
    assert facts(visit, "99001", datetime(2026, 1, 31, 17, 0, tzinfo=UTC)).month == date(2026, 2, 1)


AROUND = """
arrives           minutes
2026-01-14 09:00  0
2026-01-14 09:14  0
2026-01-14 09:15  15
2026-01-14 09:29  15
2026-01-14 09:30  30
2026-01-15 08:44  1410
2026-01-15 08:59  1425
2026-01-15 09:00  1440
2026-01-15 09:59  1440
2026-01-15 10:00  1500
2026-02-13 08:59  43140
2026-02-13 09:00  43200
2026-02-14 08:59  43200
2026-02-14 09:00  44640
2027-01-14 09:00  525600
2028-01-14 09:00  525600
2029-01-14 09:00  525600
"""


@pytest.mark.parametrize("line", AROUND.strip().split("\n")[1:])
def test_delays_are_kept_in_fine_buckets(tell, autocommit, line: str) -> None:
    """The visit ended on 14/01/2026 at 09:00."""
    arrives, minutes = line[:16], int(line[18:])
    tell(dossier(1), at=arrives)
    quality.refresh(autocommit)
    assert delays(autocommit, "99001", date(2026, 1, 1)).buckets == {minutes: 1}


def test_only_what_was_accepted_has_a_delay(tell, autocommit) -> None:
    tell(dossier(1), dossier(2, LY_DO_VV=""), at="2026-01-14 10:00")
    quality.refresh(autocommit)
    assert delays(autocommit, "99001", date(2026, 1, 1)).buckets == {60: 1}
    assert delays(autocommit, "99002", date(2026, 1, 1)) == Delays({})


late = st.one_of(st.integers(0, 2 * DAY), st.integers(0, 2 * MONTH), st.integers(0, 365 * DAY))


@given(st.lists(late, min_size=1, max_size=200), st.sampled_from([0.05, 0.25, 0.5, 0.9, 0.95, 1.0]))
def test_a_quantile_lies_in_the_bucket_of_the_visit_it_stands_for(minutes: list[int], share: float) -> None:
    ordered = sorted(minutes)
    exact = ordered[max(ceil(round(share * len(ordered), 9)) - 1, 0)]
    begins = bucket(exact)
    assert begins <= Delays(Counter(map(bucket, minutes))).quantile(share) <= begins + width(begins)


@given(st.lists(late, max_size=200))
def test_no_visit_is_lost_and_lateness_is_exact(minutes: list[int]) -> None:
    found = Delays(Counter(map(bucket, minutes)))
    assert found.count == len(minutes)
    assert found.later_than_a_day == sum(one >= DAY for one in minutes)


@given(st.integers(0, 400 * DAY), st.integers(0, 400 * DAY))
def test_who_is_later_is_never_in_an_earlier_bucket(one: int, other: int) -> None:
    assert (bucket(one) <= bucket(other)) or one > other


days = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@given(days, st.integers(-200, 200))
def test_months_there_and_back_again(day: date, count: int) -> None:
    month = months.first(day)
    assert month.day == 1
    assert months.before(months.before(month, count), -count) == month
    assert months.before(month, 0) == month
    assert months.before(months.after(month)) == month


@given(days)
def test_the_last_day_is_the_one_before_the_next_month(day: date) -> None:
    month = months.first(day)
    assert month <= day <= months.last_day(month) < months.after(month)
    assert months.parse(f"{month:%Y-%m}") == month


@pytest.mark.parametrize(
    "text", ["0001-01", "0000-01", "1899-12", "9999-12", "2100-01", "2026-W1", "-026-01", "２０２６-01"]
)
def test_a_month_no_visit_can_end_in_is_no_month(text: str) -> None:
    assert months.parse(text) is None
