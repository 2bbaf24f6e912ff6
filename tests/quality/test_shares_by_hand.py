"""Shares against numbers worked out elsewhere: Wilson, the prior of a province, what a few visits are worth."""

from itertools import pairwise
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso.quality.shares import HEAVIEST, Estimate, Prior, Share, Z, prior, shrink, together, wilson


# Newcombe (1998), table I, and R's prop.test(correct = FALSE).
KNOWN = """
numerator  of    low     high
81         263   0.2553  0.3662
15         148   0.0624  0.1605
0          20    0.0000  0.1611
1          29    0.0061  0.1718
29         29    0.8830  1.0000
5          10    0.2366  0.7634
7          10    0.3968  0.8922
950        1000  0.9347  0.9619
"""


@pytest.mark.parametrize("line", KNOWN.strip().split("\n")[1:])
def test_wilson_as_published(line: str) -> None:
    numerator, of, low, high = (float(word) for word in line.split())
    assert wilson(numerator / of, int(of)) == pytest.approx((low, high), abs=6e-5)


@pytest.mark.parametrize("count", [1, 2, 10, 1000, 1_000_000])
def test_zero_and_full_are_mirror_images_and_never_certain(count: int) -> None:
    (none, some), (much, all_) = wilson(0.0, count), wilson(1.0, count)
    assert (none, all_) == (0.0, 1.0)
    assert some == pytest.approx(1 - much)
    assert some == pytest.approx(Z * Z / (count + Z * Z))
    assert some > 0
    assert much < 1


@given(st.integers(1, 2_000), st.data())
def test_an_interval_mirrored_is_the_interval_of_the_mirror(count: int, data: st.DataObject) -> None:
    good = data.draw(st.integers(0, count))
    low, high = wilson(good / count, count)
    assert (1 - high, 1 - low) == pytest.approx(wilson(1 - good / count, count))


WORTH = """
good  of    mean  weight  estimate
0     0     0.90  10      0.9000
0     1     0.90  10      0.8182
1     1     0.90  10      0.9091
10    10    0.90  10      0.9500
0     10    0.90  10      0.4500
50    100   0.90  100     0.7000
990   1000  0.90  10      0.9891
0     1000  0.50  500     0.1667
"""


@pytest.mark.parametrize("line", WORTH.strip().split("\n")[1:])
def test_what_a_few_visits_are_worth(line: str) -> None:
    good, of, mean, weight, estimate = line.split()
    share = Share(int(good), int(of), int(of))
    assert shrink(share, Prior(float(mean), float(weight))).value == pytest.approx(float(estimate), abs=5e-5)


@pytest.mark.parametrize(("share", "towards"), [(0.2, "down"), (1.0, "up"), (0.0, "down")])
def test_the_more_visits_the_nearer_to_ones_own_share(share: float, towards: str) -> None:
    counts = (1, 5, 10, 50, 100, 1_000, 100_000)
    known = Prior(0.7, 20)
    values = [shrink(Share(round(share * n * 5), n * 5, n * 5), known).value for n in counts]
    assert all((after < before) if towards == "down" else (after > before) for before, after in pairwise(values))
    assert values[-1] == pytest.approx(share, abs=1e-3)


def test_the_heavier_the_province_the_nearer_to_its_mean() -> None:
    away = [abs(shrink(Share(0, 10, 10), Prior(0.9, weight)).value - 0.9) for weight in (1, 10, 100, HEAVIEST)]
    assert away == sorted(away, reverse=True)


@given(st.integers(0, 100), st.integers(10, 500))
def test_the_surer_the_narrower(good: int, weight: int) -> None:
    widths = [shrink(Share(good * n, 100 * n, 100 * n), Prior(good / 100, weight)).sd for n in (1, 2, 4, 8)]
    assert widths == sorted(widths, reverse=True)


def test_items_of_the_same_visits_do_not_make_a_facility_heavier() -> None:
    known = Prior(0.5, 10)
    assert shrink(Share(90, 100, 10), known) == shrink(Share(9, 10, 10), known)


def test_a_share_of_nothing_changes_nothing_however_many_visits_there_were() -> None:
    assert shrink(Share(0, 0, 50), Prior(0.8, 10)).value == pytest.approx(0.8)
    assert prior([Share(0, 0, 50), Share(8, 10, 10)], 10) == prior([Share(8, 10, 10)], 10)


PROVINCES = """
what                          shares of a hundred         mean   weight
one facility alone            80                          0.80   500
all the same                  80 80 80                    0.80   500
all perfect                   100 100 100                 1.00   500
all at zero                   0 0                         0.00   500
good ones and bad ones        0 100                       0.50   10
"""


@pytest.mark.parametrize("line", PROVINCES.strip().split("\n")[1:])
def test_what_a_province_teaches(line: str) -> None:
    shares = [Share(int(good), 100, 100) for good in line[30:58].split()]
    mean, weight = (float(word) for word in line[58:].split())
    assert prior(shares, 10) == Prior(pytest.approx(mean), weight)


def test_the_mean_of_a_province_goes_by_visits_not_by_facilities() -> None:
    assert prior([Share(900, 1000, 1000), Share(0, 10, 10)], 10).mean == pytest.approx(900 / 1010)


@pytest.mark.parametrize(
    ("value", "sd", "low", "high"), [(0.99, 0.1, 0.794, 1.0), (0.01, 0.1, 0.0, 0.206), (0.5, inf, 0, 1)]
)
def test_bounds_stop_at_nothing_and_everything(value: float, sd: float, low: float, high: float) -> None:
    assert (Estimate(value, sd).low, Estimate(value, sd).high) == pytest.approx((low, high), abs=1e-3)


@given(st.lists(st.builds(Estimate, st.floats(0, 1), st.floats(0, 0.5)), min_size=1, max_size=6))
def test_a_mean_lies_between_its_measures_and_the_order_is_no_matter(estimates: list[Estimate]) -> None:
    found = together(estimates)
    values = [one.value for one in estimates]
    assert min(values) - 1e-9 <= found.value <= max(values) + 1e-9
    assert found.sd <= max(one.sd for one in estimates) + 1e-9
    back = together(estimates[::-1])
    assert (back.value, back.sd) == pytest.approx((found.value, found.sd))
