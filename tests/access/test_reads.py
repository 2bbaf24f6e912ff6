"""Opening a person's record: who may, what they see, and what the log says of it."""

import json
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import psycopg
import pytest

from yteso import people, record
from yteso.access import reads
from yteso.access.reads import Denied, Reader, open_record
from yteso.record import Document
from yteso.record.ids import derive, document_id, fhir_id, subject_id, token


START = datetime(2026, 3, 1, 8, tzinfo=UTC)
HERE, THERE, ELSEWHERE = "99001", "99002", "99003"


def visit(facility, key, day, *, labels=(), text="", made=0):
    id = document_id("visit", facility, key)
    content = [
        ("Encounter", fhir_id(id), json.dumps({"resourceType": "Encounter", "id": fhir_id(id), "text": text}).encode()),
        ("Condition", fhir_id(id, "d1"), json.dumps({"resourceType": "Condition", "id": fhir_id(id, "d1")}).encode()),
    ]
    return Document(
        subject=subject_id(facility, "BN1"),
        id=id,
        kind="visit",
        source=key,
        facility=facility,
        made=date(2026, 3, 1) + timedelta(days=made),
        received=START,
        digest=derive(text).bytes,
        started=START + timedelta(days=day),
        ended=START + timedelta(days=day, hours=1),
        labels=list(labels),
        tokens=[token("icd", key)],
        resources=content,
    )


def patient(facility, day, name):
    subject = subject_id(facility, "BN1")
    content = json.dumps({"resourceType": "Patient", "id": fhir_id(subject), "name": [{"text": name}]}).encode()
    stated = [("Patient", fhir_id(subject), content)]
    since = START + timedelta(days=day)
    return Document(
        *(subject, subject, "patient", "", facility, START.date(), START, derive(name).bytes),
        started=since,
        resources=stated,
    )


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
    record.save(
        conn,
        [
            visit(HERE, "a", 1),
            visit(HERE, "b", 2, labels=["hiv"]),
            visit(THERE, "c", 3),
            patient(HERE, 2, "An"),
            patient(THERE, 3, "An, as said last"),
        ],
    )
    conn.commit()
    return one


def citizen(person, **more):
    return Reader("an", "citizen", "own record", person=person, **more)


def facility(code, **more):
    return Reader("doctor", "facility", "care", facility=code, **more)


OPERATOR = Reader("root", "operator", "error report 12")


def sources(opened):
    return [document.source for document in opened.documents if document.kind == "visit"]


def test_a_citizen_reads_all_of_their_own_record(conn, person):
    assert sources(open_record(conn, citizen(person), person)) == ["c", "b", "a"]


def test_a_citizen_does_not_read_anybody_elses(conn, person):
    for reader in (citizen(uuid4()), citizen(None)):
        with pytest.raises(Denied):
            open_record(conn, reader, person)


def test_a_facility_reads_what_it_wrote_itself_without_the_sensitive(conn, person):
    opened = open_record(conn, facility(HERE), person)
    assert sources(opened) == ["a"]
    assert {document.facility for document in opened.documents} == {HERE}
    assert opened.patient["name"] == [{"text": "An"}]


def test_the_right_to_a_label_shows_its_documents(conn, person):
    assert sources(open_record(conn, facility(HERE, rights=frozenset({"hiv"})), person)) == ["b", "a"]
    assert sources(open_record(conn, facility(HERE, rights=frozenset({"mental"})), person)) == ["a"]


def test_every_label_of_a_document_needs_its_right(conn, person):
    record.save(conn, [visit(HERE, "d", 4, labels=["hiv", "mental"])])
    assert "d" not in sources(open_record(conn, facility(HERE, rights=frozenset({"hiv"})), person))
    assert "d" in sources(open_record(conn, facility(HERE, rights=frozenset({"hiv", "mental"})), person))


@pytest.mark.parametrize("code", [ELSEWHERE, ""])
def test_a_facility_that_wrote_nothing_about_the_person_reads_nothing(conn, person, code):
    with pytest.raises(Denied):
        open_record(conn, facility(code), person)


def test_an_operator_reads_everything_but_the_sensitive(conn, person):
    assert sources(open_record(conn, OPERATOR, person)) == ["c", "a"]


@pytest.mark.parametrize(
    "reader",
    [
        Reader("root", "operator", ""),
        Reader("", "operator", "curiosity"),
        Reader("x", "authority", "statistics"),
        Reader("x", "steward", "merging"),
        Reader("x", "", "none"),
        Reader("x", "facility", "", facility=HERE),
    ],
)
def test_anybody_else_is_refused(conn, person, reader):
    with pytest.raises(Denied):
        open_record(conn, reader, person)


def test_a_refusal_says_nothing_about_the_person(conn, person):
    messages = set()
    for one in (person, uuid4()):
        with pytest.raises(Denied) as refusal:
            open_record(conn, facility(ELSEWHERE), one)
        messages.add(str(refusal.value))
    assert messages == {""}


def test_every_reading_is_logged_with_who_as_what_why_and_how_much(conn, person):
    open_record(conn, facility(HERE), person)
    open_record(conn, citizen(person), person)
    mine, theirs = reads.readings(conn, person)
    assert (mine.account, mine.role, mine.purpose, mine.documents, mine.outcome) == (
        *("an", "citizen", "own record", 5, "allowed"),
    )
    assert (theirs.account, theirs.role, theirs.facility, theirs.purpose, theirs.documents) == (
        *("doctor", "facility", HERE, "care", 2),
    )
    assert mine.at > theirs.at


def test_a_refusal_is_logged_and_stays_when_the_caller_gives_up(conn, person):
    with pytest.raises(Denied):
        open_record(conn, facility(ELSEWHERE), person)
    conn.rollback()
    (line,) = reads.readings(conn, person)
    assert (line.outcome, line.documents, line.facility) == ("denied", 0, ELSEWHERE)


def test_a_reading_stays_logged_when_the_caller_gives_up(conn, person):
    open_record(conn, OPERATOR, person)
    conn.rollback()
    assert len(reads.readings(conn, person)) == 1


def test_nothing_is_shown_when_the_log_cannot_be_written(conn, person):
    conn.execute("ALTER TABLE access_read ADD CHECK (account <> 'root') NOT VALID")
    with pytest.raises(psycopg.errors.CheckViolation):
        open_record(conn, OPERATOR, person)


def test_a_record_is_not_opened_inside_somebody_elses_transaction(conn, person):
    with pytest.raises(psycopg.ProgrammingError), conn.transaction():
        open_record(conn, OPERATOR, person)


@pytest.mark.parametrize(
    "change", ["DELETE FROM access_read", "UPDATE access_read SET account = ''", "TRUNCATE access_read"]
)
def test_the_log_is_never_rewritten(conn, person, change):
    open_record(conn, OPERATOR, person)
    with pytest.raises(psycopg.errors.RestrictViolation):
        conn.execute(change)


def test_the_log_of_one_person_is_not_that_of_another(conn, person):
    open_record(conn, OPERATOR, uuid4())
    assert reads.readings(conn, person) == []


def test_an_unknown_person_has_an_empty_record(conn):
    opened = open_record(conn, OPERATOR, uuid4())
    assert (opened.documents, opened.patient, list(opened.resources())) == ([], None, [])
    assert json.loads(opened.bundle()) == {"resourceType": "Bundle", "type": "collection"}


def test_the_patient_is_as_the_latest_visit_says(conn, person):
    assert open_record(conn, citizen(person), person).patient["name"] == [{"text": "An, as said last"}]


def test_visits_without_the_patients_own_data(conn, person):
    assert [document.source for document in open_record(conn, citizen(person), person).visits] == ["c", "b", "a"]


def test_resources_of_one_type_or_all(conn, person):
    opened = open_record(conn, citizen(person), person)
    assert [r["resourceType"] for r in opened.resources("Condition")] == ["Condition"] * 3
    assert len(list(opened.resources())) == 8
    assert list(opened.resources("Cond")) == []


def test_the_bundle_holds_every_resource_the_reader_sees(conn, person):
    opened = open_record(conn, facility(HERE), person)
    bundle = json.loads(opened.bundle())
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    assert [entry["resource"] for entry in bundle["entry"]] == list(opened.resources())
    addressed = json.loads(opened.bundle("https://example.vn/fhir"))
    assert [entry["fullUrl"] for entry in addressed["entry"]] == [
        f"https://example.vn/fhir/{r['resourceType']}/{r['id']}" for r in opened.resources()
    ]


def test_one_document_and_one_resource(conn, person):
    opened = open_record(conn, facility(HERE), person)
    shown, sensitive, foreign = (document_id("visit", f, k) for f, k in ((HERE, "a"), (HERE, "b"), (THERE, "c")))
    assert opened.document(shown).source == "a"
    assert opened.resource(fhir_id(shown, "d1"))[0] == "Condition"
    for hidden in (sensitive, foreign):
        assert opened.document(hidden) is None
        assert opened.resource(fhir_id(hidden)) is None
        assert opened.history(hidden) == []
        assert opened.version(hidden, 1) is None
    assert opened.resource("nothing") is None
    assert opened.resource(fhir_id(shown, "d99")) is None


def test_documents_by_coded_value(conn, person):
    opened = open_record(conn, citizen(person), person)
    assert [d.source for d in opened.with_token(token("icd", "a"), token("icd", "c"))] == ["c", "a"]
    assert opened.with_token() == []


def test_versions_of_a_document(conn, person):
    record.save(conn, [visit(HERE, "a", 1, text="corrected", made=1)])
    opened = open_record(conn, facility(HERE), person)
    id = document_id("visit", HERE, "a")
    assert [version.version for version in opened.history(id)] == [2, 1]
    assert b"corrected" in opened.version(id, 2).body.get(fhir_id(id))
    assert b"corrected" not in opened.version(id, 1).body.get(fhir_id(id))


def test_an_earlier_version_with_a_label_stays_hidden(conn, person):
    record.save(conn, [visit(HERE, "b", 2, text="label taken off", made=1)])
    id = document_id("visit", HERE, "b")
    assert [v.version for v in open_record(conn, facility(HERE), person).history(id)] == [2]
    assert [v.version for v in open_record(conn, citizen(person), person).history(id)] == [2, 1]


def test_a_withdrawn_document_is_not_shown(conn, person):
    id = document_id("visit", THERE, "c")
    record.withdraw(conn, id, "wrong", made=date(2026, 4, 1), received=START)
    conn.commit()
    assert sources(open_record(conn, citizen(person), person)) == ["b", "a"]


def test_after_two_people_are_parted_each_has_their_own_record(conn, person):
    corrected = people.Statement(
        *(subject_id(THERE, "BN1"), THERE, "BN1", START + timedelta(1), START.date(), START),
        number="001090000009",
        birth="19900105",
        name="An",
        folded="AN",
    )
    other = people.resolve(conn, [corrected])[corrected.subject]
    here = people.person_of(conn, subject_id(HERE, "BN1"))
    assert sources(open_record(conn, citizen(other), other)) == ["c"]
    assert sources(open_record(conn, citizen(here), here)) == ["b", "a"]


def sent_log(conn):
    return conn.execute("SELECT account, role, purpose, person, outcome FROM access_read ORDER BY at").fetchall()


@pytest.mark.parametrize("reader", [facility(HERE), Reader("root@cli", "operator", "sent-dossier")])
def test_what_a_facility_sent_is_read_by_it_and_by_an_operator(conn, person, reader):
    reads.open_sent(conn, reader, HERE, [subject_id(HERE, "BN1")])
    assert sent_log(conn) == [(reader.account, reader.role, reader.purpose, person, "allowed")]


@pytest.mark.parametrize(
    "reader",
    [
        facility(THERE),
        facility(""),
        Reader("an", "authority", "care"),
        Reader("", "operator", "care"),
        Reader("root@cli", "operator", ""),
    ],
)
def test_nobody_else_reads_it_and_the_attempt_is_logged(conn, person, reader):
    with pytest.raises(Denied):
        reads.open_sent(conn, reader, HERE, [subject_id(HERE, "BN1")])
    assert [(whose, outcome) for *_, whose, outcome in sent_log(conn)] == [(person, "denied")]


def test_versions_about_two_people_are_readings_of_both(conn, person):
    reads.open_sent(conn, facility(HERE), HERE, [subject_id(HERE, "BN1"), subject_id(THERE, "BN1")])
    nobody = subject_id(HERE, "BN9")
    reads.open_sent(conn, facility(HERE), HERE, [nobody])
    assert [whose for *_, whose, _ in sent_log(conn)] == [person, nobody]
