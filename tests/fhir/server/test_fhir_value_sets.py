"""Searches by value set, and terminology that was written over FHIR."""

from asking import AN

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
