"""Announced visits from their day to the end of their grace: waiting, come, late, missed; whose they are."""

from datetime import date, timedelta

import pytest

from yteso import quality
from yteso.quality.connections import KINDS, LISTED, VISITS, Line, total


DUE = date(2026, 1, 14)
MONTH = date(2026, 1, 1)
LATER = date(2026, 12, 1)


@pytest.fixture
def expect(conn):
    """`expect("referral", came=3)`: one announced visit due on DUE, which came so many days later."""

    def write(
        kind: str, *, came: int | None = None, facility: str = "99001", source="99002", due=DUE, ma_lk="A"
    ) -> None:
        day = None if came is None else due + timedelta(days=came)
        conn.execute(
            "insert into quality_expected values (%s, %s, %s, %s, %s, null, %s)",
            (facility, kind, due, source, ma_lk, day),
        )

    return write


def line(conn, today: date = LATER, facility: str = "99001") -> dict[str, str]:
    found = quality.interconnection(conn, MONTH, today, facility=facility).get(facility, [])
    return {one.kind: f"{one.came}/{one.expected}" for one in found}


FATES = """
kind       came  today  said
check-in   -     0      -
check-in   -     3      -
check-in   -     4      0/1
check-in   0     0      1/1
check-in   3     4      1/1
check-in   4     10     0/1
admission  -     60     -
admission  -     61     0/1
admission  60    61     1/1
admission  61    90     0/1
referral   -     14     -
referral   -     15     0/1
referral   -7    0      1/1
referral   14    15     1/1
referral   15    30     0/1
return     -     7      -
return     -     8      0/1
return     -2    0      1/1
return     7     8      1/1
return     8     30     0/1
"""
LINES = FATES.strip().split("\n")[1:]


@pytest.mark.parametrize("fate", LINES)
def test_what_becomes_of_an_announced_visit(conn, expect, fate: str) -> None:
    """Days after DUE: of coming, and of looking."""
    kind, came, ahead, said = fate.split()
    expect(kind, came=None if came == "-" else int(came))
    today = DUE + timedelta(days=int(ahead))
    assert line(conn, today) == ({} if said == "-" else {kind: said})
    listed = quality.missing(conn, "99001", MONTH, kind, today)
    assert [(one.ma_lk, one.source, one.due) for one in listed] == ([("A", "99002", DUE)] if said == "0/1" else [])


def test_every_kind_of_announced_visit_is_in_the_table() -> None:
    assert {fate.split()[0] for fate in LINES} == set(VISITS)


@pytest.mark.parametrize(
    ("due", "counted"), [("2025-12-31", False), ("2026-01-01", True), ("2026-01-31", True), ("2026-02-01", False)]
)
def test_an_announced_visit_belongs_to_the_month_it_is_due_in(conn, expect, due: str, counted: bool) -> None:
    expect("return", due=date.fromisoformat(due))
    assert (line(conn) == {"return": "0/1"}) == counted


def test_it_counts_where_the_patient_was_sent_not_where_from(conn, expect) -> None:
    expect("referral", facility="98001", source="99001")
    assert line(conn) == {}
    assert line(conn, facility="98001") == {"referral": "0/1"}
    assert list(quality.interconnection(conn, MONTH, LATER, province="98")) == ["98001"]


def test_the_missing_list_is_by_day_and_ends_somewhere(conn, expect) -> None:
    for number in range(LISTED + 3):
        expect("return", ma_lk=f"{number:04}", due=date(2026, 1, 31 - number % 31))
    found = quality.missing(conn, "99001", MONTH, "return", LATER)
    assert len(found) == LISTED
    assert [(one.due, one.ma_lk) for one in found] == sorted((one.due, one.ma_lk) for one in found)
    assert line(conn) == {"return": f"0/{LISTED + 3}"}


def test_kinds_come_in_one_order_and_add_up() -> None:
    lines = [Line(kind, 3, 1) for kind in reversed(KINDS)] + [Line("XML7", 4, 4)]
    found = total(lines)
    assert tuple(found) == KINDS
    assert (found["XML7"], found["XML7"].missing) == (Line("XML7", 7, 5), 2)
    assert total([]) == {}
