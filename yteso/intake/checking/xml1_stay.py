"""XML1: arrival, stay and discharge."""

import re
from datetime import timedelta

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.terms import (
    ABSCONDED,
    DAY_CARE,
    DIED,
    EPISODE,
    EXAM,
    INPATIENT,
    LONG_TERM,
    LONG_TERM_SERVICES,
    REFERRED,
    SHORT_STAY,
    STATION,
    between,
    days_between,
    moment,
)
from yteso.intake.checking.values import DAYS, parts


LEFT_ON_REQUEST = "4"
SHORTEST_EXAM = timedelta(minutes=5)
SHORT_STAY_LIMIT = timedelta(hours=4)
BED_GROUPS = ("14", "15", "16")
SERVICE_GROUPS = ("1", "2", "3", "8", "18")

_DEPARTMENT = re.compile(r"K(\d\d)+(\.\d+)?", re.ASCII)
_TEN_DIGITS = re.compile(r"\d{10}", re.ASCII)


def stay(v: Visit) -> tuple[str, str]:
    """Arrival and end of the visit, real and in order; ("", "") otherwise."""
    arrival, leaving = v.arrived, v.left
    return (arrival, leaving) if arrival and leaving and arrival <= leaving else ("", "")


@rule("XML1-048", standards=ALL)
def leaves_after_arriving(v: Visit, add: Add) -> None:
    arrival, leaving = v.arrived, v.left
    if arrival > v.now:
        add("XML1", 1, "NGAY_VAO", arrival, ngay_vao=arrival)
    elif leaving and (leaving < arrival or leaving > v.now):
        add("XML1", 1, "NGAY_RA", leaving, ngay_vao=arrival)


@rule("XML1-049", standards=ALL)
def pays_after_leaving(v: Visit, add: Add) -> None:
    paid, leaving = moment(v.x1.get("NGAY_TTOAN")), v.left
    if paid and (paid < leaving or paid > v.now):
        add("XML1", 1, "NGAY_TTOAN", paid, ngay_ra=leaving)


@rule("XML1-050")
def admitted_during_the_visit(v: Visit, add: Add) -> None:
    admitted = moment(v.x1.get("NGAY_VAO_NOI_TRU"))
    arrival, leaving = stay(v)
    if admitted and arrival and not arrival <= admitted <= leaving:
        add("XML1", 1, "NGAY_VAO_NOI_TRU", admitted, ngay_vao=arrival, ngay_ra=leaving)


@rule("XML1-051")
def inpatient_stay_says_why_and_how(v: Visit, add: Add) -> None:
    if v.kind in (INPATIENT, DAY_CARE, SHORT_STAY):
        for name in ("NGAY_VAO_NOI_TRU", "LY_DO_VNT", "PP_DIEU_TRI"):
            if name not in v.x1:
                add("XML1", 1, name, ma_loai_kcb=v.x1["MA_LOAI_KCB"])


@rule("XML1-054")
def follow_up_dates_are_days(v: Visit, add: Add) -> None:
    for part in parts(v.x1.get("NGAY_TAI_KHAM", "")):
        if part and not DAYS[part]:
            add("XML1", 1, "NGAY_TAI_KHAM", part)


@rule("XML1-055")
def treatment_days_follow_the_formula(v: Visit, add: Add) -> None:
    """For the types whose days follow from the dates alone; those counted by drugs or services are let through."""
    given, kind = v.n1.get("SO_NGAY_DTRI"), v.kind
    arrival, leaving = stay(v)
    if given is None or not arrival:
        return
    whole = days_between(arrival, leaving) + 1
    expected = _treatment_days(v.standard, kind, whole)
    if expected and given not in expected:
        stayed = {"ngay_vao": v.arrived, "ngay_ra": v.left}
        add("XML1", 1, "SO_NGAY_DTRI", v.x1["SO_NGAY_DTRI"], expected=str(expected[-1]), ma_loai_kcb=kind, **stayed)


def _treatment_days(standard: str, kind: str, whole: int) -> tuple[int, ...]:
    """The values allowed for a stay of so many days (both ends counted); () where the dates do not tell."""
    if kind == SHORT_STAY:
        return (0,)
    if kind in (INPATIENT, DAY_CARE, STATION):
        return (whole,)
    if kind == EXAM:
        return (0,) if standard != "3176" else (0, whole)
    return (whole,) if kind == EPISODE and standard != "3176" else ()


@rule("XML1-056")
def bed_days_agree_with_treatment_days(v: Visit, add: Add) -> None:
    """The last day counts or not, and half days stand for two rows, so one day of difference says nothing."""
    days = v.n1.get("SO_NGAY_DTRI")
    if days is None or v.kind not in (INPATIENT, DAY_CARE):
        return
    at = [at for at, row in enumerate(v.x3) if row.get("MA_NHOM") in BED_GROUPS]
    beds = sum(v.n3[place].get("SO_LUONG", 0) for place in at)
    if at and not days - 1 <= beds <= days:
        add("XML1", 1, "SO_NGAY_DTRI", v.x1["SO_NGAY_DTRI"], beds=f"{beds:g}")


@rule("XML1-059")
def result_fits_the_discharge(v: Visit, add: Add) -> None:
    """The dead neither abscond, nor leave on request, nor are referred."""
    result, kind = v.x1.get("KET_QUA_DTRI"), v.x1.get("MA_LOAI_RV")
    if result in DIED and kind in (ABSCONDED, LEFT_ON_REQUEST, *REFERRED):
        add("XML1", 1, "MA_LOAI_RV", kind, ket_qua_dtri=result)


@rule("XML1-062")
def examination_takes_a_day_at_most(v: Visit, add: Add) -> None:
    arrival, leaving = stay(v)
    if arrival and v.kind == EXAM and between(arrival, leaving) > timedelta(days=1):
        add("XML1", 1, "NGAY_RA", leaving, ngay_vao=arrival)


@rule("XML1-063")
def outpatient_visit_takes_minutes(v: Visit, add: Add) -> None:
    arrival, leaving = stay(v)
    kind = v.kind
    if kind in (EXAM, EPISODE, LONG_TERM, LONG_TERM_SERVICES) and arrival and between(arrival, leaving) < SHORTEST_EXAM:
        add("XML1", 1, "NGAY_RA", leaving, ngay_vao=arrival)


@rule("XML1-064")
def type_of_care_fits_what_was_done(v: Visit, add: Add) -> None:
    kind = v.kind
    arrival, leaving = stay(v)
    if kind == LONG_TERM and any(row.get("MA_NHOM") in SERVICE_GROUPS for row in v.x3):
        add("XML1", 1, "MA_LOAI_KCB", kind, right=LONG_TERM_SERVICES)
    elif kind == INPATIENT and arrival and between(arrival, leaving) < SHORT_STAY_LIMIT:
        add("XML1", 1, "MA_LOAI_KCB", kind, right=SHORT_STAY)


@rule("XML1-068", standards=ALL)
def settled_by_this_year(v: Visit, add: Add) -> None:
    year = v.n1.get("NAM_QT")
    if year is not None and year > int(v.now[:4]):
        add("XML1", 1, "NAM_QT", v.x1["NAM_QT"], year=v.now[:4])


@rule("XML1-069", standards=ALL)
def settled_in_the_year_of_discharge(v: Visit, add: Add) -> None:
    leaving, year = v.left, v.n1.get("NAM_QT")
    if leaving and year is not None and year != int(leaving[:4]):
        add("XML1", 1, "NAM_QT", v.x1["NAM_QT"], ngay_ra=leaving)


@rule("XML1-070", standards=("130", "4750"))
def signer_has_an_insurance_number(v: Visit, add: Add) -> None:
    """From QĐ 3176 it is the licence number, whose truth only the staff list knows."""
    code = v.x1.get("MA_TTDV")
    if code and not _TEN_DIGITS.fullmatch(code):
        add("XML1", 1, "MA_TTDV", code)


@rule("XML1-071", standards=ALL)
def departments_are_written_as_codes(v: Visit, add: Add) -> None:
    """K and two digits, more pairs for a combined department, a point for a split one (QĐ 5937/QĐ-BYT)."""
    for code in parts(v.x1.get("MA_KHOA", "")):
        if code and not _DEPARTMENT.fullmatch(code):
            add("XML1", 1, "MA_KHOA", code)
