"""JSON Patch (RFC 6902) of resources: numbers keep their text, nothing empty is left, a failure changes nothing."""

import json

import pytest

from yteso.fhir.patch import NoPatch, NotApplicable, apply_json_patch


BEFORE = (
    '{"resourceType":"Observation","status":"final","code":{"text":"x"},"valueQuantity":{"value":1.50,"unit":"kg"},'
    '"note":[{"text":"a"},{"text":"b"}]}'
)


def patched(*operations: str, before: str = BEFORE) -> str:
    return apply_json_patch(before.encode(), f"[{','.join(operations)}]".encode()).decode()


@pytest.mark.parametrize(
    ("operation", "old", "new"),
    [
        ('{"op":"replace","path":"/status","value":"amended"}', "final", "amended"),
        ('{"op":"replace","path":"/valueQuantity/value","value":2.00}', "1.50", "2.00"),
        ('{"op":"add","path":"/note/1","value":{"text":"c"}}', '{"text":"b"}', '{"text":"c"},{"text":"b"}'),
        ('{"op":"add","path":"/note/-","value":{"text":"c"}}', '{"text":"b"}', '{"text":"b"},{"text":"c"}'),
        ('{"op":"remove","path":"/note/0"}', '{"text":"a"},', ""),
        ('{"op":"remove","path":"/note"}', ',"note":[{"text":"a"},{"text":"b"}]', ""),
        ('{"op":"move","from":"/note/1","path":"/note/0"}', '"a"},{"text":"b"', '"b"},{"text":"a"'),
        ('{"op":"copy","from":"/note/1","path":"/note/0"}', '[{"text":"a"', '[{"text":"b"},{"text":"a"'),
        ('{"op":"test","path":"/valueQuantity/value","value":1.5}', "", ""),
        ('{"op":"test","path":"/valueQuantity","value":{"unit":"kg","value":15.0E-1}}', "", ""),
    ],
)
def test_an_operation(operation, old, new) -> None:
    assert patched(operation) == BEFORE.replace(old, new)


def test_a_number_that_is_copied_keeps_its_text() -> None:
    after = patched('{"op":"copy","from":"/valueQuantity","path":"/referenceRange","value":0}')
    assert after.count("1.50") == 2
    huge = BEFORE.replace("1.50", "1E99999999999999999999")
    assert patched('{"op":"test","path":"/valueQuantity/value","value":1E99999999999999999999}', before=huge) == huge


def test_what_is_left_empty_is_gone() -> None:
    first, second = '{"op":"remove","path":"/note/0"}', '{"op":"remove","path":"/code/text"}'
    assert "note" not in patched(first, first)
    assert "code" not in patched(second)
    nulls = '{"resourceType":"Patient","name":[{"given":["a",null],"_given":[null,{"id":"x"}]}]}'
    assert patched(before=nulls) == nulls


@pytest.mark.parametrize(
    "operation",
    [
        '{"op":"test","path":"/status","value":"amended"}',
        '{"op":"test","path":"/valueQuantity/value","value":"1.50"}',
        '{"op":"test","path":"/valueQuantity/value","value":1.51}',
        '{"op":"test","path":"/nothing","value":1}',
        '{"op":"remove","path":"/nothing"}',
        '{"op":"remove","path":"/note/2"}',
        '{"op":"replace","path":"/note/7","value":{}}',
        '{"op":"move","from":"/nothing","path":"/note"}',
        '{"op":"add","path":"/note/9","value":{}}',
    ],
)
def test_what_cannot_be_done_to_this_resource(operation) -> None:
    with pytest.raises(NotApplicable):
        patched('{"op":"replace","path":"/status","value":"preliminary"}', operation)


@pytest.mark.parametrize(
    "patch",
    [
        b"",
        b"{}",
        b"[1]",
        b'["add"]',
        b'"text"',
        b"null",
        b"\xff",
        b'[{"op":"add"}]',
        b'[{"op":"nothing","path":"/status"}]',
        b'[{"op":"add","path":"/status"}]',
        b'[{"op":"add","path":"status","value":1}]',
        b'[{"op":"remove","path":1}]',
        b'[{"op":"move","path":"/status"}]',
        b"[" * 100_000,
    ],
)
def test_what_is_no_patch(patch) -> None:
    with pytest.raises(NoPatch):
        apply_json_patch(BEFORE.encode(), patch)


def test_texts_and_codes_stay_what_they_are() -> None:
    before = '{"resourceType":"Patient","name":[{"text":"Nguyễn Thị Ở \\u0001"}],"active":true}'
    assert json.loads(patched(before=before)) == json.loads(before)
