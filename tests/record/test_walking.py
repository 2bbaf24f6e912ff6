"""Everybody's documents as of a moment, in portions: each exactly once, whatever happens between two portions."""

from collections.abc import Callable, Iterable
from datetime import date
from uuid import UUID

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_listing import LATER, saved, text

from yteso import record
from yteso.config.database import connect
from yteso.record import Moment, walking
from yteso.record.ids import subject_id


def now(conn: psycopg.Connection) -> Moment:
    moment, _ = walking.now(conn)
    conn.commit()
    return moment


def walk(
    conn: psycopg.Connection,
    moment: Moment,
    *,
    limit: int = 2,
    between: Callable[[], object] = lambda: None,
    subjects: Iterable[UUID] | None = None,
) -> list[str]:
    """Key and text of each document, withdrawals left out; `between` happens after every portion."""
    found, place = [], walking.START
    while place:
        documents, place = walking.portion(conn, moment, place, limit, subjects)
        conn.commit()
        between()
        record.fill(conn, documents)
        found += [f"{one.source} {text(one)}" for one in documents if one.withdrawn is None]
    return found


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 100])
def test_each_is_there_once_in_the_order_of_subjects(conn, visit, limit) -> None:
    documents = [visit(f"v{n}", patient=f"BN{n % 4}") for n in range(9)]
    saved(conn, *documents)
    found = walk(conn, now(conn), limit=limit)
    ordered = sorted(documents, key=lambda one: (one.subject, one.id))
    assert found == [f"{one.source} first" for one in ordered]


def test_an_empty_record(conn) -> None:
    assert walking.portion(conn, now(conn), walking.START, 10) == ([], None)
    assert walking.stored(conn) >= 0


def test_only_these_subjects(conn, visit) -> None:
    saved(conn, *(visit(f"v{n}", patient=f"BN{n}") for n in range(5)))
    whose = [subject_id("99001", f"BN{n}") for n in (1, 3, 9)]
    assert sorted(walk(conn, now(conn), subjects=whose)) == ["v1 first", "v3 first"]
    assert walk(conn, now(conn), subjects=[]) == []


def test_what_comes_or_changes_between_two_portions(conn, visit) -> None:
    keys = [f"v{n}" for n in range(8)]
    saved(conn, *(visit(key, patient=f"BN{key}") for key in keys))
    moment, made = now(conn), iter(range(1, 100))

    def meanwhile() -> None:
        day = next(made)
        saved(conn, *(visit(key, patient=f"BN{key}", text=f"later {day}", made=day) for key in keys))
        saved(conn, visit(f"new {day}", patient=f"BN{day}"))

    assert sorted(walk(conn, moment, between=meanwhile)) == [f"{key} first" for key in keys]


def test_what_moves_to_another_subject_is_neither_lost_nor_repeated(conn, visit) -> None:
    patients = sorted((f"BN{n}" for n in range(6)), key=lambda name: subject_id("99001", name))
    for start, target in ((patients[0], patients[-1]), (patients[-1], patients[0])):
        saved(conn, *(visit(f"{start} {name}", patient=name) for name in patients))
        moment, made = now(conn), iter(range(1, 100))

        def meanwhile(start=start, target=target, made=made) -> None:
            saved(conn, visit(f"{start} {start}", patient=target, text="moved", made=next(made)))

        found = [one for one in walk(conn, moment, limit=1, between=meanwhile) if one.startswith(start)]
        assert sorted(found) == sorted(f"{start} {name} first" for name in patients)


def test_what_had_moved_before_is_where_it_went(conn, visit) -> None:
    saved(conn, visit("a"), visit("b"))
    saved(conn, visit("a", patient="BN2", text="moved", made=1))
    moment = now(conn)
    assert sorted(walk(conn, moment)) == ["a moved", "b first"]
    assert walk(conn, moment, subjects=[subject_id("99001", "BN1")]) == ["b first"]


def test_what_is_taken_back_meanwhile_is_not_shown_any_more(conn, visit) -> None:
    saved(conn, visit("a"), visit("b"))
    moment = now(conn)
    record.withdraw(conn, visit("a").id, "wrong patient", made=date(2026, 5, 1), received=LATER)
    conn.commit()
    assert walk(conn, moment) == ["b first"]
    documents, _ = walking.portion(conn, moment, walking.START, 10)
    assert sorted(one.withdrawn or "" for one in documents) == ["", "wrong patient"]


def test_a_transaction_open_at_the_moment_is_later_and_the_time_reaches_back_to_it(conn, visit) -> None:
    saved(conn, visit("a"))
    with connect() as other:
        record.save(other, [visit("open")])
        saved(conn, visit("b"))
        moment, time = walking.now(conn)
        other.commit()
    conn.commit()
    assert sorted(walk(conn, moment)) == ["a first", "b first"]
    (opened,) = [change.at for change in record.changes(conn) if change.document == visit("open").id]
    assert time <= opened
    assert sorted(walk(conn, now(conn))) == ["a first", "b first", "open first"]


steps = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("123"), st.integers(0, 5)), max_size=10)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(steps, steps, st.integers(1, 4))
def test_any_history_walked_while_it_goes_on(conn, visit, before, after, limit) -> None:
    conn.execute("TRUNCATE record_document, record_history, record_change")
    conn.commit()
    for key, patient, made in before:
        saved(conn, visit(key, patient=patient, text=f"{made} {patient}", made=made))
    moment = now(conn)
    _, documents = record.as_of(conn, [subject_id("99001", patient) for patient in "123"], moment)
    record.fill(conn, documents)
    whole = sorted(f"{one.source} {text(one)}" for one in documents)
    rest = iter(after)

    def meanwhile() -> None:
        for key, patient, made in rest:
            saved(conn, visit(key, patient=patient, text=f"{made} {patient}", made=made))
            break

    assert sorted(walk(conn, moment, limit=limit, between=meanwhile)) == whole
