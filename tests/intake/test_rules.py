"""Every rule finds what its table says, and only that: the tables are `rules/*.txt`, their notation is in `spec`."""

import re

import pytest
import rules_page
from bases import SAMPLES, VISITS
from scene import findings
from spec import Case, tables, told

from yteso import standards
from yteso.intake import checking, messages
from yteso.intake.checking.listing import not_possible
from yteso.intake.signature import STATES


TABLES = tables()
CASES = [case for table in TABLES.values() for case in table.cases]

TOLD_ELSEWHERE = {
    "SYS-001": "test_checking: a rule that breaks",
    "SYS-002": "test_taking_in: a dossier that cannot be mapped",
    "ENV-127": "test_dropped: a file on disk that cannot be opened",
    "ENV-201": "test_taking_in: the account that sends",
    "XML1-085": "test_repeats: needs what was taken in before",
    "INT-001": "test_repeats: needs what was taken in before",
    **dict.fromkeys(("ENV-006", *STATES), "test_signature: needs keys and certificates"),
}
"""Rules that no dossier or file breaks by itself → the test that has their cases, and what they need."""


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
    here = set(checking.RULES) - TOLD_ELSEWHERE.keys()
    assert {case.rule for case in CASES if not case.passes} == here
    assert {case.rule for case in CASES if case.passes} == here


def test_a_table_begins_with_what_the_rule_table_of_the_standards_says():
    said = {rule: table.condition for rule, table in TABLES.items() if rule in standards.rules()}
    assert said == {rule: f"{row.fields}: {row.condition}" for rule, row in standards.rules().items() if rule in said}


def test_every_rule_of_the_standards_is_in_the_page_with_its_cases_or_why_it_is_not_checked():
    text = rules_page.page()
    assert [rule for rule in standards.rules() if f"### {rule}\n" not in text and f"| {rule} |" not in text] == []
    assert set(not_possible()) == set(standards.rules()) - set(checking.RULES)


def test_the_page_of_the_rules_is_current():
    """`make docs` writes it."""
    assert rules_page.page() == rules_page.PAGE.read_text(encoding="utf-8")
