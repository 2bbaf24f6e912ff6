"""XML1: diagnoses, judged by the ICD-10 list of the day the visit ended."""

import re
from functools import cache

from yteso import catalogues
from yteso.catalogues import Icd10Code
from yteso.intake.checking import field_rules
from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import once
from yteso.intake.checking.terms import born, days_between, name_in
from yteso.intake.checking.values import parts


MOST_ACCOMPANYING = 12
MOST_TRADITIONAL = 13
MALE, FEMALE = "1", "2"

_TRADITIONAL = re.compile(r"U\d\d\.\d{3}(?:\.\d+)?", re.ASCII)
"""Traditional-medicine codes of QĐ 7603/QĐ-BYT have three digits after the point, ICD-10 has one or two."""


def main_code(v: Visit) -> str:
    """The main diagnosis without dagger or asterisk."""
    return _bare(v.x1.get(name_in(v, "MA_BENH_CHINH", "MA_BENH"), ""))


@once
def accompanying(v: Visit) -> list[str]:
    return [_bare(code) for code in parts(v.x1.get(name_in(v, "MA_BENH_KT", "MA_BENHKHAC"), "")) if code]


def _bare(code: str) -> str:
    return code.rstrip("*†")


def _single(code: str) -> bool:
    return 3 <= len(code) <= 7 and code.isascii() and code.replace(".", "").isalnum()


def _known(v: Visit) -> Icd10Code | None:
    return catalogues.icd10(v.on).get(main_code(v))


@rule("XML1-038", standards=ALL)
def main_diagnosis_is_one_code(v: Visit, add: Add) -> None:
    code = main_code(v)
    if code and not _single(code):
        add("XML1", 1, name_in(v, "MA_BENH_CHINH", "MA_BENH"), code)


@rule("XML1-039", standards=ALL)
def diagnoses_are_in_icd10(v: Visit, add: Add) -> None:
    listed = catalogues.icd10(v.on)
    code = main_code(v)
    if code and code not in listed and _single(code) and not _TRADITIONAL.fullmatch(code):
        add("XML1", 1, name_in(v, "MA_BENH_CHINH", "MA_BENH"), code, list=listed.title)
    for code in accompanying(v):
        if code not in listed and not _TRADITIONAL.fullmatch(code):
            add("XML1", 1, name_in(v, "MA_BENH_KT", "MA_BENHKHAC"), code, list=listed.title)


@rule("XML1-040", standards=ALL)
def traditional_codes_have_their_own_field(v: Visit, add: Add) -> None:
    if _TRADITIONAL.fullmatch(main_code(v)):
        add("XML1", 1, name_in(v, "MA_BENH_CHINH", "MA_BENH"), main_code(v))
    for code in accompanying(v):
        if _TRADITIONAL.fullmatch(code):
            add("XML1", 1, name_in(v, "MA_BENH_KT", "MA_BENHKHAC"), code)


@rule("XML1-041")
def main_diagnosis_may_be_main(v: Visit, add: Add) -> None:
    known = _known(v)
    if known and known.not_as_main:
        add("XML1", 1, "MA_BENH_CHINH", known.code, name=known.name_vi)


@cache
def watched() -> frozenset[str]:
    """Codes that say too little to treat or pay by."""
    return frozenset(row["code"] for row in field_rules.rows("watched_codes.csv"))


@rule("XML1-042")
def vague_diagnosis(v: Visit, add: Add) -> None:
    for name, codes in (("MA_BENH_CHINH", [main_code(v)]), ("MA_BENH_KT", accompanying(v))):
        for code in codes:
            if code[:3] in watched():
                add("XML1", 1, name, code)


@rule("XML1-043")
def not_too_many_accompanying_diagnoses(v: Visit, add: Add) -> None:
    found = accompanying(v)
    if len(found) > MOST_ACCOMPANYING:
        add("XML1", 1, "MA_BENH_KT", v.x1["MA_BENH_KT"], count=str(len(found)))


@rule("XML1-044", standards=("3176",))
def not_too_many_traditional_diagnoses(v: Visit, add: Add) -> None:
    """Number and form: the list of QĐ 7603/QĐ-BYT is not in this package."""
    text = v.x1.get("MA_BENH_YHCT", "")
    if len(parts(text)) > MOST_TRADITIONAL or not are_traditional(text):
        add("XML1", 1, "MA_BENH_YHCT", text, count=str(len(parts(text))))


def are_traditional(text: str) -> bool:
    """True when every code has the form of traditional medicine."""
    return all(map(_TRADITIONAL.fullmatch, parts(text)))


@rule("XML1-045", standards=ALL)
def diagnosis_fits_the_sex(v: Visit, add: Add) -> None:
    known = _known(v)
    if known and not fits_the_sex(v, known):
        name = name_in(v, "MA_BENH_CHINH", "MA_BENH")
        add("XML1", 1, name, known.code, name=known.name_vi, gioi_tinh=v.x1["GIOI_TINH"])


def fits_the_sex(v: Visit, known: Icd10Code) -> bool:
    sex = v.x1.get("GIOI_TINH")
    return not ((known.female_only and sex == MALE) or (known.male_only and sex == FEMALE))


@rule("XML1-046", standards=ALL)
def diagnosis_fits_the_age(v: Visit, add: Add) -> None:
    ages = ages_missed(v, main_code(v))
    if ages:
        name = name_in(v, "MA_BENH_CHINH", "MA_BENH")
        add("XML1", 1, name, main_code(v), ages=ages, ngay_sinh=born(v)[:8])


def ages_missed(v: Visit, code: str) -> str:
    """The ages the code is bound to, in words, when the patient has none of them; "" when all is well."""
    bands = catalogues.age_limits().get(code)
    birth, arrival = born(v), v.arrived
    if not bands or not birth or not arrival or birth > arrival[: len(birth)]:
        return ""
    return "" if any(_fits(band, birth, arrival) for band in bands) else "; ".join(band.title_vi for band in bands)


def _fits(band: catalogues.AgeLimit, birth: str, arrival: str) -> bool:
    """Whether the age may lie within the band; a year is given away where only the year of birth is known."""
    youngest, oldest = _age(birth, arrival, band.unit)
    return oldest >= (band.min_age or 0) and (band.max_age is None or youngest <= band.max_age)


def _age(birth: str, arrival: str, unit: str) -> tuple[int, int]:
    """The least and the greatest age, in whole days or years, that what is known of the birth allows."""
    first, last = (birth[:8], birth[:8]) if len(birth) >= 8 else (f"{birth}0101", f"{birth}1231")
    last = min(last, arrival[:8])
    if unit == "day":
        return days_between(last, arrival), days_between(first, arrival)
    return _years(last, arrival), _years(first, arrival)


def _years(birth: str, arrival: str) -> int:
    return int(arrival[:4]) - int(birth[:4]) - (arrival[4:8] < birth[4:8])
