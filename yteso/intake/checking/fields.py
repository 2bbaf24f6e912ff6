"""Field checks: required, number, date, length and code list of every field, from the field tables.

For each standard and table a function is written as Python source and compiled at first use: it accepts what is
certainly right as fast as it can, fills the numbers, and hands the rest to `judge`, which decides. So the fast part
cannot raise a finding, and the slow part is only paid for what looks odd.
"""

from datetime import date
from functools import cache

from yteso import standards
from yteso.intake.checking import field_rules, judge, values
from yteso.intake.checking.engine import Sink, Visit
from yteso.standards import Field


UNLISTED = ("ICD10", "ICD9CM")
"""Lists that are catalogues of their own: the rules look into them."""

MEMORIES = {
    "D8": values.DAYS,
    "D12": values.MINUTES,
    "B4": values.BIRTH_YEARS,
    "B8": values.BIRTH_DAYS,
    "B12": values.BIRTH_MINUTES,
}
"""What the generated source calls the memories of moments; N and two figures are those of numbers."""


def check(visit: Visit, sink: Sink) -> None:
    """Check every row of every known table and give the visit its numbers."""
    numbers: dict[str, list[dict[str, float]]] = {}
    tables = standards.standard(visit.standard).tables
    for name, rows in visit.tables.items():
        if name in tables:
            codes = lists(visit.standard, name, visit.on)
            look = judge.Judge(visit, sink, name, plan(visit.standard, name), codes).look
            numbers[name] = compiled(visit.standard, name)(rows, look, codes)
    visit.numbers(numbers)


@cache
def plan(standard: str, table: str) -> list[Field]:
    return list(standards.standard(standard).tables[table].fields.values())


@cache
def lists(standard: str, table: str, on: date) -> tuple[frozenset[str] | None, ...]:
    """Per field the codes in force that day, None where any text will do."""
    return tuple(_codes(standard, table, field, on) for field in plan(standard, table))


def _codes(standard: str, table: str, field: Field, on: date) -> frozenset[str] | None:
    allowed = field_rules.allowed_codes().get((standard, table, field.name))
    if allowed:
        return allowed
    if not field.code_list or field.code_list in UNLISTED:
        return None
    listed = standards.code_list(field.code_list, on)
    return None if listed.open else frozenset(listed.codes)


@cache
def compiled(standard: str, table: str):
    """The check function of one table: (rows, look, lists) → numbers per row."""
    numeric = [field for field in plan(standard, table) if field.type == "number"]
    names = {_numbers_name(field): values.numbers(field.decimals, field.max_length) for field in numeric} | MEMORIES
    exec(source(standard, table), names)  # noqa: S102 (our own text, built from the package's field tables)
    return names["check"]


def source(standard: str, table: str) -> str:
    """The Python source of the check function of one table."""
    coded = {
        at for at, field in enumerate(plan(standard, table)) if field.code_list or _allowed(standard, table, field)
    }
    lines = ["def check(rows, look, lists):", "    out = []"]
    lines += [f"    L{at} = lists[{at}]" for at in sorted(coded)]
    lines += ["    at = 0", "    for row in rows:", "        at += 1", "        n = {}", "        out.append(n)"]
    for at, field in enumerate(plan(standard, table)):
        lines += ["        " + line for line in _statements(at, field, at in coded)]
    return "\n".join([*lines, "    return out", ""])


def _allowed(standard: str, table: str, field: Field) -> bool:
    return (standard, table, field.name) in field_rules.allowed_codes()


def _statements(at: int, field: Field, coded: bool) -> list[str]:
    doubts = _doubts(at, field, coded)
    number = field.type == "number"
    if not doubts and not field.required and not number:
        return []
    head = [f"v = row.get({field.name!r})", "if v is None:", f"    look(at, {at}, '', row)"]
    if not field.required:
        head = [f"if {field.name!r} in row:", f"    v = row[{field.name!r}]"]
    fail = f"look(at, {at}, v, row)"
    if number:
        body = [f"x = {_numbers_name(field)}[v]", f"if x is None: {fail}", "else:", f"    n[{field.name!r}] = x"]
        body += [f"    if {doubt}: {fail}" for doubt in doubts]
    else:
        body = [f"if {' or '.join(doubts)}: {fail}"] if doubts else []
    if not field.required:
        return head + ["    " + line for line in body]
    return head + (["else:", *("    " + line for line in body)] if body else [])


def _doubts(at: int, field: Field, coded: bool) -> list[str]:
    """Expressions of which one is true whenever the value `v` may be wrong (that it is a number is seen before)."""
    if field.type == "number":
        found = []
    elif field.type in ("date", "datetime"):
        found = [f"not {_memory_name(field)}[v]"]
    else:
        found = [f"len(v) > {field.max_length}"] if field.max_length else []
    return found + ([f"L{at} is not None and v not in L{at}"] if coded else [])


def _numbers_name(field: Field) -> str:
    return f"N{field.decimals}_{field.max_length or ''}"


def _memory_name(field: Field) -> str:
    return next(name for name, memory in MEMORIES.items() if memory is judge.memory(field))
