"""Searches by value set, and terminology that was written over FHIR."""

import json

import pytest
from asking import AN, Asker, token

from yteso.fhir.guide.examples import examples
from yteso.mapping import BASE
from yteso.record.ids import fhir_id


ICD10_SET = f"{BASE}/vs/icd-10"


def test_a_record_is_searched_by_value_set(asker, an):
    of_an = f"/Observation?patient={fhir_id(AN)}&_count=2"
    statuses = "http://hl7.org/fhir/ValueSet/observation-status"
    assert len(asker.get(f"{of_an}&status:in={statuses}").ids) == 2
    assert asker.get(f"{of_an}&status:not-in={statuses}").ids == []
    assert asker.get(f"{of_an}&code:in={ICD10_SET}").ids == []
    said = asker.get(f"{of_an}&status:in=http://example.org/none")
    assert (said.status, "value set" in said.text) == (400, True)


WARDS = {
    "resourceType": "CodeSystem",
    "id": "buong",
    "url": "http://benhvien.vn/cs/buong",
    "version": "1",
    "name": "Buong",
    "title": "Buồng bệnh",
    "status": "active",
    "content": "complete",
    "concept": [{"code": "N", "display": "Nội", "concept": [{"code": "N1", "display": "Nội 1"}]}],
}
WARD_SET = {
    "resourceType": "ValueSet",
    "id": "buong-noi",
    "url": "http://benhvien.vn/vs/buong-noi",
    "status": "active",
    "compose": {
        "include": [
            {"system": WARDS["url"], "filter": [{"property": "concept", "op": "descendent-of", "value": "N"}]},
            {"valueSet": ["http://hl7.org/fhir/ValueSet/observation-status"]},
        ]
    },
}
TO_NATIONAL = {
    "resourceType": "ConceptMap",
    "id": "buong-khoa",
    "url": "http://benhvien.vn/cm/buong-khoa",
    "status": "active",
    "group": [
        {
            "source": WARDS["url"],
            "target": f"{BASE}/cs/khoa-phong",
            "element": [{"code": "N", "target": [{"code": "K03", "equivalence": "equivalent"}]}],
        }
    ],
}


@pytest.fixture
def writer(node, conn):
    return Asker(token(conn, "thu-vien", "system/*.read system/*.write"))


@pytest.fixture
def written(writer):
    for one in (WARDS, WARD_SET, TO_NATIONAL):
        said = put(writer, one)
        assert said.status == 201, said.text


def put(asker, resource):
    address = f"/{resource['resourceType']}/{resource['id']}"
    return asker.ask(address, "PUT", json.dumps(resource).encode(), Content_Type="application/fhir+json")


def test_what_was_written_is_looked_up_expanded_and_translated(writer, written):
    found = writer.get(f"/CodeSystem/$lookup?system={WARDS['url']}&code=N1").json()["parameter"]
    assert {"name": "display", "valueString": "Nội 1"} in found
    expanded = writer.get("/ValueSet/buong-noi/$expand?count=1").json()["expansion"]
    assert [one["code"] for one in expanded["contains"]] == ["N1"]
    translated = writer.get(f"/ConceptMap/$translate?system={WARDS['url']}&code=N").json()["parameter"]
    assert translated[0] == {"name": "result", "valueBoolean": True}
    below = writer.get("/CodeSystem/buong/$subsumes?codeA=N&codeB=N1").json()["parameter"]
    assert below == [{"name": "outcome", "valueCode": "subsumes"}]


def test_what_was_written_is_found_and_read(writer, written):
    assert writer.get(f"/CodeSystem?url={WARDS['url']}").ids == ["CodeSystem/buong"]
    assert writer.get("/CodeSystem/buong").json()["concept"] == WARDS["concept"]
    assert writer.get("/ConceptMap?_id=buong-khoa").ids == ["ConceptMap/buong-khoa"]


def test_a_new_version_counts_at_once_and_a_deleted_one_no_more(writer, written):
    lookup = f"/CodeSystem/$lookup?system={WARDS['url']}&code=N2"
    assert writer.get(lookup).status == 404
    put(writer, WARDS | {"concept": [{"code": "N2", "display": "Nội 2"}]})
    assert writer.get(lookup).status == 200
    writer.ask("/CodeSystem/buong", "DELETE")
    assert writer.get(lookup).status == 404


def test_a_record_is_searched_by_a_value_set_that_was_written(writer, an, written):
    address = f"/Observation?patient={fhir_id(AN)}&_count=2&status:in={WARD_SET['url']}"
    assert len(writer.get(address).ids) == 2


def test_a_resource_is_validated_against_a_profile_of_the_guide(asker):
    example = examples()["don-thuoc"]
    address = f"/MedicationRequest/$validate?profile={BASE}/StructureDefinition/don-thuoc"
    severities = []
    for resource in (example, example | {"status": "draft"}):
        said = asker.ask(address, "POST", json.dumps(resource).encode(), Content_Type="application/fhir+json")
        severities.append({issue["severity"] for issue in said.json()["issue"]})
    assert "error" not in severities[0]
    assert "error" in severities[1]


def test_what_comes_with_the_program_is_not_overwritten(writer):
    own = writer.get("/CodeSystem/gioi-tinh").json()
    del own["meta"]
    said = put(writer, own)
    assert (said.status, "comes with the program" in said.text) == (405, True)
    assert writer.ask("/CodeSystem/gioi-tinh", "DELETE").status == 405
