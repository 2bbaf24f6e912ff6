"""Rules of XML2 (drugs) on single fields and on rows beside each other, money and times apart."""

import re
from collections.abc import Iterator
from datetime import date
from functools import lru_cache

from yteso import standards
from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import Rows, base_code, card_kinds, care_type, once, services
from yteso.intake.checking.texts import dose, tender_is_written
from yteso.intake.dossier import Row


BLOOD = ("7", "17")
MEDICAL_GAS = ("40.17", "40.573")
BLOOD_TRANSPORT, PACKAGING = "VM.", "BB."
TRADITIONAL = "05"
"""Head of the codes of traditional preparations and herbs in the shared list."""

FORCES = {"QN", "CA", "CY", "HC", "LS", "XK"}
LONGEST_PRESCRIPTION = 30
LONG_TERM_CARE = ("05", "07", "08")

_DEPARTMENT = re.compile(r"K(?:\d\d)+(?:\.\d+)?", re.ASCII)
_SINCE_2026 = frozenset(map(str, range(51, 61)))
"""Departments whose names are not known to us yet."""

_DESCRIBED = {"HAM_LUONG", "DUONG_DUNG", "SO_DANG_KY", "TT_THAU"}
_RADIOACTIVE = re.compile(r"\d{2,3}m?\s?-?\s?(?:Tc|I|F|Ga|Tl|Y|P|Sr|Sm|Re|In|Cr|Lu|Xe|Rb)\b|(?:Tc|I|F|Ga)-?\d{2,3}m?\b")
_SHORT_ILLNESS = re.compile(r"A0|B0|J0|J1|J2[0-2]|R|S|T")
"""Codes of illnesses that are never long-term: gut and skin infections, coughs and colds, symptoms, injuries."""


@rule("XML2-002")
def drug_is_described(v: Visit, add: Add) -> None:
    for at, row in enumerate(v.x2, 1):
        if not row.keys() >= _DESCRIBED:
            for field in sorted(_DESCRIBED - row.keys() - _may_be_blank(row)):
                add("XML2", at, field)


def _may_be_blank(row: Row) -> set[str]:
    """The describing fields the decree does not ask of this row."""
    group, code = row.get("MA_NHOM"), row.get("MA_THUOC", "")
    if code.startswith((BLOOD_TRANSPORT, PACKAGING)) or not code:
        return _DESCRIBED
    blank = set()
    if group in BLOOD:
        blank |= {"HAM_LUONG", "SO_DANG_KY", "TT_THAU"}
    if group == "17":
        blank.add("DUONG_DUNG")
    if code in MEDICAL_GAS or code.startswith(TRADITIONAL) or "MA_PP_CHEBIEN" in row:
        blank |= {"HAM_LUONG", "SO_DANG_KY"}
    if _RADIOACTIVE.search(row.get("TEN_THUOC", "")):
        blank.add("SO_DANG_KY")
    if row.get("PHAM_VI") == "2" or row.get("NGUON_CTRA", "1") != "1":
        blank.add("TT_THAU")  # bought by the patient, or given by a programme
    return blank


@rule("XML2-005")
def drug_outside_the_fund_has_no_rate(v: Visit, add: Add) -> None:
    for at, row in _out_of_scope(v):
        if v.n2[at - 1].get("TYLE_TT_BH", 0) > 0:
            add("XML2", at, "TYLE_TT_BH", row["TYLE_TT_BH"], pham_vi=row["PHAM_VI"])


@rule("XML2-006")
def scope_of_the_forces_needs_their_card(v: Visit, add: Add) -> None:
    for at, row in _out_of_scope(v):
        if row["PHAM_VI"] == "3":
            kinds = card_kinds(v)
            if kinds and not kinds & FORCES:
                add("XML2", at, "PHAM_VI", "3", ma_the_bhyt=v.x1["MA_THE_BHYT"])


@once
def _out_of_scope(v: Visit) -> Rows:
    return [(at, row) for at, row in enumerate(v.x2, 1) if row.get("PHAM_VI") in ("2", "3")]


@rule("XML2-025", standards=ALL)
def department_is_known(v: Visit, add: Add) -> None:
    unknown = {code for code in {row.get("MA_KHOA", "") for row in v.x2} if code and not _department_is_known(v, code)}
    for at, row in enumerate(v.x2, 1) if unknown else ():
        if row.get("MA_KHOA") in unknown:
            add("XML2", at, "MA_KHOA", row["MA_KHOA"])


def _department_is_known(v: Visit, code: str) -> bool:
    own = v.lists.of("departments")
    if own is not None:
        return any(entry.covers(v.on.strftime("%Y%m%d")) for entry in own.get(code, ()))
    return _department_is_listed(code, v.on)


@lru_cache(1_000)
def _department_is_listed(code: str, on: date) -> bool:
    """Combined departments join the numbers of several, split ones add a point and a number (QĐ 5937/QĐ-BYT)."""
    if not _DEPARTMENT.fullmatch(code):
        return False
    listed, joined = standards.code_list("MA_KHOA", on), code.partition(".")[0]
    numbers = [joined[at : at + 2] for at in range(1, len(joined), 2)]
    return all(f"K{number}" in listed or number in _SINCE_2026 for number in numbers)


@rule("XML2-026")
def tender_is_written_as_asked(v: Visit, add: Add) -> None:
    last_year = int(v.now[:4]) + 2
    for at, row in enumerate(v.x2, 1):
        text = row.get("TT_THAU")
        if text and not tender_is_written(text, 1, last_year) and row.get("PHAM_VI") != "2":
            add("XML2", at, "TT_THAU", text, last_year=str(last_year))


@rule("XML2-030", standards=ALL)
def drug_code_has_no_blanks_around(v: Visit, add: Add) -> None:
    for at, row in enumerate(v.x2, 1):
        code = row.get("MA_THUOC")
        if code and (code[0].isspace() or code[-1].isspace()):
            add("XML2", at, "MA_THUOC", code)


@rule("XML2-031")
def service_of_a_drug_is_in_the_dossier(v: Visit, add: Add) -> None:
    for at, row in enumerate(v.x2, 1):
        codes = row.get("MA_DICH_VU")
        if codes:
            done = service_codes(v)
            for code in codes.split(";"):
                if code.strip() and base_code(code) not in done:
                    add("XML2", at, "MA_DICH_VU", code.strip())


@once
def service_codes(v: Visit) -> set[str]:
    """The services of XML3 without their suffixes; supply rows, which only name a service, do not count."""
    groups = services(v).items()
    rows = (row for group, found in groups if group not in ("10", "11") for _, row in found)
    return {base_code(row["MA_DICH_VU"]) for row in rows if "MA_DICH_VU" in row}


@rule("XML2-032")
def dose_fits_the_quantity(v: Visit, add: Add) -> None:
    for at, row in enumerate(v.x2, 1):
        text = row.get("LIEU_DUNG", "")
        taken = dose(text)
        if taken is None:
            if text.strip() == "0":
                add("XML2", at, "LIEU_DUNG", text, total="0", so_luong=row.get("SO_LUONG", ""))
            continue
        quantity, total = v.n2[at - 1].get("SO_LUONG", 0), taken.total
        if total and (quantity <= 0 or total <= quantity + 0.001):
            continue
        if not total or (taken.unit == row.get("DON_VI_TINH", "").lower() and total > _given(v, row) + 0.001):
            add("XML2", at, "LIEU_DUNG", text, total=f"{total:g}", so_luong=row.get("SO_LUONG", ""))


def _given(v: Visit, row: Row) -> float:
    """The quantity of one order: a drug taken from several lots stands in several rows with the whole dose."""
    key = _order(row)
    return sum(n.get("SO_LUONG", 0.0) for other, n in zip(v.x2, v.n2, strict=True) if _order(other) == key)


def _order(row: Row) -> tuple[str | None, ...]:
    return row.get("MA_THUOC"), row.get("HAM_LUONG"), row.get("NGAY_YL")


@rule("XML2-033")
def no_more_than_thirty_days_for_a_short_illness(v: Visit, add: Add) -> None:
    """Only where every diagnosis is surely short: the legal list of long-term diseases is not in this package."""
    for at, row in enumerate(v.x2, 1):
        taken = dose(row.get("LIEU_DUNG", ""))
        if taken and taken.days > LONGEST_PRESCRIPTION and taken.total and _short_illness(v):
            add("XML2", at, "LIEU_DUNG", row["LIEU_DUNG"], days=str(taken.days))


def _short_illness(v: Visit) -> bool:
    codes = list(_diagnoses(v))
    return bool(codes) and care_type(v) not in LONG_TERM_CARE and all(map(_SHORT_ILLNESS.match, codes))


def _diagnoses(v: Visit) -> Iterator[str]:
    for field in ("MA_BENH_CHINH", "MA_BENH_KT"):
        yield from (code.strip() for code in v.x1.get(field, "").split(";") if code.strip())


_SAME = ("MA_THUOC", "TEN_THUOC", "HAM_LUONG", "SO_DANG_KY", "TT_THAU", "DON_GIA", "NGAY_YL", "NGAY_TH_YL", "MA_BAC_SI")


@rule("XML2-034", standards=ALL)
def drug_is_not_repeated(v: Visit, add: Add) -> None:
    if len({(row.get("NGAY_YL"), row.get("MA_THUOC")) for row in v.x2}) == len(v.x2):
        return
    seen: dict[tuple[str | None, ...], int] = {}
    for at, row in enumerate(v.x2, 1):
        key = *map(row.get, _SAME), row.get("SO_LUONG")
        first = seen.setdefault(key, at)
        if first != at:
            add("XML2", at, "MA_THUOC", row.get("MA_THUOC", ""), first=str(first), ngay_yl=row.get("NGAY_YL", ""))
