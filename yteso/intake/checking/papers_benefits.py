"""XML9 (birth), XML10 (pregnancy rest), XML11 (sick leave) and XML12 (assessment): papers for social insurance."""

import re

from yteso.intake.checking.engine import Add, Visit, rule
from yteso.intake.checking.papers import agree, rows_of
from yteso.intake.checking.terms import day_of, days_between
from yteso.intake.checking.values import DAYS


SICK_LEAVE, TUBERCULOSIS_LEAVE, LOST_PREGNANCY_LEAVE, PREGNANCY_REST = 30, 180, 50, 180
"""Days (TT 56/2017/TT-BYT and its amendments, as the ministry's field sheet repeats them)."""

LOST_PREGNANCY_FROM = 13
"""Weeks."""

_INSURANCE_NUMBER = re.compile(r"(?!0{10})\d{10}", re.ASCII)
_TEMPORARY_CARD = re.compile(r"TE1\d{12}", re.ASCII)
_TUBERCULOSIS = re.compile(r"A1[5-9]")


@rule("XML9-001")
def mother_has_real_numbers(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML9"):
        number, card = row.get("MA_BHXH_NND"), row.get("MA_THE_NND")
        if number and not _INSURANCE_NUMBER.fullmatch(number):
            add("XML9", at, "MA_BHXH_NND", number)
        if card and len(card) != 15:
            add("XML9", at, "MA_THE_NND", card)


@rule("XML9-002")
def mothers_paper_was_issued_before_today(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML9"):
        issued = day_of(row.get("NGAYCAP_CCCD_NND"))
        if issued > v.now[:8]:
            add("XML9", at, "NGAYCAP_CCCD_NND", issued)


@rule("XML9-003")
def temporary_card_has_its_form(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML9"):
        card = row.get("MA_THE_TAM")
        if card and not _TEMPORARY_CARD.fullmatch(card):
            add("XML9", at, "MA_THE_TAM", card)


@rule("XML9-004")
def birth_numbers_are_positive(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML9"):
        for name in ("CAN_NANG_CON", "SO_CON", "LAN_SINH", "SO_CON_SONG"):
            number = v.num["XML9"][at - 1].get(name)
            if number is not None and (number < 0 or (number == 0 and name != "SO_CON_SONG")):
                add("XML9", at, name, row[name])


@rule("XML9-005")
def difficult_birth_has_a_note(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML9"):
        if "1" in (row.get("SINHCON_PHAUTHUAT"), row.get("SINHCON_DUOI32TUAN")) and "GHI_CHU" not in row:
            add("XML9", at, "GHI_CHU")


@rule("XML9-006")
def born_during_the_stay(v: Visit, add: Add) -> None:
    arrival, leaving = v.arrived[:8], v.left[:8]
    for at, row in rows_of(v, "XML9"):
        birth = day_of(row.get("NGAY_SINH_CON"))
        if birth and arrival and leaving and not arrival <= birth <= leaving:
            add("XML9", at, "NGAY_SINH_CON", row["NGAY_SINH_CON"], ngay_vao=arrival, ngay_ra=leaving)


@rule("XML10-001")
def pregnancy_rest_fits_its_dates(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML10"):
        days, (first, last) = v.num["XML10"][at - 1].get("SO_NGAY"), _span(row)
        if days is None:
            continue
        if days > PREGNANCY_REST or (first and abs(days_between(first, last) + 1 - days) > 1):
            add("XML10", at, "SO_NGAY", row["SO_NGAY"], tu_ngay=first, den_ngay=last)


def _span(row: dict[str, str]) -> tuple[str, str]:
    first, last = row.get("TU_NGAY", ""), row.get("DEN_NGAY", "")
    return (first, last) if DAYS[first] and DAYS[last] else ("", "")


@rule("XML11-001")
def worker_has_an_insurance_number(v: Visit, add: Add) -> None:
    _insurance_number(v, add, "XML11")


@rule("XML12-001")
def assessed_person_has_an_insurance_number(v: Visit, add: Add) -> None:
    _insurance_number(v, add, "XML12")


def _insurance_number(v: Visit, add: Add, table: str) -> None:
    for at, row in rows_of(v, table):
        number = row.get("MA_BHXH")
        if number and not _INSURANCE_NUMBER.fullmatch(number):
            add(table, at, "MA_BHXH", number)


@rule("XML11-002")
def sick_leave_is_not_too_long(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML11"):
        numbers = v.num["XML11"][at - 1]
        most = SICK_LEAVE
        if _TUBERCULOSIS.match(v.x1.get("MA_BENH_CHINH", "")):
            most = TUBERCULOSIS_LEAVE
        elif row.get("MA_DINH_CHI_THAI") == "1" and numbers.get("TUOI_THAI", 0) >= LOST_PREGNANCY_FROM:
            most = LOST_PREGNANCY_LEAVE
        if numbers.get("SO_NGAY_NGHI", 0) > most:
            add("XML11", at, "SO_NGAY_NGHI", row["SO_NGAY_NGHI"], most=str(most))


@rule("XML11-003")
def sick_leave_follows_the_visit(v: Visit, add: Add) -> None:
    arrival, leaving = v.arrived[:8], v.left[:8]
    for at, row in rows_of(v, "XML11"):
        first, last = _span(row)
        if not first:
            continue
        if first > last or (leaving and first > leaving):
            add("XML11", at, "TU_NGAY", first, den_ngay=last, ngay_ra=leaving)
        elif last < arrival:
            add("XML11", at, "DEN_NGAY", last, den_ngay=last, ngay_ra=leaving)


@rule("XML11-005")
def ended_pregnancy_of_leave_is_described(v: Visit, add: Add) -> None:
    for at, row in rows_of(v, "XML11"):
        if row.get("MA_DINH_CHI_THAI") == "1":
            for name in ("NGUYENNHAN_DINHCHI", "TUOI_THAI"):
                if name not in row:
                    add("XML11", at, name)


@rule("XML11-006")
def sick_leave_agrees(v: Visit, add: Add) -> None:
    agree(v, add, "XML11", ["MA_THE_BHYT", "CHAN_DOAN_RV", ("PP_DIEUTRI", "PP_DIEU_TRI")])
