"""What the tables of the XML1, envelope and paper rules share: one way to say which dossier is broken how."""

from datetime import datetime

from cases import HEADER, NOW, change, clean_visit, outpatient_visit, referred_visit, visit_4210, without

from yteso.intake import checking, messages
from yteso.intake.dossier import Dossier
from yteso.intake.findings import Finding


NOW_4210 = datetime(2023, 6, 1)

VISITS = {"in": clean_visit, "out": outpatient_visit, "ref": referred_visit, "4210": visit_4210}


def newborn() -> Dossier:
    """The inpatient is a child born two days before, at half past three."""
    birth = {"NGAY_SINH": "202601080330", "MA_BENH_CHINH": "P59.9"}
    visit = change(clean_visit(), "XML1", 1, CAN_NANG="3.2", MA_BENH_KT=None, **birth)
    return change(visit, "XML14", 1, **birth)


def older(standard: str) -> Dossier:
    visit = clean_visit()
    visit.standard = standard
    if standard == "130":
        del visit.tables["XML14"]
    return visit


VISITS |= {"baby": newborn, "130": lambda: older("130"), "4750": lambda: older("4750")}


def build(visit: str, table: str, row: int, fields: dict[str, str | None] | None) -> Dossier:
    """A dossier by name with one row changed; without the table when `fields` is None."""
    start = VISITS[visit]()
    return without(start, table) if fields is None else change(start, table, row, **fields)


def findings(visit: Dossier) -> list[Finding]:
    return checking.check(visit, HEADER, now=NOW_4210 if visit.standard == "4210" else NOW)


def fired(visit: Dossier, rule: str) -> list[Finding]:
    return [finding for finding in findings(visit) if finding.rule == rule]


def explain(finding: Finding) -> str:
    """All the words of a finding; a parameter the message asks for and the rule forgot shows as an ellipsis."""
    texts = []
    for lang in ("vi", "en"):
        said = messages.describe(finding, lang=lang)
        texts += [said.message, said.hint]
    return "\n".join(texts)
