"""Rules of XML5 (clinical course)."""

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import bounds, care_type, stay
from yteso.intake.checking.values import MINUTES


FOLLOWED = ("02", "03", "04", "05", "08", "09")
"""Care types whose course must be told: outpatient episodes, long-term outpatients, inpatients."""


@rule("XML5-002", standards=ALL)
def note_is_within_the_stay(v: Visit, add: Add) -> None:
    arrived, ends = stay(v).arrived, stay(v).ends
    field = "NGAY_YL" if v.standard == "4210" else "THOI_DIEM_DBLS"
    for at, row in enumerate(v.x5, 1):
        moment = row.get(field, "")
        if not arrived <= moment <= ends and MINUTES[moment]:
            add("XML5", at, field, moment, **bounds(v))


@rule("XML5-003", standards=ALL)
def note_is_not_a_copy(v: Visit, add: Add) -> None:
    field = "DIEN_BIEN" if v.standard == "4210" else "DIEN_BIEN_LS"
    seen: dict[str, int] = {}
    for at, row in enumerate(v.x5, 1):
        text = row.get(field, "").strip()
        if text:
            first = seen.setdefault(text, at)
            if first != at:
                add("XML5", at, field, text[:80], first=str(first))


@rule("XML5-004")
def course_is_told(v: Visit, add: Add) -> None:
    if not v.x5 and care_type(v) in FOLLOWED:
        add("XML5", None, "", ma_loai_kcb=care_type(v))
