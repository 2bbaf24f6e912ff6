"""Money rules of XML2 (drugs): QĐ 4210 table 2; QĐ 130, 4750, 3176 table 2."""

from collections.abc import Mapping
from operator import itemgetter

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import once
from yteso.intake.checking.money import (
    DONG,
    SOURCES,
    Doubtful,
    Mistake,
    Mistakes,
    Sound,
    dong,
    given,
    mistake,
    mistaken,
    other_out_of_bounds,
    others_stated,
    parts_mistaken,
    percent,
    report,
    sources_mistaken,
    told,
)
from yteso.intake.checking.values import DECIMAL
from yteso.intake.dossier import Row


_figures = itemgetter(
    *("SO_LUONG", "DON_GIA", "TYLE_TT_BH", "MUC_HUONG", "THANH_TIEN_BV", "THANH_TIEN_BH"),
    *("T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC", *SOURCES),
)


def adds_up(figures: tuple[float, ...]) -> bool:
    """True for the common row: no other source, and all amounts as the decree works them out.

    Such a row passes every rule of this module, so that only the others are looked at rule by rule.
    """
    quantity, price, rate, share, whole, scope, out, co, fund, *others = figures
    return (
        quantity >= 0 <= price
        and 0 <= rate <= 100
        and 0 <= share <= 100
        and not any(others)
        and -1 <= whole - quantity * price <= 1
        and -1 <= scope - whole * rate / 100 <= 1
        and -1 <= fund - scope * share / 100 <= 1
        and -1 <= co - scope + fund <= 1
        and -1 <= out - whole + scope <= 1
        and -1 <= whole - out - co - fund <= 1
    )


_sound = Sound(_figures, adds_up)


@once
def doubtful(v: Visit) -> Doubtful:
    """The rows that do not add up, with the amounts expected."""
    judge = mistakes_4210 if v.standard == "4210" else mistakes_3176 if v.standard == "3176" else mistakes_130
    return [(at, v.x2[at - 1], judge(v.x2[at - 1], v.n2[at - 1])) for at in _sound.others(v.n2)]


def mistakes_3176(row: Row, n: Mapping[str, float]) -> Mistakes:
    """QĐ 3176: the parts are worked out from THANH_TIEN_BV and TYLE_TT_BH."""
    return _mistakes(n, from_whole=True)


def mistakes_130(row: Row, n: Mapping[str, float]) -> Mistakes:
    """QĐ 130 and 4750: the parts are worked out from THANH_TIEN_BH."""
    return _mistakes(n, from_whole=False)


def _mistakes(n: Mapping[str, float], *, from_whole: bool) -> Mistakes:
    wrong: dict[str, Mistake | None] = {}
    whole, scope, rate = n.get("THANH_TIEN_BV"), n.get("THANH_TIEN_BH"), percent(n, "TYLE_TT_BH")
    product = _product(n)
    wholes = [amount for amount in (whole, product) if amount is not None]
    insured = [amount * rate / 100 for amount in wholes] if rate is not None else []
    if whole is not None and product is not None:
        wrong["THANH_TIEN_BV"] = mistake(whole, [product])
    if scope is not None and insured:
        wrong["THANH_TIEN_BH"] = mistake(scope, insured[::-1])
    stated = [scope] if scope is not None else []
    scopes = insured + stated if from_whole else stated + insured
    return given(wrong) | parts_mistaken(n, wholes, scopes, others=others_stated(n))


def _product(n: Mapping[str, float]) -> float | None:
    quantity, price = n.get("SO_LUONG", -1.0), n.get("DON_GIA", -1.0)
    return quantity * price if quantity >= 0 <= price else None


def mistakes_4210(row: Row, n: Mapping[str, float]) -> Mistakes:
    """QĐ 4210 has one THANH_TIEN; producers wrote it with and without TYLE_TT, so both are let pass."""
    wrong: dict[str, Mistake | None] = {}
    whole, product, rate = n.get("THANH_TIEN"), _product(n), n.get("TYLE_TT", 100.0)
    if whole is None:
        return {}
    wholes = [whole]
    if product is not None:
        wrong["THANH_TIEN"] = mistake(whole, (product, product * rate / 100))
        wholes.append(product)
    scopes = [0.0] if row.get("PHAM_VI") == "2" else []
    scopes += [*wholes, *(amount * rate / 100 for amount in wholes)]
    return given(wrong) | parts_mistaken(n, wholes, scopes, others=[other_sources(row)], ceiling=n.get("T_TRANTT", 0.0))


def other_sources(row: Row) -> float:
    """What other sources pay, by either of the two spellings met in files of QĐ 4210 (a field table knows but one)."""
    return DECIMAL[row.get(other_field(row), "0")] or 0.0


def other_field(row: Row) -> str:
    """The name under which this row gives its other sources."""
    return "T_NGUON_KHAC" if "T_NGUON_KHAC" in row else "T_NGUONKHAC"


@rule("XML2-007")
def rates_are_percentages(v: Visit, add: Add) -> None:
    for at, row, _ in doubtful(v):
        for field in ("TYLE_TT_BH", "MUC_HUONG"):
            rate = v.n2[at - 1].get(field)
            if rate is not None and not 0 <= rate <= 100:
                add("XML2", at, field, row[field])


@rule("XML2-008", standards=ALL)
def quantity_and_price_are_not_negative(v: Visit, add: Add) -> None:
    for at, row, _ in doubtful(v):
        for field in ("SO_LUONG", "DON_GIA"):
            if v.n2[at - 1].get(field, 0) < 0:
                add("XML2", at, field, row[field])


@rule("XML2-009", standards=ALL, tolerance=DONG)
def amount_is_quantity_times_price(v: Visit, add: Add) -> None:
    field = "THANH_TIEN" if v.standard == "4210" else "THANH_TIEN_BV"
    report(add, "XML2", doubtful(v), field, "SO_LUONG", "DON_GIA")


@rule("XML2-010", tolerance=DONG)
def insured_amount_is_the_rate_of_the_amount(v: Visit, add: Add) -> None:
    report(add, "XML2", doubtful(v), "THANH_TIEN_BH", "SO_LUONG", "DON_GIA", "TYLE_TT_BH")


@rule("XML2-011", standards=ALL, tolerance=DONG)
def fund_pays_its_share_of_the_insured_amount(v: Visit, add: Add) -> None:
    report(add, "XML2", doubtful(v), "T_BHTT", "MUC_HUONG", "T_NGUONKHAC")


@rule("XML2-012", standards=ALL, tolerance=DONG)
def copayment_is_the_rest_of_the_insured_amount(v: Visit, add: Add) -> None:
    report(add, "XML2", doubtful(v), "T_BNCCT", "T_BHTT", "T_NGUONKHAC")


@rule("XML2-013", standards=ALL, tolerance=DONG)
def patient_pays_what_insurance_does_not_cover(v: Visit, add: Add) -> None:
    report(add, "XML2", doubtful(v), "T_BNTT", "T_NGUONKHAC")


@rule("XML2-014", tolerance=DONG)
def other_sources_are_summed(v: Visit, add: Add) -> None:
    for at, row, _ in doubtful(v):
        expected = sources_mistaken(v.n2[at - 1], add.tolerance)
        if expected is not None:
            add("XML2", at, "T_NGUONKHAC", row["T_NGUONKHAC"], expected=dong(expected), **told(row, SOURCES))


@rule("XML2-015", standards=ALL, tolerance=DONG)
def other_sources_stay_within_the_amount(v: Visit, add: Add) -> None:
    whole = "THANH_TIEN" if v.standard == "4210" else "THANH_TIEN_BV"
    for at, row, _ in doubtful(v):
        if other_out_of_bounds(other_sources(row), v.n2[at - 1].get(whole), add.tolerance):
            field = other_field(row)
            add("XML2", at, field, row.get(field, ""), whole=row.get(whole, ""))


@rule("XML2-016", standards=ALL, tolerance=DONG)
def parts_make_up_the_amount(v: Visit, add: Add) -> None:
    field = "THANH_TIEN" if v.standard == "4210" else "THANH_TIEN_BV"
    for at, row, expected in mistaken(add, doubtful(v), "SUM"):
        parts = told(row, ("T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC"))
        add("XML2", at, field, row.get(field, ""), expected=dong(expected), **parts)


@rule("XML2-017", standards=("4210",), tolerance=DONG)
def outside_capitation_is_nothing_or_all(v: Visit, add: Add) -> None:
    for at, row, _ in doubtful(v):
        n = v.n2[at - 1]
        apart = n.get("T_NGOAIDS", 0.0)
        if apart and abs(apart - n.get("T_BHTT", apart)) > add.tolerance:
            add("XML2", at, "T_NGOAIDS", row["T_NGOAIDS"], t_bhtt=row["T_BHTT"])
