"""Pages of the API: nothing is lost or repeated, also while new files arrive."""

from datetime import datetime

import pytest
from knocking import HERE, OTHER, dossier, finding, stored


def pages(knocker, address: str, between: object = None) -> list[list[dict]]:
    """All pages from the first; `between` is called after each."""
    found, cursor = [], ""
    while cursor is not None:
        page = knocker.get(f"{address}&cursor={cursor}").json()
        found.append(page["items"])
        cursor = page["next"]
        if between:
            between()
    return found


@pytest.mark.parametrize(("count", "sizes"), [(0, [0]), (1, [1]), (3, [3]), (4, [3, 1]), (6, [3, 3]), (7, [3, 3, 1])])
def test_a_page_is_full_before_the_next_begins(knocker, count: int, sizes: list[int]) -> None:
    sent = [stored().receipt for _ in range(count)]
    found = pages(knocker, "submissions?limit=3")
    assert [len(page) for page in found] == sizes
    assert [one["receipt"] for page in found for one in page] == sent[::-1]


def test_files_that_arrive_meanwhile_shift_no_page(knocker) -> None:
    sent = [stored().receipt for _ in range(7)]
    found = pages(knocker, "submissions?limit=2", lambda: [stored() for _ in range(3)])
    assert [one["receipt"] for page in found for one in page] == sent[::-1]
    assert len(knocker.get("submissions").json()["items"]) > len(sent)


def test_files_of_others_leave_no_gap(knocker) -> None:
    sent = []
    for _ in range(5):
        sent.append(stored().receipt)
        stored(facility=OTHER)
    found = pages(knocker, "submissions?limit=2")
    assert [one["receipt"] for page in found for one in page] == sent[::-1]
    assert [len(page) for page in found] == [2, 2, 1]


@pytest.mark.parametrize("status", ["received", "processing", "done", "refused"])
def test_a_status_is_paged_as_the_whole_is(knocker, status: str) -> None:
    sent = [stored(one).receipt for _ in range(3) for one in ("received", "processing", "done", "refused")]
    found = [one for page in pages(knocker, f"submissions?limit=2&status={status}") for one in page]
    assert {one["status"] for one in found} == {status}
    assert len(found) == 3
    assert {one["receipt"] for one in found} <= set(sent)


def test_days_go_from_midnight_to_midnight_of_viet_nam(knocker) -> None:
    times = [(4, 23, 59, 59), (5, 0, 0, 0), (5, 23, 59, 59), (6, 0, 0, 0)]
    rows = [stored(received=datetime(2026, 3, *time, tzinfo=HERE)) for time in times]
    for query, expected in {
        "since=2026-03-05&until=2026-03-05": rows[1:3],
        "since=2026-03-05": rows[1:],
        "until=2026-03-05": rows[:3],
        "since=2026-03-06&until=2026-03-05": [],
    }.items():
        items = knocker.get(f"submissions?{query}").json()["items"]
        assert [one["receipt"] for one in items] == [one.receipt for one in expected[::-1]], query


def test_dossiers_are_paged_in_their_order_and_by_outcome(knocker) -> None:
    of = stored(dossiers=9)
    for position in (5, 3, 9, 1, 7, 2, 8, 4, 6):
        dossier(of, position, "accepted" if position % 3 else "refused")
    address = f"submissions/{of.receipt}/dossiers?limit=2"
    assert [one["position"] for page in pages(knocker, address) for one in page] == list(range(1, 10))
    refused = pages(knocker, f"{address}&outcome=refused")
    assert [[one["position"] for one in page] for page in refused] == [[3, 6], [9]]


def test_findings_alike_in_everything_are_each_told_once(knocker) -> None:
    of = stored(dossiers=1)
    whose = dossier(of)
    for number in range(7):
        finding(of, "XML1-048", of_dossier=whose, value=str(number))
    found = pages(knocker, f"submissions/{of.receipt}/findings?limit=2")
    assert [one["value"] for page in found for one in page] == [str(number) for number in range(7)]
    assert [len(page) for page in found] == [2, 2, 2, 1]


@pytest.mark.parametrize("address", ["submissions", "submissions/{}/findings", "submissions/{}/dossiers"])
@pytest.mark.parametrize(
    "query", ["cursor=x", "cursor=-1", "cursor=1.5", "cursor=" + "9" * 19, "limit=0", "limit=1001"]
)
def test_a_place_or_size_that_is_none_is_named(knocker, address: str, query: str) -> None:
    answer = knocker.get(f"{address.format(stored().receipt)}?{query}")
    assert answer.status_code == 422
    assert [one["name"] for one in answer.json()["errors"]] == [query.partition("=")[0]]


@pytest.mark.parametrize("rest", ["findings", "dossiers"])
def test_a_place_past_the_end_is_an_empty_last_page(knocker, rest: str) -> None:
    answer = knocker.get(f"submissions/{stored().receipt}/{rest}?cursor=" + "9" * 18)
    assert (answer.status_code, answer.json()) == (200, {"items": [], "next": None})
