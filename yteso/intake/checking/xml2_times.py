"""Rules of XML2 (drugs) on the moments of order and execution."""

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import Rows, bounds, once, stay, within
from yteso.intake.checking.values import MINUTES


@once
def out_of_order(v: Visit) -> Rows:
    """The rows whose moments do not simply follow: arrival, order, execution, leaving."""
    begins, ends = stay(v).begins, stay(v).ends
    found = []
    for at, row in enumerate(v.x2, 1):
        ordered = row.get("NGAY_YL", "")
        if not begins <= ordered <= row.get("NGAY_TH_YL", ordered) <= ends:
            found.append((at, row))
    return found


@rule("XML2-018", standards=ALL)
def order_is_within_the_stay(v: Visit, add: Add) -> None:
    known = stay(v)
    for at, row in out_of_order(v):
        ordered = row.get("NGAY_YL", "")
        if MINUTES[ordered] and not within(known, ordered):
            add("XML2", at, "NGAY_YL", ordered, **bounds(v))


@rule("XML2-019")
def execution_follows_the_order(v: Visit, add: Add) -> None:
    known = stay(v)
    for at, row in out_of_order(v):
        done = row.get("NGAY_TH_YL", "")
        earliest = row["NGAY_YL"] if within(known, row.get("NGAY_YL", "")) else known.arrived
        if MINUTES[done] and not earliest <= done <= known.ends:
            add("XML2", at, "NGAY_TH_YL", done, ngay_yl=row.get("NGAY_YL", "…"), **bounds(v))


@rule("XML2-020", standards=ALL)
def card_is_in_force_when_a_drug_is_ordered(v: Visit, add: Add) -> None:
    card_from = stay(v).card_from
    for at, row in out_of_order(v):
        ordered = row.get("NGAY_YL", "")
        if MINUTES[ordered] and ordered[:8] < card_from and v.n2[at - 1].get("T_BHTT", 0) > 0:
            add("XML2", at, "NGAY_YL", ordered, gt_the_tu=card_from)
