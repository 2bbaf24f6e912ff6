"""The catalogue of checks."""

import re
from datetime import date

import pytest

from yteso import standards


FIELDS = {
    table.id: {name for s in standards.STANDARDS.values() if table.id in s.tables for name in s.tables[table.id].fields}
    for version in standards.STANDARDS.values()
    for table in version.tables.values()
}
EVERY_FIELD = set().union(*FIELDS.values())


def names_in(text):
    return set(re.findall(r"\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b", text))


def visit_rules():
    return [rule for rule in standards.rules().values() if rule.table not in {"ENV", "ALL"}]


def test_all_246_checks_are_there():
    assert len(standards.rules()) == 246


def test_ids_start_with_the_table_they_check():
    for id, rule in standards.rules().items():
        assert id == rule.id
        assert re.fullmatch(re.escape(rule.table.replace("+", "_")) + r"-\d{3}", id)


def test_severities():
    assert {rule.severity for rule in standards.rules().values()} == {"critical", "warning"}


def test_every_check_says_what_it_wants_and_where_it_comes_from():
    for rule in standards.rules().values():
        assert rule.fields
        assert rule.condition
        assert rule.source


@pytest.mark.parametrize("rule", visit_rules(), ids=lambda rule: rule.id)
def test_tables_of_a_check_exist_in_some_version(rule):
    assert set(rule.table.split("+")) <= set(FIELDS)


@pytest.mark.parametrize("rule", visit_rules(), ids=lambda rule: rule.id)
def test_fields_of_a_check_exist_in_its_tables_or_the_summary(rule):
    own = FIELDS["XML1"].union(*(FIELDS[table] for table in rule.table.split("+")))
    assert names_in(rule.fields) <= own
    assert names_in(rule.condition) <= EVERY_FIELD | set(standards.CODE_LISTS)


def test_a_check_in_full():
    rule = standards.rules()["XML1-048"]
    assert (rule.table, rule.fields, rule.severity) == ("XML1", "NGAY_VAO, NGAY_RA", "critical")


def test_results_named_by_the_checks_equal_the_lists():
    assert "1-8 from 4750" in standards.rules()["XML1-057"].condition
    assert list(standards.code_list("KET_QUA_DTRI", date(2026, 1, 1)).codes)[-1] == "8"
