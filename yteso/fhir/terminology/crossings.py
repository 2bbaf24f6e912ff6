"""The project's own concept maps: units of the state old to new, lists of diseases, tests to LOINC, units to UCUM,
fields of the visit standard to codes of FHIR.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from functools import partial

from yteso import catalogues
from yteso.catalogues import ICD10_SYSTEM, LOINC_SYSTEM
from yteso.catalogues.diseases import TT06_FROM
from yteso.catalogues.places import TWO_LEVELS_FROM
from yteso.fhir.terminology.maps import ConceptMap, Group, Row
from yteso.mapping import BASE
from yteso.mapping.names import rows
from yteso.mapping.names import systems as addresses


BEFORE = "2025-06-30"
GENDER = "http://hl7.org/fhir/administrative-gender"
ROLES = "http://terminology.hl7.org/CodeSystem/v3-RoleCode"
UNIT_SPELLINGS = f"{BASE}/cs/don-vi"

_PARTS = {
    "part": "một phần địa bàn / part of the area",
    "part_area_all_people": "một phần địa bàn, toàn bộ dân cư / part of the area, all people",
}


def maps() -> Iterator[ConceptMap]:
    new = TWO_LEVELS_FROM.isoformat()
    for id, vi, en, load in (
        ("tinh", "Tỉnh trước và sau 01/07/2025", "Provinces before and after 1 July 2025", _provinces),
        ("xa", "Xã trước và sau 01/07/2025", "Communes before and after 1 July 2025", _communes),
    ):
        system = addresses()[id]
        yield _map(f"{id}-cu-moi", new, vi, en, Group(system, system, load, BEFORE, new), since=TWO_LEVELS_FROM)
    older, newer = (catalogues.icd10(day) for day in (TT06_FROM.replace(year=2025), TT06_FROM))
    vi, en = "ICD-10: Quyết định 4469 sang Thông tư 06/2026", "ICD-10: Decision 4469 to Circular 06/2026"
    group = Group(ICD10_SYSTEM, ICD10_SYSTEM, partial(_diseases, older.codes, newer.codes), older.id, newer.id)
    yield _map("icd-10-cu-moi", newer.id, vi, en, group, since=TT06_FROM)
    vi, en = "Dịch vụ xét nghiệm sang LOINC", "Laboratory services to LOINC"
    yield _map("dvkt-loinc", "1", vi, en, Group(addresses()["dvkt"], LOINC_SYSTEM, _tests))
    vi, en = "Cách viết đơn vị đo sang UCUM", "Spellings of units to UCUM"
    yield _map("don-vi-ucum", "1", vi, en, Group(UNIT_SPELLINGS, addresses()["ucum"], _units))
    vi, en = "Giới tính sang FHIR", "Sex to FHIR"
    yield _map("gioi-tinh-fhir", "1", vi, en, Group(f"{BASE}/cs/gioi-tinh", GENDER, partial(_values, "gender")))
    vi, en = "Loại hình khám chữa bệnh sang lớp của lượt khám", "Type of care to the class of an encounter"
    classes = Group(addresses()["loai-kcb"], addresses()["actcode"], partial(_values, "class"))
    yield _map("loai-kcb-fhir", "1", vi, en, classes)
    vi, en = "Quan hệ gia đình sang HL7", "Family relations to HL7"
    yield _map("quan-he-hl7", "1", vi, en, Group(f"{BASE}/cs/quan-he", ROLES, _relations))


def _map(id: str, version: str, vi: str, en: str, group: Group, **more: object) -> ConceptMap:
    return ConceptMap(f"{BASE}/cm/{id}", id, version, vi, en, (group,), **more)


def _alike(pairs: Iterable[tuple[str, str]]) -> Iterator[Row]:
    """A target that several codes go to is wider than each of them."""
    pairs = list(pairs)
    many = Counter(target for _, target in pairs)
    for source, target in pairs:
        yield Row(source, target, "wider" if many[target] > 1 else "equivalent")


def _provinces() -> Iterator[Row]:
    before = catalogues.provinces(TWO_LEVELS_FROM.replace(year=2024))
    yield from _alike((code, catalogues.province_successor(code)) for code in before)


def _communes() -> Iterator[Row]:
    listed = list(catalogues.commune_succession())
    many = Counter(new for _, new, _ in listed)
    for old, new, kind in listed:
        if kind in _PARTS:
            yield Row(old, new, "inexact", _PARTS[kind])
        else:
            yield Row(old, new, "wider" if many[new] > 1 else "equivalent")


def _diseases(older: Iterable[str], newer: Iterable[str]) -> Iterator[Row]:
    newer = frozenset(newer)
    for code in older:
        yield Row(code, code, "equal") if code in newer else Row(code, "", "unmatched")


def _tests() -> Iterator[Row]:
    """A panel has one service and several tests: each is narrower than the service."""
    tests = list(catalogues.lab_tests().values())
    many = Counter(test.service for test in tests)
    for test in tests:
        equivalence = "narrower" if many[test.service] > 1 else "equivalent"
        yield Row(test.service, test.loinc, equivalence, test.unit or test.name_vi)


def _units() -> Iterator[Row]:
    for row in rows("units.csv"):
        yield Row(row["spelling"], row["ucum"], "equal" if row["spelling"] == row["ucum"] else "equivalent")


def _values(name: str) -> Iterator[Row]:
    """The codes of every version of the standard; a code of one digit says the same as with a zero before it."""
    yield from _alike((row["value"], row["code"]) for row in rows("value_maps.csv") if row["map"] == name)


def _relations() -> Iterator[Row]:
    found = catalogues.relationships().values()
    yield from _alike((one.code, one.hl7_role) for one in found if one.hl7_role)
