"""Every resource is sound FHIR R4: known elements, required ones there, lists where lists belong, allowed codes."""

import json
import re

import pytest
from mapping_samples import (
    ESSENTIAL,
    VERSIONS,
    dossier,
    full_dossier,
    full_row,
    mapped,
    resources,
    tables_of,
)

from yteso.intake.dossier import Dossier
from yteso.record import ids


COMMON = "resourceType! id! meta contained* extension* identifier*"
# `!` required, `*` list, `+` list with at least one
ELEMENTS = {
    "Encounter": "status! class! type* subject! period length reasonCode* diagnosis* hospitalization location* "
    "serviceProvider",
    "Patient": "name* telecom* gender birthDate _birthDate address*",
    "Condition": "clinicalStatus verificationStatus category* code subject! encounter recordedDate",
    "Coverage": "status! type subscriberId beneficiary! period payor+",
    "ExplanationOfBenefit": "status! type! use! patient! billablePeriod created! insurer! provider! outcome! "
    "insurance+ item* total*",
    "MedicationRequest": "status! intent! medicationCodeableConcept! subject! encounter authoredOn requester "
    "reasonCode* dosageInstruction* dispenseRequest",
    "MedicationDispense": "status! medicationCodeableConcept! subject context authorizingPrescription* quantity "
    "whenHandedOver",
    "DiagnosticReport": "basedOn* status! category* code! subject encounter effectiveDateTime issued performer* "
    "result* conclusion",
    "ServiceRequest": "status! intent! category* code subject! encounter authoredOn requester performer* reasonCode* "
    "bodySite* note*",
    "Procedure": "status! category code subject! encounter performedPeriod recorder performer* reasonCode* bodySite*",
    "SupplyDelivery": "status patient suppliedItem occurrenceDateTime supplier",
    "Observation": "basedOn* status! category* code! subject encounter effectiveDateTime performer* valueQuantity "
    "valueString interpretation* note* referenceRange* component*",
    "ClinicalImpression": "status! subject! encounter effectiveDateTime assessor description summary note*",
    "Composition": "status! type! subject encounter date! author+ title! section*",
    "Task": "basedOn* status! intent! code focus for encounter authoredOn requester owner",
    "Appointment": "status! appointmentType requestedPeriod* participant+",
    "AllergyIntolerance": "clinicalStatus verificationStatus category* code patient! encounter recordedDate",
    "Basic": "code! subject",
}
ONE_IDENTIFIER = {"Composition"}
CODES = {
    ("Encounter", "status"): {"finished"},
    ("MedicationRequest", "status"): {"completed"},
    ("MedicationRequest", "intent"): {"order"},
    ("MedicationDispense", "status"): {"completed"},
    ("DiagnosticReport", "status"): {"final"},
    ("Observation", "status"): {"final"},
    ("Procedure", "status"): {"completed"},
    ("ServiceRequest", "status"): {"completed", "active"},
    ("ServiceRequest", "intent"): {"order"},
    ("SupplyDelivery", "status"): {"completed"},
    ("Coverage", "status"): {"active"},
    ("ExplanationOfBenefit", "status"): {"active"},
    ("ExplanationOfBenefit", "use"): {"claim"},
    ("ExplanationOfBenefit", "outcome"): {"complete"},
    ("ClinicalImpression", "status"): {"completed"},
    ("Composition", "status"): {"final"},
    ("Task", "status"): {"requested"},
    ("Task", "intent"): {"order"},
    ("Appointment", "status"): {"proposed"},
    ("Patient", "gender"): {"male", "female", "other", "unknown"},
}
DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}[+]07:00")
DATES = {"birthDate", "valueDate"}
MOMENTS = {"authoredOn", "effectiveDateTime", "issued", "start", "end", "whenHandedOver", "recordedDate", "created",
           "occurrenceDateTime", "valueDateTime"}  # fmt: skip


def problems(resource: dict) -> list[str]:
    kind = resource["resourceType"]
    spec = {}
    for word in f"{COMMON} {ELEMENTS[kind]}".split():
        spec[word.rstrip("!*+")] = word[-1]
    if kind in ONE_IDENTIFIER:
        spec["identifier"] = "r"
    found = [f"unknown element {name}" for name in resource if name not in spec]
    found += [f"missing {name}" for name, sign in spec.items() if sign in "!+" and not resource.get(name)]
    found += [f"{n} list?" for n, v in resource.items() if n in spec and (spec[n] in "*+") != isinstance(v, list)]
    for name, value in resource.items():
        if (kind, name) in CODES and value not in CODES[kind, name]:
            found.append(f"{name} = {value}")
    return found + deep_problems(resource)


def deep_problems(node: object, name: str = "") -> list[str]:
    found = []
    if isinstance(node, dict):
        if not node:
            found.append(f"empty object in {name}")
        if name == "extension" and ("url" not in node or len([k for k in node if k != "url" and k != "id"]) != 1):
            found.append(f"extension {node}")
        for key, value in node.items():
            found += deep_problems(value, key)
    elif isinstance(node, list):
        if not node:
            found.append(f"empty list {name}")
        for item in node:
            found += deep_problems(item, name)
    elif node is None or node == "":
        found.append(f"empty {name}")
    elif (
        (name in DATES and not DATE.fullmatch(node))
        or (name == "issued" and not MOMENT.fullmatch(node))
        or (name in MOMENTS and not (MOMENT.fullmatch(node) or DATE.fullmatch(node)))
    ):
        found.append(f"{name} = {node}")
    return found


def backbone_problems(resource: dict) -> list[str]:
    """Required elements one level down."""
    required = {
        "item": ("sequence", "productOrService"),
        "total": ("category", "amount"),
        "adjudication": ("category",),
        "insurance": ("focal", "coverage"),
        "diagnosis": ("condition",),
        "location": ("location",),
        "participant": ("status",),
        "section": ("text",),
        "note": ("text",),
    }
    found = []
    for name, value in resource.items():
        for element in value if isinstance(value, list) else ():
            if isinstance(element, dict):
                found += [f"{name} without {needed}" for needed in required.get(name, ()) if needed not in element]
                found += backbone_problems(element)
    return found


def references(node: object) -> list[str]:
    if isinstance(node, dict):
        own = [node["reference"]] if "reference" in node else []
        return own + [r for value in node.values() for r in references(value)]
    return [r for item in node for r in references(item)] if isinstance(node, list) else []


def visits() -> list[Dossier]:
    made = [full_dossier(version) for version in VERSIONS]
    made.append(Dossier(1, {"XML1": [dict(ESSENTIAL)]}, "3176"))
    for table in tables_of("3176")[1:]:
        made.append(dossier(**{table: [{"STT": "1"}]}))
        made.append(dossier(**{table: [{name: '\t"lạ" \\ <&>\''} for name in full_row("3176", table)]}))
    made += [dossier(XML3=[full_row("3176", "XML3") | {"MA_NHOM": str(n)}]) for n in range(1, 20)]
    made += [dossier(XML3=[{"MA_NHOM": str(n)}]) for n in (1, 10, 15, 18)]
    return made


VISITS = visits()


@pytest.mark.parametrize("visit", VISITS, ids=range(len(VISITS)))
def test_resources_are_sound(visit):
    for resource in resources(visit):
        assert problems(resource) + backbone_problems(resource) == [], resource
        for inner in resource.get("contained", ()):
            assert problems(inner) == []


@pytest.mark.parametrize("visit", VISITS, ids=range(len(VISITS)))
def test_references_resolve_in_the_document_or_to_the_patient(visit):
    m = mapped(visit)
    there = {f"{kind}/{name}" for kind, name, _ in m.resources} | {f"Patient/{ids.fhir_id(m.subject)}", "#x"}
    for _, _, body in m.resources:
        assert set(references(json.loads(body))) <= there


@pytest.mark.parametrize("visit", VISITS, ids=range(len(VISITS)))
def test_ids_are_unique_short_and_those_of_the_bodies(visit):
    found = [(kind, name, json.loads(body)) for kind, name, body in mapped(visit).resources]
    names = [name for _, name, _ in found]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Za-z0-9.-]{1,64}", name) for name in names)
    assert all((body["resourceType"], body["id"]) == (kind, name) for kind, name, body in found)


def test_the_encounter_comes_first_and_bears_the_name_of_the_document():
    m = mapped(full_dossier("3176"))
    assert m.resources[0][:2] == ("Encounter", ids.fhir_id(ids.document_id("visit", "99001", "LK-0001")))


def test_every_kind_of_resource_named_in_the_templates_occurs():
    seen = {resource["resourceType"] for visit in VISITS for resource in resources(visit)}
    assert seen >= set(ELEMENTS) - {"Patient", "AllergyIntolerance"}


def test_the_living_patient_is_the_stated_one_under_its_own_name():
    m = mapped(full_dossier("3176"))
    (stated,) = json.loads(m.resources[0][2])["contained"]
    living = json.loads(m.patient)
    assert living == stated | {"id": ids.fhir_id(m.subject)}
    assert problems(living) == []


def test_text_that_looks_like_code_stays_text():
    evil = '"}],"status":"entered-in-error","x":[{"'
    m = mapped(dossier(XML1=[dict.fromkeys(full_row("3176", "XML1"), evil) | {"MA_CSKCB": '99"{c}\\', "MA_BN": evil}]))
    for _, _, body in m.resources:
        assert problems(json.loads(body)) == []
