"""Visits of the synthetic province, from the envelope to FHIR and back."""

import json
from collections import Counter

import pytest

from yteso import mapping
from yteso.intake.envelope import read
from yteso.mapping.names import systems
from yteso.record import ids
from yteso.sandbox.simulate import visits


@pytest.fixture(scope="module")
def province():
    """(dossier, what it was mapped to), some of them with mistakes that leave the visit readable."""
    found = []
    for file in visits(60, 80, 12, 31, dirty=0.3):
        envelope, dossiers = read(file.bytes)
        for dossier in dossiers:
            if dossier.tables.get("XML1"):
                found.append((dossier, mapping.map_visit(dossier, envelope.header)))
    return found


def referred_to(node: object) -> set[str]:
    if isinstance(node, dict):
        own = {node["reference"]} if isinstance(node.get("reference"), str) else set()
        return own.union(*map(referred_to, node.values())) if node else own
    return set().union(*map(referred_to, node)) if isinstance(node, list) else set()


def test_the_province_has_visits_of_every_form(province):
    kinds = Counter(kind for _, m in province for kind, _, _ in m.resources)
    assert len(province) > 50
    assert set(kinds) >= {
        *("Encounter", "Condition", "MedicationRequest", "MedicationDispense", "DiagnosticReport", "Observation"),
        *("Procedure", "SupplyDelivery", "ClinicalImpression", "Composition", "Appointment", "Task", "Coverage"),
    }


def test_every_visit_comes_back_field_for_field(province):
    for dossier, m in province:
        told = {table: rows for table, rows in dossier.tables.items() if rows}
        assert mapping.unmap(m.resources) == told, dossier.ma_lk


def test_every_reference_is_answered_in_the_visit_or_by_the_patient(province):
    for dossier, m in province:
        there = {f"{kind}/{name}" for kind, name, _ in m.resources} | {"#x", f"Patient/{ids.fhir_id(m.subject)}"}
        asked = set().union(*(referred_to(json.loads(body)) for *_, body in m.resources))
        assert asked <= there, dossier.ma_lk


def test_no_two_resources_share_an_id(province):
    names = Counter(name for _, m in province for _, name, _ in m.resources)
    assert names.most_common(1)[0][1] == 1


COUNTS = """
rows of          with MA_NHOM  are as many
XML2             -             MedicationRequest
XML3             1,2,3         DiagnosticReport
XML3             8,13,18       Procedure
XML3             10            SupplyDelivery
XML5             -             ClinicalImpression
XML14            -             Appointment
XML13            -             Task
"""


@pytest.mark.parametrize("line", COUNTS.strip().split("\n")[1:])
def test_rows_become_resources_one_by_one(province, line):
    table, groups, kind = line.split()
    for dossier, m in province:
        rows = [r for r in dossier.tables.get(table, ()) if groups == "-" or r["MA_NHOM"] in groups.split(",")]
        assert len(rows) == sum(found == kind for found, *_ in m.resources), dossier.ma_lk


def test_every_row_of_cost_is_an_item_of_the_claim(province):
    for dossier, m in province:
        (claim,) = (json.loads(body) for kind, _, body in m.resources if kind == "ExplanationOfBenefit")
        rows = [*dossier.tables.get("XML2", ()), *dossier.tables.get("XML3", ())]
        assert [item["sequence"] for item in claim.get("item", ())] == list(range(1, len(rows) + 1))


def test_every_result_belongs_to_a_report(province):
    for dossier, m in province:
        reports = [json.loads(body) for kind, _, body in m.resources if kind == "DiagnosticReport"]
        listed = Counter(result["reference"] for report in reports for result in report.get("result", ()))
        assert len(listed) == len(dossier.tables.get("XML4", ()))
        assert set(listed.values()) <= {1}


def test_patients_of_one_facility_have_one_subject_each(province):
    subjects = {(d.tables["XML1"][0].get("MA_CSKCB"), d.tables["XML1"][0].get("MA_BN")): m.subject for d, m in province}
    assert len(set(subjects.values())) == len(subjects)


def test_the_main_diagnosis_can_be_searched_for(province):
    for dossier, m in province:
        code = dossier.tables["XML1"][0].get("MA_BENH_CHINH")
        assert not code or ids.token(systems()["icd10"], code) in m.tokens
