"""A person's documents as of a moment: what came later is left out, what changed is shown as it was."""

from collections.abc import Iterable
from datetime import UTC, date, datetime

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yteso import record
from yteso.config.database import connect
from yteso.record import Document, Moment
from yteso.record.ids import fhir_id, subject_id


LATER = datetime(2026, 6, 1, tzinfo=UTC)


def saved(conn: psycopg.Connection, *documents: Document) -> None:
    record.save(conn, documents)
    conn.commit()


def listed(conn: psycopg.Connection, moment: Moment | None = None, patient: str = "BN1") -> dict[str, str]:
    """The text of each visit by its source key."""
    _, documents = record.as_of(conn, [subject_id("99001", patient)], moment)
    record.fill(conn, documents)
    conn.commit()
    return {document.source: text(document) for document in documents}


def text(document: Document) -> str:
    resource = next(iter(document.body))[2].decode()
    return resource.partition('"text": "')[2].partition('"')[0]


def now(conn: psycopg.Connection) -> Moment:
    moment, _ = record.as_of(conn, [subject_id("99001", "BN1")], None)
    conn.commit()
    return moment


def test_nobody_has_no_documents_and_no_moment(conn) -> None:
    assert record.as_of(conn, [], None) == (None, [])
    assert record.as_of(conn, [subject_id("99001", "BN1")], None) == (None, [])


def test_each_document_says_when_it_was_written(conn, visit) -> None:
    saved(conn, visit("a"), visit("b"))
    _, documents = record.as_of(conn, [visit().subject], None)
    told = {change.document: change.at for change in record.changes(conn)}
    assert {document.id: document.written for document in documents} == told


def test_what_comes_later_is_not_in_the_list(conn, visit) -> None:
    saved(conn, visit("a"))
    moment = now(conn)
    saved(conn, visit("b"))
    assert listed(conn, moment) == {"a": "first"}
    assert listed(conn) == {"a": "first", "b": "first"}


def test_what_changed_is_as_it_was(conn, visit) -> None:
    saved(conn, visit("a"), visit("b"))
    moment = now(conn)
    for n in (1, 2):
        saved(conn, visit("a", text=f"corrected {n}", made=n, day=n))
    assert listed(conn, moment) == {"a": "first", "b": "first"}
    assert listed(conn) == {"a": "corrected 2", "b": "first"}


def test_the_version_at_the_moment_need_not_be_the_first(conn, visit) -> None:
    saved(conn, visit("a"))
    saved(conn, visit("a", text="second", made=1))
    moment = now(conn)
    saved(conn, visit("a", text="third", made=2))
    assert listed(conn, moment) == {"a": "second"}


def test_what_came_too_late_was_never_current(conn, visit) -> None:
    saved(conn, visit("a", text="second", made=5))
    saved(conn, visit("a", text="older", made=1))
    moment = now(conn)
    saved(conn, visit("a", text="third", made=6))
    assert listed(conn, moment) == {"a": "second"}


def test_what_was_taken_back_is_not_shown_any_more(conn, visit) -> None:
    saved(conn, visit("a"), visit("b"))
    moment = now(conn)
    record.withdraw(conn, visit("a").id, "wrong patient", made=date(2026, 5, 1), received=LATER)
    conn.commit()
    assert listed(conn, moment) == {"b": "first"}


def test_what_came_back_after_the_moment_was_not_there(conn, visit) -> None:
    saved(conn, visit("a"), visit("b"))
    record.withdraw(conn, visit("a").id, "wrong patient", made=date(2026, 3, 2), received=LATER)
    conn.commit()
    moment = now(conn)
    saved(conn, visit("a", text="again", made=30))
    assert listed(conn, moment) == {"b": "first"}
    assert listed(conn) == {"a": "again", "b": "first"}


def test_a_transaction_open_at_the_moment_counts_as_later(conn, visit) -> None:
    saved(conn, visit("a"))
    with connect() as other:
        record.save(other, [visit("open")])
        saved(conn, visit("b"))
        moment = now(conn)
        other.commit()
    saved(conn, visit("c"))
    assert listed(conn, moment) == {"a": "first", "b": "first"}


def test_a_document_that_moved_to_another_patient_is_listed_there(conn, visit) -> None:
    saved(conn, visit("a"), visit("b"))
    saved(conn, visit("a", patient="BN2", text="moved", made=1))
    assert listed(conn) == {"b": "first"}
    assert listed(conn, patient="BN2") == {"a": "moved"}


@pytest.mark.parametrize("count", [1, 24, 25, 60])
def test_bodies_are_filled_however_many_documents_there_are(conn, visit, count: int) -> None:
    saved(conn, *(visit(f"v{n}") for n in range(count)))
    assert listed(conn) == {f"v{n}": "first" for n in range(count)}


def test_a_body_is_found_where_the_version_went(conn, visit) -> None:
    saved(conn, *(visit(f"v{n}") for n in range(30)))
    _, documents = record.as_of(conn, [visit().subject], None)
    assert not any(document.packed for document in documents)
    saved(conn, visit("v7", text="corrected", made=1))
    record.fill(conn, documents)
    assert {text(document) for document in documents} == {"first"}


def test_the_current_version_and_a_withdrawal(conn, visit) -> None:
    assert record.current(conn, visit().id) is None
    saved(conn, visit())
    saved(conn, visit(text="second", made=1))
    found = record.current(conn, visit().id)
    assert (found.version, text(found), found.withdrawn) == (2, "second", None)
    record.withdraw(conn, visit().id, "wrong", made=date(2026, 5, 1), received=LATER)
    assert record.current(conn, visit().id).withdrawn == "wrong"


def test_versions_are_those_of_the_history(conn, visit) -> None:
    for n, content in enumerate(("first", "third", "second")):
        saved(conn, visit(text=content, made=(0, 2, 1)[n]))
    record.withdraw(conn, visit().id, "wrong", made=date(2026, 5, 1), received=LATER)
    found = record.versions(conn, visit().id)
    assert found == record.history(conn, visit().id)
    assert [(one.version, one.withdrawn) for one in found] == [(4, "wrong"), (2, None), (3, None), (1, None)]
    assert all(one.written for one in found)
    assert record.versions(conn, subject_id("99001", "nobody")) == []


def test_one_resource_by_type_and_id(visit) -> None:
    body = visit().body
    id = fhir_id(visit().id, "o1")
    assert body.find("Observation", id) == body.get(id)
    assert body.find("Condition", id) is None
    assert body.find("Observation", "x") is None


def test_resources_of_types_with_their_places(visit) -> None:
    body = visit().body
    assert [place for place, _ in body.places(None)] == [0, 1, 2]
    assert [(place, kind) for place, (kind, _, _) in body.places({"Observation"})] == [
        (1, "Observation"),
        (2, "Observation"),
    ]
    assert list(body.places({"Obs"})) == []


numbers = st.integers(0, 2**62)


@given(numbers, numbers, st.frozensets(numbers))
def test_a_moment_as_text_and_back(first: int, end: int, open: Iterable[int]) -> None:
    moment = Moment(first, end, open)
    assert Moment.parse(str(moment)) == moment


@pytest.mark.parametrize("text", ["", "x", "1", "1.", "1.x", "1.2.y"])
def test_a_moment_that_cannot_be_read(text: str) -> None:
    with pytest.raises(ValueError):
        Moment.parse(text)


def test_a_snapshot_says_which_transactions_count() -> None:
    moment = Moment.of("10:14:11,12", 100)
    assert [xact for xact in range(108, 116) if moment.sees(xact)] == [108, 109, 110, 113]
    assert Moment.of("10:10:", 0).sees(9)


steps = st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 4), st.booleans()), max_size=12)


@settings(deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=steps, after=steps)
def test_whatever_happens_later_the_list_of_a_moment_only_loses_what_was_taken_back(
    conn, visit, before: list, after: list
) -> None:
    conn.execute("TRUNCATE record_document, record_history, record_change")
    conn.commit()
    run(conn, visit, before)
    moment, then = now(conn), listed(conn)
    if moment is None:
        return
    run(conn, visit, after)
    assert listed(conn, moment) == {key: then[key] for key in then if key in listed(conn)}


def run(conn, visit, steps: list) -> None:
    for key, made, taken in steps:
        if taken:
            id = visit(key).id
            record.withdraw(conn, id, "wrong", made=date(2026, 3, 1 + made), received=LATER)
        else:
            record.save(conn, [visit(key, text=f"{key}{made}", made=made)])
        conn.commit()
