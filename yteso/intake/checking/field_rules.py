"""The data tables that steer the field checks.

`field_rules.csv` gives a mistake in a field the id of the rule that names exactly this field and check, so that one
mistake is one finding; `allowed_codes.csv` narrows a code list for one table; `exceptions.csv` says where the
decree's text lets a field be as it is although its table does not.
"""

import csv
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from yteso import standards
from yteso.intake.checking.engine import register
from yteso.intake.dossier import Row


GENERAL = {"REQ": "FLD-REQ", "NUM": "ALL-002", "LEN": "ALL-001", "CODE": "FLD-CODE", "DATE": "FLD-DATE"}
"""The rule of each check where no rule names the field."""


@dataclass(frozen=True, slots=True)
class Excuse:
    """`unless` is "" (always) or FIELD=value of the same row."""

    unless: str
    reason: str

    def covers(self, row: Row) -> bool:
        name, _, value = self.unless.partition("=")
        return not name or row.get(name) == value


def rows(name: str) -> list[dict[str, str]]:
    """The rows of one data table of this package."""
    text = (files(__package__) / "data" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))


@cache
def _special() -> dict[tuple[str, str, str], str]:
    return {(row["table"], row["field"], row["check"]): row["rule"] for row in rows("field_rules.csv")}


def rule_of(table: str, field: str, check: str) -> str:
    """The id under which this check of this field is reported."""
    return _special().get((table, field, check), GENERAL[check])


@cache
def standards_of(id: str) -> frozenset[str]:
    """The versions that have a field whose checks are reported under this id."""
    if id in GENERAL.values():
        return frozenset(standards.STANDARDS)
    places = {(table, field) for (table, field, _), rule in _special().items() if rule == id}
    return frozenset(
        version.id
        for version in standards.STANDARDS.values()
        if any(table in version.tables and field in version.tables[table].fields for table, field in places)
    )


@cache
def allowed_codes() -> dict[tuple[str, str, str], frozenset[str]]:
    """(standard, table, field) → the codes that table takes, where fewer than the list has."""
    return {
        (standard, row["table"], row["field"]): frozenset(row["codes"].split(";"))
        for row in rows("allowed_codes.csv")
        for standard in row["standards"].split(";")
    }


@cache
def exceptions() -> dict[tuple[str, str, str, str], Excuse]:
    """(standard, table, field, check) → when the check is not made."""
    return {
        (standard, row["table"], row["field"], row["check"]): Excuse(row["unless"], row["reason"])
        for row in rows("exceptions.csv")
        for standard in row["standards"].split(";")
    }


def enter() -> None:
    """Enter every rule the field checks can raise."""
    for id in dict.fromkeys([*GENERAL.values(), *_special().values()]):
        register(id)
