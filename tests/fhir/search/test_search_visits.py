"""The record's own resources: visits of the synthetic province, as they are mapped."""

from datetime import date

import orjson
import pytest
from search_cases import found, found_by_its_own

from yteso import mapping
from yteso.catalogues import ICD10_SYSTEM, icd10_chapters
from yteso.fhir.search import compartment, parameters, parse, tokens
from yteso.intake.envelope import read
from yteso.record import ids
from yteso.sandbox.simulate import visits


@pytest.fixture(scope="module")
def mapped():
    found = []
    for file in visits(60, 80, 12, 31, dirty=0):
        envelope, dossiers = read(file.bytes)
        found += [mapping.map_visit(dossier, envelope.header) for dossier in dossiers if dossier.tables.get("XML1")]
    assert len(found) > 20
    return found


@pytest.fixture(scope="module")
def resources(mapped):
    return [orjson.loads(body) for visit in mapped for _, _, body in visit.resources]


UNSEARCHED = {"SupplyDelivery", "ExplanationOfBenefit"}
"""R4 has no parameter for the codes of their items."""


def codings(node):
    if isinstance(node, dict):
        if "system" in node and "code" in node:
            yield node["system"], node["code"]
        node = list(node.values())
    if isinstance(node, list):
        for item in node:
            yield from codings(item)


def test_each_is_found_by_its_own_values(resources):
    for resource in resources[::5]:
        found_by_its_own(resource)


def test_the_tokens_of_a_document_are_among_the_words_of_its_resources(mapped):
    for visit in mapped:
        resources = [orjson.loads(body) for _, _, body in visit.resources]
        known = {pair for one in resources if one["resourceType"] in UNSEARCHED for pair in codings(one)}
        known |= {(system, code) for one in resources for _, system, code in tokens(one)}
        assert set(visit.tokens) <= {ids.token(system, code) for system, code in known}


def test_a_patients_compartment_holds_what_is_about_them(mapped):
    tied = compartment("Patient")
    for visit in mapped:
        patient = f"Patient/{ids.fhir_id(visit.subject)}"
        for kind, _, body in visit.resources:
            resource = orjson.loads(body)
            codes = [code for code in tied.get(kind, ()) if parameters(kind)[code].values(resource)]
            assert not codes or any(found(kind, code, patient, resource) for code in codes), (kind, codes)


def test_a_diagnosis_is_found_by_its_chapter(resources):
    diagnoses = [one for one in resources if one["resourceType"] == "Condition"]
    every = ",".join(f"{ICD10_SYSTEM}|{chapter}" for chapter in icd10_chapters())
    in_a_chapter = parse("Condition", [("code:below", every)], strict=True)
    coded = [one for one in diagnoses if found("Condition", "code", f"{ICD10_SYSTEM}|", one)]
    assert coded
    assert all(map(in_a_chapter.matches, coded))


def test_a_patient_is_found_by_the_last_word_of_the_name(mapped):
    for visit in mapped:
        patient = orjson.loads(visit.patient)
        found_by_its_own(patient)
        name = patient["name"][0]["text"]
        assert found("Patient", "name", name.split()[-1].lower(), patient)
        assert found("Patient", "name", name, patient)
        assert found("Patient", "birthdate", f"le{date.today()}", patient)
