"""Field checks: required, number, date, length and code list of every field, from the field tables.

For each standard and table a function is written as Python source and compiled at first use, and one more for each
shape of row that is met often: it accepts what is
certainly right as fast as it can, fills the numbers, and hands the rest to `judge`, which decides. So the fast part
cannot raise a finding, and the slow part is only paid for what looks odd.
"""

from collections.abc import Callable
from datetime import date
from functools import cache

from yteso import standards
from yteso.intake.checking import field_rules, judge, values
from yteso.intake.checking.engine import Sink, Visit
from yteso.standards import Field
from yteso.standards.shapes import ByShape, Shape


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
            of = compiled(visit.standard, name)
            numbers[name] = [of[tuple(row)](at, row, look, codes) for at, row in enumerate(rows, 1)]
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
def compiled(standard: str, table: str) -> ByShape:
    """The check functions of one table, by the shape of the row: (row number, row, look, lists) → its numbers."""
    numeric = [field for field in plan(standard, table) if field.type == "number"]
    names = {_numbers_name(field): values.numbers(field.decimals, field.max_length) for field in numeric} | MEMORIES

    def function(shape: Shape | None = None) -> Callable:
        scope = dict(names)
        exec(source(standard, table, shape), scope)  # noqa: S102 (our own text, built from the package's field tables)
        return scope["check"]

    return ByShape(function(), function)


def source(standard: str, table: str, shape: Shape | None = None) -> str:
    """The Python source of the check function of one table: of any row, or of those of a shape."""
    lines = ["n = {}"] + (["values = (*row.values(),)"] if shape else [])
    for at, field in enumerate(plan(standard, table)):
        coded = bool(field.code_list) or (standard, table, field.name) in field_rules.allowed_codes()
        if shape is None:
            lines += _wherever(field, _there(at, field, coded, f"row[{field.name!r}]"), _missing(at, field))
        elif field.name in shape:
            lines += _there(at, field, coded, f"values[{shape.index(field.name)}]")
        else:
            lines += _missing(at, field)
    return "\n    ".join(["def check(at, row, look, lists):", *lines, "return n"])


def _wherever(field: Field, there: list[str], missing: list[str]) -> list[str]:
    if not there and not missing:
        return []
    lines = [f"if {field.name!r} in row:", *(f"    {line}" for line in there or ["pass"])]
    return [*lines, "else:", *(f"    {line}" for line in missing)] if missing else lines


def _missing(at: int, field: Field) -> list[str]:
    return [f"look(at, {at}, '', row)"] if field.required else []


def _there(at: int, field: Field, coded: bool, value: str) -> list[str]:
    doubts = _doubts(at, field, coded)
    fail = f"look(at, {at}, v, row)"
    if field.type == "number":
        lines = [f"v = {value}", f"x = {_numbers_name(field)}[v]", f"if x is None: {fail}", "else:"]
        return [*lines, f"    n[{field.name!r}] = x", *(f"    if {doubt}: {fail}" for doubt in doubts)]
    return [f"v = {value}", f"if {' or '.join(doubts)}: {fail}"] if doubts else []


def _doubts(at: int, field: Field, coded: bool) -> list[str]:
    """Expressions of which one is true whenever the value `v` may be wrong (that it is a number is seen before)."""
    if field.type == "number":
        found = []
    elif field.type in ("date", "datetime"):
        found = [f"not {_memory_name(field)}[v]"]
    else:
        found = [f"len(v) > {field.max_length}"] if field.max_length else []
    return found + ([f"(known := lists[{at}]) is not None and v not in known"] if coded else [])


def _numbers_name(field: Field) -> str:
    return f"N{field.decimals}_{field.max_length or ''}"


def _memory_name(field: Field) -> str:
    return next(name for name, memory in MEMORIES.items() if memory is judge.memory(field))
