"""What one dossier says of its own quality, as counters: how much of what it should hold is there, and how finely.

Raw numbers only; what counts as good is decided when they are read (`yteso.quality`).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from yteso import catalogues, people
from yteso.intake.checking.engine import day as read_day
from yteso.intake.checking.papers import WITH_PAPERS
from yteso.intake.checking.terms import ABSCONDED, DAY_CARE, DIED, INPATIENT, REFERRED, SHORT_STAY, STATION
from yteso.intake.checking.texts import dose
from yteso.intake.checking.values import DECIMAL, parts
from yteso.intake.checking.xml5 import FOLLOWED
from yteso.intake.dossier import Dossier, Row
from yteso.record.document import LOCAL


COMPLETE = ("number", "address", "XML4", "XML5", "XML7", "XML8", "XML13", "XML14")
CLEAN = ("placeholder",)
DEEP = ("icd", "secondary", "result", "index", "dose")

FACTS = (*COMPLETE, *CLEAN, *DEEP)
"""Each is a pair of counters, (done, of), at this place in `Facts.counts`; a new one is added at the end."""

MOST = 32_767
"""A counter is two bytes in the database."""

WITH_RESULTS = ("1", "2", "3")
"""MA_NHOM: laboratory, imaging, function tests; each service needs rows of XML4."""

REGISTERED_WITHIN = timedelta(days=60)
"""A birth is registered within 60 days (Luật Hộ tịch 2014, Điều 15); before that a child may have no number."""

day = lru_cache(10_000)(read_day)
"""Files repeat their days."""

NAMELESS = ("không rõ", "khong ro", "chưa rõ", "vô danh", "test", "abc", "x", "xxx", ".", "-")


@dataclass(slots=True)
class Expected:
    """A visit announced here: `kind` is "check-in" or "admission" (XML0), "referral" (XML13) or "return" (XML14).

    It should take place at `facility` around `due`; `ma_lk` is the visit that is checked in, or that announced it.
    """

    kind: str
    facility: str
    ma_lk: str
    due: date


@dataclass(slots=True)
class Facts:
    """`month` is the first day of the month the visit counts in, None for a file that is no visit (XML0, XML12).

    `counts` are the pairs of `FACTS`, one after the other; `patient` is MA_BN.
    """

    month: date | None
    patient: str
    counts: list[int]
    expected: list[Expected]


def facts(dossier: Dossier, facility: str, received: datetime) -> Facts:
    tables = dossier.tables
    standard = dossier.standard or "3176"
    today = received.astimezone(LOCAL).date()
    if main := next(iter(tables.get("XML1", ())), None):
        counts = [n if n < MOST else MOST for n in _pairs(tables, main, standard, today)]
        return Facts(_month(main, today), main.get("MA_BN", ""), counts, list(_announced(tables, facility)))
    standalone = "XML0" in tables or "XML12" in tables
    month = None if standalone else today.replace(day=1)
    return Facts(month, "", [0] * 2 * len(FACTS), list(_checked_in(tables, facility)))


def _month(main: Row, received: date) -> date:
    """The month the visit ended in. A date that cannot be, as wrong files have, gives way to the next best."""
    arrived, left = day(main.get("NGAY_VAO")), day(main.get("NGAY_RA"))
    if left and left <= received and (not arrived or arrived <= left):
        return left.replace(day=1)
    return min(arrived or received, received).replace(day=1)


def _pairs(tables: dict[str, list[Row]], main: Row, standard: str, today: date) -> list[int]:
    return [
        *_person(main, standard, today),
        *_results_there(tables),
        *_papers(tables, main, standard),
        *_placeholders(main),
        *_codes(main, standard, day(main.get("NGAY_RA")) or today),
        *_results(tables.get("XML4", ())),
        *_doses(tables.get("XML2", ())),
    ]


def _person(main: Row, standard: str, today: date) -> tuple[int, int, int, int]:
    """4210 had no fields for them; foreigners and the newborn may have no number."""
    if standard == "4210":
        return 0, 0, 0, 0
    born = day(main.get("NGAY_SINH"))
    newborn = born is not None and (day(main.get("NGAY_VAO")) or today) - born <= REGISTERED_WITHIN
    known = "SO_CCCD" in main
    asked = known or (main.get("MA_QUOCTICH", "000") == "000" and not newborn)
    return known, asked, "MATINH_CU_TRU" in main and "MAXA_CU_TRU" in main, 1


def _results_there(tables: dict[str, list[Row]]) -> tuple[int, int]:
    asked = {row.get("MA_DICH_VU") for row in tables.get("XML3", ()) if row.get("MA_NHOM") in WITH_RESULTS}
    asked.discard(None)
    return len(asked & {row.get("MA_DICH_VU") for row in tables.get("XML4", ())}), len(asked)


def _papers(tables: dict[str, list[Row]], main: Row, standard: str) -> list[int]:
    """When each table is sent: QĐ 130, 4750 and 3176, general part."""
    kind = main.get("MA_LOAI_KCB", "").zfill(2)
    gone = main.get("KET_QUA_DTRI") in DIED or main.get("MA_LOAI_RV") == ABSCONDED
    family, papers = standard != "4210", standard in WITH_PAPERS
    expected = (
        ("XML5", family and kind in FOLLOWED),
        ("XML7", family and kind in (INPATIENT, DAY_CARE, SHORT_STAY) and not gone),
        ("XML8", family and kind in (INPATIENT, DAY_CARE, STATION)),
        ("XML13", papers and main.get("MA_LOAI_RV") in REFERRED),
        ("XML14", papers and "NGAY_TAI_KHAM" in main),
    )
    return [n for table, asked in expected for n in ((asked and table in tables), asked)]


def _placeholders(main: Row) -> tuple[int, int]:
    number, phone, name = main.get("SO_CCCD"), main.get("DIEN_THOAI"), main.get("HO_TEN", "")
    made_up = (
        (number is not None and not people.personal_number(number))
        or (phone is not None and len(set(phone)) == 1)
        or " ".join(name.casefold().split()) in NAMELESS
    )
    return not made_up, 1


def _codes(main: Row, standard: str, on: date) -> tuple[int, int, int, int]:
    """ICD-10 codes as fine as the list allows; and each further diagnosis in words with a code of its own."""
    others, words = ("MA_BENHKHAC", "TEN_BENH") if standard == "4210" else ("MA_BENH_KT", "CHAN_DOAN_RV")
    further = parts(main.get(others, ""))
    codes = [*parts(main.get("MA_BENH" if standard == "4210" else "MA_BENH_CHINH", "")), *further]
    known = catalogues.icd10(on)
    fine = sum((found := known.get(code)) is not None and found.is_leaf for code in codes)
    written = max(len(parts(main.get(words, ""))) - 1, 0)
    return fine, len(codes), min(len(further), written), written


def _results(rows: list[Row]) -> tuple[int, int, int, int]:
    """Results with a number: the number alone, its unit beside it. All results: those with the code of the index."""
    measured = alone = given = coded = 0
    for row in rows:
        if "GIA_TRI" not in row:
            continue
        value = row["GIA_TRI"]
        given += 1
        coded += "MA_CHI_SO" in row
        if DECIMAL[value] is not None:
            measured += 1
            alone += "DON_VI_DO" in row
        elif any(map(str.isdigit, value)):
            measured += 1
    return alone, measured, coded, given


def _doses(rows: list[Row]) -> tuple[int, int]:
    return sum(dose(row.get("LIEU_DUNG", "")) is not None for row in rows), len(rows)


def _announced(tables: dict[str, list[Row]], facility: str) -> Iterator[Expected]:
    for row in tables.get("XML13", ()):
        if (to := row.get("MA_CSKCB_DEN")) and (left := day(row.get("NGAY_RA", "").split(";")[-1])):
            yield Expected("referral", to[:5], row.get("MA_LK", ""), left)
    for row in tables.get("XML14", ()):
        if due := day(row.get("NGAY_HEN_KL")):
            yield Expected("return", facility, row.get("MA_LK", ""), due)


def _checked_in(tables: dict[str, list[Row]], facility: str) -> Iterator[Expected]:
    """Once per visit, though XML0 has a row for every first service."""
    for row in tables.get("XML0", ())[:1]:
        if (ma_lk := row.get("MA_LK")) and (arrived := day(row.get("NGAY_VAO"))):
            admitted = row.get("MA_LOAI_KCB", "").zfill(2) in (INPATIENT, DAY_CARE)
            yield Expected("admission" if admitted else "check-in", facility, ma_lk, arrived)
