"""Which codes a value set has: systems, lists, filters, sets of sets, what is left out."""

from datetime import date

import pytest

from yteso.catalogues import ICD10_SYSTEM, LOINC_SYSTEM
from yteso.fhir.terminology import (
    BUILT_IN,
    FilterError,
    Library,
    UnknownSet,
    Unlisted,
    codings,
    in_set,
    in_system,
    members,
)
from yteso.fhir.terminology.compose import Sets
from yteso.mapping import BASE


GENDER = "http://hl7.org/fhir/administrative-gender"
URL = "http://example.org/vs/x"
CARE = f"{BASE}/cs/loai-kcb"
A00 = {"A00", "A00.0", "A00.1", "A00.9"}


def icd(*filters, **more):
    named = [dict(zip(("property", "op", "value"), one, strict=True)) for one in filters]
    return {"system": ICD10_SYSTEM, "filter": named} | more


def library(*includes, exclude=(), **others):
    """One with the value set URL, and others by their last word."""
    sets = {f"http://example.org/vs/{name}": {"compose": {"include": parts}} for name, parts in others.items()}
    sets[URL] = {"compose": {"include": list(includes), "exclude": list(exclude)}}
    return Library(lambda type, url: [sets[url]] if url in sets else [])


def codes(found: Library, on=None):
    return {one.concept.code for one in Sets(found, on).listed(found.value_set(URL))}


@pytest.mark.parametrize(
    ("include", "expected"),
    [
        (icd(("concept", "is-a", "A00")), A00),
        (icd(("concept", "descendent-of", "A00")), A00 - {"A00"}),
        (icd(("concept", "is-a", "A00-A09"), ("leaf", "=", "true"), ("code", "regex", r"A0[01]\..*")),
         {"A00.0", "A00.1", "A00.9", "A01.0", "A01.1", "A01.2", "A01.3", "A01.4"}),
        (icd(("code", "in", "A00,B99")), {"A00", "B99"}),
        (icd(("concept", "generalizes", "A00.0")), {"A00.0", "A00", "A00-A09", "I"}),
        (icd(("parent", "=", "A00")), A00 - {"A00"}),
        (icd(("child", "=", "A00")), {"A00-A09"}),
        (icd(("concept", "is-a", "A06"), ("mark", "exists", "true")), {"A06.4", "A06.5", "A06.6"}),
        (icd(("concept", "is-a", "A00"), ("mark", "exists", "false")), A00),
        (icd(("concept", "is-a", "A00"), ("concept", "is-not-a", "A00.0")), A00 - {"A00.0"}),
        (icd(("concept", "is-a", "A00"), ("code", "not-in", "A00,A00.1")), {"A00.0", "A00.9"}),
        (icd(("display", "=", "Bệnh tả")), {"A00"}),
        ({"system": GENDER, "concept": [{"code": "male"}]}, {"male"}),
        ({"system": GENDER}, {"male", "female", "other", "unknown"}),
        ({"system": CARE, "version": "4210"}, {"1", "2", "3", "4", "5"}),
        ({"valueSet": ["http://hl7.org/fhir/ValueSet/administrative-gender"]}, {"male", "female", "other", "unknown"}),
    ],
)  # fmt: skip
def test_an_include_is_a_system_a_list_or_filters(include, expected):
    found = library(include)
    assert codes(found) == expected
    system = include.get("system", GENDER)
    assert all(members(URL, library=found)(system, code) for code in expected)
    assert not members(URL, library=found)(system, "B00")


def test_several_includes_add_up_and_an_exclude_takes_away():
    found = library(icd(("concept", "is-a", "A00")), {"system": GENDER}, exclude=[icd(("concept", "is-a", "A00.0"))])
    assert codes(found) == A00 - {"A00.0"} | {"male", "female", "other", "unknown"}
    assert not members(URL, library=found)(ICD10_SYSTEM, "A00.0")


def test_a_system_and_a_set_in_one_include_are_what_both_have():
    both = icd(("concept", "is-a", "A00"), valueSet=["http://example.org/vs/leaves"])
    found = library(both, leaves=[icd(("leaf", "=", "true"))])
    assert codes(found) == A00 - {"A00"}
    assert not members(URL, library=found)(ICD10_SYSTEM, "A00")
    assert not members(URL, library=found)(ICD10_SYSTEM, "A01.0")


def test_without_a_day_every_edition_counts_and_with_one_that_of_the_day():
    found = library({"system": CARE})
    assert {"1", "01", "16"} <= codes(found)
    assert "1" not in codes(found, date(2026, 1, 1))
    assert codes(found, date(2020, 1, 1)) == {"1", "2", "3", "4", "5"}
    assert members(URL, on=date(2020, 1, 1), library=found)(CARE, "1")
    assert not members(URL, on=date(2026, 1, 1), library=found)(CARE, "1")


def test_groups_of_diagnoses_are_no_diagnoses():
    is_diagnosis = members(f"{BASE}/vs/icd-10")
    assert is_diagnosis(ICD10_SYSTEM, "A00.0")
    assert not is_diagnosis(ICD10_SYSTEM, "A00-A09")


def test_a_system_that_is_not_complete_has_every_code_but_cannot_be_listed_whole():
    assert members(f"{BASE}/vs/loinc")(LOINC_SYSTEM, "1-8")
    assert codings(f"{BASE}/vs/loinc") == {(LOINC_SYSTEM, None)}
    assert codings(f"{BASE}/vs/thuoc") == {(f"{BASE}/cs/thuoc", None)}
    with pytest.raises(Unlisted):
        list(Sets(BUILT_IN, None).listed(BUILT_IN.value_set(f"{BASE}/vs/thuoc")))


def test_what_a_search_needs_of_a_value_set():
    assert (GENDER, "male") in codings("http://hl7.org/fhir/ValueSet/administrative-gender|4.0.1")
    assert codings("http://example.org/none") is None
    assert codings("http://hl7.org/fhir/ValueSet/administrative-gender|3") is None
    assert codings(URL, library=library(icd(("code", "regex", "(a+)+b")))) is None


@pytest.mark.parametrize(
    "wrong", [("concept", "is-a", "ZZZ"), ("code", "regex", "(a+)+"), ("code", "regex", "["), ("code", "like", "A")]
)
def test_a_filter_that_cannot_be_applied_is_named(wrong):
    with pytest.raises(FilterError, match=wrong[2] if wrong[1] == "is-a" else wrong[1]):
        codes(library(icd(wrong)))


def test_sets_that_contain_themselves_come_to_an_end():
    found = library({"valueSet": [URL]})
    with pytest.raises(UnknownSet):
        codes(found)
    with pytest.raises(UnknownSet):
        members(URL, library=found)("a", "b")


def test_a_set_made_of_an_unknown_set_is_unknown():
    with pytest.raises(UnknownSet, match="none"):
        codes(library({"valueSet": ["http://example.org/none"]}))


@pytest.mark.parametrize(
    ("code", "display", "on", "ok"),
    [
        ("A00", "", None, True),
        ("A00", "Bệnh tả", None, True),
        ("A00", " bệnh  TẢ ", None, True),
        ("A00", "Sốt rét", None, False),
        ("ZZZ", "", None, False),
        ("I", "", None, True),
        ("U07.1", "", date(2026, 7, 1), True),
    ],
)
def test_a_code_is_one_of_its_system_and_goes_by_its_name(code, display, on, ok):
    found = in_system(BUILT_IN, ICD10_SYSTEM, code, display, on)
    assert found.ok == ok
    assert bool(found.vi and found.en) != ok


def test_a_code_that_cannot_be_checked_passes_with_a_remark():
    found = in_system(BUILT_IN, f"{BASE}/cs/thuoc", "40.1")
    assert found.ok
    assert "cannot be checked" in found.en
    assert not in_system(BUILT_IN, "http://example.org/none", "1").ok


def test_a_code_alone_is_looked_for_in_the_whole_set():
    gender = "http://hl7.org/fhir/ValueSet/administrative-gender"
    assert in_set(BUILT_IN, gender, "", "male").system.url == GENDER
    assert not in_set(BUILT_IN, gender, "", "nam").ok
    assert not in_set(BUILT_IN, gender, "http://example.org", "male").ok
    assert not in_set(BUILT_IN, gender, GENDER, "male", "Female").ok
    with pytest.raises(UnknownSet):
        in_set(BUILT_IN, "http://example.org/none", GENDER, "male")
