"""Tokens: codes, identifiers, flags, and the modifiers of each."""

import pytest
from search_cases import found, table

from yteso.fhir.search import SearchError, parse


ICD = "http://hl7.org/fhir/sid/icd-10"
LOINC = "http://loinc.org"
CCCD = "http://fhir.hl7.org.vn/core/sid/cccd"

TWO_CODES = {
    "code": {
        "text": "Bệnh tả",
        "coding": [
            {"system": ICD, "code": "A00.0", "display": "Bệnh tả do Vibrio cholerae"},
            {"code": "TA|01", "display": "Mã riêng"},
        ],
    }
}

CODES = table(f"""
    # modifier | search                 | found
    :          | A00.0                  | yes
    :          | a00.0                  | no
    :          | A00                    | no
    :          | {ICD}|A00.0            | yes
    :          | {LOINC}|A00.0          | no
    :          | |A00.0                 | no
    :          | {ICD}|                 | yes
    :          | {LOINC}|               | no
    :          | B01,A00.0              | yes
    :          | B01,{LOINC}|A00.0      | no
    # the code TA|01 has no system
    :          | TA\\|01                | yes
    :          | |TA\\|01               | yes
    :          | {ICD}|TA\\|01          | no
    :not       | A00.0                  | no
    :not       | B01                    | yes
    :not       | B01,A00.0              | no
    :not       | {LOINC}|A00.0          | yes
    :text      | bệnh tả                | yes
    :text      | BENH TA                | yes
    :text      | benh ta do vibrio      | yes
    :text      | ma rieng               | yes
    :text      | vibrio                 | no
    :missing   | true                   | no
    :missing   | false                  | yes
    :below     | {ICD}|A00              | yes
    :below     | {ICD}|A00-A09          | yes
    :below     | {ICD}|I                | yes
    :below     | {ICD}|A00.0            | yes
    :below     | {ICD}|A01              | no
    :below     | {ICD}|A15-A19,{ICD}|I  | yes
    :above     | {ICD}|A00.0            | yes
    :above     | {ICD}|A00              | no
""")


@pytest.mark.parametrize(("modifier", "search", "expected"), CODES)
def test_codes(modifier, search, expected):
    assert found("Condition", "code" + modifier.rstrip(":"), search, TWO_CODES) == (expected == "yes")


def test_a_group_recorded_as_such_is_above_its_codes():
    recorded = {"code": {"coding": [{"system": ICD, "code": "A00"}]}}
    assert found("Condition", "code:above", f"{ICD}|A00.1", recorded)
    assert not found("Condition", "code:above", f"{ICD}|A01.0", recorded)


def test_procedures_have_levels_too():
    system = "http://hl7.org/fhir/sid/icd-9-cm"
    done = {"code": {"coding": [{"system": system, "code": "00.09"}]}}
    assert found("Procedure", "code:below", f"{system}|00.09", done)


def test_without_the_code_not_finds_a_resource():
    for resource in ({}, {"code": {"text": "Không rõ"}}):
        assert found("Condition", "code:not", "A00.0", resource)
        assert not found("Condition", "code", "A00.0", resource)


def test_a_text_alone_is_a_value_without_a_code():
    assert found("Condition", "code:missing", "false", {"code": {"text": "Sốt"}})
    assert found("Condition", "code:text", "sot", {"code": {"text": "Sốt"}})
    assert found("Condition", "code:missing", "true", {})


BARE = table("""
    # parameter | search                                     | found
    gender      | female                                     | yes
    gender      | male                                       | no
    gender      | http://hl7.org/fhir/administrative-gender|female | yes
    gender      | http://hl7.org/fhir/administrative-gender| | yes
    gender      | http://hl7.org/fhir/observation-status|female    | no
    gender      | |female                                    | yes
    gender:not  | male                                       | yes
    active      | true                                       | yes
    active      | false                                      | no
    active      | http://hl7.org/fhir/special-values|true    | yes
    _id         | p1                                         | yes
    _id         | p2,p1                                      | yes
    _id         | P1                                         | no
    deceased    | false                                      | yes
    deceased    | true                                       | no
    email       | a@b.vn                                     | yes
    email       | 0912345678                                 | no
    phone       | 0912345678                                 | yes
    telecom     | phone|0912345678                           | yes
    telecom     | email|0912345678                           | no
    language    | vi                                         | yes
    _tag        | http://yteso.vn/nhan|gap                   | yes
    _security   | HIV                                        | yes
""")
PATIENT = {
    "id": "p1",
    "meta": {"tag": [{"system": "http://yteso.vn/nhan", "code": "gap"}], "security": [{"code": "HIV"}]},
    "gender": "female",
    "active": True,
    "telecom": [{"system": "phone", "value": "0912345678"}, {"system": "email", "value": "a@b.vn"}],
    "communication": [{"language": {"coding": [{"system": "urn:ietf:bcp:47", "code": "vi"}]}}],
}


@pytest.mark.parametrize(("name", "search", "expected"), BARE)
def test_bare_codes_flags_and_contacts(name, search, expected):
    assert found("Patient", name, search, PATIENT) == (expected == "yes")


@pytest.mark.parametrize(
    ("says", "dead"),
    [
        ({}, "false"),
        ({"deceasedBoolean": False}, "false"),
        ({"deceasedBoolean": True}, "true"),
        ({"deceasedDateTime": "2026-01-01"}, "true"),
    ],
)
def test_who_has_died(says, dead):
    assert found("Patient", "deceased", dead, says)
    assert not found("Patient", "deceased", "false" if dead == "true" else "true", says)


IDENTIFIED = {
    "identifier": [
        {"system": CCCD, "value": "001099012345"},
        {"type": {"coding": [{"system": "http://hl7/v2-0203", "code": "MR"}], "text": "Mã bệnh nhân"}, "value": "77"},
    ]
}
IDENTIFIERS = table(f"""
    :        | 001099012345                | yes
    :        | {CCCD}|001099012345         | yes
    :        | {CCCD}|                     | yes
    :        | |77                         | yes
    :        | |001099012345               | no
    :        | 0010990123                  | no
    :of-type | http://hl7/v2-0203|MR|77    | yes
    :of-type | http://hl7/v2-0203|MR|78    | no
    :of-type | http://hl7/v2-0203|SS|77    | no
    :of-type | http://x|A|1,http://hl7/v2-0203|MR|77 | yes
    :text    | ma benh nhan                | yes
    :not     | 77                          | no
""")


@pytest.mark.parametrize(("modifier", "search", "expected"), IDENTIFIERS)
def test_identifiers(modifier, search, expected):
    assert found("Patient", "identifier" + modifier.rstrip(":"), search, IDENTIFIED) == (expected == "yes")


def test_value_sets_are_those_the_caller_expands():
    def expand(canonical):
        return [(ICD, "A00.0"), (ICD, "A00.1")] if canonical == "http://yteso.vn/vs/ta" else None

    assert found("Condition", "code:in", "http://yteso.vn/vs/ta", TWO_CODES, expand=expand)
    assert not found("Condition", "code:not-in", "http://yteso.vn/vs/ta", TWO_CODES, expand=expand)
    assert found("Condition", "code:not-in", "http://yteso.vn/vs/ta", {}, expand=expand)
    with pytest.raises(SearchError, match="value set"):
        parse("Condition", [("code:in", "http://yteso.vn/vs/khac")], strict=True, expand=expand)


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("code", "a|b|c", "token"),
        ("code", "|", "token"),
        ("code", "a,", "token"),
        ("code:text", "a,", "string"),
        ("identifier:of-type", "MR|77", "of_type"),
        ("identifier:of-type", "a||77", "of_type"),
        ("code:below", "A00", "needs_system"),
        ("code:above", f"{ICD}|", "needs_system"),
        ("code:below", f"{LOINC}|8867-4", "no_hierarchy"),
        ("code:below", f"{ICD}|ZZZ", "unknown_code"),
        ("code:in", "http://yteso.vn/vs/ta", "value_set"),
        ("code:missing", "yes", "boolean"),
        ("code:exact", "A00", "modifier"),
    ],
)
def test_what_is_no_token_is_refused(name, text, reason):
    kind = "Patient" if name.startswith("identifier") else "Condition"
    with pytest.raises(SearchError) as raised:
        parse(kind, [(name, text)], strict=True)
    assert raised.value.reason == reason
