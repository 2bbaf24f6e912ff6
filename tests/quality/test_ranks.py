"""Who stands where, and how sure that is."""

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso.quality.ranks import OVERALL, Ranking, rank
from yteso.quality.settings import MEASURES
from yteso.quality.shares import Share


MONTH = date(2026, 8, 1)


def ranked(**good_of_all: tuple[int, int]) -> Ranking:
    return rank(MONTH, "correct", {code: {"correct": Share(g, n, n)} for code, (g, n) in good_of_all.items()})


@st.composite
def provinces(draw) -> dict[str, dict[str, Share]]:
    counts = draw(st.lists(st.integers(0, 400), min_size=1, max_size=25))
    return {
        f"99{n:03}": {"correct": Share(draw(st.integers(0, count)), count, count)} for n, count in enumerate(counts)
    }


@given(provinces())
def test_everybody_is_ranked_or_said_to_have_too_few(figures) -> None:
    of = rank(MONTH, "correct", figures)
    assert {one.facility for one in of.ranked} | set(of.too_few) == set(figures)
    assert all(share.dossiers < of.minimum for share in of.too_few.values())
    assert all(one.share.dossiers >= of.minimum for one in of.ranked)


@given(provinces())
def test_ranks_go_down_with_the_estimate_and_ties_share_a_rank(figures) -> None:
    of = rank(MONTH, "correct", figures).ranked
    for above, below in itertools.pairwise(of):
        assert above.estimate.value >= below.estimate.value - 1e-9
        tied = abs(above.estimate.value - below.estimate.value) < 1e-9
        assert (below.rank == above.rank) if tied else (below.rank > above.rank)
    assert [one.rank for one in of[:1]] == [1] * len(of[:1])


@given(provinces())
def test_each_is_alike_to_itself_and_likeness_goes_both_ways(figures) -> None:
    of = rank(MONTH, "correct", figures).ranked
    for one in of:
        first, last = one.alike
        assert 1 <= first <= one.rank <= last <= len(of)
        for other in of:
            if other.estimate.low <= one.estimate.high and one.estimate.low <= other.estimate.high:
                assert first <= other.rank <= last
                assert other.alike[0] <= one.rank <= other.alike[1]


@given(provinces())
def test_the_order_in_which_facilities_are_named_changes_nothing(figures) -> None:
    assert rank(MONTH, "correct", dict(reversed(figures.items()))) == rank(MONTH, "correct", figures)


@given(provinces())
def test_of_two_with_equally_many_visits_the_better_is_never_below(figures) -> None:
    of = rank(MONTH, "correct", figures).ranked
    for one in of:
        for other in of:
            if one.share.dossiers == other.share.dossiers and one.share.numerator > other.share.numerator:
                assert one.rank < other.rank


def test_one_bad_file_does_not_put_a_small_facility_last() -> None:
    big = {f"991{n:02}": (80 + n, 100) for n in range(15)}
    of = ranked(**big, **{"99001": (9, 10)})
    place = next(one.rank for one in of.ranked if one.facility == "99001")
    assert 1 < place < 16


def test_ten_perfect_files_do_not_put_a_small_facility_first() -> None:
    big = {f"991{n:02}": (80 + n, 100) for n in range(20)}
    of = ranked(**big, **{"99001": (10, 10)})
    assert of.ranked[0].facility != "99001"


def test_one_file_has_no_rank() -> None:
    of = ranked(**{"99001": (0, 1), "99002": (95, 100)})
    assert [one.facility for one in of.ranked] == ["99002"]
    assert list(of.too_few) == ["99001"]


def test_a_clear_difference_is_said_to_be_one() -> None:
    of = ranked(**{"99001": (990, 1000), "99002": (500, 1000), "99003": (10, 1000)})
    assert [(one.facility, one.rank, one.alike) for one in of.ranked] == [
        ("99001", 1, (1, 1)),
        ("99002", 2, (2, 2)),
        ("99003", 3, (3, 3)),
    ]


def test_equal_figures_share_a_rank_and_the_next_one_is_skipped() -> None:
    of = ranked(**{"99001": (90, 100), "99002": (90, 100), "99003": (10, 100)})
    assert [(one.facility, one.rank, one.alike) for one in of.ranked] == [
        ("99001", 1, (1, 2)),
        ("99002", 1, (1, 2)),
        ("99003", 3, (3, 3)),
    ]


def test_all_six_together_need_no_facility_to_have_all() -> None:
    full = {name: Share(95, 100, 100) for name in MEASURES}
    poor = {"correct": Share(50, 100, 100)}
    of = rank(MONTH, OVERALL, {"99001": full, "99002": poor})
    assert [one.facility for one in of.ranked] == ["99001", "99002"]
    assert of.ranked[0].estimate.sd < 0.05


def test_nobody_is_an_empty_ranking() -> None:
    assert ranked().ranked == []


@pytest.mark.parametrize("measure", [*MEASURES, OVERALL])
def test_every_measure_can_be_ranked_by(measure: str) -> None:
    figures = {"99001": {name: Share(9, 10, 10) for name in MEASURES}}
    assert [one.rank for one in rank(MONTH, measure, figures).ranked] == [1]
