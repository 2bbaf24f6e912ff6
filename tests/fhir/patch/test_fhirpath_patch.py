"""FHIRPath Patch: each operation, where its path may lead, what it is refused for.

The first cases are those of the official test suite (fhir-test-cases, r4/patch), told in our own words.
"""

import json

import pytest

from yteso.fhir.patch import NoPatch, NotApplicable, apply_fhirpath_patch
from yteso.fhir.structure import check


def operation(type: str, path: str, **parts: object) -> dict:
    """`value` is {"valueDate": …}, {"part": […]} or {"resource": …}."""
    said = [{"name": "type", "valueCode": type}, {"name": "path", "valueString": path}]
    for name, part in parts.items():
        key = "valueString" if name == "name" else "valueInteger"
        said.append({"name": name, **(part if isinstance(part, dict) else {key: part})})
    return {"name": "operation", "part": said}


def patched(resource: str, *operations: dict) -> str:
    parameters = json.dumps({"resourceType": "Parameters", "parameter": list(operations)}).encode()
    return apply_fhirpath_patch(resource.encode(), parameters).decode()


def patient(members: str = "") -> str:
    return '{"resourceType":"Patient"' + (f",{members}" if members else "") + "}"


def identifiers(*numbers: int) -> str:
    return patient('"identifier":[' + ",".join(f'{{"system":"http://x","value":"{n}"}}' for n in numbers) + "]")


def identifier(number: int) -> dict:
    return {"valueIdentifier": {"system": "http://x", "value": str(number)}}


BORN, GENDER = '"birthDate":"1920-01-01"', '"contact":[{"name":{"text":"a name"},"gender":"male"}]'
IDS = "Patient.identifier"

# Before, operations, after
CASES = {
    "nothing": (patient(BORN), [], patient(BORN)),
    "replace a primitive": (
        patient(BORN),
        [operation("replace", "Patient.birthDate", value={"valueDate": "1930-01-01"})],
        patient('"birthDate":"1930-01-01"'),
    ),
    "delete a primitive": (patient(BORN), [operation("delete", "Patient.birthDate")], patient()),
    "add a primitive": (
        patient(),
        [operation("add", "Patient", name="birthDate", value={"valueDate": "1920-01-01"})],
        patient(BORN),
    ),
    "replace a code inside": (
        patient(GENDER),
        [operation("replace", "Patient.contact[0].gender", value={"valueCode": "female"})],
        patient(GENDER.replace("male", "female")),
    ),
    "replace a text inside": (
        patient(GENDER),
        [operation("replace", "Patient.contact[0].name.text", value={"valueString": "the name"})],
        patient(GENDER.replace("a name", "the name")),
    ),
    "delete inside": (
        patient(GENDER),
        [operation("delete", "Patient.contact[0].gender")],
        patient('"contact":[{"name":{"text":"a name"}}]'),
    ),
    "delete the last of a part, which goes with it": (
        patient(GENDER),
        [operation("delete", "Patient.contact[0].name.text")],
        patient('"contact":[{"gender":"male"}]'),
    ),
    "delete all that there is, in the end": (
        patient('"contact":[{"name":{"text":"a name"}}]'),
        [operation("delete", "Patient.contact.name.text")],
        patient(),
    ),
    "add inside": (
        patient('"contact":[{"name":{"text":"a name"}}]'),
        [operation("add", "Patient.contact[0]", name="gender", value={"valueCode": "male"})],
        patient(GENDER),
    ),
    "add a type with elements": (
        patient(),
        [operation("add", "Patient", name="maritalStatus", value={"valueCodeableConcept": {"text": "married"}})],
        patient('"maritalStatus":{"text":"married"}'),
    ),
    "replace a type with elements": (
        patient('"maritalStatus":{"id":"1","text":"married"}'),
        [
            operation(
                "replace", "Patient.maritalStatus", value={"valueCodeableConcept": {"id": "2", "text": "not married"}}
            )
        ],
        patient('"maritalStatus":{"id":"2","text":"not married"}'),
    ),
    "delete a type with elements": (
        patient('"maritalStatus":{"text":"married"}'),
        [operation("delete", "Patient.maritalStatus")],
        patient(),
    ),
    "add what has no type of its own": (
        patient(),
        [
            operation(
                *("add", "Patient"),
                name="contact",
                value={"part": [{"name": "name", "valueHumanName": {"text": "a name"}}]},
            )
        ],
        patient('"contact":[{"name":{"text":"a name"}}]'),
    ),
    "delete what has no type of its own": (patient(GENDER), [operation("delete", "Patient.contact[0]")], patient()),
    "change what is in a list": (
        identifiers(1, 2),
        [
            operation("replace", f"{IDS}[0].value", value={"valueString": "2"}),
            operation("replace", f"{IDS}[1].value", value={"valueString": "1"}),
        ],
        identifiers(2, 1),
    ),
    "insert at the end": (
        identifiers(1, 2),
        [operation("insert", IDS, index=2, value=identifier(3))],
        identifiers(1, 2, 3),
    ),
    "insert between": (
        identifiers(1, 2),
        [operation("insert", IDS, index=1, value=identifier(3))],
        identifiers(1, 3, 2),
    ),
    "insert first": (identifiers(1, 2), [operation("insert", IDS, index=0, value=identifier(3))], identifiers(3, 1, 2)),
    "insert the first": (patient(), [operation("insert", IDS, index=0, value=identifier(3))], identifiers(3)),
    "delete the first": (identifiers(1, 2, 3), [operation("delete", f"{IDS}[0]")], identifiers(2, 3)),
    "delete between": (identifiers(1, 2, 3), [operation("delete", f"{IDS}[1]")], identifiers(1, 3)),
    "delete the last": (identifiers(1, 2, 3), [operation("delete", f"{IDS}[2]")], identifiers(1, 2)),
    "move forward": (
        identifiers(1, 2, 3, 4),
        [operation("move", IDS, source=3, destination=1)],
        identifiers(1, 4, 2, 3),
    ),
    "move to the front": (
        identifiers(1, 2, 3, 4),
        [operation("move", IDS, source=3, destination=0)],
        identifiers(4, 1, 2, 3),
    ),
    "move by one": (
        identifiers(1, 2, 3, 4),
        [operation("move", IDS, source=3, destination=2)],
        identifiers(1, 2, 4, 3),
    ),
    "move to the end": (
        identifiers(1, 2, 3, 4),
        [operation("move", IDS, source=0, destination=3)],
        identifiers(2, 3, 4, 1),
    ),
    "move twice": (
        identifiers(1, 2, 3, 4),
        [operation("move", IDS, source=1, destination=0), operation("move", IDS, source=2, destination=1)],
        identifiers(2, 3, 1, 4),
    ),
    "turn round": (
        identifiers(1, 2, 3, 4),
        [operation("move", IDS, source=3, destination=n) for n in range(3)],
        identifiers(4, 3, 2, 1),
    ),
    "add the first of a list": (
        patient(),
        [operation("add", "Patient", name="identifier", value=identifier(3))],
        identifiers(3),
    ),
    "delete what is not there": (patient(BORN), [operation("delete", "Patient.gender")], patient(BORN)),
}


@pytest.mark.parametrize("case", CASES)
def test_the_operations_of_the_official_suite(case: str) -> None:
    before, operations, after = CASES[case]
    parameters = {"resourceType": "Parameters"} | ({"parameter": operations} if operations else {})
    assert check(json.dumps(parameters).encode()) == []
    assert apply_fhirpath_patch(before.encode(), json.dumps(parameters).encode()).decode() == after


NAMES = patient(
    '"extension":[{"url":"http://x/a","valueCode":"1"},{"url":"http://x/b","valueCode":"2"}],'
    '"name":[{"use":"usual","text":"u"},{"use":"official","text":"o","given":["A","B","C"]},{"use":"old","text":"l"}]'
)


@pytest.mark.parametrize(
    ("path", "deleted"),
    [
        ("Patient.name.where(use='official').text", '"text":"o",'),
        ("Patient.name.where(use = 'usual' or text = 'u').use", '"use":"usual",'),
        ("name.where(given.exists() and use='official').given[1]", '"B",'),
        ("Patient.name.where(given.count() = 3).given.first()", '"A",'),
        ("Patient.name[1].given.last()", ',"C"'),
        ("Patient.name[1].given.where($this = 'B')", '"B",'),
        ("Patient.name.given.skip(1).first()", '"B",'),
        ("Patient.name.given.take(1)", '"A",'),
        ("Patient.name.given.tail().tail()", ',"C"'),
        ("Patient.name.first().text.single()", ',"text":"u"'),
        ("Patient.name[0].`text`", ',"text":"u"'),
        ("(Patient.name[0]).text", ',"text":"u"'),
        ("Patient.extension('http://x/b')", ',{"url":"http://x/b","valueCode":"2"}'),
        ("Patient.extension('http://x/b').value", ',"valueCode":"2"'),
        ("Patient.extension.where(url='http://x/a').value.ofType(code)", ',"valueCode":"1"'),
        ("(Patient.extension[0].value as code)", ',"valueCode":"1"'),
        ("Patient.extension[0].valueCode", ',"valueCode":"1"'),
        ("Patient.name.where(use='old').text.as(FHIR.string)", ',"text":"l"'),
    ],
)
def test_where_a_path_leads(path, deleted) -> None:
    assert patched(NAMES, operation("delete", path)) == NAMES.replace(deleted, "", 1)


def test_the_name_of_a_narrative_needs_no_quotes() -> None:
    before = patient('"text":{"status":"generated","div":"<div>a</div>"}')
    for path in ("Patient.text.div", "Patient.text.`div`"):
        change = operation("replace", path, value={"valueString": "<div>b</div>"})
        assert patched(before, change) == before.replace(">a<", ">b<")


def test_a_number_keeps_its_text_wherever_it_is() -> None:
    before = '{"resourceType":"Observation","status":"final","valueQuantity":{"value":1.50,"unit":"kg"}}'
    change = operation("replace", "Observation.status", value={"valueCode": "amended"})
    assert patched(before, change) == before.replace("final", "amended")
    parameters = json.dumps({"parameter": [operation("replace", "Observation.value.value", value={"valueDecimal": 0})]})
    after = apply_fhirpath_patch(before.encode(), parameters.replace(": 0}", ": 12.3400}").encode())
    assert after.decode() == before.replace("1.50", "12.3400")


def test_a_choice_takes_another_type() -> None:
    before = '{"resourceType":"Observation","valueQuantity":{"value":1},"status":"final"}'
    change = operation("replace", "Observation.value", value={"valueString": "heavy"})
    assert patched(before, change) == '{"resourceType":"Observation","valueString":"heavy","status":"final"}'
    added = operation("add", "Patient", name="deceased", value={"valueBoolean": True})
    assert patched(patient(), added) == patient('"deceasedBoolean":true')
    by_type = operation("add", "Patient", name="deceasedDateTime", value={"valueDateTime": "2026"})
    assert patched(patient(), by_type) == patient('"deceasedDateTime":"2026"')


def test_what_stands_beside_a_primitive_goes_along() -> None:
    before = patient(
        '"name":[{"given":["A",null,"C"],"_given":[null,{"extension":[{"url":"u","valueCode":"x"}]},null]}]'
    )
    assert patched(before, operation("delete", "Patient.name[0].given[0]")) == patient(
        '"name":[{"given":[null,"C"],"_given":[{"extension":[{"url":"u","valueCode":"x"}]},null]}]'
    )
    assert patched(before, operation("move", "Patient.name[0].given", source=1, destination=2)) == patient(
        '"name":[{"given":["A","C",null],"_given":[null,null,{"extension":[{"url":"u","valueCode":"x"}]}]}]'
    )
    inside = operation("delete", "Patient.name[0].given[1].extension('u')")
    assert patched(before, inside) == patient('"name":[{"given":["A","C"]}]')
    added = {"valueDate": "1990", "_valueDate": {"extension": [{"url": "u", "valueCode": "x"}]}}
    assert patched(patient(), operation("add", "Patient", name="birthDate", value=added)) == patient(
        '"birthDate":"1990","_birthDate":{"extension":[{"url":"u","valueCode":"x"}]}'
    )


def test_a_resource_within_and_parts_within_parts() -> None:
    whole = {"resource": {"resourceType": "Organization", "id": "o"}}
    contained = operation("add", "Patient", name="contained", value=whole)
    assert patched(patient(), contained) == patient('"contained":[{"resourceType":"Organization","id":"o"}]')
    parts = [
        {"name": "url", "valueUri": "u"},
        {"name": "extension", "part": [{"name": "url", "valueUri": "v"}, {"name": "value", "valueDecimal": 1}]},
    ]
    extended = operation("add", "Patient", name="extension", value={"part": parts})
    assert patched(patient(), extended) == patient(
        '"extension":[{"url":"u","extension":[{"url":"v","valueDecimal":1}]}]'
    )


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (
            operation("add", "Patient.contact.period", name="end", value={"valueDate": "2021"}),
            "one element, here it is 0",
        ),
        (operation("add", "Patient.name", name="text", value={"valueString": "x"}), "one element, here it is 3"),
        (operation("add", "Patient", name="gender2", value={"valueCode": "male"}), "no element of that name"),
        (operation("add", "Patient.name[0]", name="text", value={"valueString": "x"}), "use replace"),
        (operation("add", "Patient", name="gender", value={"valuePeriod": {"start": "2020"}}), "does not fit"),
        (operation("add", "Patient", name="deceased", value={"valueString": "x"}), "does not fit"),
        (operation("add", "Patient", name="identifier", value={"valueHumanName": {}}), "does not fit"),
        (operation("add", "Patient", name="name", value={"resource": {"resourceType": "Basic"}}), "does not fit"),
        (operation("add", "Patient", name="name", value={"valueHumanName": {"code": "x"}}), "sound HumanName"),
        (operation("add", "Patient", name="contained", value={"resource": {"resourceType": "No"}}), "sound Resource"),
        (operation("delete", "Patient.name"), "one element, here it is 3"),
        (operation("delete", "Patient"), "the resource itself"),
        (operation("replace", "Patient.gender", value={"valueCode": "male"}), "one element, here it is 0"),
        (operation("replace", "Patient", value={"resource": {"resourceType": "Patient"}}), "the resource itself"),
        (operation("insert", "Patient.gender", index=0, value={"valueCode": "male"}), "must be a list"),
        (operation("insert", "Patient.identifier", index=1, value=identifier(1)), "from 0 to 0"),
        (operation("insert", "Patient.identifier", index=-1, value=identifier(1)), "from 0 to 0"),
        (operation("move", "Patient.name", source=3, destination=0), "from 0 to 2"),
        (operation("move", "Patient.name", source=0, destination=3), "from 0 to 2"),
        (operation("move", "Patient.identifier", source=0, destination=0), "from 0 to -1"),
    ],
)
def test_what_cannot_be_done_to_this_resource(change, words) -> None:
    with pytest.raises(NotApplicable, match=words) as refused:
        patched(NAMES, change)
    assert refused.value.where == "Parameters.parameter[0]"
    assert refused.value.vi


@pytest.mark.parametrize(
    "change",
    [
        operation("upsert", "Patient.gender", value={"valueCode": "male"}),
        {"name": "operation"},
        {"name": "something", "part": operation("delete", "Patient.gender")["part"]},
        {"name": "operation", "part": [{"name": "type", "valueCode": "delete"}]},
        operation("add", "Patient", value={"valueCode": "male"}),
        operation("add", "Patient", name="gender"),
        operation("add", "Patient", name="gender", value={}),
        operation("add", "Patient", name="contact", value={"part": []}),
        operation("insert", "Patient.name", value={"valueHumanName": {"text": "x"}}),
        operation("insert", "Patient.name", index={"valueString": "0"}, value={"valueHumanName": {"text": "x"}}),
        operation("insert", "Patient.name.where(use='usual')", index=0, value={"valueHumanName": {"text": "x"}}),
        *(
            operation("delete", f"Patient.name[0]{rest}")
            for rest in ("[", " foo", "]", ".", "..text", "[]", " 'x", "@", ".x(")
        ),
        operation("delete", "Patient.name[0"),
        operation("delete", "(" * 600),
        operation("delete", "Patient" + ".name" * 600),
        operation("delete", "Patient.name.where()"),
        operation("delete", ""),
        operation("delete", "Patient.managingOrganization.resolve().name"),
        operation("delete", "Patient.name | Patient.contact"),
        operation("delete", "Patient.name[1 + 1]"),
        operation("delete", "Patient.name.where(nonsense())"),
        operation("delete", "Patient.name.where((1).repeat($this + 1).exists())"),
        operation("delete", "Patient.name.where(text.matches('(a+)+$'))"),
        operation("delete", "Patient.name.where(given.select($this.combine($this)).exists())"),
        operation("delete", "Patient.name.given.single()"),
        operation("delete", "1"),
        operation("delete", "%resource.name"),
        {"name": "operation", "part": [{"name": "type", "valueCode": "delete"}, {"name": "path", "valueInteger": 1}]},
    ],
)
def test_what_is_no_patch(change) -> None:
    with pytest.raises(NoPatch) as refused:
        patched(NAMES, operation("replace", "Patient.name[0].text", value={"valueString": "x"}), change)
    assert refused.value.where == "Parameters.parameter[1]"
