"""Commas, bars and dollars that belong to a value; levels of codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso.catalogues import ICD9CM_SYSTEM, ICD10_SYSTEM
from yteso.fhir.search.escapes import plain, split
from yteso.fhir.terminology import above, below


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a,b", ["a", "b"]),
        ("a\\,b", ["a\\,b"]),
        ("a\\\\,b", ["a\\\\", "b"]),
        ("a\\\\\\,b", ["a\\\\\\,b"]),
        (",", ["", ""]),
        ("\\", ["\\"]),
        ("a,\\", ["a", "\\"]),
        ("", [""]),
    ],
)
def test_only_a_sign_that_is_not_escaped_parts_a_value(text, parts):
    assert split(text, ",") == parts


@pytest.mark.parametrize(
    ("text", "meant"),
    [("a\\,b", "a,b"), ("a\\|b\\$c", "a|b$c"), ("\\\\,", "\\,"), ("\\n", "\\n"), ("\\", "\\"), ("a", "a")],
)
def test_what_an_escaped_value_means(text, meant):
    assert plain(text) == meant


signs = st.text("ab,|$\\ ă", max_size=12)


@given(st.lists(signs, min_size=1, max_size=5), st.sampled_from(",|$"))
def test_whatever_is_escaped_and_joined_comes_apart_the_same(values, sign):
    def escaped(text):
        for one in "\\,|$":
            text = text.replace(one, "\\" + one)
        return text

    joined = sign.join(map(escaped, values))
    assert [plain(part) for part in split(joined, sign)] == values


def test_diseases_have_codes_blocks_and_chapters():
    assert above(ICD10_SYSTEM, "A00.0") == {"A00.0", "A00", "A00-A09", "I"}
    assert {"A00", "A00.0", "A00.1", "A00.9"} <= below(ICD10_SYSTEM, "A00")
    assert "A01" not in below(ICD10_SYSTEM, "A00")
    assert below(ICD10_SYSTEM, "A00") < below(ICD10_SYSTEM, "A00-A09") < below(ICD10_SYSTEM, "I")
    # a block within a block
    assert {"C00-C14", "C00-C75", "C00-C97", "II"} <= above(ICD10_SYSTEM, "C01")


@pytest.mark.parametrize("system", [ICD10_SYSTEM, ICD9CM_SYSTEM])
def test_above_and_below_are_each_others_inverse(system):
    for code in ("A00", "I10", "C50.9", "IX", "00.09", "37.2"):
        assert all(code in above(system, one) for one in below(system, code))
        assert all(code in below(system, one) for one in above(system, code))


def test_an_unknown_code_has_nothing_above_or_below():
    assert above(ICD10_SYSTEM, "ZZZ") == below(ICD10_SYSTEM, "ZZZ") == frozenset()
