"""What the tables of rule tests share: which rules of XML2 to XML5 fire where, and dossiers of other versions."""

from copy import deepcopy
from datetime import datetime

from cases import HEADER, NOW, change, clean_visit

from yteso.intake import checking
from yteso.intake.dossier import Dossier, Row


OURS = ("XML2-", "XML3-", "XML3_XML4-", "XML4-", "XML5-")
NOW_4210 = datetime(2023, 6, 1)

Place = tuple[str, str, int | None, str]


def found(visit: Dossier, now: datetime = NOW) -> set[Place]:
    """(rule, table, row, field) of every finding of XML2 to XML5, and of a rule that broke."""
    findings = checking.check(visit, HEADER, now=now)
    return {(f.rule, f.table, f.row, f.field) for f in findings if f.rule.startswith((*OURS, "SYS"))}


def fires(rule: str, field: str, row: int | None, table: str = "") -> set[Place]:
    return {(rule, table or rule[:4], row, field)}


def params(visit: Dossier, rule: str, now: datetime = NOW) -> dict[str, str]:
    """The value and parameters of the only finding of one rule."""
    (finding,) = (f for f in checking.check(visit, HEADER, now=now) if f.rule == rule)
    return {"value": finding.value, **finding.params}


def written_to(standard: str) -> Dossier:
    """The clean visit as a dossier of another version of the 130 family; only its own rules then speak."""
    visit = clean_visit()
    visit.standard = standard
    if standard != "3176":
        for row in visit.tables["XML3"]:
            if "MA_MAY" in row:
                group, fund, number = row["MA_MAY"].split(".")
                row["MA_MAY"] = f"{group}.{fund}.99001.{number}"
    return visit


def with_row(visit: Dossier, table: str, like: int, **fields: str | None) -> Dossier:
    """A copy with one more row at the end of `table`: row number `like` with some fields set or taken away."""
    longer = deepcopy(visit)
    row: Row = dict(longer.tables[table][like - 1])
    longer.tables[table].append(row | {"STT": str(len(longer.tables[table]) + 1)})
    return change(longer, table, len(longer.tables[table]), **fields)


def operation(visit: Dossier, **fields: str | None) -> Dossier:
    """A copy whose imaging row (XML3 row 3) is an operation, its result taken out of XML4."""
    cut = change(visit, "XML3", 3, MA_NHOM="8", MA_DICH_VU="10.0150.0508", PP_VO_CAM="1", MA_MAY=None)
    del cut.tables["XML4"][2]
    return change(cut, "XML3", 3, **fields)
