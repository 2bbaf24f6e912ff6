"""Reading: a person, a document, one resource, a version, by coded value."""

import pytest

from yteso import record
from yteso.record.ids import fhir_id, subject_id, token


def test_a_persons_documents_the_patient_first_then_newest_first(conn, visit, patient):
    record.save(conn, [visit("b", day=2), patient("An", day=3), visit("c", day=3), visit("a", day=1)])
    subject = visit().subject
    assert [(d.kind, d.source) for d in record.read_person(conn, [subject])] == [
        *(("patient", ""), ("visit", "c"), ("visit", "b"), ("visit", "a")),
    ]


def test_the_documents_of_several_subjects_in_one_line(conn, visit):
    there = visit("y", facility="99002", day=2)
    record.save(conn, [visit("x", day=1), there, visit("z", day=3), visit("else", patient="BN9")])
    assert [d.source for d in record.read_person(conn, [visit().subject, there.subject])] == ["z", "y", "x"]


def test_nobody_has_no_documents(conn):
    assert record.read_person(conn, []) == []
    assert record.read_person(conn, [subject_id("99001", "nobody")]) == []


def test_one_resource_by_its_fhir_id(conn, visit, patient):
    document = visit()
    record.save(conn, [document, patient("An")])
    assert record.read_resource(conn, fhir_id(document.id))[0] == "Encounter"
    kind, id, json = record.read_resource(conn, fhir_id(document.id, "o1"))
    assert (kind, id) == ("Observation", fhir_id(document.id, "o1"))
    assert b'"value": 1' in json
    assert record.read_resource(conn, fhir_id(document.subject))[0] == "Patient"


@pytest.mark.parametrize("local", ["o99", "nothing"])
def test_a_resource_that_does_not_exist(conn, visit, local):
    record.save(conn, [visit()])
    assert record.read_resource(conn, fhir_id(visit().id, local)) is None


@pytest.mark.parametrize("id", ["", "not-ours", "1234", fhir_id(subject_id("99009", "x"))])
def test_an_id_that_leads_nowhere(conn, id):
    assert record.read_resource(conn, id) is None


def test_each_version_with_its_own_content(conn, visit):
    for n, text in enumerate(("first", "second", "third")):
        record.save(conn, [visit(text=text, made=n)])
    for n, text in enumerate(("first", "second", "third")):
        version = record.read_version(conn, visit().id, n + 1)
        assert text.encode() in version.body.get(fhir_id(visit().id))
    assert record.read_version(conn, visit().id, 4) is None


def test_documents_by_coded_value(conn, visit):
    diabetes, asthma, flu = token("icd", "E11"), token("icd", "J45"), token("icd", "J10")
    record.save(
        conn,
        [
            visit("a", day=1, tokens=[diabetes, asthma]),
            visit("b", day=2, tokens=[diabetes]),
            visit("c", day=3, tokens=[flu]),
            visit("d", day=4, tokens=[diabetes], patient="BN2"),
        ],
    )
    own = [visit().subject]
    assert [d.source for d in record.by_token(conn, own, [diabetes])] == ["b", "a"]
    assert [d.source for d in record.by_token(conn, own, [asthma, flu])] == ["c", "a"]
    assert [d.source for d in record.by_token(conn, None, [diabetes])] == ["d", "b", "a"]
    assert [d.source for d in record.by_token(conn, None, [diabetes], limit=1)] == ["d"]
    assert record.by_token(conn, None, []) == []


def test_reading_does_not_open_bodies_until_asked(conn, visit):
    record.save(conn, [visit()])
    conn.execute("UPDATE record_document SET body = '\\x99'::bytea")
    (document,) = record.read_person(conn, [visit().subject])
    with pytest.raises(ValueError, match="format"):
        document.body  # noqa: B018
