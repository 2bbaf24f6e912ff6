"""Strings and URIs."""

import unicodedata

import pytest
from search_cases import found, table

from yteso.fhir.search import SearchError, parse


HANG = {
    "name": [
        {"text": "Đặng Thị Thuý Hằng", "family": "Đặng", "given": ["Thị Thuý", "Hằng"]},
        {"use": "old", "family": "O’Brien"},
    ],
    "address": [{"line": ["12 Lê Lợi"], "city": "Huế", "district": "Thuận Hoá", "country": "VN"}],
}

NAMES = table("""
    # parameter       | search               | found
    name              | Đặng                 | yes
    name              | đặng                 | yes
    name              | DANG                 | yes
    name              | dang                 | yes
    name              | dang thi             | yes
    name              | Đ                    | yes
    # tones do not tell names apart, unless asked to
    name              | Dằng                 | yes
    # and every word of a name is a beginning
    name              | hang                 | yes
    name              | thuy                 | yes
    name              | thi thuy             | yes
    name              | dang hang            | no
    name              | ang                  | no
    given             | thuy                 | yes
    given             | huy                  | no
    name              | dang  thi            | yes
    name              | dang,nguyen          | yes
    name              | nguyen,tran          | no
    family            | dang                 | yes
    family            | hang                 | no
    given             | hằng                 | yes
    name:contains     | thuý                 | yes
    name:contains     | ANG                  | yes
    name:contains     | nguyen               | no
    name:exact        | Đặng                 | yes
    name:exact        | Hằng                 | yes
    name:exact        | đặng                 | no
    name:exact        | Dang                 | no
    name:exact        | Đặn                  | no
    name:exact        | Đặng Thị Thuý Hằng   | yes
    name              | o’b                  | yes
    # the use of a name is not part of it
    name              | old                  | no
    address           | 12 le loi            | yes
    address           | hue                  | yes
    address           | thuan                | yes
    address           | vn                   | yes
    address           | le                   | no
    address-city      | hue                  | yes
    address-city      | thuan                | no
""")


@pytest.mark.parametrize(("name", "search", "expected"), NAMES)
def test_names_and_addresses_are_found_by_how_they_begin(name, search, expected):
    assert found("Patient", name, search, HANG) == (expected == "yes")


@pytest.mark.parametrize("form", ["NFC", "NFD"])
def test_how_a_letter_is_composed_does_not_matter(form):
    assert found("Patient", "name:exact", unicodedata.normalize(form, "Đặng"), HANG)
    assert found("Patient", "name", unicodedata.normalize(form, "Hằng"), HANG)


@pytest.mark.parametrize(
    ("search", "expected"),
    [("Cốc\\, vại", True), ("coc\\, v", True), ("x,coc\\, vai", True), ("coc;v", False), ("coc", True), ("vai", False)],
)
def test_a_comma_that_belongs_to_the_text_is_escaped(search, expected):
    assert found("Observation", "value-string", search, {"valueString": "Cốc, vại"}) is expected


def test_a_backslash_before_any_other_letter_is_itself():
    assert found("Observation", "value-string", "a\\\\b", {"valueString": "a\\b"})
    assert found("Observation", "value-string", "a\\b", {"valueString": "a\\b"})
    assert found("Observation", "value-string", "a\\", {"valueString": "a\\"})


@pytest.mark.parametrize("text", [" ", "a,", ",", "\u0301"])
def test_nothing_to_look_for_is_refused(text):
    with pytest.raises(SearchError):
        parse("Patient", [("name", text)], strict=True)


SITE = "http://yteso.vn/fhir/ValueSet/benh"

URIS = table(f"""
    # modifier | search                     | found
    :          | {SITE}                     | yes
    :          | http://x.org,{SITE}        | yes
    :          | http://yteso.vn/fhir       | no
    :          | HTTP://yteso.vn            | no
    :below     | http://yteso.vn/fhir       | yes
    :below     | http://yteso.vn/fhir/      | yes
    :below     | {SITE}                     | yes
    :below     | http://yteso.vn/fhi        | no
    :above     | {SITE}/con                 | yes
    :above     | {SITE}                     | yes
    :above     | http://yteso.vn/fhir       | no
    :above     | {SITE}x                    | no
    :missing   | false                      | yes
    :missing   | true                       | no
""")


@pytest.mark.parametrize(("modifier", "search", "expected"), URIS)
def test_uris(modifier, search, expected):
    assert found("ValueSet", "url" + modifier.rstrip(":"), search, {"url": SITE}) == (expected == "yes")


def test_a_profile_is_found_with_and_without_its_version():
    resource = {"meta": {"profile": ["http://yteso.vn/StructureDefinition/benh-nhan|1.2"], "source": "urn:x#1"}}
    assert found("Patient", "_profile", "http://yteso.vn/StructureDefinition/benh-nhan", resource)
    assert found("Patient", "_profile", "http://yteso.vn/StructureDefinition/benh-nhan|1.2", resource)
    assert not found("Patient", "_profile", "http://yteso.vn/StructureDefinition/benh-nhan|1.3", resource)
    assert found("Patient", "_source", "urn:x#1", resource)


@pytest.mark.parametrize("modifier", ["above", "below"])
def test_a_urn_has_no_levels(modifier):
    assert found("ValueSet", "url", "urn:oid:1.2.3", {"url": "urn:oid:1.2.3"})
    with pytest.raises(SearchError, match="URN"):
        parse("ValueSet", [(f"url:{modifier}", "urn:oid:1.2.3")], strict=True)
