"""The catalogues of the country as code systems: diseases, procedures, services, places, medicines, tests, people."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from functools import partial

from yteso import catalogues, standards
from yteso.catalogues import ICD9CM_SYSTEM, ICD10_SYSTEM, LOINC_SYSTEM
from yteso.catalogues.diseases import TT06_FROM, Icd10, Icd10Code
from yteso.catalogues.places import TWO_LEVELS_FROM, AdminUnit
from yteso.fhir.terminology import national
from yteso.fhir.terminology.mapped import written
from yteso.fhir.terminology.systems import ABSTRACT, Concept, System
from yteso.mapping import BASE


GROUP = {ABSTRACT: True}
LOINC_NOTICE = "LOINC (http://loinc.org), © Regenstrief Institute, Inc.; yteso/catalogues/data/laboratory/NOTICE"


def systems() -> Iterator[System]:
    """Older editions first."""
    yield _icd10(TT06_FROM - timedelta(days=1), None, TT06_FROM - timedelta(days=1))
    yield _icd10(TT06_FROM, TT06_FROM, None)
    yield System(ICD9CM_SYSTEM, "QD4440-2020", "icd-9-cm", "Phẫu thuật, thủ thuật ICD-9-CM",
                 "ICD-9-CM volume 3, procedures", _procedures, source="4440/QĐ-BYT")  # fmt: skip
    yield System(LOINC_SYSTEM, "", "loinc", "Xét nghiệm và chỉ số thường gặp (LOINC)",
                 "Frequent tests and vital signs (LOINC)", _tests, content="fragment", source=LOINC_NOTICE)  # fmt: skip
    # Codes of examinations and bed days are in other lists.
    yield _own("dvkt", "7603", "Dịch vụ kỹ thuật dùng chung", "Shared technical services", _services, "7603/QĐ-BYT",
               "fragment")  # fmt: skip
    yield _own("hoat-chat", "1", "Hoạt chất của danh mục thuốc", "Active ingredients", _ingredients, "", "fragment")
    yield _own("dan-toc", "121-TCTK", "Dân tộc", "Ethnic groups", _ethnic_groups, "121-TCTK/PPCĐ")
    yield _own("nghe", "34", "Nghề nghiệp", "Occupations", _occupations, "34/2020/QĐ-TTg")
    yield _own("quan-he", "1", "Quan hệ gia đình", "Family relations", _relationships)
    yield _own("quoc-gia", "1", "Quốc gia (ISO 3166)", "Countries (ISO 3166)", _countries, "ISO 3166")
    yield from _places("tinh", "Tỉnh, thành phố", "Provinces", catalogues.provinces)
    yield from _places(
        "huyen", "Quận, huyện (trước 01/07/2025)", "Districts (before 1 July 2025)", catalogues.districts
    )
    yield from _places("xa", "Xã, phường, đặc khu", "Communes", catalogues.communes)


def _own(id: str, version: str, vi: str, en: str, load: Callable[[], Iterable[Concept]], source: str = "",
         content: str = "complete") -> System:  # fmt: skip
    return System(f"{BASE}/cs/{id}", version, id, vi, en, load, content=content, source=source)


def by_prefix(code: str, codes: set[str]) -> tuple[str, ...]:
    """The longest code that it begins with: A00 for A00.0, 37.2 for 37.21."""
    return next(((code[:n],) for n in range(len(code) - 1, 0, -1) if code[:n] in codes), ())


def _icd10(on: date, since: date | None, until: date | None) -> System:
    edition = catalogues.icd10(on)
    en = f"ICD-10, Vietnamese edition {edition.id}"
    return System(ICD10_SYSTEM, edition.id, "icd-10", edition.title, en, partial(_diseases, edition), since, until,
                  source=edition.title)  # fmt: skip


def _diseases(edition: Icd10) -> Iterator[Concept]:
    for chapter in catalogues.icd10_chapters().values():
        yield Concept(chapter.id, chapter.name_vi, "", (), GROUP | {"range": chapter.range})
    for block in catalogues.icd10_blocks().values():
        yield Concept(block.id, block.name_vi, "", (block.parent or block.chapter,), GROUP | {"chapter": block.chapter})
    codes = set(edition.codes)
    for one in edition.codes.values():
        parents = by_prefix(one.code, codes) or (one.block,)
        yield Concept(one.code, one.name_vi, "", parents, _disease_properties(one))


def _disease_properties(one: Icd10Code) -> dict[str, str | bool]:
    found: dict[str, str | bool] = {"chapter": one.chapter, "block": one.block, "leaf": one.is_leaf}
    if one.mark:
        found["mark"] = one.mark
    flags = ("not_as_main", "discouraged_as_main", "female_only", "male_only", "death_cause_only")
    return found | {flag.replace("_", "-"): True for flag in flags if getattr(one, flag)}


def _procedures() -> Iterator[Concept]:
    chapters = catalogues.icd9cm_chapters()
    for (first, last), name in chapters.items():
        yield Concept(f"{first}-{last}", name, "", (), GROUP)
    codes = set(catalogues.icd9cm())
    for one in catalogues.icd9cm().values():
        group = next((f"{first}-{last}" for first, last in chapters if first <= one.code[:2] <= last), "")
        yield Concept(one.code, one.name_vi, "", by_prefix(one.code, codes) or ((group,) if group else ()))


def _tests() -> Iterator[Concept]:
    for test in catalogues.lab_tests().values():
        yield Concept(test.loinc, test.name_vi, "", (), {"unit": test.unit} if test.unit else {})
    yield from written(LOINC_SYSTEM)


def _services() -> Iterator[Concept]:
    for chapter, name in catalogues.service_chapters().items():
        yield Concept(chapter, name, "", (), GROUP)
    for one in catalogues.services().values():
        yield Concept(one.code, one.name, "", (one.chapter,))


def _ingredients() -> Iterator[Concept]:
    for code, name in catalogues.active_ingredients().items():
        yield Concept(code, name)


def _ethnic_groups() -> Iterator[Concept]:
    english = _list_codes("MA_DANTOC")
    for one in catalogues.ethnic_groups().values():
        others = {"other-names": one.other_names} if one.other_names else {}
        yield Concept(one.code, one.name_vi, english[one.code].en if one.code in english else "", (), others)


def _occupations() -> Iterator[Concept]:
    """Five levels of the decision; two-digit codes of the visit standard that it lacks stand at the end."""
    names, listed = catalogues.occupations(), _list_codes("MA_NGHE_NGHIEP")
    for code, name in names.items():
        yield Concept(code, name, listed[code].en if code in listed else "", by_prefix(code, set(names)))
    yield from (one for code, one in listed.items() if code not in names)


def _list_codes(name: str) -> dict[str, Concept]:
    return {one.code: one for edition in standards.editions(name) for one in national.concepts(edition)}


def _relationships() -> Iterator[Concept]:
    for one in catalogues.relationships().values():
        yield Concept(one.code, one.name_vi, "", (), {"hl7-role": one.hl7_role} if one.hl7_role else {})


def _countries() -> Iterator[Concept]:
    for one in catalogues.countries().values():
        yield Concept(one.alpha2, one.name_vi, one.name_en, (), {"alpha3": one.alpha3, "numeric": one.numeric})


def _places(id: str, vi: str, en: str, units: Callable[[date], dict[str, AdminUnit]]) -> Iterator[System]:
    """Before the reform and after it; the older lists are those of 4 January 2025."""
    before = TWO_LEVELS_FROM - timedelta(days=1)
    for on, since, until in ((before, None, before), (TWO_LEVELS_FROM, TWO_LEVELS_FROM, None)):
        listed = units(on)
        if listed:
            yield System(f"{BASE}/cs/{id}", on.isoformat(), id, vi, en, partial(_units, listed), since, until)


def _units(listed: dict[str, AdminUnit]) -> Iterator[Concept]:
    """The unit one level up is a code of another system, so it is a property."""
    for one in listed.values():
        upper = {"part-of": one.parent} if one.parent else {}
        yield Concept(one.code, one.full_name, "", (), {"kind": one.kind} | upper)
