"""What is told apart by its bytes alone is never something that the search would have found."""

import json

import pytest
from search_cases import escaped, examples

from yteso.fhir.search import needles, parameters, parse, tokens
from yteso.record import Body


TABLE = [
    ("code", "http://loinc.org|8867-4", [(b"8867-4",)]),
    ("code", "http://loinc.org|8867-4,http://loinc.org|718-7", [(b"8867-4", b"718-7")]),
    ("code", "8867-4", [(b"8867-4",)]),
    ("code", "http://loinc.org|", []),
    ("code", "|8867-4", [(b"8867-4",)]),
    ("code", "http://a.example|có dấu", []),
    ("code", "http://a.example|x,y", [(b"x", b"y")]),
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


@pytest.mark.parametrize("kind", sorted({one["resourceType"] for one in examples()}))
def test_what_is_found_was_possible(kind: str) -> None:
    resources = [one for one in examples() if one["resourceType"] == kind]
    body = Body.open(Body.pack((kind, str(n), json.dumps(one).encode()) for n, one in enumerate(resources)))
    plain = Body.open(
        Body.pack((kind, str(n), json.dumps(one, ensure_ascii=False).encode()) for n, one in enumerate(resources))
    )
    types = {code: parameter.type for code, parameter in parameters(kind).items()}
    for code, system, text in {word for one in resources for word in tokens(one) if types[word[0]] == "token"}:
        for value in (f"{escaped(system)}|{escaped(text)}", escaped(text)):
            query = parse(kind, [(code, value)], strict=True)
            found = {str(n) for n, one in enumerate(resources) if query.matches(one)}
            for packed in (body, plain):
                assert found <= {id for _, (_, id, _) in packed.places(None, needles(query))}
