"""Shares with their uncertainty: what must hold whatever the numbers are."""

from math import isclose

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso.quality.shares import HEAVIEST, Estimate, Prior, Share, prior, shrink, together, wilson


@st.composite
def shares(draw, least: int = 0) -> Share:
    dossiers = draw(st.integers(least, 5_000))
    return Share(draw(st.integers(0, dossiers)), dossiers, dossiers)


priors = st.builds(Prior, st.floats(0.01, 0.99), st.floats(1, HEAVIEST))

WILSON = """
numerator  of   low     high
0          1    0.0000  0.7935
1          1    0.2065  1.0000
0          10   0.0000  0.2775
9          10   0.5958  0.9821
50         100  0.4038  0.5962
"""


@pytest.mark.parametrize("line", WILSON.strip().split("\n")[1:])
def test_intervals_are_those_of_the_textbook(line: str) -> None:
    numerator, of, low, high = line.split()
    share = Share(int(numerator), int(of), int(of))
    assert share.interval == pytest.approx((float(low), float(high)), abs=5e-5)


def test_nothing_counted_is_no_value_and_could_be_anything() -> None:
    assert Share().value is None
    assert Share().interval == (0.0, 1.0)


@given(shares(1))
def test_an_interval_holds_its_value_and_stays_within_bounds(share: Share) -> None:
    low, high = share.interval
    assert 0 <= low <= share.value <= high <= 1


@given(shares(1), st.integers(2, 50))
def test_more_visits_of_the_same_kind_make_it_surer(share: Share, times: int) -> None:
    many = Share(share.numerator * times, share.denominator * times, share.dossiers * times)
    assert many.interval[1] - many.interval[0] < share.interval[1] - share.interval[0]


def test_items_of_few_visits_are_no_surer_than_the_visits() -> None:
    assert Share(900, 1000, 10).interval == wilson(0.9, 10)


@given(shares(1), priors)
def test_an_estimate_lies_between_the_facility_and_its_province(share: Share, known: Prior) -> None:
    value = shrink(share, known).value
    assert min(share.value, known.mean) - 1e-9 <= value <= max(share.value, known.mean) + 1e-9


@given(shares(0), priors)
def test_one_more_bad_file_moves_an_estimate_little_and_never_up(share: Share, known: Prior) -> None:
    worse = Share(share.numerator, share.denominator + 1, share.dossiers + 1)
    fall = shrink(share, known).value - shrink(worse, known).value
    assert -1e-12 <= fall <= 1 / (known.weight + share.dossiers + 1) + 1e-12


@given(priors)
def test_the_only_file_of_a_facility_being_bad_does_not_read_as_zero(known: Prior) -> None:
    assert shrink(Share(0, 1, 1), known).value == pytest.approx(known.mean * known.weight / (known.weight + 1))


@given(shares(1), priors)
def test_better_is_never_lower(share: Share, known: Prior) -> None:
    if share.numerator < share.denominator:
        better = Share(share.numerator + 1, share.denominator, share.dossiers)
        assert shrink(better, known).value > shrink(share, known).value


@given(priors)
def test_without_visits_the_estimate_is_the_province(known: Prior) -> None:
    assert isclose(shrink(Share(), known).value, known.mean)


@given(st.lists(shares(0), max_size=30), st.floats(1, 50))
def test_a_prior_is_usable_whatever_the_peers_are(peers: list[Share], lightest: float) -> None:
    found = prior(peers, lightest)
    assert 0 <= found.mean <= 1
    assert lightest <= found.weight <= HEAVIEST


def test_peers_that_hardly_differ_weigh_much_and_peers_that_differ_little() -> None:
    alike = [Share(n, 100, 100) for n in (89, 90, 91, 90)]
    apart = [Share(n, 100, 100) for n in (20, 95, 50, 80)]
    assert prior(alike, 10).weight == HEAVIEST
    assert prior(apart, 5).weight < 20
    assert prior(apart, 10).mean == pytest.approx(0.6125)


def test_nobody_to_learn_from() -> None:
    assert prior([], 10) == prior([Share()], 10) == Prior(0.5, 10)


@given(shares(0), priors)
def test_bounds_of_an_estimate_are_in_order(share: Share, known: Prior) -> None:
    found = shrink(share, known)
    assert 0 <= found.low <= found.value <= found.high <= 1


def test_several_measures_together_are_their_mean_and_surer() -> None:
    both = together([Estimate(0.8, 0.06), Estimate(0.6, 0.08)])
    assert (both.value, both.sd) == (pytest.approx(0.7), pytest.approx(0.05))
