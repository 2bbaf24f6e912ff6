"""Putting: what is written on its own becomes current, whatever stands; withdrawals and what brings it back."""

import threading
from datetime import UTC, datetime

import pytest

from yteso import record
from yteso.config.database import connect
from yteso.record import RESOURCE, Document, own
from yteso.record.ids import derive, fhir_id


NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
ID = own("Observation", "a")
AN, BINH = own("Patient", "an"), own("Patient", "binh")


def resource(text: str = "first", subject=AN, received=NOW) -> Document:
    return Document(
        *(subject, ID, RESOURCE, "Observation/a", "", received.date(), received, derive(text).bytes),
        resources=[("Observation", "a", text.encode())],
    )


def put(conn, *documents):
    ids = [document.id for document in documents]
    record.lock(conn, ids)
    outcomes = record.put(conn, documents, record.standing(conn, ids))
    conn.commit()
    return outcomes


def events(conn):
    return [(change.event, change.version, change.subject) for change in record.changes(conn)]


def test_new_same_changed_withdrawn_back(conn):
    first = resource()
    assert put(conn, first) == ["new"]
    same = resource()
    assert put(conn, same) == ["same"]
    assert (same.version, same.written) == (1, first.written)
    assert put(conn, resource("second")) == ["changed"]
    stands = record.standing(conn, [ID])[ID]
    assert put(conn, record.taken_back(stands, "deleted", NOW)) == ["withdrawn"]
    assert record.read_document(conn, ID) is None
    assert record.current(conn, ID).withdrawn == "deleted"
    stands = record.standing(conn, [ID])[ID]
    assert put(conn, record.taken_back(stands, "deleted", NOW)) == ["same"]
    assert put(conn, resource("second")) == ["back"]
    assert [one.version for one in record.versions(conn, ID)] == [4, 3, 2, 1]
    assert events(conn) == [("new", 1, AN), ("changed", 2, AN), ("withdrawn", 3, AN), ("changed", 4, AN)]


def test_the_rank_does_not_matter(conn):
    put(conn, resource("second"))
    assert put(conn, resource("first", received=datetime(1999, 1, 1, tzinfo=UTC))) == ["changed"]
    assert record.current(conn, ID).body.get("a") == b"first"


def test_an_earlier_content_may_come_again(conn):
    for text in ("first", "second", "first"):
        put(conn, resource(text))
    assert [one.body.get("a") for one in record.versions(conn, ID)] == [b"first", b"second", b"first"]


def test_moving_to_another_subject(conn):
    put(conn, resource())
    assert put(conn, resource(subject=BINH)) == ["changed"]
    assert events(conn) == [("new", 1, AN), ("moved", 1, AN), ("changed", 2, BINH)]
    assert record.current(conn, ID).subject == BINH


def test_times_rise_with_the_versions(conn, database):
    """Whoever begins first and writes last is the later version."""
    put(conn, resource("first"))
    conn.execute("SELECT now()")
    with connect() as other:
        put(other, resource("second"))
    put(conn, resource("third"))
    times = [one.written for one in record.versions(conn, ID)]
    assert times == sorted(times, reverse=True)


def test_writers_take_turns(conn, database):
    start = threading.Barrier(4)

    def write(number):
        with connect() as own_connection:
            start.wait()
            put(own_connection, resource(f"{number}"))

    threads = [threading.Thread(target=write, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [one.version for one in record.versions(conn, ID)] == [4, 3, 2, 1]


def test_shared_locks_keep_out_who_wants_it_alone(conn, database):
    record.lock(conn, [], shared=[AN])
    with connect() as other:
        record.lock(other, [BINH], shared=[AN])
        other.execute("SET lock_timeout = '50ms'")
        with pytest.raises(Exception, match="lock timeout"):
            record.lock(other, [AN])


def test_a_name_that_is_wanted_both_ways_is_held_alone(conn, database):
    record.lock(conn, [AN], shared=[AN])
    with connect() as other:
        other.execute("SET lock_timeout = '50ms'")
        with pytest.raises(Exception, match="lock timeout"):
            record.lock(other, [], shared=[AN])


@pytest.mark.parametrize("type", ["Observation", "Patient", "Organization"])
def test_the_document_of_a_resource_is_of_its_type_and_id(type):
    assert own(type, "a") == own(type, "a")
    assert len({own(type, "a"), own(type, "b"), own("Device", "a")}) == 3


def test_a_patient_of_our_form_is_its_subject():
    name = derive("x")
    assert own("Patient", fhir_id(name)) == name
    assert own("Observation", fhir_id(name)) != name
    for other in (fhir_id(name).upper(), fhir_id(name, "x"), fhir_id(name)[:-1]):
        assert own("Patient", other) != name
    assert record.homes("Patient", fhir_id(name)) == [name]
    assert record.homes("Observation", fhir_id(name, "o1")) == [own("Observation", fhir_id(name, "o1")), name]
    assert record.homes("Observation", "a") == [ID]


def test_the_first_home_that_is_known_counts(conn):
    put(conn, resource())
    assert record.current(conn, derive("nothing"), ID).id == ID
    assert record.current(conn, ID, derive("nothing")).id == ID
    assert {one.id for one in record.versions(conn, derive("nothing"), ID)} == {ID}


def test_others_of_a_subject(conn):
    assert not record.others(conn, AN)
    put(conn, resource())
    assert record.others(conn, AN)
    put(conn, record.taken_back(record.standing(conn, [ID])[ID], "deleted", NOW))
    assert not record.others(conn, AN)
