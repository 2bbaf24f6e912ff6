"""The R4 types as data: every name leads somewhere, and the corners of the definitions are read as they are meant."""

import csv
import subprocess
import sys

import orjson
import pytest

from yteso.fhir.definitions import COMPLEX, PRIMITIVES, RESOURCES, codes, structure
from yteso.fhir.tools import distil_definitions


ALL = sorted(RESOURCES | COMPLEX)
NOT_LISTED = {"mimetypes", "currencies", "ucum-units", "http://loinc.org/vs/LL379-9"}
"""Value sets whose code systems are not HL7's."""


def parts(name):
    """A type and everything below it that has elements of its own."""
    found, waiting = {}, [name]
    while waiting:
        of = structure(waiting.pop())
        found[of.name] = of
        for element in of.elements.values():
            waiting += [type for type in element.types if type.startswith(f"{name}.") and type not in found]
    return found.values()


def test_all_types_of_the_specification_are_there():
    assert len(RESOURCES) == 146
    assert len(PRIMITIVES) == 20
    assert {"Patient", "Bundle", "Parameters", "Binary", "SubstanceSpecification"} <= RESOURCES
    assert {"Quantity", "SimpleQuantity", "Age", "Extension", "Dosage", "ElementDefinition"} <= COMPLEX
    assert not {"Resource", "DomainResource", "BackboneElement"} & (RESOURCES | COMPLEX)


@pytest.mark.parametrize("name", ALL)
def test_every_type_that_is_named_exists(name):
    for of in parts(name):
        for element in of.elements.values():
            for type in element.types:
                assert type in PRIMITIVES or type == "Resource" or structure(type).elements, element.path


@pytest.mark.parametrize("name", ALL)
def test_every_target_is_a_resource_type_and_every_code_list_is_there(name):
    for of in parts(name):
        for element in of.elements.values():
            assert element.targets <= RESOURCES, element.path
            assert not element.codes or element.codes in NOT_LISTED or codes(element.codes).codes, element.path


@pytest.mark.parametrize("name", sorted(RESOURCES))
def test_every_resource_has_the_elements_of_all_resources(name):
    assert list(structure(name).elements)[:4] == ["id", "meta", "implicitRules", "language"]
    assert structure(name).elements["id"].types == ("id",)


def test_a_choice_has_one_json_name_per_type():
    keys = structure("Observation").keys
    element, type = keys["valueCodeableConcept"]
    assert (element.name, type, element.choice) == ("value", "CodeableConcept", True)
    assert {key for key in keys if key.startswith("effective")} == {
        "effectiveDateTime", "effectivePeriod", "effectiveTiming", "effectiveInstant",
    }  # fmt: skip
    assert "value" not in keys


def test_a_profile_of_quantity_goes_by_the_name_of_quantity_in_a_choice():
    element, type = structure("MedicationAdministration.dosage").keys["rateQuantity"]
    assert (element.name, type) == ("rate", "SimpleQuantity")
    assert "comparator" not in structure("SimpleQuantity").elements
    assert "onsetAge" in structure("Condition").keys


def test_a_part_is_a_structure_of_its_own_and_may_be_used_again():
    assert structure("Patient.contact").elements["name"].types == ("HumanName",)
    assert structure("Observation.component").elements["referenceRange"].types == ("Observation.referenceRange",)
    assert structure("Questionnaire.item").elements["item"].types == ("Questionnaire.item",)


def test_cardinality_bindings_targets_and_summary():
    status, subject, category = (structure("Observation").elements[name] for name in ("status", "subject", "category"))
    assert (status.min, status.max, status.many, status.codes) == (1, 1, False, "observation-status")
    assert (category.min, category.max, category.many, category.codes) == (0, None, True, "")
    assert subject.targets == {"Device", "Group", "Location", "Patient"}
    assert status.summary and not category.summary
    assert structure("Observation").elements["focus"].targets == frozenset()


def test_a_target_of_a_canonical_is_no_target_of_a_reference():
    assert structure("EvidenceVariable.characteristic").elements["definition"].targets == {"Group"}


def test_codes_stand_alone_and_with_their_systems():
    gender = codes("administrative-gender")
    assert gender.codes == {"male", "female", "other", "unknown"}
    assert ("http://hl7.org/fhir/administrative-gender", "male") in gender.codings
    assert "Patient" in codes("resource-types").codes
    assert codes("mimetypes") is None


@pytest.mark.parametrize("name", ["Nothing", "Resource", "Patient.nothing", "../types", ""])
def test_there_is_no_other_structure(name):
    with pytest.raises(KeyError):
        structure(name)


def definition(name, kind, elements, **more):
    url = f"http://hl7.org/fhir/StructureDefinition/{name}"
    head = {"resourceType": "StructureDefinition", "id": name, "url": url, "kind": kind, "abstract": False}
    paths = [{"path": name, "min": 0, "max": "*"}, *elements]
    return head | {"derivation": "specialization", "snapshot": {"element": paths}} | more


def test_the_data_are_made_from_the_published_package(tmp_path, monkeypatch):
    package, data = tmp_path / "package", tmp_path / "data"
    package.mkdir()
    (data / "types").mkdir(parents=True)
    site = "http://hl7.org/fhir"
    extension = [{"url": f"{site}/StructureDefinition/structuredefinition-fhir-type", "valueUrl": "string"}]
    visit = definition("Visit", "resource", [
        {"path": "Visit.id", "min": 0, "max": "1", "isSummary": True,
         "type": [{"code": "http://hl7.org/fhirpath/System.String", "extension": extension}]},
        {"path": "Visit.status", "min": 1, "max": "1", "type": [{"code": "code"}],
         "binding": {"strength": "required", "valueSet": f"{site}/ValueSet/state|4.0.1"}},
        {"path": "Visit.kind", "min": 0, "max": "1", "type": [{"code": "code"}],
         "binding": {"strength": "example", "valueSet": f"{site}/ValueSet/kind"}},
        {"path": "Visit.who", "min": 0, "max": "*",
         "type": [{"code": "Reference", "targetProfile": [f"{site}/StructureDefinition/{t}" for t in ("B", "A")]}]},
        {"path": "Visit.gone", "min": 0, "max": "0", "type": [{"code": "string"}]},
        {"path": "Visit.again", "min": 0, "max": "*", "contentReference": "#Visit.who"},
    ])  # fmt: skip
    regex = [{"url": f"{site}/StructureDefinition/regex", "valueString": "[a-z]+"}]
    word = definition("word", "primitive-type", [{"path": "word.value", "type": [{"extension": regex}]}])
    codes_of = [{"code": "open", "concept": [{"code": "half"}]}, {"code": "shut"}]
    files = {
        "StructureDefinition-Visit": visit,
        "StructureDefinition-word": word,
        "StructureDefinition-model": definition("model", "logical", []),
        "StructureDefinition-profile": definition("profile", "resource", [], derivation="constraint"),
        "ValueSet-state": {"url": f"{site}/ValueSet/state", "compose": {"include": [{"system": "urn:s"}]}},
        "CodeSystem-s": {"url": "urn:s", "content": "complete", "concept": codes_of},
    }
    for name, content in files.items():
        (package / f"{name}.json").write_bytes(orjson.dumps(content))
    monkeypatch.setattr(distil_definitions, "DATA", data)
    distil_definitions.main(package)
    assert (data / "types.csv").read_text() == "name,kind,regex\nword,primitive,[a-z]+\nVisit,resource,\n"
    with (data / "types/Visit.csv").open() as file:
        assert [list(row.values()) for row in csv.DictReader(file)] == [
            ["Visit.id", "0", "1", "id", "", "y"],
            ["Visit.status", "1", "1", "code", "state", ""],
            ["Visit.kind", "0", "1", "code", "", ""],
            ["Visit.who", "0", "*", "Reference(A|B)", "", ""],
            ["Visit.again", "0", "*", "#Visit.who", "", ""],
        ]
    assert orjson.loads((data / "codes.json").read_bytes()) == {"state": {"urn:s": ["open", "half", "shut"]}}


MET = """
from yteso.fhir.definitions import types
from yteso.fhir.structure import check
assert types._load.cache_info().currsize == 0
assert check(b'{"resourceType":"Patient","gender":"male"}') == []
print(types._load.cache_info().currsize)
"""


def test_only_the_types_that_are_met_are_read():
    done = subprocess.run([sys.executable, "-c", MET], capture_output=True, text=True, check=True)
    assert 1 < int(done.stdout) < 50  # Patient, and the data types that an extension may hold
