"""The desk for software: what a client sees, and that every look is in the log before it is shown."""

import threading
from datetime import date
from uuid import uuid4

import psycopg
import pytest
from test_reads import HERE, START, THERE, patient, visit

from yteso import people, record
from yteso.access import reads
from yteso.access.desk import Desk
from yteso.access.log import Log
from yteso.access.policy import Reader
from yteso.config.connections import Connections
from yteso.config.database import connect
from yteso.record.ids import document_id, subject_id


CLIENT = Reader("dashboard", "client", "fhir")


@pytest.fixture
def person(conn):
    """One person, known at two facilities; the second visit here is about HIV."""
    said = [
        people.Statement(
            *(subject_id(facility, "BN1"), facility, "BN1", START, START.date(), START),
            number="001090000001",
            birth="19900105",
            name="An",
            folded="AN",
        )
        for facility in (HERE, THERE)
    ]
    (one,) = set(people.resolve(conn, said).values())
    documents = [visit(HERE, "a", 1), visit(HERE, "b", 2, labels=["hiv"]), visit(THERE, "c", 3), patient(HERE, 2, "An")]
    record.save(conn, documents)
    conn.commit()
    return one


@pytest.fixture
def desk(database):
    connections, log = Connections(lambda: connect(autocommit=True)), Log(lambda: connect(autocommit=True))
    yield Desk(connections.taken, log)
    log.close()
    connections.close()


def lines(conn, person):
    conn.rollback()
    return [(one.account, one.role, one.purpose, one.documents, one.outcome) for one in reads.readings(conn, person)]


def test_a_document_of_any_facility(conn, person, desk) -> None:
    for facility, key in ((HERE, "a"), (THERE, "c")):
        assert desk.document(CLIENT, document_id("visit", facility, key)).source == key
    assert lines(conn, person) == [("dashboard", "client", "fhir", 1, "allowed")] * 2


def test_a_sensitive_document_is_not_there_and_the_attempt_is_logged(conn, person, desk) -> None:
    hidden = document_id("visit", HERE, "b")
    assert desk.document(CLIENT, hidden) is None
    assert desk.versions(CLIENT, hidden) == []
    assert lines(conn, person) == [("dashboard", "client", "fhir", 0, "denied")] * 2


def test_the_right_to_a_label_shows_its_documents(person, desk) -> None:
    entitled = Reader("dashboard", "client", "fhir", rights=frozenset({"hiv"}))
    assert desk.document(entitled, document_id("visit", HERE, "b")).source == "b"


def test_what_nobody_has_is_of_nobody(conn, person, desk) -> None:
    assert desk.document(CLIENT, uuid4()) is None
    assert desk.versions(CLIENT, uuid4()) == []
    conn.rollback()
    assert conn.execute("SELECT count(*) FROM access_read").fetchone() == (0,)


@pytest.mark.parametrize("facility", [HERE, THERE])
def test_a_person_by_any_of_its_subjects(conn, person, desk, facility) -> None:
    moment, documents = desk.person(CLIENT, subject_id(facility, "BN1"))
    assert sorted(document.source for document in documents) == ["", "a", "c"]
    assert moment
    assert lines(conn, person) == [("dashboard", "client", "fhir", 3, "allowed")]


def test_bodies_are_filled_when_asked(person, desk) -> None:
    _, documents = desk.person(CLIENT, subject_id(HERE, "BN1"))
    for document in documents:
        document.packed = b""
    desk.fill(documents)
    assert sum(len(document.body) for document in documents) == 5


def test_a_subject_that_belongs_to_nobody_is_logged_under_itself(conn, desk) -> None:
    alone = subject_id(HERE, "BN1")
    record.save(conn, [visit(HERE, "a", 1)])
    conn.commit()
    assert len(desk.person(CLIENT, alone)[1]) == 1
    assert lines(conn, alone) == [("dashboard", "client", "fhir", 1, "allowed")]


def test_versions_and_withdrawal(conn, person, desk) -> None:
    id = document_id("visit", HERE, "a")
    record.save(conn, [visit(HERE, "a", 1, text="corrected", made=1)])
    record.withdraw(conn, id, "wrong", made=date(2026, 4, 1), received=START)
    conn.commit()
    assert desk.document(CLIENT, id).withdrawn == "wrong"
    assert [one.version for one in desk.versions(CLIENT, id)] == [3, 2, 1]


@pytest.mark.parametrize(
    "reader",
    [Reader("", "client", "fhir"), Reader("x", "client", ""), Reader("x", "", "fhir"), Reader("x", "app", "y")],
)
def test_anybody_else_sees_nothing(conn, person, desk, reader) -> None:
    assert desk.document(reader, document_id("visit", HERE, "a")) is None
    assert desk.person(reader, subject_id(HERE, "BN1"))[1] == []
    assert [outcome for *_, outcome in lines(conn, person)] == ["denied"] * 2


def test_nothing_is_shown_when_the_log_cannot_be_written(conn, person, desk) -> None:
    id = document_id("visit", HERE, "a")
    conn.execute("ALTER TABLE access_read ADD CHECK (account <> 'dashboard') NOT VALID")
    conn.commit()
    for _ in range(2):
        with pytest.raises(psycopg.errors.CheckViolation):
            desk.document(CLIENT, id)
    conn.execute("ALTER TABLE access_read DROP CONSTRAINT access_read_account_check")
    conn.commit()
    assert desk.document(CLIENT, id)


def test_readers_at_once_have_a_line_each(conn, person, desk) -> None:
    id = document_id("visit", HERE, "a")
    readers = [Reader(f"client-{n % 20}", "client", "fhir") for n in range(200)]

    def read(mine) -> None:
        for reader in mine:
            assert desk.document(reader, id)

    threads = [threading.Thread(target=read, args=(readers[n::20],)) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    conn.rollback()
    counted = conn.execute("SELECT account, count(*) FROM access_read GROUP BY account").fetchall()
    assert dict(counted) == {f"client-{n}": 10 for n in range(20)}


def test_two_people_in_one_history_are_both_told(conn, person, desk) -> None:
    moved = visit(HERE, "a", 1, text="moved", made=1)
    moved.subject = subject_id(HERE, "BN9")
    record.save(conn, [moved])
    conn.commit()
    assert [one.version for one in desk.versions(CLIENT, moved.id)] == [2, 1]
    assert len(lines(conn, person)) == len(lines(conn, moved.subject)) == 1


def test_a_lost_connection_is_replaced(conn, person, desk) -> None:
    id = document_id("visit", HERE, "a")
    assert desk.document(CLIENT, id)
    conn.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE pid <> pg_backend_pid() AND datname = current_database()"""
    )
    with pytest.raises(psycopg.OperationalError):
        desk.document(CLIENT, id)
    with pytest.raises(psycopg.OperationalError):  # the log's own
        desk.document(CLIENT, id)
    assert desk.document(CLIENT, id)


def test_the_log_goes_on_after_it_was_closed(conn, person, desk) -> None:
    id = document_id("visit", HERE, "a")
    for _ in range(2):
        assert desk.document(CLIENT, id)
        desk._log.close()
    assert len(lines(conn, person)) == 2
