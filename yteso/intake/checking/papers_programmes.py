"""XML0 (check-in), XML6 (HIV) and XML15 (tuberculosis)."""

from yteso.intake.checking.engine import Add, Visit, rule
from yteso.intake.checking.papers import agree, rows_of
from yteso.intake.checking.terms import days_between, moment
from yteso.intake.checking.values import DAYS, parts


CHILD_OF_HIV_MOTHER = "1"
"""MA_TINH_TRANG_DK: a child under 18 months of a mother with HIV, who is tested by PCR."""

GIVES_ARV = "1"
"""MA_XU_TRI."""


@rule("XML0-001")
def check_in_names_what_was_used(v: Visit, add: Add) -> None:
    """QĐ 130 knew services only."""
    pairs = [("MA_DICH_VU", "TEN_DICH_VU"), ("MA_THUOC", "TEN_THUOC"), ("MA_VAT_TU", "TEN_VAT_TU")]
    for at, row in rows_of(v, "XML0"):
        if not any(code in row for code, _ in pairs):
            add("XML0", at, "MA_DICH_VU")
        for code, name in pairs:
            if code in row and name not in row:
                add("XML0", at, name)


@rule("XML0-002", standards=("4750", "3176"))
def check_in_admission_follows_arrival(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML0"):
        admitted, arrival = moment(row.get("NGAY_VAO_NOI_TRU")), moment(row.get("NGAY_VAO"))
        if admitted and admitted < arrival:
            add("XML0", at, "NGAY_VAO_NOI_TRU", admitted, ngay_vao=arrival)


@rule("XML0-003", standards=("4750", "3176"))
def check_in_admission_has_a_reason(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML0"):
        if "NGAY_VAO_NOI_TRU" in row and "LY_DO_VNT" not in row:
            add("XML0", at, "LY_DO_VNT")


@rule("XML6-001")
def tuberculosis_treatment_is_described(v: Visit, add: Add) -> None:
    """The end may be blank while the treatment goes on."""
    for at, row in rows_of(v, "XML6"):
        if row.get("LOAI_DTRI_LAO", "0") == "0":
            continue
        for name in ("PHACDO_DTRI_LAO", "NGAYBD_DTRI_LAO"):
            if name not in row:
                add("XML6", at, name)
        _in_order(add, at, row, "NGAYBD_DTRI_LAO", "NGAYKT_DTRI_LAO")


@rule("XML6-002")
def child_test_is_described(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML6"):
        if CHILD_OF_HIV_MOTHER in parts(row.get("MA_TINH_TRANG_DK", "")):
            for name in ("LAN_XN_PCR", "NGAY_XN_PCR", "NGAY_KQ_XN_PCR", "MA_KQ_XN_PCR"):
                if name not in row:
                    add("XML6", at, name)
        _in_order(add, at, row, "NGAY_XN_PCR", "NGAY_KQ_XN_PCR")


@rule("XML6-003")
def medicine_supply_is_described(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML6"):
        if GIVES_ARV in parts(row.get("MA_XU_TRI", "")):
            for name in ("NGAY_BAT_DAU_XU_TRI", "NGAY_KET_THUC_XU_TRI", "SO_NGAY_CAP_THUOC_ARV"):
                if name not in row:
                    add("XML6", at, name)


@rule("XML6-004")
def medicine_supply_fits_its_dates(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML6"):
        days = v.num["XML6"][at - 1].get("SO_NGAY_CAP_THUOC_ARV")
        first, last = row.get("NGAY_BAT_DAU_XU_TRI", ""), row.get("NGAY_KET_THUC_XU_TRI", "")
        most = days_between(first, last) + 1 if DAYS[first] and DAYS[last] else None
        if days is not None and (days <= 0 or (most is not None and days > most)):
            add("XML6", at, "SO_NGAY_CAP_THUOC_ARV", row["SO_NGAY_CAP_THUOC_ARV"], tu_ngay=first, den_ngay=last)


@rule("XML6-006", standards=("4750", "3176"))
def hiv_record_agrees(v: Visit, add: Add) -> None:
    names = "MA_THE_BHYT SO_CCCD NGAY_SINH GIOI_TINH DIA_CHI MATINH_CU_TRU MAXA_CU_TRU MA_CSKCB"
    agree(v, add, "XML6", names.split())


@rule("XML15-003", standards=("4750", "3176"))
def tuberculosis_record_agrees(v: Visit, add: Add) -> None:
    agree(v, add, "XML15", ["MA_BN", "HO_TEN", "SO_CCCD", "MA_CSKCB"])


def _in_order(add: Add, at: int, row: dict[str, str], first: str, last: str) -> None:
    if DAYS[row.get(first, "")] and DAYS[row.get(last, "")] and row[last] < row[first]:
        add("XML6", at, last, row[last])
