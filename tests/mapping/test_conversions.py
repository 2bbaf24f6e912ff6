"""Converters: whatever one carries it gives back, and what it cannot carry it declines."""

import json
import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yteso import standards
from yteso.mapping import names, renames, rest, values
from yteso.mapping.templates import DERIVED, LEAF, all_templates


INVERTIBLE = sorted(set(values.TO_FHIR) - DERIVED - {"zero", "nonzero"})
DIGITS = st.text("0123456789", max_size=14)
NUMBERLIKE = st.text("0123456789.,-+<>e ", min_size=1, max_size=16)
ANY = st.one_of(DIGITS, NUMBERLIKE, st.text(st.characters(codec="utf-8"), min_size=1))


def read(literal: str) -> str:
    return json.loads(literal.encode("latin-1"), parse_float=str, parse_int=str)


@pytest.mark.parametrize("name", INVERTIBLE)
@given(text=ANY)
def test_what_is_carried_comes_back(name, text):
    literal = values.TO_FHIR[name](text)
    if literal:
        assert values.FROM_FHIR.get(name, str)(read(literal)) == text


@pytest.mark.parametrize("name", sorted(values.TO_FHIR))
@given(text=ANY)
def test_every_form_is_json(name, text):
    for convert in (values.TO_FHIR[name], values.NEAR.get(name, values.TO_FHIR[name])):
        literal = convert(text)
        assert literal == "" or read(literal) is not None


@given(text=ANY)
def test_an_amount_is_either_zero_or_something(text):
    assert [bool(values.zero(text)), bool(values.nonzero(text))].count(True) == bool(values.decimal(text))


@given(text=ANY)
def test_a_result_is_either_a_number_or_words(text):
    assert bool(values.number_near(text)) != bool(values.words(text))


@given(text=st.text(st.characters(codec="utf-8")))
def test_an_image_is_the_bytes_of_the_text(text):
    assert values.image(text).encode("latin-1") == text.encode()


@pytest.mark.parametrize("text", ["20260229", "20261301", "20260100", "2026010", "٢٠٢٦٠١٠١", "2026-1-1", "00000101"])
def test_what_is_no_day_is_declined(text):
    assert values.date(text) == ""
    assert values.instant(text + "0000") == ""


@pytest.mark.parametrize("text", ["202601012400", "202601010060", "20260101 800", "20260101080"])
def test_what_is_no_moment_is_declined(text):
    assert values.instant(text) == ""


@pytest.mark.parametrize(
    ("text", "exact", "shown"),
    [
        ("198503150000", "1985-03-15", "1985-03-15"),
        ("198503000000", "1985-03", "1985-03"),
        ("198500000000", "1985", "1985"),
        ("198503150830", "", "1985-03-15"),
        ("19850315", "", "1985-03-15"),
        ("1985", "", "1985"),
        ("198500150000", "", ""),
        ("198513000000", "", ""),
        ("000000000000", "", ""),
    ],
)
def test_birth_dates(text, exact, shown):
    assert values.birth(text).strip('"') == exact
    assert values.birth_near(text).strip('"') == shown


@pytest.mark.parametrize(
    ("text", "number"),
    [("5", "5"), ("5,4", "5.4"), ("< 5", "5"), ("007", "7"), ("-0.50", "-0.50"), ("1.2.3", ""), ("", ""), ("5 mg", "")],
)
def test_numbers_in_results(text, number):
    assert values.number_near(text) == number


def test_a_memo_forgets_before_it_grows_too_big():
    seen = []
    memo = values.Memo(lambda text: seen.append(text) or text, 3)
    assert [memo[text] for text in "abacad"] == list("abacad")
    assert (seen, set(memo)) == (list("abcd"), {"d"})


def test_value_maps_that_are_read_back_have_no_double_codes():
    maps = names.rows("value_maps.csv")
    invertible = [(row["map"], row["code"]) for row in maps if row["map"] not in DERIVED]
    assert len(set(invertible)) == len(invertible)


@pytest.mark.parametrize("standard", standards.STANDARDS)
def test_renamed_fields_exist_and_lead_to_the_newest_table(standard):
    for row in names.rows("renames.csv"):
        for version in row["standards"].split():
            assert row["old"] in standards.STANDARDS[version].tables[row["table"]].fields
            assert row["new"] in standards.STANDARDS["3176"].tables[row["table"]].fields
            assert row["new"] not in standards.STANDARDS[version].tables[row["table"]].fields


@given(st.dictionaries(st.sampled_from(["MA_THE", "MA_THE_BHYT", "MA_BENH", "MA_BENH_CHINH", "HO_TEN"]), st.just("a")))
def test_renaming_there_and_back(row):
    assert renames.backward("XML1", renames.forward("XML1", row, "4210"), "4210") == row


def test_data_tables_name_only_fields_that_exist():
    newest = standards.STANDARDS["3176"].tables
    for row in names.rows("shared.csv"):
        assert row["field"] in rest.fields(row["table"])
        assert row["xml1_field"] in newest["XML1"].fields
    for row in names.rows("varying.csv"):
        assert row["field"] in rest.fields(row["table"])
    for row in names.rows("splits.csv"):
        assert row["field"] in newest["XML1"].fields


def test_placeholders_name_only_fields_and_converters_that_exist():
    for template in all_templates():
        known = {*rest.fields(template.table), *rest.SPLIT_FIELDS}
        for kind, name, converter in re.findall(LEAF, json.dumps(template.body, ensure_ascii=False)):
            assert kind or name in known, (template.name, name)
            assert not converter or converter in values.TO_FHIR, (template.name, converter)


def test_ranges_of_sensitive_diagnoses_run_forward():
    for row in names.rows("sensitivity.csv"):
        assert row["from"] <= row["to"]


def test_systems_have_one_name_each():
    uris = sorted(names.systems().values())
    assert all(one != other for one, other in pairwise(uris))
