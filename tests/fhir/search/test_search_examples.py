"""Over the official examples: each is found by its own values, by none that it lacks, and the index agrees."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from search_cases import escaped, examples, found, found_by_its_own, lacking, own

from yteso.fhir.search import ANY, SearchError, parameters, parse, resource_types, tokens
from yteso.fhir.search.conditions import MODIFIERS


def named(resource):
    return f"{resource['resourceType']}/{resource['id']}"


@pytest.mark.parametrize("resource", examples(), ids=named)
def test_a_resource_is_found_by_its_own_values_and_by_none_that_it_lacks(resource):
    found_by_its_own(resource)


@pytest.mark.parametrize("resource", examples(), ids=named)
def test_a_composite_is_found_by_the_values_of_its_parts(resource):
    kind = resource["resourceType"]
    for code, parameter in parameters(kind).items():
        for element in parameter.values(resource) if parameter.components else ():
            parts = []
            for part in parameter.components:
                values = part.compiled.select(element, resource)
                parts.append(next((text for one in values for text in own(part.type, one)), None))
            if all(parts):
                assert found(kind, code, "$".join(parts), resource), (code, parts)
                wrong = [lacking(part.type, text) for part, text in zip(parameter.components, parts, strict=True)]
                assert not found(kind, code, "$".join([wrong[0], *parts[1:]]), resource), (code, parts)
                assert not found(kind, code, "$".join([*parts[:-1], wrong[-1]]), resource), (code, parts)


@pytest.mark.parametrize("kind", sorted({one["resourceType"] for one in examples()}))
def test_the_index_has_a_word_exactly_when_the_search_finds_it(kind):
    resources = [one for one in examples() if one["resourceType"] == kind]
    words = {word for one in resources for word in tokens(one)}
    types = {code: parameter.type for code, parameter in parameters(kind).items()}
    for code, system, text in words:
        if types[code] == "token":
            query = parse(kind, [(code, f"{escaped(system)}|{escaped(text)}")], strict=True)
            for one in resources:
                assert query.matches(one) == ((code, system, text) in tokens(one)), (code, system, text, named(one))


def test_the_words_of_an_observation():
    observation = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "subject": {"reference": "Patient/23"},
    }
    assert tokens(observation) == {
        ("_id", "", "o1"),
        ("status", "", "final"),
        ("status", "http://hl7.org/fhir/observation-status", "final"),
        ("code", "http://loinc.org", "8867-4"),
        ("combo-code", "http://loinc.org", "8867-4"),
        ("subject", "", "Patient/23"),
        ("patient", "", "Patient/23"),
    }
    with pytest.raises(KeyError):
        tokens({"resourceType": "Nobody"})


STRAY = [None, 1, 1.5, "x", True, [], {}, ["x"], [None], [{}], {"a": 1}, "2026"]
ONE = {"date": "ge2000", "number": "gt1", "quantity": "gt1||mg", "reference": "Patient/1", "special": "21|105"}


def disturbed(chance: Random, node):
    """The same JSON with some of its parts replaced by something that does not belong there."""
    if chance.random() < 0.05:
        return chance.choice(STRAY)
    if isinstance(node, dict):
        return {name: disturbed(chance, value) for name, value in node.items()}
    return [disturbed(chance, value) for value in node] if isinstance(node, list) else node


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32), st.sampled_from(examples()))
def test_no_resource_however_odd_breaks_a_search(seed, example):
    kind, chance = example["resourceType"], Random(seed)
    odd = {name: disturbed(chance, value) for name, value in example.items()} | {"resourceType": kind}
    for code, parameter in parameters(kind).items():
        parts = [ONE.get(part.type, "a:b") for part in parameter.components or [parameter]]
        asked = [(code, "$".join(parts))]
        if parameter.type == "token":
            asked += [(f"{code}:text", "a"), (f"{code}:of-type", "a|b|c"), (f"{code}:not", "a")]
        if parameter.type not in ("composite", "special"):
            asked += [("_sort", code)]
        for one in asked:
            query = parse(kind, [one], strict=True)
            assert query.matches(odd) in (True, False)
            query.sort_key(odd)
    tokens(odd)


CODES = sorted({code for kind in ("Observation", "Patient", "Encounter", ANY) for code in parameters(kind)})
MODIFIED = sorted({one for known in MODIFIERS.values() for one in known} | {"Patient", "Group", "iterate", "x", ""})
RESULTS = ["_sort", "_count", "_include", "_revinclude", "_summary", "_elements", "_total", "_type", "_has", "_filter"]
WORDS = [
    "2026",
    "ge2026-11",
    "5.4",
    "http://a|b",
    "Patient/1",
    "a$b",
    "\\,",
    "-date",
    "Observation:subject",
    "eq",
    "||mg",
]

pieces = st.sampled_from([*CODES, *RESULTS, *MODIFIED, *sorted(resource_types())[::10]]) | st.text(max_size=8)
names = st.lists(pieces, min_size=1, max_size=6).flatmap(
    lambda parts: st.lists(st.sampled_from(".:"), min_size=len(parts), max_size=len(parts)).map(
        lambda signs: "".join(part + sign for part, sign in zip(parts, signs, strict=True))[:-1]
    )
)
values = st.lists(st.sampled_from(WORDS) | st.text(max_size=20), max_size=4).flatmap(
    lambda parts: st.sampled_from(",|$: \\").map(lambda sign: sign.join(parts))
)
simple = st.tuples(st.sampled_from(CODES), st.sampled_from(["", *(":" + one for one in MODIFIED)])).map("".join)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(["Observation", "Patient", "Encounter", "Bundle", ANY, "Nobody"]),
    st.lists(st.tuples(names | simple, values), max_size=3),
    st.booleans(),
)
def test_no_search_raises_anything_but_a_search_error(kind, asked, strict):
    try:
        query = parse(kind, asked, strict=strict, base="https://a.vn")
    except SearchError as error:
        assert error.vi and error.en
        return
    for resource in examples()[::20]:
        assert query.matches(resource, lambda _: None, lambda *_: ()) in (True, False)
        query.sort_key(resource)
