"""XML1: insurance cards, eligibility and where the patient comes from and goes to."""

import re

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.facilities import areas
from yteso.intake.checking.terms import (
    EPISODE,
    EXAM,
    INPATIENT,
    LONG_TERM,
    LONG_TERM_SERVICES,
    REFERRED,
    SHORT_STAY,
    cards,
    days_between,
    insured,
    name_in,
)
from yteso.intake.checking.values import DAYS, MINUTES, parts


EXPIRED_IN_CARE = 15
"""Days an inpatient whose card ends during the stay is still covered (NĐ 146/2018/NĐ-CP)."""

NOT_AT_HOME = frozenset({"1.3", "1.4", "1.11", "1.12", "1.13", "1.14", "1.15", "1.18"}) | frozenset(
    f"3.{number}" for number in range(1, 8)
)
"""MA_DOITUONG_KCB for coming from elsewhere or by oneself: makes no sense at the place of registration."""

_CARD = re.compile(r"[A-Z]{2}[1-5]\d{12}|TE1\d\d[0-9A-Z]{10}", re.ASCII)
_CHILD_CARD = re.compile(r"TE1\d{12}", re.ASCII)


@rule("XML1-018", standards=ALL)
def card_has_its_form(v: Visit, add: Add) -> None:
    for card in cards(v):
        if not _CARD.fullmatch(card):
            add("XML1", 1, name_in(v, "MA_THE_BHYT", "MA_THE"), card)


@rule("XML1-019", standards=ALL)
def card_is_issued_by_a_known_unit(v: Visit, add: Add) -> None:
    """The unit only: which groups of people the insurer's list has at what time is not public."""
    for card in cards(v):
        if _CARD.fullmatch(card) and card[3:5] not in areas():
            add("XML1", 1, name_in(v, "MA_THE_BHYT", "MA_THE"), card, unit=card[3:5])


@rule("XML1-020", standards=ALL)
def temporary_child_card_is_all_digits(v: Visit, add: Add) -> None:
    for card in cards(v):
        if card.startswith("TE1") and _CARD.fullmatch(card) and not _CHILD_CARD.fullmatch(card):
            add("XML1", 1, name_in(v, "MA_THE_BHYT", "MA_THE"), card)


@rule("XML1-021", standards=ALL)
def card_fields_go_in_step(v: Visit, add: Add) -> None:
    """A trailing ";" may or may not count; QĐ 4210 lets the end date be left out altogether."""
    held = name_in(v, "MA_THE_BHYT", "MA_THE")
    if not v.x1.get(held):
        return
    for name in ("MA_DKBD", "GT_THE_TU", "GT_THE_DEN"):
        text = v.x1.get(name, "")
        if not text and name == "GT_THE_DEN" and v.standard == "4210":
            continue
        if not _counts(text) & _counts(v.x1[held]):
            add("XML1", 1, name, text, the=v.x1[held])
            return


def _counts(text: str) -> set[int]:
    return {len(parts(text)), text.count(";") + 1 if text else 0}


@rule("XML1-022", standards=ALL)
def card_dates_are_days(v: Visit, add: Add) -> None:
    for name in ("GT_THE_TU", "GT_THE_DEN"):
        for part in parts(v.x1.get(name, "")):
            if part and not DAYS[part]:
                add("XML1", 1, name, part)


@rule("XML1-023", standards=ALL)
def card_begins_before_it_ends(v: Visit, add: Add) -> None:
    starts, ends = _days(v, "GT_THE_TU"), _days(v, "GT_THE_DEN")
    for start in starts:
        if start > v.now[:8]:
            add("XML1", 1, "GT_THE_TU", start, gt_the_tu=start)
    for start, end in zip(starts, ends, strict=False):
        if end < start:
            add("XML1", 1, "GT_THE_DEN", end, gt_the_tu=start)


@rule("XML1-024", standards=ALL)
def card_is_valid_during_the_stay(v: Visit, add: Add) -> None:
    arrival, leaving = v.arrived[:8], v.left[:8]
    if not insured(v) or not arrival or not leaving or leaving < arrival:
        return
    starts, ends = _days(v, "GT_THE_TU"), _days(v, "GT_THE_DEN")
    if starts and len(starts) == len(cards(v)) and min(starts) > leaving:
        add("XML1", 1, "GT_THE_TU", min(starts), ngay_vao=arrival, ngay_ra=leaving)
    if not ends or len(ends) < len(cards(v)):
        return
    inpatient = v.kind == INPATIENT
    if max(ends) < arrival or (max(ends) < leaving and _uncovered(max(ends), leaving, inpatient)):
        add("XML1", 1, "GT_THE_DEN", max(ends), ngay_vao=arrival, ngay_ra=leaving)


def _uncovered(end: str, leaving: str, inpatient: bool) -> bool:
    return inpatient and days_between(end, leaving) > EXPIRED_IN_CARE


def _days(v: Visit, name: str) -> list[str]:
    return [part for part in parts(v.x1.get(name, "")) if part and DAYS[part]]


@rule("XML1-029")
def referral_names_its_destination(v: Visit, add: Add) -> None:
    if v.x1.get("MA_LOAI_RV") in REFERRED and not v.x1.get("MA_NOI_DEN"):
        add("XML1", 1, "MA_NOI_DEN", ma_loai_rv=v.x1["MA_LOAI_RV"])


@rule("XML1-030")
def origin_comes_with_a_letter(v: Visit, add: Add) -> None:
    letter, code = v.x1.get("GIAY_CHUYEN_TUYEN"), v.x1.get("MA_DOITUONG_KCB")
    if v.x1.get("MA_NOI_DI") and not letter and code != "1.3":  # 1.3 has a rule of its own
        add("XML1", 1, "GIAY_CHUYEN_TUYEN", ma_noi_di=v.x1["MA_NOI_DI"])


@rule("XML1-032")
def referred_patient_has_letter_and_origin(v: Visit, add: Add) -> None:
    if v.x1.get("MA_DOITUONG_KCB") == "1.3":
        for name in ("GIAY_CHUYEN_TUYEN", "MA_NOI_DI"):
            if not v.x1.get(name):
                add("XML1", 1, name)


@rule("XML1-033")
def outpatient_eligibility(v: Visit, add: Add) -> None:
    _only_with(v, add, "1.14", (EXAM, EPISODE, LONG_TERM, LONG_TERM_SERVICES))


@rule("XML1-034")
def inpatient_eligibility(v: Visit, add: Add) -> None:
    _only_with(v, add, "1.15", (INPATIENT, SHORT_STAY))


def _only_with(v: Visit, add: Add, code: str, kinds: tuple[str, ...]) -> None:
    kind = v.kind
    if v.x1.get("MA_DOITUONG_KCB") == code and kind not in kinds:
        add("XML1", 1, "MA_DOITUONG_KCB", code, ma_loai_kcb=kind)


@rule("XML1-035")
def at_home_is_on_route(v: Visit, add: Add) -> None:
    homes, code = parts(v.x1.get("MA_DKBD", "")), v.x1.get("MA_DOITUONG_KCB", "")
    if code in NOT_AT_HOME and homes and set(homes) == {v.x1.get("MA_CSKCB")}:
        add("XML1", 1, "MA_DOITUONG_KCB", code, ma_dkbd=homes[0])


@rule("XML1-052", standards=ALL)
def exemption_date_is_real(v: Visit, add: Add) -> None:
    name = name_in(v, "NGAY_MIEN_CCT", "MIEN_CUNG_CT")
    text = v.x1.get(name)
    if text and not (DAYS[text] or MINUTES[text]):
        add("XML1", 1, name, text)


@rule("XML1-089", standards=("4210",))
def off_route_is_elsewhere(v: Visit, add: Add) -> None:
    if v.x1.get("MA_LYDO_VVIEN") == "3" and parts(v.x1.get("MA_DKBD", "")) == [v.x1.get("MA_CSKCB")]:
        add("XML1", 1, "MA_LYDO_VVIEN", "3", ma_dkbd=v.x1["MA_DKBD"])
