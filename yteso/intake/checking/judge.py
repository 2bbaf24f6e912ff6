"""The careful half of the field checks: decides whether an odd-looking value is wrong, and by which rule."""

from dataclasses import replace

from yteso import standards
from yteso.intake.checking import field_rules, values
from yteso.intake.checking.engine import RULES, Sink, Visit, day
from yteso.intake.dossier import Row
from yteso.intake.findings import WARNING
from yteso.standards import Field


LONGEST = 80
"""Characters of a wrong value kept in its finding."""

MOMENTS = {
    ("date", False): values.DAYS,
    ("datetime", False): values.MINUTES,
    ("date", True): values.BIRTH_DAYS,
    ("datetime", True): values.BIRTH_MINUTES,
}
BIRTHS = ("NGAY_SINH", "NGAYSINH_NND")
"""Dates that may be partly unknown."""


class Judge:
    """The judge of one table of one visit."""

    def __init__(
        self,
        visit: Visit,
        sink: Sink,
        table: str,
        plan: list[Field],
        lists: tuple[frozenset[str] | None, ...],
    ) -> None:
        self.visit, self.sink, self.table, self.plan, self.lists = visit, sink, table, plan, lists

    def look(self, row_number: int, at: int, value: str, row: Row) -> None:
        """Report what is wrong with field number `at` ("" when it is missing), if anything is."""
        field = self.plan[at]
        check = self.problem(field, self.lists[at], value)
        if not check:
            return
        excused = field_rules.exceptions().get((self.visit.standard, self.table, field.name, check))
        if not excused or not excused.covers(row):
            self._report(row_number, field, check, value)

    def problem(self, field: Field, codes: frozenset[str] | None, value: str) -> str:
        """The first check the value fails: "REQ", "NUM", "DATE", "LEN", "CODE", or "" when it is right."""
        if not value:
            return "REQ" if field.required else ""
        each = values.parts(value) if field.many else [value]
        if field.type == "number":
            if not all(is_number(part, field) for part in each):
                return "NUM"
            if codes is None and not all(fits(part, field) for part in each):
                return "LEN"
        elif field.type in ("date", "datetime"):
            if not all(memory(field)[part] for part in each):
                return "DATE"
        elif codes is None and field.max_length and len(value) > field.max_length:
            return "LEN"
        if codes is not None and not all(self._known(part, field, codes) for part in each):
            return "CODE"
        return ""

    def _known(self, code: str, field: Field, codes: frozenset[str]) -> bool:
        """In the list of the visit's end, or of its beginning; a number may carry or lack a leading zero."""
        if code in codes:
            return True
        if field.type == "number" and any(code.lstrip("0") == known.lstrip("0") for known in codes):
            return True
        began = day(self.visit.x1.get("NGAY_VAO"))
        narrowed = (self.visit.standard, self.table, field.name) in field_rules.allowed_codes()
        return bool(began) and not narrowed and code in standards.code_list(field.code_list, began)

    def _report(self, row_number: int, field: Field, check: str, value: str) -> None:
        rule = self.visit.policy.standing(RULES[field_rules.rule_of(self.table, field.name, check)], self.visit.on)
        if not rule.on:
            return
        if rule.id == "FLD-REQ" and self.visit.standard == "4210":
            rule = replace(rule, severity=WARNING)  # which fields QĐ 4210 requires is known from implementations only
        self.sink.rule = rule
        shown = value if len(value) <= LONGEST else value[:LONGEST] + "…"
        self.sink(
            self.table,
            row_number,
            field.name,
            shown,
            length=str(len(value)),
            limit=str(field.max_length or ""),
            decimals=str(field.decimals),
            form=_form(field),
        )


def is_number(text: str, field: Field) -> bool:
    return values.numbers(field.decimals)[text] is not None


def fits(text: str, field: Field) -> bool:
    """Whether the digits before the point are no more than the field's length."""
    return values.numbers(field.decimals, field.max_length)[text] is not None


def memory(field: Field) -> values.Moments:
    """The memory that judges the moments of this field."""
    return values.BIRTH_YEARS if field.year_only else MOMENTS[field.type, field.name in BIRTHS]


def _form(field: Field) -> str:
    if field.year_only:
        return "yyyy / yyyymmdd"
    return {"date": "yyyymmdd", "datetime": "yyyymmddHHMM"}.get(field.type, "")
