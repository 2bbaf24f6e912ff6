"""The card of a facility, read from figures."""

from datetime import date

import pytest

from yteso import quality
from yteso.quality.settings import MEASURES


JANUARY = date(2026, 1, 1)


@pytest.fixture
def count(conn):
    """`count("99001", "2026-01", correct=(8, 10))`: raw figures straight into the table."""

    def write(facility: str, month: str, **measures: tuple[int, int]) -> None:
        for measure, (numerator, denominator) in measures.items():
            conn.execute(
                "insert into quality_count values (%s, %s, %s, '', %s, %s, %s)",
                (facility, f"{month}-01", measure, numerator, denominator, denominator),
            )

    return write


def measure(conn, name: str, facility: str = "99001"):
    return next(one for one in quality.scorecard(conn, facility, JANUARY).measures if one.name == name)


def test_a_card_has_all_six_in_order_whatever_is_known(conn) -> None:
    card = quality.scorecard(conn, "99001", JANUARY)
    assert [one.name for one in card.measures] == list(MEASURES)
    assert (card.visits, card.enough, card.rules, card.delays.count) == (0, False, [], 0)
    assert {one.grade for one in card.measures} == {""}


def test_shares_stand_with_what_they_are_made_of(conn, count) -> None:
    count("99001", "2026-01", correct=(18, 20))
    one = measure(conn, "correct")
    assert (one.share.numerator, one.share.denominator, one.share.value) == (18, 20, 0.9)
    assert one.share.interval == pytest.approx((0.6990, 0.9721), abs=1e-4)
    assert one.grade == "fair"


def test_few_visits_are_shown_and_not_graded(conn, count) -> None:
    count("99001", "2026-01", correct=(0, 1))
    card = quality.scorecard(conn, "99001", JANUARY)
    assert (card.visits, card.minimum, card.enough) == (1, 10, False)
    assert card.measures[0].grade == ""


def test_one_bad_file_of_a_small_facility_does_not_read_as_zero(conn, count) -> None:
    for n in range(10):
        count(f"990{n + 10}", "2026-01", correct=(95, 100))
    count("99001", "2026-01", correct=(0, 1))
    one = measure(conn, "correct")
    assert one.share.value == 0.0
    assert one.prior.mean == pytest.approx(0.949, abs=1e-3)
    assert one.estimate.value > 0.9


def test_peers_are_of_the_same_province_and_month(conn, count) -> None:
    count("99001", "2026-01", correct=(9, 10))
    count("98001", "2026-01", correct=(0, 500))
    count("99002", "2025-12", correct=(0, 500))
    assert measure(conn, "correct").prior.mean == pytest.approx(0.9)


def test_the_trend_is_twelve_months_oldest_first_with_gaps(conn, count) -> None:
    count("99001", "2026-01", correct=(9, 10))
    count("99001", "2025-11", correct=(5, 10))
    count("99001", "2025-01", correct=(1, 10))
    trend = measure(conn, "correct").trend
    assert [at for at, _ in trend][::11] == [date(2025, 2, 1), JANUARY]
    assert [(at, share.value) for at, share in trend if share.denominator] == [(date(2025, 11, 1), 0.5), (JANUARY, 0.9)]


def test_months_known_are_newest_first(conn, count) -> None:
    count("99001", "2025-11", correct=(5, 10))
    count("99001", "2026-01", correct=(5, 10))
    count("98001", "2026-02", correct=(5, 10))
    assert quality.months_known(conn, facility="99001") == [JANUARY, date(2025, 11, 1)]
    assert quality.months_known(conn, province="98") == [date(2026, 2, 1)]


def test_a_ranking_is_of_one_province(conn, count) -> None:
    count("99001", "2026-01", correct=(18, 20))
    count("99002", "2026-01", correct=(2, 20))
    count("99003", "2026-01", correct=(0, 1))
    count("98001", "2026-01", correct=(20, 20))
    of = quality.ranking(conn, "99", JANUARY, "correct")
    assert [one.facility for one in of.ranked] == ["99001", "99002"]
    assert list(of.too_few) == ["99003"]
