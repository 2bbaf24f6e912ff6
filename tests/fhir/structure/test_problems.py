"""Broken resources, each with exactly what is said about it: where, which problem, and the code of OperationOutcome."""

import orjson
import pytest

from yteso.fhir.structure import check
from yteso.fhir.structure.issues import DATA


OBSERVATION = {"resourceType": "Observation", "status": "final", "code": {"text": "x"}}
CONDITION = {"resourceType": "Condition", "subject": {"reference": "Patient/1"}}
EXTENSION = {"url": "http://a.vn/x", "valueString": "y"}
ORGANISATION = {"resourceType": "Organization", "id": "o", "name": "Trạm y tế"}
UUID = "urn:uuid:61ebe359-bfdc-4613-8bf2-c5e300945f0a"
TEXT = '<div xmlns="http://www.w3.org/1999/xhtml">{}</div>'


def patient(**members):
    return {"resourceType": "Patient"} | members


def observation(**members):
    return OBSERVATION | members


def narrative(div):
    return patient(text={"status": "generated", "div": div})


CASES = {
    "a resource is an object": ([], [("", "not-an-object", "structure")]),
    "a resource says its type": ({"id": "a"}, [("", "no-type", "required")]),
    "the type exists": ({"resourceType": "Patien"}, [("", "unknown-type", "structure")]),
    "an abstract type is no resource": ({"resourceType": "DomainResource"}, [("", "unknown-type", "structure")]),
    "the type is a text": ({"resourceType": 1}, [("", "unknown-type", "structure")]),
    # names
    "an unknown element": (patient(nmae=[]), [("Patient.nmae", "unknown", "structure")]),
    "an unknown element below": (
        patient(contact=[{"name": {"familly": "x", "text": "x"}}]),
        [("Patient.contact[0].name.familly", "unknown", "structure")],
    ),
    "an element of another type": (patient(status="final"), [("Patient.status", "unknown", "structure")]),
    "a choice needs its type": (observation(value="x"), [("Observation.value", "unknown", "structure")]),
    "a type that the choice does not have": (
        observation(valueUri="x"),
        [("Observation.valueUri", "unknown", "structure")],
    ),
    "only primitive values have something beside them": (
        patient(_name=[{"id": "a"}]),
        [("Patient._name", "unknown", "structure")],
    ),
    "also when the value itself is in order": (
        patient(name=[{"text": "x"}], _name=[{"id": "a"}]),
        [("Patient._name", "unknown", "structure")],
    ),
    "a type is said of resources only": (
        patient(maritalStatus={"resourceType": "CodeableConcept", "text": "x"}),
        [("Patient.maritalStatus.resourceType", "unknown", "structure")],
    ),
    # cardinality
    "a required element": (
        {"resourceType": "Observation", "code": {"text": "x"}},
        [("Observation.status", "missing", "required")],
    ),
    "a required element below": (
        patient(link=[{"type": "refer"}]),
        [("Patient.link[0].other", "missing", "required")],
    ),
    "a required choice": (
        {"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"display": "x"}},
        [("MedicationRequest.medication", "missing", "required")],
    ),
    "one value, not two": (patient(gender=["male"]), [("Patient.gender", "a-list", "structure")]),
    "a list, not a value": (patient(name={"text": "x"}), [("Patient.name", "not-a-list", "structure")]),
    "a list of primitives": (
        patient(name=[{"given": "x"}]),
        [("Patient.name[0].given", "not-a-list", "structure")],
    ),
    "one type of a choice": (
        observation(valueString="x", valueBoolean=True),
        [("Observation.value", "two-types", "structure")],
    ),
    "one type of a choice, also when one is only extended": (
        observation(valueString="x", _valueBoolean={"extension": [EXTENSION]}),
        [("Observation.value", "two-types", "structure")],
    ),
    # types
    "an object, not a text": (patient(maritalStatus="M"), [("Patient.maritalStatus", "not-an-object", "structure")]),
    "an object in a list": (patient(name=["x"]), [("Patient.name[0]", "not-an-object", "structure")]),
    "a text, not a number": (patient(id=1), [("Patient.id", "not-a-value", "structure")]),
    "a boolean, not a text": (patient(active="true"), [("Patient.active", "not-a-value", "structure")]),
    "a boolean, not a number": (patient(active=1), [("Patient.active", "not-a-value", "structure")]),
    "a number, not a text": (
        observation(valueQuantity={"value": "1.5"}),
        [("Observation.value.value", "not-a-value", "structure")],
    ),
    "a number, not a boolean": (observation(valueInteger=True), [("Observation.value", "not-a-value", "structure")]),
    "a value, not an object": (
        patient(birthDate={"a": "2020"}),
        [("Patient.birthDate", "not-a-value", "structure")],
    ),
    # empty
    "an empty text": (patient(language=""), [("Patient.language", "empty", "structure")]),
    "an empty list": (patient(name=[]), [("Patient.name", "empty", "structure")]),
    "an empty object": (patient(maritalStatus={}), [("Patient.maritalStatus", "empty", "structure")]),
    "an empty object in a list": (
        patient(name=[{"text": "x"}, {}]),
        [("Patient.name[1]", "empty", "structure")],
    ),
    "an object of nothing but an id": (
        patient(maritalStatus={"id": "a"}),
        [("Patient.maritalStatus", "only-id", "invariant")],
    ),
    "null is no value": (patient(birthDate=None), [("Patient.birthDate", "null", "structure")]),
    "null is no object": (patient(maritalStatus=None), [("Patient.maritalStatus", "not-an-object", "structure")]),
    "null in a list without extensions": (
        patient(name=[{"given": [None, "x"]}]),
        [("Patient.name[0].given[0]", "null", "structure")],
    ),
    # beside primitive values
    "what stands beside a value is an object": (
        patient(birthDate="2020", _birthDate="x"),
        [("Patient.birthDate", "not-an-object", "structure")],
    ),
    "what stands beside a value is an element": (
        patient(birthDate="2020", _birthDate={"valueString": "x", "id": "a"}),
        [("Patient.birthDate.valueString", "unknown", "structure")],
    ),
    "what stands beside the values of a list is a list": (
        patient(name=[{"given": ["x"], "_given": {"id": "a"}}]),
        [("Patient.name[0].given", "not-a-list", "structure")],
    ),
    "both lists are of a length": (
        patient(name=[{"given": ["x", "y"], "_given": [{"id": "a"}]}]),
        [("Patient.name[0].given", "uneven", "structure")],
    ),
    "no place is empty in both lists": (
        patient(name=[{"given": ["x", None], "_given": [{"id": "a"}, None]}]),
        [("Patient.name[0].given[1]", "null", "structure")],
    ),
    "an id alone says nothing": (patient(_birthDate={"id": "a"}), [("Patient.birthDate", "only-id", "invariant")]),
    "extensions of a value are checked": (
        patient(_birthDate={"extension": [{"valueString": "x"}]}),
        [("Patient.birthDate.extension[0].url", "missing", "required")],
    ),
    # extensions
    "an extension has a value": (
        patient(extension=[{"url": "http://a.vn/x"}]),
        [("Patient.extension[0]", "extension", "invariant")],
    ),
    "or extensions, not both": (
        patient(extension=[EXTENSION | {"extension": [EXTENSION]}]),
        [("Patient.extension[0]", "extension", "invariant")],
    ),
    "an extension has one value": (
        patient(extension=[EXTENSION | {"valueCode": "y"}]),
        [("Patient.extension[0].value", "two-types", "structure")],
    ),
    # codes
    "a code of the list": (patient(gender="nam"), [("Patient.gender", "code", "code-invalid")]),
    "a code is exact": (patient(gender="Male"), [("Patient.gender", "code", "code-invalid")]),
    "a code below": (
        patient(name=[{"use": "main", "text": "x"}]),
        [("Patient.name[0].use", "code", "code-invalid")],
    ),
    "a concept has a coding of the list": (
        CONDITION | {"clinicalStatus": {"coding": [{"system": "http://a.vn", "code": "active"}]}},
        [("Condition.clinicalStatus", "code", "code-invalid")],
    ),
    "words are no coding of the list": (
        CONDITION | {"clinicalStatus": {"text": "active"}},
        [("Condition.clinicalStatus", "code", "code-invalid")],
    ),
    # references
    "a reference to a wrong type": (
        observation(subject={"reference": "Practitioner/1"}),
        [("Observation.subject", "target", "value")],
    ),
    "an absolute reference to a wrong type": (
        observation(encounter={"reference": "https://a.vn/fhir/Patient/1/_history/2"}),
        [("Observation.encounter", "target", "value")],
    ),
    "a conditional reference to a wrong type": (
        observation(encounter={"reference": "Patient?identifier=1"}),
        [("Observation.encounter", "target", "value")],
    ),
    "a wrong type that is only stated": (
        observation(encounter={"type": "Patient", "display": "x"}),
        [("Observation.encounter", "target", "value")],
    ),
    "a contained resource of a wrong type": (
        observation(contained=[ORGANISATION], encounter={"reference": "#o"}),
        [("Observation.encounter", "target", "value")],
    ),
    "a contained resource that is not there": (
        observation(performer=[{"reference": "#o"}]),
        [("Observation.performer[0].reference", "no-such-part", "invariant")],
    ),
    # contained
    "a contained resource is checked": (
        patient(contained=[ORGANISATION | {"x": 1}], managingOrganization={"reference": "#o"}),
        [("Patient.contained[0].x", "unknown", "structure")],
    ),
    "a contained resource has an id": (
        patient(contained=[{"resourceType": "Organization", "name": "x"}]),
        [("Patient.contained[0].id", "contained-id", "required")],
    ),
    "a contained resource is referred to": (
        patient(contained=[ORGANISATION]),
        [("Patient.contained[0]", "contained-unused", "invariant")],
    ),
    "a contained resource contains none": (
        patient(
            contained=[ORGANISATION | {"contained": [patient(id="p")], "partOf": {"reference": "#o"}}],
            managingOrganization={"reference": "#o"},
        ),
        [("Patient.contained[0].contained", "contained-within", "invariant")],
    ),
    "a contained resource has no version": (
        patient(contained=[ORGANISATION | {"meta": {"versionId": "1"}}], managingOrganization={"reference": "#o"}),
        [("Patient.contained[0].meta", "contained-version", "invariant")],
    ),
    "a contained resource has no security label": (
        patient(
            contained=[ORGANISATION | {"meta": {"security": [{"code": "R"}]}}],
            managingOrganization={"reference": "#o"},
        ),
        [("Patient.contained[0].meta.security", "contained-security", "invariant")],
    ),
    # resources in resources
    "an entry of a bundle is checked": (
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [{"resource": patient()}, {"resource": patient(name=[{"given": ["x", ""]}])}],
        },
        [("Bundle.entry[1].resource.name[0].given[1]", "empty", "structure")],
    ),
    "an entry of a bundle is a resource": (
        {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"id": "a"}}]},
        [("Bundle.entry[0].resource", "no-type", "required")],
    ),
    "each entry has contained resources of its own": (
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {"resource": patient(contained=[ORGANISATION], managingOrganization={"reference": "#o"})},
                {"resource": patient(managingOrganization={"reference": "#o"})},
            ],
        },
        [("Bundle.entry[1].resource.managingOrganization.reference", "no-such-part", "invariant")],
    ),
    "a parameter is checked": (
        {"resourceType": "Parameters", "parameter": [{"name": "a", "part": [{"name": "b", "resource": patient(x=1)}]}]},
        [("Parameters.parameter[0].part[0].resource.x", "unknown", "structure")],
    ),
    # narratives
    "a narrative is XML": (narrative("<div>"), [("Patient.text.div", "xhtml", "structure")]),
    "a narrative is XHTML": (narrative("<div>x</div>"), [("Patient.text.div", "xhtml", "structure")]),
    "a narrative is one div": (
        narrative('<p xmlns="http://www.w3.org/1999/xhtml">x</p>'),
        [("Patient.text.div", "xhtml", "structure")],
    ),
    "a narrative has no entities": (
        narrative(f'<!DOCTYPE div [<!ENTITY x "y">]>{TEXT.format("&x;")}'),
        [("Patient.text.div", "xhtml", "structure")],
    ),
    "a narrative has no script": (
        narrative(TEXT.format("<script>x</script>")),
        [("Patient.text.div", "xhtml-kind", "invariant")],
    ),
    "a narrative has no event": (
        narrative(TEXT.format('<p onclick="x">y</p>')),
        [("Patient.text.div", "xhtml-kind", "invariant")],
    ),
    "a narrative has no link that runs": (
        narrative(TEXT.format('<a href=" JavaScript:x">y</a>')),
        [("Patient.text.div", "xhtml-kind", "invariant")],
    ),
    "a narrative says something": (
        narrative(TEXT.format(" <p> </p> ")),
        [("Patient.text.div", "xhtml-empty", "invariant")],
    ),
    # several
    "every problem is reported": (
        patient(
            gender="x", name=[{"given": []}, {"use": "?", "period": {"start": "2021-02-29"}}], photo=[{"size": -1}]
        ),
        [
            ("Patient.name[0].given", "empty", "structure"),
            ("Patient.name[1].use", "code", "code-invalid"),
            ("Patient.name[1].period.start", "format", "value"),
            ("Patient.gender", "code", "code-invalid"),
            ("Patient.photo[0].size", "format", "value"),
        ],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_what_is_said(case):
    tree, expected = CASES[case]
    assert [(one.location, one.problem, one.code) for one in check(orjson.dumps(tree))] == expected


BYTES = {
    b"": ("not-json", "structure"),
    b"{": ("not-json", "structure"),
    b'{"resourceType":"Patient",}': ("not-json", "structure"),
    b'{"resourceType":"Patient"} {}': ("not-json", "structure"),
    b"{'resourceType':'Patient'}": ("not-json", "structure"),
    b'{"resourceType":"Patient","active":NaN}': ("not-json", "structure"),
    b'\xef\xbb\xbf{"resourceType":"Patient"}': ("not-json", "structure"),
    b'{"resourceType":"Patient","id":"\n"}': ("not-json", "structure"),
    '{"resourceType":"Patient"}'.encode("utf-16"): ("not-utf8", "structure"),
    b'{"resourceType":"Patient","language":"\xff"}': ("not-utf8", "structure"),
    b"[" * 100_000: ("too-deep", "structure"),
    b'{"resourceType":"Questionnaire","status":"draft","item":' + b'[{"item":' * 20_000: ("too-deep", "structure"),
    b'{"resourceType":"Patient","id":"a","id":"a"}': ("twice", "structure"),
    b'{"resourceType":"Patient","resourceType":"Patient"}': ("twice", "structure"),
    b'{"resourceType":"Patient","id":"a","i\\u0064":"a"}': ("twice", "structure"),
    b'{"resourceType":"Patient","id" : "a", "id"\n: "b"}': ("twice", "structure"),
    b'{"resourceType":"Patient","language":"\\ud800"}': ("format", "value"),
}


@pytest.mark.parametrize("data", BYTES, ids=lambda data: repr(data[:44]))
def test_what_is_said_of_bytes(data):
    assert [(one.problem, one.code) for one in check(data)] == [BYTES[data]]


def test_a_name_that_comes_twice_is_found_wherever_it_is():
    data = b'{"resourceType":"Patient","name":[{"text":"x"},{"text":"x","text":"y"}]}'
    assert [(one.location, one.problem) for one in check(data)] == [("Patient.name[1]", "twice")]


VALID = {
    "nothing but a type": patient(),
    "a value that is only extended": patient(_birthDate={"extension": [EXTENSION]}),
    "a required value that is only extended": {
        "resourceType": "Observation", "_status": {"extension": [EXTENSION]}, "code": {"text": "x"},
    },
    "a value with an id": patient(birthDate="2020", _birthDate={"id": "a"}),
    "values of which some are extended": patient(
        name=[{"given": ["x", None, "y"], "_given": [None, {"extension": [EXTENSION]}, {"id": "a"}]}]
    ),
    "values all of which are only extended": patient(name=[{"_given": [{"extension": [EXTENSION]}]}]),
    "an extension whose value is only extended": patient(
        extension=[{"url": "http://a.vn", "_valueString": {"extension": [EXTENSION]}}]
    ),
    "an extension in an extension": patient(extension=[{"url": "http://a.vn", "extension": [EXTENSION]}]),
    "a code of an open list": patient(photo=[{"contentType": "anything/goes"}]),
    "one coding of the list among others": CONDITION | {
        "clinicalStatus": {
            "coding": [
                {"system": "http://a.vn", "code": "x"},
                {"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"},
            ]
        }
    },
    "a reference within a transaction": observation(subject={"reference": UUID}),
    "a conditional reference": observation(subject={"reference": "Patient?identifier=http://a.vn|1"}),
    "a logical reference": observation(subject={"identifier": {"value": "1"}, "type": "Patient"}),
    "a reference that names no type": observation(subject={"reference": "http://a.vn/people/1"}),
    "a reference to any type": observation(focus=[{"reference": "Bundle/1"}]),
    "a reference to the container": patient(
        contained=[{"resourceType": "Observation", "id": "o", "status": "final", "code": {"text": "x"},
                    "subject": {"reference": "#"}}]
    ),
    "a contained resource that another one refers to": patient(
        contained=[ORGANISATION, {"resourceType": "Organization", "id": "p", "partOf": {"reference": "#o"}}],
        managingOrganization={"reference": "#p"},
    ),
    "a contained resource that a canonical refers to": {
        "resourceType": "QuestionnaireResponse", "status": "completed", "questionnaire": "#q",
        "contained": [{"resourceType": "Questionnaire", "id": "q", "status": "draft"}],
    },
    "a narrative of an image": narrative(TEXT.format('<img src="#a" alt="x"/>')),
    "a narrative with a comment": narrative(TEXT.format('<!-- x --><p style="color:red" xml:lang="vi">ố</p>')),
    "a whole number where decimals go": observation(valueQuantity={"value": 1}),
    "empty parameters": {"resourceType": "Parameters"},
    "a resource in an answer": {
        "resourceType": "Bundle", "type": "batch-response",
        "entry": [{"response": {"status": "404", "outcome": {
            "resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "not-found"}]}}}],
    },
}  # fmt: skip


@pytest.mark.parametrize("case", VALID)
def test_what_is_in_order(case):
    assert check(orjson.dumps(VALID[case])) == []


def test_a_name_that_is_nearly_right_is_suggested():
    [one] = check(orjson.dumps(patient(nmae=[{"text": "x"}])))
    assert 'gần giống: "name"' in one.vi and 'close to: "name"' in one.en


def test_the_allowed_codes_are_named():
    [one] = check(orjson.dumps(patient(gender="nam")))
    assert "female, male, other, unknown" in one.vi and "female, male, other, unknown" in one.en
    [one] = check(orjson.dumps({"resourceType": "OperationOutcome", "issue": [{"severity": "error", "code": "?"}]}))
    assert one.vi.count(", ") == 20 and "…" in one.en


SECRET = "Nguyễn Văn Bí Mật"


@pytest.mark.parametrize(
    "tree",
    [
        patient(id=SECRET),
        patient(gender=SECRET),
        patient(birthDate=SECRET),
        patient(active=SECRET),
        patient(maritalStatus=SECRET),
        patient(text={"status": "generated", "div": SECRET}),
        patient(text={"status": "generated", "div": f"<div>{SECRET}&{SECRET}</div>"}),
        patient(managingOrganization={"reference": f"#{SECRET}"}),
        {"resourceType": SECRET},
    ],
)
def test_no_text_repeats_a_value(tree):
    found = check(orjson.dumps(tree))
    assert found
    for one in found:
        assert "Bí Mật" not in one.vi + one.en + one.location


def test_every_problem_has_words_in_both_languages_and_a_case():
    lines = (DATA / "messages.csv").read_text(encoding="utf-8").splitlines()[1:]
    told = {line.split(",")[0] for line in lines}
    assert len(told) == len(lines)
    seen = {problem for _, expected in CASES.values() for _, problem, _ in expected}
    seen |= {problem for problem, _ in BYTES.values()}
    of_xml = {"not-xml", "doctype", "xml-root", "xml-text", "xml-attribute", "not-in-xml"}
    assert told - seen - of_xml == set()
    for tree, _ in CASES.values():
        for one in check(orjson.dumps(tree)):
            assert one.vi and one.en and "{" not in one.vi.replace("{ }", "")
