"""Money rules of XML3 (services, beds, supplies): QĐ 4210 table 3; QĐ 130, 4750, 3176 table 3."""

from collections.abc import Mapping
from operator import itemgetter

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import SUPPLIES, card_kinds, of, once
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
from yteso.intake.checking.xml2_money import mistakes_4210, other_field, other_sources


STENT = "N06.02.020"
STENTS_WITHOUT_LIMIT = {"CC", "TE", "QN", "CA", "CY"}

_figures = itemgetter(
    *("SO_LUONG", "DON_GIA_BV", "DON_GIA_BH", "TYLE_TT_DV", "TYLE_TT_BH", "MUC_HUONG", "THANH_TIEN_BV"),
    *("THANH_TIEN_BH", "T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC", *SOURCES),
)


def adds_up(figures: tuple[float, ...]) -> bool:
    """True for the common row, which passes every sum of this module (see `xml2_money.adds_up`)."""
    quantity, price, insured_price, service, rate, share, whole, scope, out, co, fund, *others = figures
    units = quantity * service / 100
    return (
        0 <= rate <= 100
        and 0 <= service <= 100
        and 0 <= share <= 100
        and not any(others)
        and -1 <= whole - units * price <= 1
        and -1 <= scope - units * insured_price * rate / 100 <= 1
        and -1 <= fund - scope * share / 100 <= 1
        and -1 <= co - scope + fund <= 1
        and -1 <= out - whole + scope <= 1
        and -1 <= whole - out - co - fund <= 1
    )


_sound = Sound(_figures, adds_up)


@once
def doubtful(v: Visit) -> Doubtful:
    """The rows that do not add up, with the amounts expected."""
    rows = [(at, v.x3[at - 1], v.n3[at - 1]) for at in _sound.others(v.n3)]
    if v.standard == "4210":
        return [(at, row, mistakes_4210(row, n)) for at, row, n in rows]
    return [(at, row, mistakes(v.standard, n)) for at, row, n in rows]


def mistakes(standard: str, n: Mapping[str, float]) -> Mistakes:
    """What is wrong in a row of the 130 family, by the formulas of the version."""
    wrong: dict[str, Mistake | None] = {}
    whole, scope = n.get("THANH_TIEN_BV"), n.get("THANH_TIEN_BH")
    wholes, scopes = _wholes(standard, n), _scopes(standard, n)
    if whole is not None:
        wrong["THANH_TIEN_BV"] = mistake(whole, wholes) if wholes else None
        wholes.insert(0, whole)
    if scope is not None:
        wrong["THANH_TIEN_BH"] = mistake(scope, scopes) if scopes else None
        scopes.insert(0, scope)
    parts = parts_mistaken(n, wholes, scopes, others=others_stated(n), ceiling=n.get("T_TRANTT", 0.0))
    return given(wrong) | parts


def _wholes(standard: str, n: Mapping[str, float]) -> list[float]:
    quantity, price, service = n.get("SO_LUONG"), n.get("DON_GIA_BV"), percent(n, "TYLE_TT_DV")
    if quantity is None or price is None or service is None:
        return []
    rated = quantity * price * service / 100
    if standard == "130":
        # The formula of QĐ 130 leaves TYLE_TT_DV out; hospitals that already applied it are not wrong about the sum.
        return [quantity * price, rated]
    if standard == "3176" and "DON_GIA_BH" in n:
        # The hospital may forgo the surcharge of a service paid in part.
        return [rated, quantity * price - quantity * n["DON_GIA_BH"] * (100 - service) / 100]
    return [rated]


def _scopes(standard: str, n: Mapping[str, float]) -> list[float]:
    quantity, price = n.get("SO_LUONG"), n.get("DON_GIA_BH")
    service, rate = percent(n, "TYLE_TT_DV"), percent(n, "TYLE_TT_BH")
    if quantity is None or price is None or service is None or rate is None:
        return []
    insured = quantity * price * rate / 100
    rated = insured * service / 100
    return [rated, insured] if standard == "130" else [rated]


@rule("XML3-030")
def rates_are_percentages(v: Visit, add: Add) -> None:
    for at, row, _ in doubtful(v):
        for field in ("TYLE_TT_DV", "TYLE_TT_BH", "MUC_HUONG"):
            rate = v.n3[at - 1].get(field)
            if rate is not None and not 0 <= rate <= 100:
                add("XML3", at, field, row[field])


@rule("XML3-031", tolerance=DONG)
def amount_is_quantity_times_price(v: Visit, add: Add) -> None:
    report(add, "XML3", doubtful(v), "THANH_TIEN_BV", "SO_LUONG", "DON_GIA_BV", "TYLE_TT_DV")


@rule("XML3-032", tolerance=DONG)
def insured_amount_is_the_rate_of_the_insured_price(v: Visit, add: Add) -> None:
    report(add, "XML3", doubtful(v), "THANH_TIEN_BH", "SO_LUONG", "DON_GIA_BH", "TYLE_TT_DV", "TYLE_TT_BH")


@rule("XML3-033", standards=ALL, tolerance=DONG)
def fund_pays_its_share_of_the_insured_amount(v: Visit, add: Add) -> None:
    report(add, "XML3", doubtful(v), "T_BHTT", "MUC_HUONG", "T_NGUONKHAC")


@rule("XML3-034", standards=ALL, tolerance=DONG)
def copayment_is_the_rest_of_the_insured_amount(v: Visit, add: Add) -> None:
    report(add, "XML3", doubtful(v), "T_BNCCT", "T_BHTT", "T_NGUONKHAC")


@rule("XML3-035", standards=ALL, tolerance=DONG)
def patient_pays_what_insurance_does_not_cover(v: Visit, add: Add) -> None:
    report(add, "XML3", doubtful(v), "T_BNTT", "T_NGUONKHAC")


@rule("XML3-036", standards=ALL, tolerance=DONG)
def other_sources_are_summed_and_within_the_amount(v: Visit, add: Add) -> None:
    whole = "THANH_TIEN" if v.standard == "4210" else "THANH_TIEN_BV"
    for at, row, _ in doubtful(v):
        n, field = v.n3[at - 1], other_field(row)
        expected = sources_mistaken(n, add.tolerance)
        if expected is not None or other_out_of_bounds(other_sources(row), n.get(whole), add.tolerance):
            value = row.get(field, "")
            shown = value if expected is None else dong(expected)
            add("XML3", at, field, value, expected=shown, whole=row.get(whole, ""))


@rule("XML3-037", standards=ALL, tolerance=DONG)
def parts_make_up_the_amount(v: Visit, add: Add) -> None:
    field = "THANH_TIEN" if v.standard == "4210" else "THANH_TIEN_BV"
    for at, row, expected in mistaken(add, doubtful(v), "SUM"):
        parts = told(row, ("T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC"))
        add("XML3", at, field, row.get(field, ""), expected=dong(expected), **parts)


@rule("XML3-038", standards=("4210",), tolerance=DONG)
def outside_capitation_is_nothing_or_all(v: Visit, add: Add) -> None:
    for at, row, _ in doubtful(v):
        n = v.n3[at - 1]
        apart = n.get("T_NGOAIDS", 0.0)
        if apart and abs(apart - n.get("T_BHTT", apart)) > add.tolerance:
            add("XML3", at, "T_NGOAIDS", row["T_NGOAIDS"], t_bhtt=row["T_BHTT"])


@rule("XML3-039", standards=ALL, tolerance=DONG)
def fund_pays_no_more_than_the_ceiling(v: Visit, add: Add) -> None:
    for at, row in of(v, SUPPLIES):
        n = v.n3[at - 1]
        ceiling = n.get("T_TRANTT", 0.0)
        if v.standard == "3176":
            # From QĐ 3176 the ceiling is that of one item, before of the whole package.
            ceiling *= max(1.0, n.get("SO_LUONG", 1.0))
        if 0 < ceiling < n.get("T_BHTT", 0.0) - add.tolerance:
            add("XML3", at, "T_BHTT", row["T_BHTT"], ceiling=dong(ceiling))


@rule("XML3-040", standards=("3176",), tolerance=DONG)
def insured_price_of_a_supply_is_capped(v: Visit, add: Add) -> None:
    for at, row in of(v, SUPPLIES):
        n = v.n3[at - 1]
        ceiling, price, insured = n.get("T_TRANTT", 0.0), n.get("DON_GIA_BV"), n.get("DON_GIA_BH")
        if ceiling <= 0 or price is None or insured is None:
            continue
        if abs(insured - min(price, ceiling)) > add.tolerance:
            shown = told(row, ("DON_GIA_BV", "T_TRANTT"))
            add("XML3", at, "DON_GIA_BH", row["DON_GIA_BH"], expected=dong(min(price, ceiling)), **shown)


@rule("XML3-041", standards=ALL)
def one_drug_eluting_stent(v: Visit, add: Add) -> None:
    for at, row in of(v, SUPPLIES):
        if row.get("MA_VAT_TU", "").startswith(STENT) and row.get("PHAM_VI") != "2":
            cards = card_kinds(v)
            if v.n3[at - 1].get("SO_LUONG", 0.0) > 1 and cards and not cards & STENTS_WITHOUT_LIMIT:
                add("XML3", at, "SO_LUONG", row["SO_LUONG"])
