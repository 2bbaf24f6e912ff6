"""Profiles: what they ask of a resource beyond its type, from their snapshots and from differentials alone."""

import json
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from official import examples

from yteso.fhir.validation import Validator


URL = "http://a.vn/StructureDefinition/"
HL7 = "http://hl7.org/fhir/StructureDefinition/"
UCUM = "http://unitsofmeasure.org"


def profile(*elements: dict[str, Any], type: str = "Observation", name: str = "p", base: str = "") -> dict[str, Any]:
    """A StructureDefinition with a differential only."""
    return {
        "resourceType": "StructureDefinition",
        "url": URL + name,
        "type": type,
        "baseDefinition": URL + base if base else HL7 + type,
        "differential": {"element": [{"id": type, "path": type}, *map(_element, elements)]},
    }


def _element(said: dict[str, Any]) -> dict[str, Any]:
    return said | {"path": ".".join(part.partition(":")[0] for part in said["id"].split("."))}


def observation(**fields: Any) -> dict[str, Any]:
    own = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"text": "x"},
        "subject": {"reference": "Patient/1"},
    }
    return {name: value for name, value in (own | fields).items() if value is not None}


def problems(resource: dict[str, Any], *profiles: dict[str, Any], member_of: Any = None) -> list[tuple[str, str]]:
    """Beyond advice: where, and what."""
    known = {one["url"]: one for one in profiles}
    validator = Validator(known.get, member_of or (lambda value, url: None))
    asked = [profiles[0]["url"]] if profiles else []
    said = validator.validate(json.dumps(resource).encode(), asked)
    return [(one.location, one.problem) for one in said if one.severity != "information"]


CASES = [
    # what the profile says, a resource that is as it says, one that is not, and what is found there
    (
        {"id": "Observation.subject", "min": 1},
        {},
        {"subject": None},
        ("Observation.subject", "too-few"),
    ),
    (
        {"id": "Observation.note", "max": "1"},
        {"note": [{"text": "a"}]},
        {"note": [{"text": "a"}, {"text": "b"}]},
        ("Observation.note", "too-many"),
    ),
    (
        {"id": "Observation.bodySite", "max": "0"},
        {},
        {"bodySite": {"text": "x"}},
        ("Observation.bodySite", "not-allowed"),
    ),
    (
        {"id": "Observation.status", "fixedCode": "final"},
        {},
        {"status": "amended"},
        ("Observation.status", "fixed"),
    ),
    (
        {"id": "Observation.code", "patternCodeableConcept": {"coding": [{"system": "http://a.vn", "code": "a"}]}},
        {
            "code": {
                "coding": [
                    {"system": "http://b.vn", "code": "b"},
                    {"system": "http://a.vn", "code": "a", "display": "A"},
                ]
            }
        },
        {"code": {"coding": [{"system": "http://a.vn", "code": "b"}]}},
        ("Observation.code", "pattern"),
    ),
    (
        {"id": "Observation.value[x]", "type": [{"code": "Quantity"}, {"code": "string"}]},
        {"valueQuantity": {"value": 1}},
        {"valueInteger": 1},
        ("Observation.value", "type"),
    ),
    (
        {"id": "Observation.valueQuantity.unit", "min": 1},
        {"valueQuantity": {"value": 1, "unit": "kg"}},
        {"valueQuantity": {"value": 1}},
        ("Observation.value.unit", "too-few"),
    ),
    (
        {"id": "Observation.value[x]:valueQuantity.unit", "min": 1},
        {"valueString": "x"},
        {"valueQuantity": {"value": 1}},
        ("Observation.value.unit", "too-few"),
    ),
    (
        {"id": "Observation.value[x]", "minValueQuantity": {"value": 2, "unit": "kg"}},
        {"valueQuantity": {"value": 2.0, "unit": "kg"}},
        {"valueQuantity": {"value": 1.9, "unit": "kg"}},
        ("Observation.value", "too-small"),
    ),
    (
        {"id": "Observation.value[x]", "maxValueDateTime": "2026-01-01"},
        {"valueDateTime": "2025"},
        {"valueDateTime": "2026-02"},
        ("Observation.value", "too-large"),
    ),
    (
        {"id": "Observation.value[x]", "maxLength": 3},
        {"valueString": "abc"},
        {"valueString": "abcd"},
        ("Observation.value", "too-long"),
    ),
    (
        {"id": "Observation.subject", "type": [{"code": "Reference", "targetProfile": [HL7 + "Patient"]}]},
        {"subject": {"reference": "http://a.vn/Patient/1"}},
        {"subject": {"reference": "Group/1"}},
        ("Observation.subject", "target"),
    ),
    (
        {
            "id": "Observation",
            "constraint": [{"key": "a-1", "severity": "error", "human": "x", "expression": "value.exists()"}],
        },
        {"valueBoolean": True},
        {},
        ("Observation", "invariant"),
    ),
    (
        {
            "id": "Observation.code",
            "constraint": [{"key": "a-2", "severity": "warning", "human": "x", "expression": "coding.exists()"}],
        },
        {"code": {"coding": [{"code": "a"}]}},
        {},
        ("Observation.code", "invariant"),
    ),
]


@pytest.mark.parametrize(("said", "good", "bad", "problem"), CASES, ids=[f"{c[3][1]} {c[0]['id']}" for c in CASES])
def test_what_a_profile_says_of_an_element(said, good, bad, problem):
    assert problems(observation(**good), profile(said)) == []
    assert problems(observation(**bad), profile(said)) == [problem]


def coded(code: str, **more: Any) -> dict[str, Any]:
    return {"code": {"coding": [{"system": "http://a.vn", "code": code}]}} | more


def sliced(discriminator: str, path: str, **slicing: Any) -> dict[str, Any]:
    by = {"discriminator": [{"type": discriminator, "path": path}], "rules": "open"}
    return {"id": "Observation.component", "slicing": by | slicing}


def slice(name: str, code: str) -> list[dict[str, Any]]:
    """A slice by the pattern of its code, whose value is a quantity, at most one."""
    id = f"Observation.component:{name}"
    return [
        {"id": id, "sliceName": name, "min": 1, "max": "1"},
        {"id": f"{id}.code", "patternCodeableConcept": {"coding": [{"system": "http://a.vn", "code": code}]}},
        {"id": f"{id}.value[x]", "min": 1, "type": [{"code": "Quantity"}]},
    ]


A, B = slice("a", "a"), slice("b", "b")
ONE, TWO = coded("a", valueQuantity={"value": 1}), coded("b", valueQuantity={"value": 2})


@pytest.mark.parametrize(
    ("slicing", "components", "expected"),
    [
        ({}, [ONE, TWO], []),
        ({}, [TWO, coded("c"), ONE], []),
        ({}, [ONE], [("Observation.component:b", "too-few")]),
        ({}, [ONE, ONE, TWO], [("Observation.component:a", "too-many")]),
        ({}, [coded("a"), TWO], [("Observation.component[0].value", "too-few")]),
        ({}, [coded("a", valueString="x"), TWO], [("Observation.component[0].value", "type")]),
        ({"rules": "closed"}, [ONE, TWO], []),
        ({"rules": "closed"}, [ONE, TWO, coded("c")], [("Observation.component[2]", "no-slice")]),
        ({"rules": "openAtEnd"}, [TWO, ONE, coded("c")], []),
        ({"rules": "openAtEnd"}, [coded("c"), ONE, TWO], [("Observation.component", "order")]),
        ({"ordered": True}, [ONE, coded("c"), TWO], []),
        ({"ordered": True}, [TWO, ONE], [("Observation.component", "order")]),
    ],
)
@pytest.mark.parametrize("discriminator", ["pattern", "value"])
def test_slices_by_pattern(discriminator, slicing, components, expected):
    said = profile(sliced(discriminator, "code", **slicing), *A, *B)
    assert problems(observation(component=components), said) == expected


def test_slices_by_a_value_deep_below():
    id = "Observation.component:a"
    said = profile(
        sliced("value", "code.coding.code"),
        {"id": id, "sliceName": "a", "min": 1},
        {"id": f"{id}.code.coding.code", "fixedCode": "a"},
        {"id": f"{id}.value[x]", "min": 1},
    )
    assert problems(observation(component=[ONE, coded("b")]), said) == []
    assert problems(observation(component=[coded("a")]), said) == [("Observation.component[0].value", "too-few")]
    assert problems(observation(component=[coded("b")]), said) == [("Observation.component:a", "too-few")]


def test_slices_by_type():
    id = "Observation.component"
    said = profile(
        sliced("type", "value"),
        {"id": f"{id}:text", "sliceName": "text", "max": "1"},
        {"id": f"{id}:text.value[x]", "type": [{"code": "string"}]},
    )
    assert problems(observation(component=[coded("a", valueString="x"), ONE]), said) == []
    two = [coded("a", valueString="x")] * 2
    assert problems(observation(component=two), said) == [("Observation.component:text", "too-many")]


def test_slices_by_what_there_is():
    id = "Observation.component"
    said = profile(
        sliced("exists", "value"),
        {"id": f"{id}:known", "sliceName": "known", "min": 1},
        {"id": f"{id}:known.value[x]", "min": 1},
        {"id": f"{id}:unknown", "sliceName": "unknown"},
        {"id": f"{id}:unknown.value[x]", "max": "0"},
        {"id": f"{id}:unknown.dataAbsentReason", "min": 1},
    )
    absent = coded("b", dataAbsentReason={"text": "x"})
    assert problems(observation(component=[ONE, absent]), said) == []
    assert problems(observation(component=[absent]), said) == [("Observation.component:known", "too-few")]
    assert problems(observation(component=[ONE, coded("b")]), said) == [
        ("Observation.component[1].dataAbsentReason", "too-few")
    ]


def test_slices_by_the_target_of_a_reference():
    id = "Observation.performer"
    doctor = {"code": "Reference", "targetProfile": [HL7 + "Practitioner"]}
    said = profile(
        {"id": id, "slicing": {"discriminator": [{"type": "type", "path": "resolve()"}], "rules": "open"}},
        {"id": f"{id}:doctor", "sliceName": "doctor", "min": 1, "type": [doctor]},
    )
    assert problems(observation(performer=[{"reference": "Practitioner/1"}]), said) == []
    inside = {"contained": [{"resourceType": "Practitioner", "id": "d"}], "performer": [{"reference": "#d"}]}
    assert problems(observation(**inside), said) == []
    other = observation(performer=[{"reference": "Organization/1"}])
    assert problems(other, said) == [("Observation.performer:doctor", "too-few")]


PLACE = profile(
    {"id": "Extension.url", "fixedUri": URL + "place"},
    {"id": "Extension.value[x]", "min": 1, "type": [{"code": "Address"}]},
    type="Extension",
    name="place",
)
HAS_PLACE = profile(
    {
        "id": "Patient.extension:place",
        "sliceName": "place",
        "min": 1,
        "max": "1",
        "type": [{"code": "Extension", "profile": [URL + "place"]}],
    },
    type="Patient",
)


def patient(*extensions: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"resourceType": "Patient", "extension": [{"url": "http://a.vn/x", "valueCode": "x"}, *extensions]} | fields


def test_extensions_are_slices_by_their_address():
    good = {"url": URL + "place", "valueAddress": {"text": "x"}}
    assert problems(patient(good), HAS_PLACE, PLACE) == []
    assert problems(patient(), HAS_PLACE, PLACE) == [("Patient.extension:place", "too-few")]
    wrong = good | {"valueString": "x"}
    del wrong["valueAddress"]
    assert problems(patient(wrong), HAS_PLACE, PLACE) == [("Patient.extension[1].value", "type")]


def test_an_extension_without_its_definition_is_known_by_its_address():
    good = {"url": URL + "place", "valueAddress": {"text": "x"}}
    assert problems(patient(good), HAS_PLACE) == [("Patient.extension[1]", "unknown-profile")]
    assert problems(patient(), HAS_PLACE) == [("Patient.extension:place", "too-few")]


def test_extensions_of_a_primitive_value():
    said = profile(
        {
            "id": "Patient.birthDate.extension:time",
            "sliceName": "time",
            "min": 1,
            "type": [{"code": "Extension", "profile": [HL7 + "patient-birthTime"]}],
        },
        type="Patient",
    )
    time = {"extension": [{"url": HL7 + "patient-birthTime", "valueDateTime": "2026-01-01T08:00:00Z"}]}
    assert problems(patient(birthDate="2026-01-01", _birthDate=time), said) == [
        ("Patient.birthDate.extension[0]", "unknown-profile")
    ]
    assert problems(patient(birthDate="2026-01-01"), said) == [("Patient.birthDate.extension:time", "too-few")]
    assert problems(patient(), said) == []


def test_a_profile_of_a_profile_asks_what_both_ask():
    first = profile(sliced("pattern", "code"), *A, name="first")
    second = profile({"id": "Observation.component:a.value[x].unit", "min": 1}, *B, name="second", base="first")
    kilo = coded("a", valueQuantity={"value": 1, "unit": "kg"})
    assert problems(observation(component=[kilo, TWO]), second, first) == []
    assert problems(observation(component=[ONE, TWO]), second, first) == [
        ("Observation.component[0].value.unit", "too-few")
    ]
    assert problems(observation(component=[TWO]), second, first) == [("Observation.component:a", "too-few")]


def test_codes_of_a_profile():
    def member_of(value: Any, url: str) -> bool:
        return value == {"coding": [{"code": "a"}]}

    for strength, problem in (("required", "required"), ("extensible", "extensible")):
        said = profile({"id": "Observation.method", "binding": {"strength": strength, "valueSet": "http://a.vn/v"}})
        assert problems(observation(method={"coding": [{"code": "a"}]}), said, member_of=member_of) == []
        wrong = observation(method={"coding": [{"code": "b"}]})
        assert problems(wrong, said, member_of=member_of) == [("Observation.method", problem)]
    text = observation(method={"text": "x"})
    assert problems(text, said, member_of=member_of) == []
    said["differential"]["element"][1]["binding"]["strength"] = "required"
    assert problems(text, said, member_of=member_of) == [("Observation.method", "required")]


def test_extensible_bindings_of_the_types_themselves_are_warnings():
    resource = observation(dataAbsentReason={"coding": [{"code": "a"}]})
    said = Validator(member_of=lambda value, url: False).validate(json.dumps(resource).encode())
    assert ("Observation.dataAbsentReason", "warning") in [(one.location, one.severity) for one in said]


def test_what_systems_must_support_is_said_and_no_more():
    said = profile({"id": "Observation.method", "mustSupport": True})
    found = Validator({said["url"]: said}.get).validate(json.dumps(observation()).encode(), [said["url"]])
    assert [(one.severity, one.location) for one in found if one.problem == "must-support"] == [
        ("information", "Observation.method")
    ]


def test_profiles_that_are_not_known():
    stated = observation(meta={"profile": [URL + "p"]})
    data = json.dumps(stated).encode()
    assert [one.severity for one in Validator().validate(data) if one.problem == "unknown-profile"] == ["warning"]
    assert [one.severity for one in Validator().validate(data, [URL + "p"]) if one.problem == "unknown-profile"] == [
        "error"
    ]


def test_a_profile_that_builds_on_one_that_is_not_known():
    assert problems(observation(), profile(base="gone")) == [("Observation", "unknown-profile")]


def test_a_profile_that_builds_on_itself_is_none():
    assert problems(observation(), profile(base="p")) == [("Observation", "unknown-profile")]


def test_profiles_of_other_types():
    assert problems(observation(), profile(type="Patient")) == [("Observation", "other-profile")]
    asked = Validator().validate(json.dumps(observation()).encode(), [HL7 + "Patient"])
    assert "other-profile" in [one.problem for one in asked]
    asked = Validator().validate(json.dumps(observation()).encode(), [HL7 + "Observation|4.0.1"])
    assert {one.severity for one in asked} == {"information"}


def test_resources_in_a_bundle_are_as_the_profiles_they_name():
    said = profile({"id": "Observation.subject", "min": 1})
    inner = observation(subject=None, meta={"profile": [URL + "p"]})
    bundle = {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": inner}]}
    found = Validator({URL + "p": said}.get).validate(json.dumps(bundle).encode())
    assert ("Bundle.entry[0].resource.subject", "too-few") in [(one.location, one.problem) for one in found]


def test_an_invariant_beyond_what_can_be_evaluated_is_named():
    constraint = {"key": "a-9", "severity": "error", "human": "x", "expression": "elementDefinition().exists()"}
    said = profile({"id": "Observation", "constraint": [constraint]})
    found = Validator({said["url"]: said}.get).validate(json.dumps(observation()).encode(), [said["url"]])
    assert [one.severity for one in found if one.problem == "not-evaluated"] == ["information"]


@cache
def official() -> dict[str, dict[str, Any]]:
    with ZipFile(Path(__file__).parent / "official-profiles.zip") as archive:
        listed = [json.loads(archive.read(name), parse_float=Decimal) for name in archive.namelist()]
    return {one["url"]: one for one in listed}


def differentials() -> dict[str, dict[str, Any]]:
    return {url: {name: one[name] for name in one if name != "snapshot"} for url, one in official().items()}


PRESSURE = json.loads(examples()["Observation-blood-pressure.json"])


def only(index: int) -> list[dict[str, Any]]:
    return [PRESSURE["component"][index]]


@pytest.mark.parametrize("known", [official, differentials])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, set()),
        ({"category": [{"coding": [{"code": "x"}]}]}, {("Observation.category:VSCat", "too-few")}),
        ({"subject": None}, {("Observation.subject", "too-few")}),
        ({"effectiveDateTime": None}, {("Observation.effective", "too-few")}),
        (
            {"component": only(1)},
            {("Observation.component:SystolicBP", "too-few"), ("Observation.component", "too-few")},
        ),
        (
            {"component": only(0)},
            {("Observation.component:DiastolicBP", "too-few"), ("Observation.component", "too-few")},
        ),
    ],
)
def test_blood_pressure_as_hl7_wants_it(known, change, expected):
    resource = {name: value for name, value in (PRESSURE | change).items() if value is not None}
    said = Validator(known().get).validate(json.dumps(resource).encode(), [HL7 + "bp"])
    found = {(one.location, one.problem) for one in said if one.severity == "error"}
    assert found == expected


@pytest.mark.parametrize("known", [official, differentials])
def test_official_examples_are_as_the_profiles_they_name(known):
    for data in examples().values():
        said = Validator(known().get).validate(data)
        assert [one for one in said if one.severity == "error"] == []
