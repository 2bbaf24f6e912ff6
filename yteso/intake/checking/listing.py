"""Every rule as one table: what it asks, of which visits, how serious it is, and why some cannot be asked."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from yteso import standards
from yteso.intake.checking import field_rules
from yteso.intake.checking.engine import ALL, RULES, Rule
from yteso.intake.policy import DEFAULT, Policy


@dataclass(frozen=True, slots=True)
class Listed:
    """One rule. Days are of the visit's end: the first and last that its standards cover, None without end.

    `implemented` is False for a rule of the insurer that nobody outside it can judge; `reason` says why.
    """

    id: str
    tables: tuple[str, ...]
    fields: str
    severity: str
    source: str
    effective_from: date
    effective_to: date | None
    standards: tuple[str, ...]
    on: bool
    tolerance: float | None
    implemented: bool
    reason: str
    condition: str


@cache
def not_possible() -> dict[str, str]:
    """Rules of the rule table that are not judged → the reason."""
    return {row["rule"]: row["reason"] for row in field_rules.rows("not_possible.csv")}


def listed(policy: Policy = DEFAULT, on: date | None = None) -> list[Listed]:
    """All rules in the order of the rule table, then our own, as `policy` has them for visits that end on `on`."""
    ids = dict.fromkeys([*standards.rules(), *sorted(RULES)])
    return [_listed(RULES[id], policy, on) if id in RULES else _outside(id) for id in ids]


def _listed(rule: Rule, policy: Policy, on: date | None) -> Listed:
    first, last = days(rule)
    standing = policy.standing(rule, on) if on else rule
    speaks = standing.on and (on is None or (first <= on and (last is None or on <= last)))
    return Listed(
        *(rule.id, rule.tables, rule.fields, standing.severity, rule.source, first, last, applies_to(rule)),
        *(speaks, standing.tolerance, True, "", rule.condition),
    )


def _outside(id: str) -> Listed:
    row = standards.rules()[id]
    tables = tuple(row.table.split("+"))
    rule = Rule(id, row.severity, tables, row.fields, row.condition, row.source)
    return Listed(
        *(id, tables, row.fields, row.severity, row.source, *days(rule), applies_to(rule)),
        *(False, None, False, not_possible()[id], row.condition),
    )


def applies_to(rule: Rule) -> tuple[str, ...]:
    """The versions it is asked of: those of its function and those whose fields name it, where they have its table."""
    asked = {*(rule.standards if rule.check else ()), *field_rules.standards_of(rule.id)} or set(rule.standards)
    return tuple(version for version in ALL if version in asked and _has(version, rule.tables))


def _has(version: str, tables: tuple[str, ...]) -> bool:
    known = standards.standard(version).tables
    return any(not table.startswith("XML") or table in known for table in tables)


def days(rule: Rule) -> tuple[date, date | None]:
    """First and last day of the visits it applies to."""
    versions = [standards.standard(version) for version in applies_to(rule)]
    ends = [version.effective_to for version in versions]
    last = None if None in ends else max(ends)
    return min(version.effective_from for version in versions), rule.last or last
