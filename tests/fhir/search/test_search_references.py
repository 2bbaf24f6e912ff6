"""References and composites."""

import pytest
from search_cases import found, table

from yteso.fhir.search import SearchError, parse


BASE = "https://yteso.vn/fhir/R4"

REFERENCES = table(f"""
    # the resource                     | parameter       | search                          | found
    Patient/23                         | subject         | Patient/23                      | yes
    Patient/23                         | subject         | 23                              | yes
    Patient/23                         | subject         | {BASE}/Patient/23               | yes
    Patient/23                         | subject:Patient | 23                              | yes
    Patient/23                         | subject:Patient | Patient/23                      | yes
    Patient/23                         | subject:Group   | 23                              | no
    Patient/23                         | subject         | Group/23                        | no
    Patient/23                         | subject         | Patient/2                       | no
    Patient/23                         | subject         | Patient/1,Patient/23            | yes
    Patient/23                         | patient         | 23                              | yes
    Patient/23                         | patient         | Patient/23                      | yes
    Group/23                           | patient         | 23                              | no
    Group/23                           | subject         | 23                              | yes
    {BASE}/Patient/23                  | subject         | Patient/23                      | yes
    {BASE}/Patient/23                  | patient         | 23                              | yes
    # the version counts only if it is asked for
    Patient/23/_history/2              | subject         | Patient/23                      | yes
    Patient/23/_history/2              | patient         | 23                              | yes
    Patient/23/_history/2              | subject         | Patient/23/_history/2           | yes
    Patient/23/_history/2              | subject         | Patient/23/_history/3           | no
    Patient/23                         | subject         | Patient/23/_history/3           | no
    # another server's patient 23 is not ours
    https://other.vn/Patient/23        | subject         | Patient/23                      | no
    https://other.vn/Patient/23        | subject         | 23                              | no
    https://other.vn/Patient/23        | subject         | https://other.vn/Patient/23     | yes
    urn:uuid:0d3c                      | subject         | urn:uuid:0d3c                   | yes
""")


@pytest.mark.parametrize(("says", "name", "search", "expected"), REFERENCES)
def test_references(says, name, search, expected):
    resource = {"subject": {"reference": says}}
    assert found("Observation", name, search, resource, base=BASE) == (expected == "yes")


def test_the_type_of_a_reference_may_be_said_beside_it_or_contained():
    inside = [{"resourceType": "Patient", "id": "p1"}, {"resourceType": "Group", "id": "g1"}]
    for subject, is_patient in [
        ({"reference": "urn:uuid:0d3c", "type": "Patient"}, "true"),
        ({"reference": "urn:uuid:0d3c", "type": "Group"}, "false"),
        ({"reference": "urn:uuid:0d3c"}, "false"),
        ({"type": "Patient", "identifier": {"value": "1"}}, "true"),
        ({"reference": "#p1"}, "true"),
        ({"reference": "#g1"}, "false"),
        ({"reference": "#none"}, "false"),
        ({"display": "Ông A"}, "false"),
    ]:
        resource = {"subject": subject, "contained": inside}
        assert found("Observation", "patient:missing", "true", resource) == (is_patient == "false"), subject


def test_what_is_contained_has_no_address_of_its_own():
    resource = {"subject": {"reference": "#p1"}, "contained": [{"resourceType": "Patient", "id": "p1"}]}
    assert not found("Observation", "subject", "p1", resource)
    assert not found("Observation", "subject", "Patient/p1", resource)


def test_a_logical_reference_is_found_by_its_identifier():
    resource = {"subject": {"identifier": {"system": "http://cccd", "value": "0010"}}}
    assert found("Observation", "subject:identifier", "http://cccd|0010", resource)
    assert found("Observation", "subject:identifier", "1,0010", resource)
    assert not found("Observation", "subject:identifier", "http://bhyt|0010", resource)
    assert not found("Observation", "subject", "0010", resource)
    assert not found("Observation", "subject:identifier", "0010", {"subject": {"reference": "Patient/0010"}})


def test_a_canonical_is_found_with_and_without_its_version():
    resource = {"questionnaire": "http://yteso.vn/Questionnaire/tiem|2"}
    assert found("QuestionnaireResponse", "questionnaire", "http://yteso.vn/Questionnaire/tiem", resource)
    assert found("QuestionnaireResponse", "questionnaire", "http://yteso.vn/Questionnaire/tiem|2", resource)
    assert not found("QuestionnaireResponse", "questionnaire", "http://yteso.vn/Questionnaire/tiem|3", resource)


def test_the_first_entry_of_a_document_is_a_reference_by_itself():
    bundle = {"entry": [{"resource": {"resourceType": "Composition", "id": "c1"}}, {"resource": {"id": "x"}}]}
    assert found("Bundle", "composition", "Composition/c1", bundle)
    assert found("Bundle", "composition", "c1", bundle)
    assert not found("Bundle", "composition", "x", bundle)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("subject", "Patient/", "reference"),
        ("subject", "Nobody/23", "reference"),
        ("subject", "a b", "reference"),
        ("subject", "23,", "reference"),
        ("subject:Patient", "Group/23", "reference"),
        ("subject:Observation", "23", "target"),
        ("subject:Nobody", "23", "modifier"),
        ("subject:exact", "23", "modifier"),
        ("subject:identifier", "a|b|c", "token"),
    ],
)
def test_what_is_no_reference_is_refused(name, text, reason):
    with pytest.raises(SearchError) as raised:
        parse("Observation", [(name, text)], strict=True)
    assert raised.value.reason == reason


LOINC = "http://loinc.org"
PRESSURE = {
    "code": {"coding": [{"system": LOINC, "code": "85354-9"}]},
    "component": [
        {"code": {"coding": [{"system": LOINC, "code": "8480-6"}]}, "valueQuantity": {"value": 150, "code": "mm[Hg]"}},
        {"code": {"coding": [{"system": LOINC, "code": "8462-4"}]}, "valueQuantity": {"value": 85, "code": "mm[Hg]"}},
    ],
}

COMPOSITES = table(f"""
    component-code-value-quantity | 8480-6$150                   | yes
    component-code-value-quantity | {LOINC}|8480-6$ge140||mm[Hg] | yes
    component-code-value-quantity | 8480-6$gt150                 | no
    # both parts must hold of the same component
    component-code-value-quantity | 8462-4$gt140                 | no
    component-code-value-quantity | 8462-4$gt140,8480-6$gt140    | yes
    combo-code-value-quantity     | 8462-4$lt90                  | yes
    combo-code-value-quantity     | 85354-9$lt90                 | no
    code-value-quantity           | 8462-4$lt90                  | no
""")


@pytest.mark.parametrize(("name", "search", "expected"), COMPOSITES)
def test_composites_hold_of_one_element(name, search, expected):
    assert found("Observation", name, search, PRESSURE) == (expected == "yes")


def test_composites_of_every_kind_of_part():
    code = {"coding": [{"code": "c"}]}
    assert found("Observation", "code-value-string", "c$am tinh", {"code": code, "valueString": "Âm tính"})
    assert found("Observation", "code-value-string", "c$a\\$b", {"code": code, "valueString": "a$b"})
    assert found("Observation", "code-value-date", "c$ge2026", {"code": code, "valueDateTime": "2026-11-25"})
    assert found(
        "Observation", "code-value-concept", "c$x", {"code": code, "valueCodeableConcept": {"coding": [{"code": "x"}]}}
    )
    related = {"relatesTo": [{"code": "replaces", "target": {"reference": "DocumentReference/1"}}]}
    assert found("DocumentReference", "relationship", "replaces$DocumentReference/1", related)
    assert not found("DocumentReference", "relationship", "signs$DocumentReference/1", related)


def test_a_part_may_be_read_from_the_whole_resource():
    sequence = {
        "referenceSeq": {"chromosome": {"coding": [{"code": "1"}]}, "windowStart": 5, "windowEnd": 9},
        "variant": [{"start": 20, "end": 30}],
    }
    assert found("MolecularSequence", "chromosome-variant-coordinate", "1$lt25$gt25", sequence)
    assert not found("MolecularSequence", "chromosome-variant-coordinate", "2$lt25$gt25", sequence)
    assert found("MolecularSequence", "chromosome-window-coordinate", "1$5$9", sequence)


@pytest.mark.parametrize("text", ["8480-6", "8480-6$", "$5", "a$5$6", "8480-6$x", "8480-6$5,"])
def test_a_composite_without_its_parts_is_refused(text):
    with pytest.raises(SearchError):
        parse("Observation", [("code-value-quantity", text)], strict=True)
