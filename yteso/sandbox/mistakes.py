"""The kinds of mistakes that hospitals make, each as a small change to a dossier or its file.

A kind names the rules it must break; a kind without rules is harmless and must be read as if nothing had happened.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random
from textwrap import wrap
from unicodedata import normalize

from yteso.sandbox.formulary import services
from yteso.sandbox.parcel import Parcel, base64


@dataclass(frozen=True, slots=True)
class Change:
    """What was changed, and where; `row` counts from 1."""

    table: str = ""
    row: int | None = None
    field: str = ""
    was: str = ""
    now: str = ""


@dataclass(frozen=True, slots=True)
class Kind:
    """`make` changes the dossier and says how, or says None when this dossier has nothing to spoil this way."""

    name: str
    rules: tuple[str, ...]
    make: Callable[[Parcel, Random], Change | None]


KINDS: dict[str, Kind] = {}
IMAGES = [service.code for service in services().values() if service.group == "2"]


def kind(name: str, *rules: str) -> Callable[[Callable[[Parcel, Random], Change | None]], None]:
    def register(make: Callable[[Parcel, Random], Change | None]) -> None:
        KINDS[name] = Kind(name, rules, make)

    return register


New = str | Callable[[str], str]


def edit(
    name: str, rules: str, table: str, field: str, new: New, where: Callable[[Parcel, int], bool] | None = None
) -> None:
    """A kind that gives one field of one row (which meets `where` and has the field filled) another value."""

    def make(parcel: Parcel, dice: Random) -> Change | None:
        rows = range(len(parcel.rows(table)))
        fit = [row for row in rows if parcel.value(table, row, field) and (where is None or where(parcel, row))]
        if not fit:
            return None
        row = fit[int(dice.random() * len(fit))]
        was = parcel.value(table, row, field)
        now = new if isinstance(new, str) else new(was)
        parcel.set(table, row, field, now)
        return Change(table, row + 1, field, was, now)

    KINDS[name] = Kind(name, tuple(rules.split()), make)


def has(table: str, field: str, *values: str) -> Callable[[Parcel, int], bool]:
    return lambda parcel, row: parcel.value(table, row, field) in values


def plus(amount: int, text: str) -> str:
    whole, _, rest = text.partition(".")
    return f"{int(whole) + amount}.{rest}"


def year(add: int, text: str) -> str:
    return f"{int(text[:4]) + add}{text[4:]}"


# one field of XML1
edit("name_missing", "XML1-001", "XML1", "HO_TEN", "")
edit("reason_missing", "XML1-004", "XML1", "LY_DO_VV", "")
edit("sex_wrong", "XML1-013", "XML1", "GIOI_TINH", "5")
edit("icd_withdrawn", "XML1-039", "XML1", "MA_BENH_CHINH", "A90")
edit("icd_unknown", "XML1-039", "XML1", "MA_BENH_CHINH", "Q99.99")
edit("card_short", "XML1-018", "XML1", "MA_THE_BHYT", lambda card: card[:14])
edit("card_expired", "XML1-024", "XML1", "GT_THE_DEN", partial(year, -3))
edit("citizen_number_wrong", "XML1-008", "XML1", "SO_CCCD", lambda number: number[:10])
edit("arrival_ddmmyyyy", "XML1-047", "XML1", "NGAY_VAO", lambda at: f"{at[6:8]}{at[4:6]}{at[:4]}{at[8:]}")
edit("discharge_before_arrival", "XML1-048", "XML1", "NGAY_RA", partial(year, -1))
edit("discharge_in_future", "XML1-048", "XML1", "NGAY_RA", partial(year, 10))
edit("department_unknown", "XML1-071", "XML1", "MA_KHOA", "Khám bệnh")
edit("eligibility_unknown", "XML1-031", "XML1", "MA_DOITUONG_KCB", "77.7")
edit("weight_wrong", "XML1-065", "XML1", "CAN_NANG", "520.00")
edit("phone_too_long", "ALL-001", "XML1", "DIEN_THOAI", lambda phone: f"{phone} hoặc {phone}")
edit("total_wrong", "XML1-074", "XML1", "T_TONGCHI_BV", partial(plus, 1000))
edit("drug_total_wrong", "XML1-072", "XML1", "T_THUOC", partial(plus, 2500))
edit("month_wrong", "XML1-067", "XML1", "THANG_QT", "13")
# one field of a row
edit("comma_decimal", "XML2-008", "XML2", "SO_LUONG", lambda number: number.replace(".", ","))
edit("drug_amount_wrong", "XML2-009", "XML2", "THANH_TIEN_BV", partial(plus, 500))
edit("rate_101", "XML2-007", "XML2", "TYLE_TT_BH", "101")
edit("drug_doctor_missing", "FLD-REQ", "XML2", "MA_BAC_SI", "")
edit("drug_before_arrival", "XML2-018", "XML2", "NGAY_YL", partial(year, -1))
edit("tender_wrong", "XML2-026", "XML2", "TT_THAU", "57/QĐ-SYT", has("XML2", "PHAM_VI", "1"))
edit("service_amount_wrong", "XML3-031", "XML3", "THANH_TIEN_BV", partial(plus, 700))
edit("result_before_order", "XML3-011", "XML3", "NGAY_KQ", partial(year, -1), has("XML3", "MA_NHOM", "1", "2", "3"))
edit("performer_missing", "XML3-008", "XML3", "NGUOI_THUC_HIEN", "", has("XML3", "MA_NHOM", "1", "2", "3", "8", "18"))
edit("machine_missing", "XML3-018", "XML3", "MA_MAY", "", has("XML3", "MA_NHOM", "1", "2", "3"))
edit("anaesthesia_missing", "XML3-020", "XML3", "PP_VO_CAM", "", has("XML3", "MA_NHOM", "8"))
edit("bed_missing", "XML3-021", "XML3", "MA_GIUONG", "")
edit("conclusion_missing", "XML3_XML4-002", "XML4", "KET_LUAN", "", has("XML4", "MA_DICH_VU", *IMAGES))
edit("note_empty", "XML5-001", "XML5", "DIEN_BIEN_LS", "")
edit("visit_id_differs", "ENV-007", "XML3", "MA_LK", lambda ma_lk: f"{ma_lk}X")
edit("appointment_differs", "XML1_XML14-001", "XML1", "NGAY_TAI_KHAM", partial(year, 1))
edit("referral_reason_wrong", "XML13-002", "XML13", "MA_LYDO_CT", "9")
# harmless habits
edit("name_decomposed", "", "XML1", "HO_TEN", lambda name: normalize("NFD", name))


@kind("dates_swapped", "XML1-048")
def dates_swapped(parcel: Parcel, _: Random) -> Change:
    arrived, left = parcel.value("XML1", 0, "NGAY_VAO"), parcel.value("XML1", 0, "NGAY_RA")
    parcel.set("XML1", 0, "NGAY_VAO", left)
    parcel.set("XML1", 0, "NGAY_RA", arrived)
    return Change("XML1", 1, "NGAY_VAO", arrived, left)


@kind("number_repeated", "ENV-008")
def number_repeated(parcel: Parcel, _: Random) -> Change | None:
    if len(parcel.rows("XML3")) < 2:
        return None
    parcel.set("XML3", 1, "STT", "1")
    return Change("XML3", 2, "STT", "2", "1")


@kind("discharge_paper_missing", "XML1_XML7-001")
def discharge_paper_missing(parcel: Parcel, _: Random) -> Change | None:
    return _drop(parcel, "XML7")


@kind("referral_paper_missing", "XML1_XML13-001")
def referral_paper_missing(parcel: Parcel, _: Random) -> Change | None:
    return _drop(parcel, "XML13")


@kind("main_table_missing", "ENV-003")
def main_table_missing(parcel: Parcel, _: Random) -> Change | None:
    return _drop(parcel, "XML1")


@kind("main_table_twice", "ENV-107")
def main_table_twice(parcel: Parcel, _: Random) -> Change:
    parcel.children.append(("XML1", parcel.text("XML1")))
    return Change("XML1")


@kind("base64_broken", "ENV-005")
def base64_broken(parcel: Parcel, _: Random) -> Change:
    parcel.replace("XML3", base64(parcel.text("XML3"))[:-7] + "*!?")
    parcel.broken.append("XML3")
    return Change("XML3")


@kind("file_truncated", "ENV-101")
def file_truncated(parcel: Parcel, _: Random) -> Change:
    parcel.outer = lambda file: file[: len(file) * 2 // 3]
    return Change()


@kind("declared_too_many", "ENV-001")
def declared_too_many(parcel: Parcel, _: Random) -> Change:
    parcel.undeclared = 2
    return Change(field="SOLUONGHOSO")


@kind("header_facility_missing", "ENV-002")
def header_facility_missing(parcel: Parcel, _: Random) -> Change:
    parcel.header = ""
    return Change(field="MACSKCB")


@kind("name_double_spaces")
def name_double_spaces(parcel: Parcel, _: Random) -> Change:
    was = parcel.value("XML1", 0, "HO_TEN")
    now = was.replace(" ", "  ")
    parcel.set("XML1", 0, "HO_TEN", now)
    return Change("XML1", 1, "HO_TEN", was, now)


@kind("district_given")
def district_given(parcel: Parcel, _: Random) -> Change:
    """Districts ended on 1 July 2025; some software still fills the field."""
    parcel.set("XML1", 0, "MAHUYEN_CU_TRU", "213")
    return Change("XML1", 1, "MAHUYEN_CU_TRU", "", "213")


@kind("element_names_lower", "ENV-115")
def element_names_lower(parcel: Parcel, _: Random) -> Change:
    parcel.replace("XML1", re.sub(r"</?[A-Z][A-Z0-9_]*>", lambda tag: tag[0].lower(), parcel.text("XML1")))
    return Change("XML1")


@kind("base64_wrapped")
def base64_wrapped(parcel: Parcel, _: Random) -> Change:
    parcel.encode = lambda text: "\r\n".join(wrap(base64(text), 76))
    return Change()


@kind("children_unencoded")
def children_unencoded(parcel: Parcel, _: Random) -> Change:
    parcel.encode = lambda text: text.partition("?>")[2]
    return Change()


@kind("byte_order_mark")
def byte_order_mark(parcel: Parcel, _: Random) -> Change:
    parcel.outer = lambda file: b"\xef\xbb\xbf" + file
    return Change()


@kind("empty_table")
def empty_table(parcel: Parcel, _: Random) -> Change:
    parcel.children.append(("XML15", ""))
    return Change("XML15")


@kind("table_order_shuffled")
def table_order_shuffled(parcel: Parcel, _: Random) -> Change:
    parcel.children.reverse()
    return Change()


def _drop(parcel: Parcel, table: str) -> Change | None:
    if not parcel.text(table):
        return None
    parcel.children = [(name, text) for name, text in parcel.children if name != table]
    return Change(table)
