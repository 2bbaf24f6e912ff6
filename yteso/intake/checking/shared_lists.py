"""Rules of our own: codes of the ministry's shared lists that no rule of the insurer looks up.

They warn. Where a list is known to have gaps, only what cannot be in it is reported.
"""

import re
from datetime import date
from functools import cache, lru_cache

from yteso import catalogues
from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import base_code, once
from yteso.intake.checking.terms import name_in
from yteso.intake.checking.values import MEMORY, parts
from yteso.intake.checking.xml1_diagnosis import accompanying, ages_missed, fits_the_sex, main_code
from yteso.intake.dossier import Row


RESIDENCES = ("XML1", "XML6", "XML9", "XML12")
"""Tables that say where somebody lives."""

_SERVICE = re.compile(r"\d\d\.\d{4}\.\d{4}", re.ASCII)
_INGREDIENT = re.compile(r"40\.(\d+)", re.ASCII)
_ROUTE = re.compile(r"\d\.\d\d", re.ASCII)
_PROCEDURE = re.compile(r"\d\d(?:\.\d{1,2})?", re.ASCII)


@rule("CAT-001", standards=ALL)
def asterisk_has_its_dagger(v: Visit, add: Add) -> None:
    """A manifestation (asterisk) is coded together with its cause (dagger); categories and their codes both do."""
    listed, codes = catalogues.icd10(v.on), [main_code(v), *accompanying(v)]
    for code in codes:
        if code not in _causes() or code not in listed or any(_is_cause(one, code) for one in codes):
            continue
        if listed.codes[code].mark == "*":
            main = code == codes[0]
            name = name_in(v, "MA_BENH_CHINH", "MA_BENH") if main else name_in(v, "MA_BENH_KT", "MA_BENHKHAC")
            add("XML1", 1, name, code, causes=", ".join(sorted(_causes()[code])[:5]))


def _is_cause(code: str, asterisk: str) -> bool:
    return any(code.startswith(cause) or cause.startswith(code) for cause in _causes()[asterisk] if code)


@cache
def _causes() -> dict[str, set[str]]:
    """Asterisk code → dagger codes it may be paired with."""
    found: dict[str, set[str]] = {}
    for dagger, asterisks in catalogues.dagger_asterisk().items():
        for asterisk in asterisks:
            found.setdefault(asterisk, set()).add(dagger)
    return found


@rule("CAT-002", standards=ALL)
def accompanying_diagnoses_fit_the_sex(v: Visit, add: Add) -> None:
    listed = catalogues.icd10(v.on)
    for code in accompanying(v):
        known = listed.get(code)
        if known and not fits_the_sex(v, known):
            name = name_in(v, "MA_BENH_KT", "MA_BENHKHAC")
            add("XML1", 1, name, code, name=known.name_vi, gioi_tinh=v.x1["GIOI_TINH"])


@rule("CAT-003", standards=ALL)
def accompanying_diagnoses_fit_the_age(v: Visit, add: Add) -> None:
    for code in accompanying(v):
        ages = ages_missed(v, code)
        if ages:
            add("XML1", 1, name_in(v, "MA_BENH_KT", "MA_BENHKHAC"), code, ages=ages, ngay_sinh=v.x1["NGAY_SINH"][:8])


@rule("CAT-004", standards=ALL)
def procedures_are_in_icd9cm(v: Visit, add: Add) -> None:
    """Form and chapter: the list at hand has only the procedures that have a service of their own."""
    places = [("XML3", at, row["MA_PTTT_QT"]) for at, row in enumerate(v.x3, 1) if "MA_PTTT_QT" in row]
    if "MA_PTTT_QT" in v.x1:
        places.append(("XML1", 1, v.x1["MA_PTTT_QT"]))
    for table, at, text in places:
        if not all(code[:2] in _procedure_groups() and _PROCEDURE.fullmatch(code) for code in parts(text)):
            add(table, at, "MA_PTTT_QT", text)


@cache
def _procedure_groups() -> frozenset[str]:
    chapters = catalogues.icd9cm_chapters()
    return frozenset(f"{n:02}" for first, last in chapters for n in range(int(first), int(last) + 1))


@rule("CAT-005", standards=ALL)
def services_are_in_the_shared_list(v: Visit, add: Add) -> None:
    own = v.lists.of("services") or ()
    unknown = {code for code in {row.get("MA_DICH_VU", "") for row in v.x3} if not _is_shared(code) and code not in own}
    for at, row in enumerate(v.x3, 1) if unknown else ():
        if row.get("MA_DICH_VU") in unknown:
            add("XML3", at, "MA_DICH_VU", row["MA_DICH_VU"])


@lru_cache(MEMORY)
def _is_shared(code: str) -> bool:
    """True for a code of the list, and for what is not written like one (beds, examinations, codes of one's own)."""
    return not _SERVICE.fullmatch(base_code(code)) or base_code(code) in catalogues.services()


@rule("CAT-006", standards=ALL)
def drugs_have_an_ingredient_of_the_national_list(v: Visit, add: Add) -> None:
    """A number past the end of the list; within it the list at hand has gaps."""
    wrong = {code for code in {row.get("MA_THUOC", "") for row in v.x2} if _is_past_the_list(code)}
    for at, row in enumerate(v.x2, 1) if wrong else ():
        if row.get("MA_THUOC") in wrong:
            add("XML2", at, "MA_THUOC", row["MA_THUOC"], last=f"40.{_last_ingredient()}")


@lru_cache(MEMORY)
def _is_past_the_list(code: str) -> bool:
    found = _INGREDIENT.fullmatch(code)
    return bool(found) and not 0 < int(found[1]) <= _last_ingredient()


@cache
def _last_ingredient() -> int:
    return max(int(found[1]) for code in catalogues.active_ingredients() if (found := _INGREDIENT.fullmatch(code)))


@rule("CAT-007", standards=ALL)
def routes_are_in_the_list(v: Visit, add: Add) -> None:
    """The list at hand has gaps, so a code of its form passes."""
    wrong = {text for text in {row.get("DUONG_DUNG", "") for row in v.x2} if not _are_routes(text)}
    for at, row in enumerate(v.x2, 1) if wrong else ():
        if row.get("DUONG_DUNG") in wrong:
            add("XML2", at, "DUONG_DUNG", row["DUONG_DUNG"])


@lru_cache(MEMORY)
def _are_routes(text: str) -> bool:
    return all(code in catalogues.routes() or _ROUTE.fullmatch(code) for code in parts(text))


@rule("CAT-008", standards=("130", "4750"))
def occupation_is_in_the_national_list(v: Visit, add: Add) -> None:
    """Five digits of QĐ 34/2020/QĐ-TTg; some groups of four have no child in the list at hand."""
    code, known = v.x1.get("MA_NGHE_NGHIEP", ""), catalogues.occupations()
    if code and not (len(code) == 5 and (code in known or code[:4] in known)):
        add("XML1", 1, "MA_NGHE_NGHIEP", code)


@rule("CAT-009", standards=ALL)
def commune_lies_in_its_province(v: Visit, add: Add) -> None:
    """Judged where the codes are in the lists of the day, which XML1-017 looks up in XML1."""
    for table, at, row in _residences(v):
        code, province = row.get("MAXA_CU_TRU"), row.get("MATINH_CU_TRU", "")
        if code and not _lies_in(code, province, v.on):
            add(table, at, "MAXA_CU_TRU", code, name=catalogues.communes(v.on)[code].full_name, province=province)


@lru_cache(MEMORY)
def _lies_in(code: str, province: str, on: date) -> bool:
    commune, province = catalogues.communes(on).get(code), province[-2:].zfill(2)
    if not commune or province not in catalogues.provinces(on):
        return True
    districts = catalogues.districts(on)
    if not districts:
        return commune.parent == province
    return commune.parent not in districts or districts[commune.parent].parent == province


@once
def _residences(v: Visit) -> list[tuple[str, int, Row]]:
    return [(table, at, row) for table in RESIDENCES if table in v.tables for at, row in enumerate(v.tables[table], 1)]


@rule("CAT-010", standards=ALL)
def residence_is_in_the_lists_of_its_day(v: Visit, add: Add) -> None:
    """District of XML1 while there were districts; province, district and commune of the other tables."""
    for table, at, row in _residences(v):
        province, commune = row.get("MATINH_CU_TRU"), row.get("MAXA_CU_TRU")
        district, districts = row.get("MAHUYEN_CU_TRU"), catalogues.districts(v.on)
        if district and districts and district not in districts:
            add(table, at, "MAHUYEN_CU_TRU", district, ngay=f"{v.on:%Y%m%d}")
        if table == "XML1":
            continue  # XML1-017
        if province and province[-2:].zfill(2) not in catalogues.provinces(v.on):
            add(table, at, "MATINH_CU_TRU", province, ngay=f"{v.on:%Y%m%d}")
        if commune and commune not in catalogues.communes(v.on):
            add(table, at, "MAXA_CU_TRU", commune, ngay=f"{v.on:%Y%m%d}")


@rule("CAT-011", standards=ALL)
def diseases_of_other_tables_are_in_icd10(v: Visit, add: Add) -> None:
    """XML1-039 and XML3-045 look up the rest."""
    listed = catalogues.icd10(v.on)
    places = [("XML13", "MA_BENH_CHINH"), ("XML13", "MA_BENH_KT"), ("XML14", "MA_BENH_CHINH"), ("XML14", "MA_BENH_KT")]
    if v.standard == "4210":
        places = [("XML2", "MA_BENH"), ("XML3", "MA_BENH")]
    for table, field in [place for place in places if place[0] in v.tables]:
        for at, row in enumerate(v.tables[table], 1):
            text = row.get(field)
            if text and text not in listed:
                unknown = [code for code in parts(text) if code.rstrip("*†") not in listed]
                if unknown:
                    add(table, at, field, "; ".join(unknown), list=listed.title)
