"""The difference of two versions is a FHIRPath Patch that makes the new one of the old one."""

import json
import random
from itertools import pairwise

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official import examples

from yteso.fhir.patch import apply_fhirpath_patch, difference
from yteso.fhir.structure import check
from yteso.fhir.structure.reading import read
from yteso.fhir.xml import to_json, to_xml


def said(old: dict, new: dict) -> list[tuple]:
    """Type, path and the rest of each operation."""
    before, after = ({"resourceType": "Patient"} | one for one in (old, new))
    parameters = difference(orjson.dumps(before), orjson.dumps(after))
    found = []
    for operation in json.loads(parameters).get("parameter", ()):
        parts = {part.pop("name"): part for part in operation["part"]}
        type, path = parts.pop("type")["valueCode"], parts.pop("path")["valueString"]
        found.append((type, path, *(next(iter(part.values())) for part in parts.values())))
    return found


A, B, C = ({"value": letter} for letter in "abc")
CASES = [
    ({}, {}, []),
    ({"gender": "male"}, {"gender": "male"}, []),
    ({"gender": "male"}, {"gender": "other"}, [("replace", "Patient.gender", "other")]),
    ({"gender": "male"}, {}, [("delete", "Patient.gender")]),
    ({}, {"gender": "male"}, [("add", "Patient", "gender", "male")]),
    ({}, {"identifier": [A, B]}, [("add", "Patient", "identifier", A), ("add", "Patient", "identifier", B)]),
    ({"identifier": [A, B]}, {}, [("delete", "Patient.identifier[1]"), ("delete", "Patient.identifier[0]")]),
    ({"identifier": [A, B]}, {"identifier": [A, B, C]}, [("insert", "Patient.identifier", 2, C)]),
    ({"identifier": [A, C]}, {"identifier": [A, B, C]}, [("insert", "Patient.identifier", 1, B)]),
    ({"identifier": [A, B, C]}, {"identifier": [A, C]}, [("delete", "Patient.identifier[1]")]),
    ({"identifier": [A]}, {"identifier": [B]}, [("replace", "Patient.identifier[0].value", "b")]),
    (
        {"deceasedBoolean": True},
        {"deceasedDateTime": "2026"},
        [("replace", "Patient.deceased", "2026")],
    ),
    (
        {"contact": [{"gender": "male"}]},
        {"contact": [{"name": {"text": "x"}}]},
        [("add", "Patient.contact[0]", "name", {"text": "x"}), ("delete", "Patient.contact[0].gender")],
    ),
    (
        {},
        {"contact": [{"name": {"text": "x"}}]},
        [("add", "Patient", "contact", [{"name": "name", "valueHumanName": {"text": "x"}}])],
    ),
    (
        {"contained": [{"resourceType": "Basic", "id": "a"}]},
        {"contained": [{"resourceType": "Group", "id": "a"}]},
        [("replace", "Patient.contained[0]", {"resourceType": "Group", "id": "a"})],
    ),
]


@pytest.mark.parametrize(("old", "new", "operations"), CASES)
def test_each_kind_of_change(old, new, operations) -> None:
    assert said(old, new) == operations


def agreed(old: bytes, new: bytes) -> None:
    parameters = difference(old, new)
    # References to contained resources lead nowhere in a patch.
    assert [issue for issue in check(parameters) if issue.problem != "no-such-part"] == []
    assert read(apply_fhirpath_patch(old, parameters)) == read(new)
    assert read(apply_fhirpath_patch(old, to_json(to_xml(parameters)))) == read(new)


def test_a_decimal_of_another_text_is_another() -> None:
    old = b'{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.5}}'
    assert b'"valueDecimal":1.50' in difference(old, old.replace(b"1.5", b"1.50"))
    agreed(old, old.replace(b"1.5", b"1.50"))


def changed(data: bytes, seed: int) -> bytes:
    """The resource with some parts taken away, doubled, moved, or put in the place of their like."""
    resource, chance = orjson.loads(data), random.Random(seed)
    for _ in range(chance.randint(1, 6)):
        place = chance.choice(_containers(resource))
        if isinstance(place, list):
            one = place.pop(chance.randrange(len(place)))
            place.extend(chance.choice(([], [one], [one, one])))
        else:
            names = [name for name in place if name not in ("resourceType", "id", "url", "_url")]
            if names:
                place.pop(chance.choice(names))
    return orjson.dumps(_full(resource))


def _containers(value: object) -> list:
    """Objects and lists of objects, within each other; what stands beside primitives is left as it is."""
    if isinstance(value, dict):
        inner = [
            one
            for name, item in value.items()
            if f"_{name}" not in value and name[0] != "_"
            for one in _containers(item)
        ]
        return [value, *inner]
    if isinstance(value, list):
        return [*([value] if value else []), *(one for item in value for one in _containers(item))]
    return []


def _full(value: object) -> object:
    """Without what has become empty."""
    if isinstance(value, dict):
        inner = {name: _full(one) for name, one in value.items()}
        return {
            name: one
            for name, one in inner.items()
            if one not in ({}, []) and not (name[0] == "_" and name[1:] not in inner and isinstance(one, list))
        }
    return [one for one in map(_full, value) if one != {}] if isinstance(value, list) else value


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(examples())), st.integers(0, 10**9))
def test_applied_to_the_old_it_gives_the_new(name, seed) -> None:
    old = orjson.dumps(orjson.loads(examples()[name]))
    new = changed(old, seed)
    for before, after in ((old, new), (new, old)):
        parameters = difference(before, after)
        assert read(apply_fhirpath_patch(before, parameters)) == read(after)


@pytest.mark.parametrize("type", sorted({name.partition("-")[0] for name in examples()}))
def test_one_example_becomes_another(type) -> None:
    of_type = sorted(name for name in examples() if name.startswith(f"{type}-"))
    for first, second in pairwise(of_type):
        agreed(examples()[first], examples()[second])
    bare = orjson.dumps({"resourceType": orjson.loads(examples()[of_type[0]])["resourceType"]})
    agreed(bare, examples()[of_type[0]])
