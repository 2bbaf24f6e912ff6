"""From statements to people, in the database: linking, joining, parting, in any order and from everywhere at once."""

import random
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import uuid4

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yteso import people, record


def links(conn, subject):
    """Everybody a subject ever belonged to: (person, ended?, why)."""
    rows = conn.execute("SELECT person, until, why FROM people_link WHERE subject = %s ORDER BY since", (subject,))
    return [(person, until is not None, why) for person, until, why in rows]


def test_a_new_patient_is_a_new_person(conn, says, an):
    said = says("1", **an)
    resolved = people.resolve(conn, [said])
    assert list(resolved) == [said.subject]
    assert people.subjects_of(conn, resolved[said.subject]) == [said.subject]
    assert links(conn, said.subject) == [(resolved[said.subject], False, {"rule": "facility patient number"})]


def test_the_same_patient_again_is_the_same_person(conn, says, an):
    first = people.resolve(conn, [says("1", **an)])
    assert people.resolve(conn, [says("1", day=5, **an)]) == first
    assert people.resolve(conn, [says("1", day=-5, **an), says("1", **an)]) == first
    assert len(links(conn, says("1").subject)) == 1


def test_two_facilities_with_one_number_make_one_person(conn, says, an):
    here = says("1", **an)
    there = says("77", facility="99002", **{**an, "name": "NGUYEN VAN AN"})
    older = people.resolve(conn, [here])[here.subject]
    assert people.resolve(conn, [there]) == {there.subject: older}
    assert set(people.subjects_of(conn, older)) == {here.subject, there.subject}
    assert links(conn, there.subject)[-1][2] == {"rule": "number", "agrees": ["birth", "name"]}


def test_one_batch_may_hold_both(conn, says, an):
    resolved = people.resolve(conn, [says("1", **an), says("2", facility="99002", **an), says("3")])
    assert len(resolved) == 3
    assert len(set(resolved.values())) == 2


def test_a_placeholder_number_links_nobody(conn, says, an):
    mapped = [visit_of(patient, number="000000000000") for patient in ("1", "2")]
    said = [people.from_visit(m, patient_no="1", made=None, received=m.ended) for m in mapped]
    assert len(set(people.resolve(conn, said).values())) == 2


def test_a_number_that_arrives_later_joins_two_people_and_the_older_remains(conn, says, an):
    one, two = says("1", **an), says("2", facility="99002", name=an["name"], birth=an["birth"])
    older = people.resolve(conn, [one])[one.subject]
    younger = people.resolve(conn, [two])[two.subject]
    assert older != younger
    assert people.resolve(conn, [says("2", facility="99002", day=1, **an)]) == {two.subject: older}
    assert [(person, ended) for person, ended, _ in links(conn, two.subject)] == [(younger, True), (older, False)]
    assert people.subjects_of(conn, younger) == []


def test_the_older_person_remains_when_it_is_the_one_that_changes(conn, says, an):
    one = says("1", name=an["name"])
    older = people.resolve(conn, [one])[one.subject]
    two = says("2", facility="99002", **an)
    people.resolve(conn, [two])
    assert people.resolve(conn, [says("1", day=1, **an)]) == {one.subject: older}
    assert people.person_of(conn, two.subject) == older


def test_a_corrected_number_parts_what_it_had_joined(conn, says, an):
    one, two = says("1", **an), says("2", facility="99002", **an)
    person = people.resolve(conn, [one, two])[one.subject]
    parted = people.resolve(conn, [says("2", facility="99002", day=1, **{**an, "number": "001090000009"})])
    assert parted[two.subject] != people.person_of(conn, one.subject)
    assert person in {parted[two.subject], people.person_of(conn, one.subject)}
    assert len(links(conn, one.subject)) + len(links(conn, two.subject)) == 3


def test_taking_away_the_one_between_parts_the_two_it_joined(conn, says, an):
    left = says("1", **{**an, "name": "A", "birth": "19900105"})
    right = says("2", **{**an, "name": "B", "birth": "19900106"})
    between = says("3", **{**an, "name": "C", "birth": "19900000"})
    assert len(set(people.resolve(conn, [left, right, between]).values())) == 1
    people.resolve(conn, [says("3", day=1, **{**an, "number": ""})])
    assert len({people.person_of(conn, s.subject) for s in (left, right, between)}) == 3


def test_an_older_statement_that_arrives_late_changes_nothing(conn, says, an):
    one, two = says("1", **an), says("2", facility="99002", day=3, **{**an, "number": "001090000009"})
    before = people.resolve(conn, [one, two])
    assert people.resolve(conn, [says("2", facility="99002", day=1, **an)]) == {two.subject: before[two.subject]}
    (known,) = people.known_as(conn, before[two.subject])
    assert known.number == "001090000009"


def test_of_one_visit_the_version_written_last_counts(conn, says, an):
    people.resolve(conn, [says("1", made=2, **{**an, "phone": "new"})])
    people.resolve(conn, [says("1", made=1, **{**an, "phone": "old"})])
    (known,) = people.known_as(conn, people.person_of(conn, says("1").subject))
    assert known.phone == "new"


def test_no_statements(conn):
    assert people.resolve(conn, []) == {}


statement = st.fixed_dictionaries(
    {
        "patient": st.sampled_from("1234"),
        "facility": st.sampled_from(["99001", "99002"]),
        "day": st.integers(0, 3),
        "number": st.sampled_from(["", "001090000001", "001090000002"]),
        "birth": st.sampled_from(["", "19900105", "19900106", "19900000"]),
        "name": st.sampled_from(["An", "Bình", "Chi"]),
    }
)


def grouping(conn):
    rows = conn.execute(
        "SELECT array_agg(subject ORDER BY subject) FROM people_link WHERE until IS NULL GROUP BY person"
    )
    return {tuple(subjects) for (subjects,) in rows}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(statements=st.lists(statement, min_size=1, max_size=9), data=st.data())
def test_the_people_do_not_depend_on_the_order_of_arrival(conn, says, statements, data):
    groupings = []
    for order in (statements, data.draw(st.permutations(statements))):
        size = data.draw(st.integers(1, 4))
        said = [says(s["patient"], **{k: v for k, v in s.items() if k != "patient"}) for s in order]
        for start in range(0, len(said), size):
            people.resolve(conn, said[start : start + size])
        groupings.append(grouping(conn))
        conn.execute("SET CONSTRAINTS ALL IMMEDIATE")
        conn.rollback()
    assert groupings[0] == groupings[1]


@pytest.fixture
def together(database):
    """Run `work(conn, n)` on eight connections at the same moment, each in its own transaction."""
    connections = [psycopg.connect(database) for _ in range(8)]
    barrier = threading.Barrier(8, timeout=30)

    def one(work, n):
        barrier.wait()
        with connections[n].transaction():
            return work(connections[n], n)

    with ThreadPoolExecutor(8) as pool:
        yield lambda work: [f.result(60) for f in [pool.submit(one, work, n) for n in range(8)]]
    for connection in connections:
        connection.close()


def test_the_same_new_person_from_many_facilities_at_once_is_one_person(together, conn, says, an):
    for turn in range(10):
        facts = {**an, "number": f"00109000{turn:04}"}
        found = together(lambda c, n, f=facts, t=turn: people.resolve(c, [says(str(t), facility=f"9900{n}", **f)]))
        assert len({person for resolved in found for person in resolved.values()}) == 1
        assert len(people.find(conn, facts["number"])) == 1
    assert conn.execute("SELECT count(*) FROM people_person").fetchone() == (10,)


def test_the_same_new_patient_many_times_at_once_is_one_person(together, conn, says):
    found = together(lambda c, n: people.resolve(c, [says("1", day=n, name="Không số")]))
    assert len({person for resolved in found for person in resolved.values()}) == 1
    assert conn.execute("SELECT count(*) FROM people_link").fetchone() == (1,)


def test_overlapping_batches_with_their_documents_under_one_ordered_lock(together, conn, says, an):
    def work(c, n):
        chance = random.Random(n)
        patients = chance.sample(range(60), 40)
        said = [says(str(p), facility=f"9900{n % 3}", **{**an, "number": f"00109000{p // 2:04}"}) for p in patients]
        record.lock(c, people.names(c, said) | {s.subject for s in said})
        return people.resolve(c, said)

    found = together(work)
    by_number = conn.execute(
        """SELECT s.number, count(DISTINCT l.person) FROM people_subject s
           JOIN people_link l ON l.subject = s.subject AND l.until IS NULL GROUP BY s.number"""
    ).fetchall()
    assert {count for _, count in by_number} == {1}
    assert len(found) == 8


def test_the_database_allows_one_open_link_per_subject(conn, says):
    said = says("1")
    people.resolve(conn, [said])
    other = people.resolve(conn, [says("2")])[says("2").subject]
    with pytest.raises(psycopg.errors.UniqueViolation):
        conn.execute("INSERT INTO people_link (subject, person, why) VALUES (%s, %s, '{}')", (said.subject, other))


def test_the_database_refuses_a_subject_without_a_person(conn, says):
    people.resolve(conn, [says("1")])
    conn.execute("UPDATE people_link SET until = clock_timestamp()")
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
        conn.commit()


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM people_link",
        "UPDATE people_link SET why = '{}'",
        "UPDATE people_link SET person = gen_random_uuid()",
    ],
)
def test_links_are_never_rewritten(conn, says, change):
    people.resolve(conn, [says("1")])
    with pytest.raises(psycopg.errors.RestrictViolation):
        conn.execute(change)


def test_an_ended_link_is_not_opened_again(conn, says, an):
    people.resolve(conn, [says("1", **an)])
    people.resolve(conn, [says("2", name="x")])
    people.resolve(conn, [says("2", day=1, **an)])
    with pytest.raises(psycopg.errors.RestrictViolation):
        conn.execute("UPDATE people_link SET until = NULL WHERE until IS NOT NULL")


def visit_of(patient, **identity):
    """As much of a mapped visit as a statement needs."""
    said = {"number": "", "card": "", "name": "", "birth": "", "sex": "", "phone": "", **identity}
    return SimpleNamespace(
        subject=uuid4(), facility="99001", ended=datetime(2026, 3, 1, tzinfo=UTC), identity=SimpleNamespace(**said)
    )


def test_a_statement_from_a_mapped_visit():
    mapped = visit_of(
        "1", number="001 090 000 001", birth="199001050930", name=" Đặng  Thị Thuý ", card="dn4010000000001"
    )
    said = people.from_visit(mapped, patient_no="BN1", made=date(2026, 3, 2), received=mapped.ended)
    assert (said.number, said.birth, said.name, said.folded, said.card, said.patient_no, said.made) == (
        *("001090000001", "19900105", "Đặng Thị Thuý", "DANG THI THUY", "DN4010000000001", "BN1", date(2026, 3, 2)),
    )


@pytest.mark.parametrize(
    ("sent", "kept"),
    [("1990", "19900000"), ("199001", "19900100"), ("", ""), ("không rõ", ""), ("19900000", "19900000")],
)
def test_birth_dates_as_sent(sent, kept):
    mapped = visit_of("1", birth=sent)
    assert people.from_visit(mapped, patient_no="1", made=None, received=mapped.ended).birth == kept
