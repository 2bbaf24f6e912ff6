"""XML7, XML8, XML13 and XML14: that the papers of a discharge exist and agree with XML1."""

from collections.abc import Iterable

from yteso.intake.checking.engine import Add, Visit, rule
from yteso.intake.checking.terms import (
    ABSCONDED,
    DAY_CARE,
    DIED,
    EXAM,
    INPATIENT,
    REFERRED,
    SHORT_STAY,
    STATION,
    day_of,
    days_between,
    insured,
    same_text,
)
from yteso.intake.checking.values import DAYS, parts
from yteso.intake.dossier import Row


WITH_PAPERS = ("4750", "3176")
"""XML13 to XML15 came with QĐ 4750."""

DRUG_PICK_UP = ("7", "10")
EXAM_FEE = "13"
LONGEST_SUMMARY = 4000
LONGEST_PREGNANCY = 42


@rule("XML1_XML7-001")
def inpatient_has_a_discharge_paper(v: Visit, add: Add) -> None:
    gone = v.x1.get("KET_QUA_DTRI") in DIED or v.x1.get("MA_LOAI_RV") == ABSCONDED
    kind = v.kind
    if kind in (INPATIENT, DAY_CARE, SHORT_STAY) and not gone and not v.tables.get("XML7"):
        add("XML7", None, "", ma_loai_kcb=kind)


@rule("XML1_XML8-001")
def inpatient_has_a_summary(v: Visit, add: Add) -> None:
    kind = v.kind
    if kind in (INPATIENT, DAY_CARE, STATION) and not v.tables.get("XML8"):
        add("XML8", None, "", ma_loai_kcb=kind)


@rule("XML1_XML13-001", standards=WITH_PAPERS)
def referral_has_its_letter(v: Visit, add: Add) -> None:
    if v.x1.get("MA_LOAI_RV") in REFERRED and not v.tables.get("XML13"):
        add("XML13", None, "", ma_loai_rv=v.x1["MA_LOAI_RV"])


@rule("XML1_XML14-001", standards=WITH_PAPERS)
def appointment_has_its_letter(v: Visit, add: Add) -> None:
    dates = set(parts(v.x1.get("NGAY_TAI_KHAM", ""))) - {""}
    letters = v.tables.get("XML14", [])
    if dates and not letters:
        add("XML14", None, "", ngay_tai_kham=v.x1["NGAY_TAI_KHAM"])
    for at, letter in enumerate(letters, 1):
        booked = letter.get("NGAY_HEN_KL", "")[:8]
        if booked and booked not in dates:
            add("XML14", at, "NGAY_HEN_KL", booked, ngay_tai_kham=v.x1.get("NGAY_TAI_KHAM", ""))


@rule("XML1_XML3-001")
def insured_examination_has_its_fee(v: Visit, add: Add) -> None:
    if v.kind != EXAM or not insured(v):
        return
    pick_up = v.x1.get("MA_DOITUONG_KCB", "").split(".")[0] in DRUG_PICK_UP
    if not pick_up and not any(row.get("MA_NHOM") == EXAM_FEE for row in v.x3):
        add("XML3", None, "MA_NHOM")


def agree(v: Visit, add: Add, table: str, names: Iterable[str | tuple[str, str]]) -> None:
    """Report each field of the table that is present there and in XML1 and differs."""
    for at, row in enumerate(v.tables.get(table, ()), 1):
        for pair in names:
            mine, theirs = (pair, pair) if isinstance(pair, str) else pair
            one, other = row.get(mine), v.x1.get(theirs)
            if one is not None and other is not None and one != other and not _same(one, other):
                add(table, at, mine, one, xml1=other)


def _same(one: str, other: str) -> bool:
    """Equal but for case and blanks; a field that may hold several values (XML13 of QĐ 3176) may hold more."""
    return same_text(one, other) or (";" in one and other in parts(one))


def rows_of(v: Visit, table: str) -> Iterable[tuple[int, Row]]:
    return enumerate(v.tables.get(table, ()), 1)


@rule("XML7-001")
def discharge_paper_agrees(v: Visit, add: Add) -> None:
    """With several papers (one per newborn) the patient number is each child's own."""
    single = len(v.tables.get("XML7", ())) == 1
    agree(v, add, "XML7", ["NGAY_VAO", "NGAY_RA", *([("MA_YTE", "MA_BN")] if single else [])])
    departments = parts(v.x1.get("MA_KHOA", ""))
    for at, row in rows_of(v, "XML7"):
        left_from = row.get("MA_KHOA_RV", "").strip()
        if left_from and departments and left_from not in departments:
            add("XML7", at, "MA_KHOA_RV", left_from, xml1=v.x1["MA_KHOA"])


@rule("XML7-002")
def ended_pregnancy_is_described(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML7"):
        if row.get("MA_DINH_CHI_THAI") != "1":
            continue
        for name in ("NGUYENNHAN_DINHCHI", "THOIGIAN_DINHCHI", "TUOI_THAI"):
            if name not in row:
                add("XML7", at, name)
        weeks = v.num["XML7"][at - 1].get("TUOI_THAI")
        if weeks is not None and not 1 <= weeks <= LONGEST_PREGNANCY:
            add("XML7", at, "TUOI_THAI", row["TUOI_THAI"])


@rule("XML7-004")
def rest_after_discharge_is_consistent(v: Visit, add: Add) -> None:
    """Days from first to last, with or without the first one counted."""
    names = ("SO_NGAY_NGHI", "NGOAITRU_TUNGAY", "NGOAITRU_DENNGAY")
    left = v.left[:8]
    for at, row in rows_of(v, "XML7"):
        days, first, last = v.num["XML7"][at - 1].get(names[0]), row.get(names[1], ""), row.get(names[2], "")
        wrong = ""
        missing = [name for name in names if name not in row]
        if missing:
            wrong = missing[0] if len(missing) < len(names) else ""
        elif days is not None and DAYS[first] and DAYS[last]:
            if days - days_between(first, last) not in (0, 1):
                wrong = "SO_NGAY_NGHI"
            elif left and not 0 <= days_between(left, first) <= 1:
                wrong = "NGOAITRU_TUNGAY"
        if wrong:
            add("XML7", at, wrong, row.get(wrong, ""), tu_ngay=first, den_ngay=last, ngay_ra=left)


@rule("XML8-001")
def summary_agrees(v: Visit, add: Add) -> None:
    agree(v, add, "XML8", ["MA_LOAI_KCB", "NGAY_VAO", "NGAY_RA", "CHAN_DOAN_VAO", "CHAN_DOAN_RV"])


@rule("XML8-002")
def summary_of_results_is_short_enough(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML8"):
        if len(row.get("TOMTAT_KQ", "")) > LONGEST_SUMMARY:
            add("XML8", at, "TOMTAT_KQ", row["TOMTAT_KQ"][:60] + "…")


@rule("XML8-003")
def summary_is_dated_at_discharge(v: Visit, add: Add) -> None:
    left = v.left[:8]
    for at, row in rows_of(v, "XML8"):
        dated = day_of(row.get("NGAY_CT"))
        if left and dated and dated != left:
            add("XML8", at, "NGAY_CT", dated, ngay_ra=left)


@rule("XML13-001", standards=WITH_PAPERS)
def referral_agrees(v: Visit, add: Add) -> None:
    names = "HO_TEN NGAY_SINH GIOI_TINH MA_THE_BHYT GT_THE_DEN NGAY_VAO NGAY_RA CHAN_DOAN_RV MA_BENH_CHINH MA_LOAI_RV"
    agree(v, add, "XML13", names.split())


@rule("XML13-004", standards=WITH_PAPERS)
def referral_names_its_destination(v: Visit, add: Add) -> None:
    """That the facility exists needs the list of facilities."""
    name = "MA_CSKCB_DEN" if v.standard == "3176" else "MA_NOI_DEN"
    for at, row in rows_of(v, "XML13"):
        if name not in row:
            add("XML13", at, name)


@rule("XML13-005", standards=("3176",))
def referral_says_how_the_patient_is(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML13"):
        if "TINH_TRANG_CT" not in row:
            add("XML13", at, "TINH_TRANG_CT")


@rule("XML14-001", standards=WITH_PAPERS)
def appointment_is_after_leaving(v: Visit, add: Add) -> None:
    left = v.left[:8]
    for at, row in rows_of(v, "XML14"):
        booked = day_of(row.get("NGAY_HEN_KL"))
        if booked and left and booked < left:
            add("XML14", at, "NGAY_HEN_KL", booked, ngay_ra=left)


@rule("XML14-002", standards=WITH_PAPERS)
def appointment_is_dated_during_the_visit(v: Visit, add: Add) -> None:
    arrival = v.arrived[:8]
    for at, row in rows_of(v, "XML14"):
        dated = day_of(row.get("NGAY_CT"))
        if dated and dated < arrival:
            add("XML14", at, "NGAY_CT", dated, ngay_vao=arrival)


@rule("XML14-003", standards=WITH_PAPERS)
def appointment_agrees(v: Visit, add: Add) -> None:
    names = "HO_TEN NGAY_SINH MA_THE_BHYT NGAY_VAO NGAY_RA MA_BENH_CHINH MA_DOITUONG_KCB"
    agree(v, add, "XML14", names.split())
