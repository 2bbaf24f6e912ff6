"""XML1: sums of money against the rows of XML2 and XML3 (whole dossier in dong)."""

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.terms import cards, insured, name_in


DONG = 2.0
"""Difference of two sums of money that is put down to rounding."""

SUPPLY_GROUPS = (10.0, 11.0)
"""MA_NHOM."""
FEE_FOR_SERVICE = 1.0
"""MA_PTTT."""
FORCES = ("CA", "CY", "QN")
"""Heads of the cards of police, cipher staff and army."""

UNPAID = frozenset({"1.12", "1.13", "1.14", "1.18", "3.1", "3.5", "8", "9"})
"""MA_DOITUONG_KCB that may be entitled to nothing, or takes a claim back."""

OFF_ROUTE_4210 = "3"


def _sums_to(v: Visit, add: Add, total: str, rows: list[dict[str, float]], part: str) -> None:
    """Report XML1's `total` when it is not the sum of `part` over the rows; says nothing if a number is missing."""
    given = v.n1.get(total)
    try:
        expected = sum([row[part] for row in rows])
    except KeyError:
        return
    if given is not None and abs(given - expected) > add.tolerance:
        add("XML1", 1, total, v.x1[total], expected=f"{expected:.2f}", difference=f"{given - expected:.2f}")


def _supplies(v: Visit) -> list[dict[str, float]]:
    return [n for n in v.n3 if n.get("MA_NHOM") in SUPPLY_GROUPS]


@rule("XML1-072", tolerance=DONG)
def drugs_add_up(v: Visit, add: Add) -> None:
    _sums_to(v, add, "T_THUOC", v.n2, "THANH_TIEN_BV")


@rule("XML1-073", tolerance=DONG)
def supplies_add_up(v: Visit, add: Add) -> None:
    _sums_to(v, add, "T_VTYT", _supplies(v), "THANH_TIEN_BV")


@rule("XML1-074", tolerance=DONG)
def facility_cost_adds_up(v: Visit, add: Add) -> None:
    _sums_to(v, add, "T_TONGCHI_BV", v.n2 + v.n3, "THANH_TIEN_BV")


@rule("XML1-075", tolerance=DONG)
def insured_cost_adds_up(v: Visit, add: Add) -> None:
    _sums_to(v, add, "T_TONGCHI_BH", v.n2 + v.n3, "THANH_TIEN_BH")


@rule("XML1-076", tolerance=DONG)
def own_payment_adds_up(v: Visit, add: Add) -> None:
    _sums_to(v, add, "T_BNTT", v.n2 + v.n3, "T_BNTT")


@rule("XML1-077", tolerance=DONG)
def co_payment_adds_up(v: Visit, add: Add) -> None:
    _sums_to(v, add, "T_BNCCT", v.n2 + v.n3, "T_BNCCT")


@rule("XML1-078", standards=ALL, tolerance=DONG)
def claim_adds_up(v: Visit, add: Add) -> None:
    _sums_to(v, add, "T_BHTT", v.n2 + v.n3, "T_BHTT")


@rule("XML1-079", tolerance=DONG)
def claim_is_insured_cost_less_co_payment(v: Visit, add: Add) -> None:
    """Other sources may have taken over a part of the insured cost, but no more than they paid."""
    claim, cost, own = (v.n1.get(name) for name in ("T_BHTT", "T_TONGCHI_BH", "T_BNCCT"))
    if claim is None or cost is None or own is None:
        return
    others = max(v.n1.get("T_NGUONKHAC", 0.0), 0.0)
    if not -add.tolerance <= cost - own - claim <= others + add.tolerance:
        add("XML1", 1, "T_BHTT", v.x1["T_BHTT"], expected=f"{cost - own:.2f}")


@rule("XML1-080", tolerance=DONG)
def other_sources_add_up(v: Visit, add: Add) -> None:
    _sums_to(v, add, "T_NGUONKHAC", v.n2 + v.n3, "T_NGUONKHAC")


@rule("XML1-081", tolerance=DONG)
def fee_for_service_claim_adds_up(v: Visit, add: Add) -> None:
    if any(card.startswith(FORCES) for card in cards(v)):
        return
    rows = [n for n in v.n2 + v.n3 if n.get("MA_PTTT") == FEE_FOR_SERVICE]
    _sums_to(v, add, "T_BHTT_GDV", rows, "T_BHTT")


@rule("XML1-082", standards=ALL, tolerance=DONG)
def cost_is_what_the_payers_pay(v: Visit, add: Add) -> None:
    total = name_in(v, "T_TONGCHI_BV", "T_TONGCHI")
    given = v.n1.get(total)
    payers = ("T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC")
    if given is None or any(name in v.x1 and name not in v.n1 for name in payers):
        return
    if v.standard != "4210" and any(name not in v.n1 for name in payers):
        return
    expected = sum(v.n1.get(name, 0.0) for name in payers)
    if abs(given - expected) > add.tolerance:
        add("XML1", 1, total, v.x1[total], expected=f"{expected:.2f}", difference=f"{given - expected:.2f}")


@rule("XML1-083", standards=ALL)
def visit_costs_something(v: Visit, add: Add) -> None:
    total = name_in(v, "T_TONGCHI_BV", "T_TONGCHI")
    if v.n1.get(total) == 0 and v.x1.get("MA_DOITUONG_KCB") != "8":
        add("XML1", 1, total, v.x1[total])


@rule("XML1-084", standards=ALL)
def insured_visit_claims_something(v: Visit, add: Add) -> None:
    """Where there is an insured cost and the kind of visit is entitled to a share of it."""
    unpaid = v.x1.get("MA_DOITUONG_KCB") in UNPAID or v.x1.get("MA_LYDO_VVIEN") == OFF_ROUTE_4210
    cost = v.n1.get(name_in(v, "T_TONGCHI_BH", "T_TONGCHI"), 0.0)
    if v.n1.get("T_BHTT") == 0 and cost > 0 and insured(v) and not unpaid and not v.n1.get("T_NGUONKHAC"):
        add("XML1", 1, "T_BHTT", v.x1["T_BHTT"])
