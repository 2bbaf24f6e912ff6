"""What the quick look accepts, the walk accepts: on the official examples and on whatever becomes of them by damage."""

import json
import random
import subprocess
import sys

import pytest
from damaging import as_text, damage
from hypothesis import given, settings
from hypothesis import strategies as st
from official import examples

from yteso.fhir.structure.checking import check, walk
from yteso.fhir.structure.quick import certain


GOOD = [data for _, data in sorted(examples().items()) if certain(data)]


@settings(max_examples=400, deadline=None)
@given(seed=st.integers(0, 2**64))
def test_what_the_quick_look_accepts_the_walk_accepts(seed):
    chance = random.Random(seed)
    tree = json.loads(chance.choice(GOOD))
    for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
        damage(chance, tree)
    data = as_text(chance, tree)
    found = walk(data)
    if certain(data):
        assert found == []
    assert check(data) == found


def test_damage_is_often_found_and_often_harmless():
    """Otherwise the property above would say little."""
    chance = random.Random(5)
    accepted = refused = 0
    for _ in range(300):
        tree = json.loads(chance.choice(GOOD))
        damage(chance, tree)
        if certain(as_text(chance, tree)):
            accepted += 1
        else:
            refused += 1
    assert accepted > 30 and refused > 100


def basic(members):
    return b'{"resourceType":"Basic","code":{"text":"x"},' + members + b"}"


@pytest.mark.parametrize(
    "members",
    [
        b'"id":"a","id":"a"',
        b'"id" :"a","id":"a"',
        b'"id":"a","i\\u0064":"a"',
        b'"meta":{"tag":[{"code":"a","code":"b"}]}',
        b'"meta":{"tag":[{"display":"\\"","display":"\\""}]}',
        b'"meta":{"tag":[{"display":"\\u0022","display":"x"}]}',
        b'"extension":[{"url":"a","valueString":"x\\\\","valueString":"y"}]',
    ],
)
def test_a_member_that_stands_twice_is_seen_by_the_quick_look(members):
    assert not certain(basic(members))
    assert [one.problem for one in check(basic(members))] == ["twice"]


@pytest.mark.parametrize(
    "members",
    [
        b'"author":{"display":"\\u0022a\\u0022"}',
        b'"author":{"display":"a\\\\"}',
        b'"author":{"display":"\\"a\\": {} \\/"}',
        b'"extension":[{"url":"a","valueString":"{\\"id\\":1}"}]',
        b'"id" : "a" , "created"\n:\t"2026-05-31"',
    ],
)
def test_signs_of_json_within_texts_mislead_nobody(members):
    assert check(basic(members)) == []


PERSON = {"resourceType": "Patient", "id": "a", "birthDate": "2026-05-31", "_birthDate": {"extension": [{"url": "b"}]}}
PERSON["_birthDate"]["extension"][0]["valueDateTime"] = "2026-05-31T08:00:00Z"
REFERRING = {"resourceType": "Basic", "code": {"text": "x"}, "contained": [PERSON]}
REFERRING["extension"] = [{"url": "b", "valueReference": {"reference": "#a"}}]


def without(name):
    return {key: value for key, value in PERSON.items() if key != name}


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        ({}, []),
        ({"extension": []}, ["empty", "contained-unused"]),
        ({"extension": [{"url": "b", "valueReference": {"reference": "#b"}}]}, ["no-such-part", "contained-unused"]),
        ({"contained": [without("id")]}, ["no-such-part", "contained-id"]),
        ({"contained": [PERSON | {"gender": "x"}]}, ["code"]),
        ({"contained": [PERSON | {"contained": [PERSON]}]}, ["contained-within"]),
        ({"contained": [PERSON | {"meta": {"versionId": "1"}}]}, ["contained-version"]),
        ({"contained": [PERSON | {"_birthDate": {}}]}, ["empty"]),
        ({"contained": [{"id": "a"}]}, ["no-type", "no-such-part"]),
        ({"contained": [1]}, ["not-an-object", "no-such-part"]),
        ({"contained": [PERSON, PERSON | {"id": "b"}]}, ["contained-unused"]),
    ],
)
def test_what_a_resource_contains_is_seen_by_the_quick_look(changes, problems):
    data = json.dumps(REFERRING | changes).encode()  # with white space, as people lay it out
    assert certain(data) == (not problems)
    assert sorted(one.problem for one in check(data)) == sorted(problems)


@pytest.mark.parametrize(
    ("member", "sound"),
    [
        ('"author":{"display":"a b  c"}', True),
        ('"author":{"display":"a \\"b\\" c"}', True),
        ('"author":{"display":"a\\nb\\tc"}', True),
        ('"author":{"display":"a\\\\n b"}', True),
        ('"identifier":[{"system":"a b"}]', False),
        ('"identifier":[{"system":"a\\nb"}]', False),
        ('"identifier":[{"system":"a\\"display\\": b"}]', False),
        ('"identifier":[{"system":"x"},{"value":"a b"},{"system":"a "}]', False),
        ('"meta":{"profile":["http://a.vn/a"," b"]}', False),
        ('"language":"vi "', False),
        ('"author":{"display":"\\" "},"language":" vi"', False),
    ],
)
def test_white_space_is_seen_by_the_quick_look(member, sound):
    data = basic(member.encode())
    assert certain(data) is sound
    assert (check(data) == []) is sound


def test_what_is_no_resource_is_left_to_the_walk():
    for data in (
        b"",
        b"[]",
        b"null",
        b'{"resourceType":"Foo"}',
        b'{"id":"a"}',
        b'{"resourceType":"HumanName"}',
        b"\xff",
    ):
        assert not certain(data)


TOGETHER = """
import sys, threading
from yteso.fhir.structure import check
sys.setswitchinterval(1e-6)
kinds = "Patient Observation Encounter Procedure Condition Claim Task Basic Location Group Media List".split()
bad = ('{"resourceType":"%s","extension":[{"url":"a","valuePeriod":{"start":"2021-02-30"}}],"language":"vi"}' % kind
       for kind in kinds)
start = threading.Barrier(len(kinds))
missed = []
def look(data):
    start.wait()
    for _ in range(3):
        if not any(one.location.endswith("extension[0].value.start") for one in check(data.encode())):
            missed.append(data)
threads = [threading.Thread(target=look, args=(data,)) for data in bad]
for thread in threads: thread.start()
for thread in threads: thread.join()
sys.exit(len(missed))
"""


def test_types_are_made_once_however_many_ask_at_the_same_time():
    assert subprocess.run([sys.executable, "-c", TOGETHER], check=False).returncode == 0
