"""What is told apart by its bytes alone is never something that the search would have found."""

import json

import pytest
from search_cases import escaped, examples

from yteso.fhir.search import needles, parameters, parse, possible, tokens


TABLE = [
    ("code", "http://loinc.org|8867-4", [(b"8867-4",)]),
    ("code", "http://loinc.org|8867-4,http://loinc.org|718-7", [(b"8867-4", b"718-7")]),
    ("code", "8867-4", []),
    ("code", "http://loinc.org|", []),
    ("code", "|8867-4", []),
    ("code", "http://a.example|có dấu", []),
    ("code", "http://a.example|x,y", []),
    ("code:not", "http://loinc.org|8867-4", []),
    ("code:text", "8867-4", []),
    ("status", "http://hl7.org/fhir/observation-status|final", [(b"final",)]),
    ("date", "2026", []),
    ("identifier", "urn:x|true", []),
]


@pytest.mark.parametrize(("name", "text", "expected"), TABLE, ids=[f"{name}={text}" for name, text, _ in TABLE])
def test_codes_of_named_systems_must_be_there(name: str, text: str, expected: list) -> None:
    assert needles(parse("Observation", [(name, text)], strict=True)) == expected


def test_every_condition_has_its_own() -> None:
    query = parse("Observation", [("code", "u:a|1"), ("category", "u:b|2,u:b|3"), ("date", "2026")], strict=True)
    assert needles(query) == [(b"1",), (b"2", b"3")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b'{"code":"718-7"}', True),
        (b'{"code":"718"}', False),
        (b"{}", False),
        (rb'{"code":"718\u002d7"}', True),
    ],
)
def test_what_escapes_letters_is_possible(text: bytes, expected: bool) -> None:
    assert possible([(b"718-7", b"8867-4")], text) is expected


@pytest.mark.parametrize("kind", sorted({one["resourceType"] for one in examples()}))
def test_what_is_found_was_possible(kind: str) -> None:
    resources = [one for one in examples() if one["resourceType"] == kind]
    types = {code: parameter.type for code, parameter in parameters(kind).items()}
    for code, system, text in {word for one in resources for word in tokens(one) if types[word[0]] == "token"}:
        query = parse(kind, [(code, f"{escaped(system)}|{escaped(text)}")], strict=True)
        for one in resources:
            assert not query.matches(one) or possible(needles(query), json.dumps(one, ensure_ascii=False).encode())
