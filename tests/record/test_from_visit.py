"""The two documents of a mapped visit."""

from datetime import UTC, date, datetime
from types import SimpleNamespace
from uuid import uuid4

import pytest

from yteso import record
from yteso.record.ids import fhir_id


@pytest.fixture
def mapped():
    return SimpleNamespace(
        subject=uuid4(),
        document=uuid4(),
        facility="99001",
        source="LK1",
        started=datetime(2026, 3, 1, 1, tzinfo=UTC),
        ended=datetime(2026, 3, 2, 1, tzinfo=UTC),
        patient=b'{"resourceType":"Patient"}',
        written=[("Encounter", "e", '{"a":"\xc4\x91"}')],
        words={3, -1, 2},
        patient_words={8, 5},
        labels=["mental", "hiv"],
    )


RECEIVED = datetime(2026, 3, 2, 20, tzinfo=UTC)


def test_the_visit(mapped):
    visit, _ = record.from_visit(mapped, digest=b"d", made=date(2026, 3, 2), received=RECEIVED)
    assert (visit.id, visit.subject, visit.kind, visit.source) == (mapped.document, mapped.subject, "visit", "LK1")
    assert (visit.tokens, visit.labels, visit.digest) == ([-1, 2, 3], ["hiv", "mental"], b"d")
    assert list(visit.body) == [("Encounter", "e", '{"a":"đ"}'.encode())]


def test_the_patient_is_named_by_the_subject_and_holds_from_the_end_of_the_visit(mapped):
    _, patient = record.from_visit(mapped, digest=b"d", made=date(2026, 3, 2), received=RECEIVED)
    assert patient.id == patient.subject == mapped.subject
    assert (patient.kind, patient.started, patient.ended, patient.tokens) == ("patient", mapped.ended, None, [5, 8])
    assert list(patient.body) == [("Patient", fhir_id(mapped.subject), mapped.patient)]


def test_a_file_without_a_date_counts_as_made_on_the_day_it_came_in_viet_nam(mapped):
    visit, patient = record.from_visit(mapped, digest=b"d", made=None, received=RECEIVED)
    assert visit.made == patient.made == date(2026, 3, 3)


def test_equal_patients_have_equal_digests_and_others_have_not(mapped):
    digests = []
    for text in (b"a", b"a", b"b"):
        mapped.patient = text
        digests.append(record.from_visit(mapped, digest=b"d", made=None, received=RECEIVED)[1].digest)
    assert digests[0] == digests[1] != digests[2]


def test_both_are_saved_and_found_again(conn, mapped):
    assert record.save(conn, record.from_visit(mapped, digest=b"d", made=None, received=RECEIVED)) == ["new", "new"]
    assert [d.kind for d in record.read_person(conn, [mapped.subject])] == ["patient", "visit"]
    assert record.read_resource(conn, fhir_id(mapped.subject)) == ("Patient", fhir_id(mapped.subject), mapped.patient)
