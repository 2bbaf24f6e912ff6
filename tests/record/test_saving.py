"""Saving: new, the same again, a correction, one that comes too late, a withdrawal."""

from datetime import UTC, date, datetime, timedelta

import psycopg
import pytest

from yteso import record
from yteso.record.ids import subject_id


def texts(documents):
    return ["first" if b'"first"' in next(iter(d.body))[2] else "second" for d in documents]


def events(conn):
    conn.commit()
    return [(change.event, change.version) for change in record.changes(conn)]


def test_a_new_document(conn, visit):
    document = visit(tokens=[5, -7], labels=["hiv"])
    assert record.save(conn, [document]) == ["new"]
    stored = record.read_document(conn, document.id)
    assert stored.version == 1
    assert (stored.subject, stored.kind, stored.source, stored.facility) == (
        *(document.subject, "visit", "LK1", "99001"),
    )
    assert (stored.started, stored.ended) == (document.started, document.ended)
    assert (stored.made, stored.received, stored.digest) == (document.made, document.received, document.digest)
    assert (stored.tokens, stored.labels, stored.withdrawn) == ([5, -7], ["hiv"], None)
    assert len(stored.body) == 3
    assert events(conn) == [("new", 1)]


def test_the_same_again_changes_nothing(conn, visit):
    record.save(conn, [visit()])
    assert record.save(conn, [visit(received=5)]) == ["same"]
    assert len(record.history(conn, visit().id)) == 1
    assert events(conn) == [("new", 1)]


def test_exactly_the_same_statement_writes_nothing(conn, visit):
    record.save(conn, [visit()])
    before = conn.execute("SELECT ctid, xmin FROM record_document").fetchone()
    conn.commit()
    record.save(conn, [visit()])
    assert conn.execute("SELECT ctid, xmin FROM record_document").fetchone() == before


def test_a_correction_replaces_and_keeps_the_old_version(conn, visit):
    record.save(conn, [visit()])
    assert record.save(conn, [visit(text="second", made=1)]) == ["changed"]
    versions = record.history(conn, visit().id)
    assert [v.version for v in versions] == [2, 1]
    assert texts(versions) == ["second", "first"]
    assert texts([record.read_document(conn, visit().id)]) == ["second"]
    assert events(conn) == [("new", 1), ("changed", 2)]


def test_on_one_day_the_one_received_later_counts(conn, visit):
    record.save(conn, [visit(received=1)])
    assert record.save(conn, [visit(text="second", received=2)]) == ["changed"]


def test_a_version_that_arrives_after_its_correction_goes_to_history(conn, visit):
    record.save(conn, [visit(text="second", made=1)])
    assert record.save(conn, [visit(made=0, received=99)]) == ["older"]
    assert texts([record.read_document(conn, visit().id)]) == ["second"]
    versions = record.history(conn, visit().id)
    assert [v.version for v in versions] == [1, 2]
    assert texts(versions) == ["second", "first"]
    assert events(conn) == [("new", 1), ("late", 2)]


def test_an_overtaken_version_sent_again_is_the_same(conn, visit):
    record.save(conn, [visit()])
    record.save(conn, [visit(text="second", made=1)])
    assert record.save(conn, [visit()]) == ["same"]
    assert len(record.history(conn, visit().id)) == 2


def test_a_correction_taken_back_is_a_version_of_its_own(conn, visit):
    record.save(conn, [visit()])
    record.save(conn, [visit(text="second", made=1)])
    assert record.save(conn, [visit(made=2)]) == ["changed"]
    assert [v.version for v in record.history(conn, visit().id)] == [3, 2, 1]
    assert texts([record.read_document(conn, visit().id)]) == ["first"]


def test_what_was_stated_again_later_is_not_replaced_by_what_was_made_in_between(conn, visit):
    record.save(conn, [visit()])
    record.save(conn, [visit(made=2)])
    assert record.save(conn, [visit(text="second", made=1)]) == ["older"]
    assert texts([record.read_document(conn, visit().id)]) == ["first"]


def test_several_versions_in_one_batch(conn, visit):
    batch = [visit(made=1), visit(text="second", made=2), visit(text="third", made=0), visit(text="second", made=2)]
    assert record.save(conn, batch) == ["new", "changed", "older", "same"]
    assert [v.version for v in record.history(conn, visit().id)] == [2, 1, 3]
    assert events(conn) == [("new", 1), ("changed", 2), ("late", 3)]


def test_a_batch_of_two_hundred(conn, visit, patient):
    batch = [visit(f"LK{n}", patient=f"BN{n}") for n in range(200)]
    batch += [patient(subject=subject_id("99001", f"BN{n}")) for n in range(200)]
    assert record.save(conn, batch) == ["new"] * 400
    assert record.save(conn, batch) == ["same"] * 400
    assert conn.execute("SELECT count(*) FROM record_document").fetchone() == (400,)


def test_nothing_to_save(conn):
    assert record.save(conn, []) == []


def test_a_dossier_moves_when_its_patient_number_is_corrected(conn, visit):
    wrong, right = visit(), visit(patient="BN2", made=1)
    record.save(conn, [wrong])
    assert record.save(conn, [right]) == ["changed"]
    assert record.read_person(conn, [wrong.subject]) == []
    assert [d.version for d in record.read_person(conn, [right.subject])] == [2]
    assert [(v.subject, v.version) for v in record.history(conn, wrong.id)] == [(right.subject, 2), (wrong.subject, 1)]
    conn.commit()
    assert [(c.event, c.subject, c.version) for c in record.changes(conn)] == [
        ("new", wrong.subject, 1),
        ("moved", wrong.subject, 1),
        ("changed", right.subject, 2),
    ]


def test_the_patient_is_as_the_latest_visit_says_in_any_order(conn, patient):
    assert record.save(conn, [patient("An", day=1)]) == ["new"]
    assert record.save(conn, [patient("An, moved", day=3)]) == ["changed"]
    assert record.save(conn, [patient("An, earlier", day=2, made=9)]) == ["older"]
    (stored,) = record.read_person(conn, [patient().subject])
    assert b"An, moved" in stored.body.get(stored.body.ids[0])


def test_the_patient_is_written_only_when_it_differs(conn, patient):
    record.save(conn, [patient("An", day=1)])
    assert [record.save(conn, [patient("An", day=day)])[0] for day in (2, 5, 3)] == ["same"] * 3
    assert record.save(conn, [patient("Bình", day=4)]) == ["older"]
    assert events(conn) == [("new", 1), ("late", 2)]


def test_withdrawal(conn, visit):
    document = visit(tokens=[1])
    record.save(conn, [document])
    taken = record.withdraw(conn, document.id, "another patient's", made=date(2026, 3, 2), received=document.received)
    assert taken
    assert record.read_document(conn, document.id) is None
    assert record.read_person(conn, [document.subject]) == []
    assert record.by_token(conn, None, [1]) == []
    assert [(v.version, v.withdrawn) for v in record.history(conn, document.id)] == [
        (2, "another patient's"),
        (1, None),
    ]
    assert texts(record.history(conn, document.id)[1:]) == ["first"]
    assert events(conn) == [("new", 1), ("withdrawn", 2)]


def withdraw(conn, document, made):
    return record.withdraw(
        conn, document.id, "wrong", made=date(2026, 3, 1) + timedelta(made), received=datetime.now(UTC)
    )


def test_after_a_withdrawal_an_older_version_does_not_come_back_and_a_newer_one_does(conn, visit):
    record.save(conn, [visit()])
    withdraw(conn, visit(), made=2)
    assert record.save(conn, [visit(text="second", made=1), visit(made=1)]) == ["older", "same"]
    assert record.read_document(conn, visit().id) is None
    assert record.save(conn, [visit(text="second", made=3)]) == ["changed"]
    assert texts([record.read_document(conn, visit().id)]) == ["second"]


def test_withdrawing_what_is_not_there(conn, visit):
    assert not withdraw(conn, visit(), made=1)
    record.save(conn, [visit()])
    assert withdraw(conn, visit(), made=1)
    assert not withdraw(conn, visit(), made=2)


def test_what_stands_withdrawn_is_told_with_the_rank_that_brings_it_back(conn, visit):
    record.save(conn, [visit(), visit("LK2")])
    withdraw(conn, visit(), made=2)
    gone = record.withdrawn(conn, [visit().id, visit("LK2").id, visit("LK3").id])
    assert list(gone) == [visit().id]
    assert visit(text="second", made=1).rank < gone[visit().id] < visit(text="second", made=3).rank
    record.save(conn, [visit(text="second", made=3)])
    assert record.withdrawn(conn, [visit().id]) == {}


def test_restating_makes_a_version_current_whatever_its_rank(conn, patient):
    record.save(conn, [patient("Bình", day=2)])
    record.save(conn, [patient("An", day=1)])
    record.restate(conn, patient("An", day=1))
    assert record.read_document(conn, patient().id).digest == patient("An").digest
    assert sorted(version.version for version in record.history(conn, patient().id)) == [1, 2, 3]
    assert record.read_document(conn, patient().id).version == 3
    assert record.read_document(conn, patient().id).started == patient(day=1).started
    assert record.save(conn, [patient("Chi", day=2)]) == ["changed"]
    assert [event for event, _ in events(conn)] == ["new", "late", "changed", "changed"]


def test_restating_what_is_current_only_lowers_its_rank(conn, patient):
    record.save(conn, [patient("An", day=2)])
    record.restate(conn, patient("An", day=1))
    assert record.read_document(conn, patient().id).started == patient(day=1).started
    assert len(events(conn)) == 1


def test_after_retracting_any_statement_counts_again(conn, patient):
    record.save(conn, [patient("An", day=5)])
    record.retract(conn, patient().id, "another patient's")
    assert record.read_document(conn, patient().id) is None
    assert record.history(conn, patient().id)[0].withdrawn == "another patient's"
    record.retract(conn, patient().id, "again")
    assert events(conn) == [("new", 1), ("withdrawn", 2)]
    assert record.save(conn, [patient("An", day=1)]) == ["changed"]
    assert record.read_document(conn, patient().id).version == 3


def test_retracting_what_is_not_there(conn, patient):
    record.retract(conn, patient().id, "wrong")
    assert events(conn) == []


def test_a_rolled_back_batch_leaves_nothing(conn, visit):
    record.save(conn, [visit()])
    conn.rollback()
    assert record.read_document(conn, visit().id) is None
    assert record.save(conn, [visit()]) == ["new"]
    assert events(conn) == [("new", 1)]


def test_a_document_packed_beforehand_is_stored_as_it_is(conn, visit):
    document = visit()
    packed = document.pack().packed
    record.save(conn, [document])
    assert record.read_document(conn, document.id).packed == packed


def test_one_current_row_per_subject_and_id_is_the_databases_own_rule(conn, visit):
    record.save(conn, [visit()])
    columns = (
        "subject, id, kind, source, facility, made, received, version, xact, sequence, labels, tokens, digest, body"
    )
    with pytest.raises(psycopg.errors.UniqueViolation):
        conn.execute(f"INSERT INTO record_document ({columns}) SELECT {columns} FROM record_document")


def test_errors_and_repr_carry_no_content(visit):
    assert "Encounter" not in repr(visit())
