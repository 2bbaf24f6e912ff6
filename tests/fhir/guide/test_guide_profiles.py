"""Profiles say what the mapping really writes: every resource of simulated visits conforms to its profile."""

import json
from collections import Counter

import orjson
import pytest

from yteso import mapping
from yteso.fhir.guide import shapes
from yteso.fhir.guide.extensions import extensions
from yteso.fhir.guide.profiles import profile_of, profiles
from yteso.fhir.structure import check
from yteso.fhir.validation import Validator
from yteso.fhir.validation.codes import Codes
from yteso.intake.envelope import read
from yteso.mapping import BASE
from yteso.mapping.templates import all_templates
from yteso.sandbox.simulate import visits


ENOUGH = 12
"""Resources of one profile that are looked at."""

DEFINED = {one.url: one.resource for one in profiles()} | {one.url: one.resource for one in extensions() if one.ours}
VALIDATOR = Validator(DEFINED.get, Codes().member_of)


def simulated():
    for file in visits(people=150, days=20, facilities=4, seed=7, per_file=20):
        envelope, dossiers = read(file.bytes)
        for dossier in dossiers:
            mapped = mapping.map_visit(dossier, envelope.header)
            yield from [*mapped.resources, ("Patient", "", mapped.patient)]


def errors(json_text, url):
    return [
        (one.location, one.problem, one.en) for one in VALIDATOR.validate(json_text, [url]) if one.severity == "error"
    ]


def test_every_resource_of_simulated_visits_conforms_to_its_profile():
    seen = Counter()
    for type, id, text in simulated():
        profile = profile_of(type, text)
        assert profile, type
        seen[profile.id] += 1
        if seen[profile.id] <= ENOUGH:
            assert errors(text, profile.url) == [], f"{type}/{id}"
    never = {"di-ung", "ban-ghi-khac"}
    assert {one.id for one in profiles()} - never <= seen.keys()


def test_a_visit_with_every_field_conforms(full_visits):
    for type, id, text in full_visits:
        found = errors(text, profile_of(type, text).url)
        # The samples fill coded fields with any text, which required bindings of R4 do not allow.
        assert [one for one in found if one[1] not in ("code", "format")] == [], f"{type}/{id}"


def test_every_template_is_in_a_profile_or_part_of_one():
    used = {name for one in profiles() for name in one.templates}
    assert {one.name for one in all_templates() if not one.part} | {"xml1.patient"} <= used


@pytest.mark.parametrize("one", [*profiles(), *(each for each in extensions() if each.ours)], ids=lambda one: one.id)
def test_definitions_are_sound(one):
    resource = one.resource
    assert check(orjson.dumps(resource)) == []
    elements = resource["differential"]["element"]
    assert len({element["id"] for element in elements}) == len(elements)
    assert one.vi != one.en


@pytest.fixture(scope="module")
def encounter():
    found = next(one for one in profiles() if one.id == "luot-kham").resource["differential"]["element"]
    return {element["id"].removeprefix("Encounter."): element for element in found}


def test_what_is_always_there_is_required(encounter):
    assert encounter["status"]["fixedCode"] == "finished"
    assert encounter["class"]["min"] == 1
    assert encounter["class.system"]["fixedUri"] == "http://terminology.hl7.org/CodeSystem/v3-ActCode"
    assert encounter["period.start"]["min"] == 0


def test_systems_are_slices_with_their_value_set(encounter):
    assert encounter["type.coding"]["slicing"]["discriminator"] == [{"type": "value", "path": "system"}]
    own = encounter["type.coding:loai-kcb"]
    assert own["binding"] == {"strength": "extensible", "valueSet": f"{BASE}/vs/loai-kcb"}
    assert encounter["type.coding:loai-kcb.system"]["fixedUri"] == f"{BASE}/cs/loai-kcb"


def test_elements_name_their_fields(encounter):
    assert encounter["period.start"]["mapping"] == [{"identity": "chuan", "map": "XML1.NGAY_VAO"}]
    assert encounter["period.start"]["short"] == "Ngày đến khám / Arrival moment"


def test_extensions_have_their_addresses_and_places():
    known = {one.url: one for one in extensions()}
    assert known[f"{BASE}/nghe"].contexts == ("Patient",)
    assert known[f"{BASE}/nghe"].types == ["CodeableConcept"]
    assert known[f"{BASE}/nghe"].resource["url"] == f"{BASE}/nghe"
    assert known[f"{BASE}/xml4"].types == []
    assert not known["http://fhir.hl7.org.vn/core/StructureDefinition/vn-ext-ethnicity"].ours


def test_a_resource_that_lacks_what_is_always_there_does_not_conform():
    order = next(text for type, _, text in simulated() if type == "MedicationRequest")
    changed = json.loads(order)
    changed["status"] = "draft"
    del changed["intent"]
    url = f"{BASE}/StructureDefinition/don-thuoc"
    assert errors(order, url) == []
    assert {"fixed", "missing"} <= {problem for _, problem, _ in errors(json.dumps(changed).encode(), url)}


def test_what_is_common_to_several_shapes():
    made = shapes.of_templates(["xml7.composition", "xml8.composition"])
    assert made.children["status"].fixed == "final"
    assert made.children["title"].fixed is None
    assert made.children["title"].always
    assert not made.children["identifier"].always
