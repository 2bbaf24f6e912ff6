"""Every rule finds what its table says, and only that: the tables are `rules/*.txt`, their notation is in `spec`."""

import re

import pytest
import rules_page
from bases import SAMPLES, VISITS
from scene import findings
from spec import Case, tables, told

from yteso import standards
from yteso.intake import checking, messages


TABLES = tables()
CASES = [case for table in TABLES.values() for case in table.cases]

RAISED_LATER = {"SYS-001", "SYS-002", "ENV-201"}
"""Rules of the taking-in, not of a dossier: test_checking and test_taking_in tell of them."""


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_finds_what_its_table_says(case):
    for dossier in case.dossiers:
        found = findings(case, dossier)
        assert told(case.rule, found) == case.finding, dossier
        for finding in found:
            if finding.rule == case.rule:
                assert_explained(finding)


def assert_explained(finding):
    """A blank that the message has and the rule did not fill shows as an ellipsis."""
    for lang in ("vi", "en"):
        said = messages.describe(finding, lang=lang)
        text = f"{said.message} {said.hint}".replace(finding.value or "…", "")
        assert not re.search(r"[{}…]|None", text), text


@pytest.mark.parametrize("dossier", VISITS)
def test_a_dossier_the_tables_start_from_is_clean(dossier):
    assert findings(Case("", (dossier,), (), "", ""), dossier) == []


@pytest.mark.parametrize("table", [table for table in SAMPLES if table not in ("XML0", "XML5", "XML12")])
def test_a_row_the_tables_add_is_clean(table):
    assert findings(Case("", ("inpatient",), (f"+{table}",), "", ""), "inpatient") == []


def test_every_rule_has_a_case_that_fails_and_one_that_passes():
    assert {case.rule for case in CASES if not case.passes} == set(checking.RULES) - RAISED_LATER
    assert {case.rule for case in CASES if case.passes} == set(checking.RULES) - RAISED_LATER


def test_a_table_begins_with_what_the_rule_table_of_the_standards_says():
    said = {rule: table.condition for rule, table in TABLES.items() if rule in standards.rules()}
    assert said == {rule: f"{row.fields}: {row.condition}" for rule, row in standards.rules().items() if rule in said}


def test_every_rule_of_the_standards_is_in_the_page_with_its_cases_or_why_it_is_not_checked():
    text = rules_page.page()
    assert [rule for rule in standards.rules() if f"### {rule}\n" not in text and f"| {rule} |" not in text] == []
    assert set(rules_page.not_checked()) == set(standards.rules()) - set(checking.RULES)


def test_the_page_of_the_rules_is_current():
    """`make docs` writes it."""
    assert rules_page.page() == rules_page.PAGE.read_text(encoding="utf-8")
