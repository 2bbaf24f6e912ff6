"""What the quick look accepts, the walk accepts: on the official examples and on whatever becomes of them by damage."""

import copy
import json
import random
import re
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from official import examples

from yteso.fhir.structure.checking import check, walk
from yteso.fhir.structure.quick import certain


GOOD = [data for _, data in sorted(examples().items()) if certain(data)]

VALUES = [
    *(
        "",
        " ",
        "a b",
        "x\ty",
        "a\n",
        "#x",
        "#",
        "{}",
        '{"id":',
        "\\",
        '"',
        '\\"',
        "\x01",
        "\x7f",
        "ố",
        "\u00a0",
        "\x85",
    ),
    *("Patient/1", "Foo/1", "Observation/2", "http://a.vn/Patient/1", "Patient?identifier=a", "urn:uuid:1"),
    *("2020-02-29", "2021-02-29", "2020-02-30", "2020-13-01", "2020", "2020-01", "2020-01-01T00:00:00Z"),
    *("2020-01-01T00:00:00", "2020-01-01T24:00:00Z", "2020-01-01t00:00:00z", "2020-01-01 00:00:00Z"),
    *("YQ==", "YQ=", "male", "final", "active", '<div xmlns="http://www.w3.org/1999/xhtml">x</div>', "<div>x</div>"),
    *(None, True, False, 0, 1, -1, 1.5, 1e300, 10**12, [], {}, [None], [[]]),
    *({"id": "x"}, {"coding": [{"code": "active"}]}, {"reference": "#x"}, {"reference": "Group/1", "type": "Group"}),
    {"extension": [{"url": "a", "valueString": "b"}]},
]
NAMES = [
    *("id", "extension", "modifierExtension", "contained", "resourceType", "text", "status", "use", "type", "display"),
    *("url", "system", "code", "value", "coding", "reference", "valueString", "valueCode", "valueQuantity"),
    *("effectiveDateTime", "effectivePeriod", "_birthDate", "_status"),
]
MEMBER = re.compile(r'"\w+":\s*(?:"[^"\\]*"|\d+|true|false)')


def objects(node):
    if isinstance(node, dict | list):
        yield node
        for below in node.values() if isinstance(node, dict) else node:
            yield from objects(below)


def damage(chance, tree):
    """Change one thing somewhere."""
    there = list(objects(tree))
    node = chance.choice(there)
    value = copy.deepcopy(chance.choice(VALUES))
    if isinstance(node, dict):
        name = chance.choice(list(node) or NAMES)
        change = chance.randrange(6)
        if change == 0:
            node.pop(name, None)
        elif change in (1, 2):
            node[name] = value
        elif change == 3:
            node[chance.choice(NAMES)] = value
        elif change == 4:
            node[name] = [node.get(name)]
        else:
            other = chance.choice([one for one in there if isinstance(one, dict) and one])
            name = chance.choice(list(other))
            node[name] = copy.deepcopy(other[name])
    elif node:
        at = chance.randrange(len(node))
        change = chance.randrange(4)
        if change == 0:
            node[at] = value
        elif change == 1:
            node.append(copy.deepcopy(node[at]))
        elif change == 2:
            node.pop(at)
        else:
            node.clear()


def as_text(chance, tree):
    """JSON in one of its many layouts, at times with a member that stands twice or a character too many."""
    spaces = chance.choice([(",", ":"), (", ", ": "), (" ,\n", " : ")])
    text = json.dumps(tree, ensure_ascii=chance.random() < 0.5, separators=spaces)
    members = list(MEMBER.finditer(text))
    if members and chance.random() < 0.2:
        one = chance.choice(members)
        text = text[: one.end()] + "," + one[0] + text[one.end() :]
    if chance.random() < 0.1:
        at = chance.randrange(len(text))
        text = text[:at] + chance.choice(['"', "{", "}", "\\", "\\u0022", "\\n", " ", "1", "e5", "\0", ","]) + text[at:]
    return text.encode()


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
