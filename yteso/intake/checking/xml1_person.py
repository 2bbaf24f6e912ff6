"""XML1: who the patient is."""

import re
from datetime import date

from yteso import catalogues
from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.terms import between, born, days_between
from yteso.intake.checking.values import DECIMAL, parts


VIET_NAM = "000"
LAST_DISTRICTS = date(2025, 6, 30)
CARD_AGE = 14
"""Years from which every citizen has an identity card (Law on Identity 26/2023/QH15)."""

_PAPER = re.compile(r"\d{9}|\d{12}|[A-Z]\d{7}", re.ASCII)
_THREE_DIGITS = re.compile(r"\d{3}", re.ASCII)


@rule("XML1-003", last=LAST_DISTRICTS)
def district_before_districts_ended(v: Visit, add: Add) -> None:
    if "MAHUYEN_CU_TRU" not in v.x1:
        add("XML1", 1, "MAHUYEN_CU_TRU")


@rule("XML1-008")
def identity_number_has_a_known_form(v: Visit, add: Add) -> None:
    number = v.x1.get("SO_CCCD")
    if number and v.x1.get("MA_QUOCTICH", VIET_NAM) == VIET_NAM and not _PAPER.fullmatch(number):
        add("XML1", 1, "SO_CCCD", number)


@rule("XML1-009", standards=("3176",))
def missing_identity_number_is_explained(v: Visit, add: Add) -> None:
    """Judged for citizens of an age to have a card; any note counts as the reason."""
    if v.x1.get("SO_CCCD") or v.x1.get("GHI_CHU") or v.x1.get("DU_PHONG"):
        return
    birth, arrival = born(v), v.arrived
    citizen = v.x1.get("MA_QUOCTICH", VIET_NAM) == VIET_NAM
    if citizen and birth and arrival and int(arrival[:4]) - int(birth[:4]) > CARD_AGE:
        add("XML1", 1, "SO_CCCD")


@rule("XML1-011", standards=ALL)
def born_before_arriving(v: Visit, add: Add) -> None:
    birth = born(v)
    arrival = v.arrived or v.now
    if birth and birth > min(arrival, v.now)[: len(birth)]:
        add("XML1", 1, "NGAY_SINH", v.x1["NGAY_SINH"], ngay_vao=arrival)


@rule("XML1-012")
def newborn_has_hour_of_birth(v: Visit, add: Add) -> None:
    birth, arrival = born(v), v.arrived
    if len(birth) == 8 and arrival and 0 <= days_between(birth, arrival) <= 28:
        add("XML1", 1, "NGAY_SINH", v.x1["NGAY_SINH"])


@rule("XML1-014", standards=("4750", "3176"))
def nationality_is_a_code(v: Visit, add: Add) -> None:
    """Three digits: which of them TT 07/2016/TT-BCA gives out is not public, so other codes are let through."""
    code = v.x1.get("MA_QUOCTICH")
    if code and not _THREE_DIGITS.fullmatch(code):
        add("XML1", 1, "MA_QUOCTICH", code)


@rule("XML1-017")
def residence_is_in_the_lists_of_its_day(v: Visit, add: Add) -> None:
    province, commune = v.x1.get("MATINH_CU_TRU"), v.x1.get("MAXA_CU_TRU")
    if province and province[-2:].zfill(2) not in catalogues.provinces(v.on):
        add("XML1", 1, "MATINH_CU_TRU", province, ngay=f"{v.on:%Y%m%d}")
    if commune and commune not in catalogues.communes(v.on):
        add("XML1", 1, "MAXA_CU_TRU", commune, ngay=f"{v.on:%Y%m%d}")


@rule("XML1-036")
def newborn_eligibility_within_five_days(v: Visit, add: Add) -> None:
    if v.x1.get("MA_DOITUONG_KCB") != "1.7":
        return
    birth, arrival = born(v), v.arrived
    if arrival and len(birth) >= 8 and between(birth[:8], arrival[:8]).days > 5:
        add("XML1", 1, "MA_DOITUONG_KCB", "1.7", ngay_sinh=birth)


@rule("XML1-065", standards=ALL)
def weight_is_a_weight(v: Visit, add: Add) -> None:
    text = v.x1.get("CAN_NANG")
    if text:
        weight = DECIMAL[text]
        if weight is None or not 0 < weight <= 200:
            add("XML1", 1, "CAN_NANG", text)


@rule("XML1-066")
def newborn_weights_are_numbers(v: Visit, add: Add) -> None:
    text = v.x1.get("CAN_NANG_CON")
    weights = [DECIMAL[part] for part in parts(text or "")]
    if any(weight is None or weight < 0 for weight in weights):
        add("XML1", 1, "CAN_NANG_CON", text)
