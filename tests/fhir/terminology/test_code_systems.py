"""Code systems: which there are, which edition a day chooses, what stands above and below."""

from datetime import date

import pytest

from yteso.catalogues import ICD9CM_SYSTEM, ICD10_SYSTEM
from yteso.fhir.terminology import BUILT_IN, Library, above, below, hierarchical
from yteso.fhir.terminology.library import built_in
from yteso.mapping import BASE
from yteso.mapping.names import systems as addresses


CARE, UNITS_OF_THE_STATE = f"{BASE}/cs/loai-kcb", f"{BASE}/cs/xa"
ACT_CODE = "http://terminology.hl7.org/CodeSystem/v3-ActCode"


def test_every_code_system_of_the_mapping_is_there():
    identifiers = ("/sid/", "StructureDefinition", "yteso.vn/fhir/cs/nhan")
    extensions = {url for name, url in addresses().items() if name.startswith("x-")}
    wanted = {url for url in addresses().values() if not any(part in url for part in identifiers)} - extensions
    assert wanted <= built_in().keys()


def test_every_list_of_the_visit_standard_is_there():
    from yteso.fhir.terminology.national import LISTS
    from yteso.standards import CODE_LISTS

    text = LISTS.read_text("utf-8")
    other = {"MA_DANTOC", "MA_NGHE_NGHIEP", "MA_NGHE_NGHIEP_130"}
    assert [name for name in CODE_LISTS if name not in text.replace(",", " ").split() and name not in other] == []


def test_every_system_loads_and_its_parents_are_its_own():
    for edition in (one for listed in built_in().values() for one in listed):
        parents = {parent for concept in edition.concepts.values() for parent in concept.parents}
        assert parents <= edition.concepts.keys(), edition.id
        assert bool(edition.concepts) == (edition.content != "not-present"), edition.id


@pytest.mark.parametrize(
    ("url", "on", "version"),
    [
        (ICD10_SYSTEM, date(2026, 6, 30), "QD4469-2020"),
        (ICD10_SYSTEM, date(2026, 7, 1), "TT06-2026"),
        (ICD10_SYSTEM, None, "TT06-2026"),
        (CARE, date(2024, 6, 30), "4210"),
        (CARE, date(2024, 7, 1), "824"),
        (f"{CARE}|130", None, "130"),
        (f"{BASE}/cs/doi-tuong", date(2024, 12, 31), "824"),
        (f"{BASE}/cs/doi-tuong", date(2025, 1, 1), "3276"),
        (f"{BASE}/cs/pham-vi", date(2024, 8, 1), "130"),
        (f"{BASE}/cs/pham-vi", date(2020, 1, 1), "4210"),
        (UNITS_OF_THE_STATE, date(2025, 6, 30), "2025-06-30"),
        (UNITS_OF_THE_STATE, date(2025, 7, 1), "2025-07-01"),
    ],
)
def test_the_day_of_the_event_chooses_the_edition(url, on, version):
    assert BUILT_IN.system(url, on).version == version


def test_versions_of_one_system_differ():
    assert len({one.version for one in BUILT_IN.editions(CARE)}) == 3
    assert BUILT_IN.editions(f"{CARE}|1999") == []
    assert BUILT_IN.system("http://example.org/none") is None


def test_a_commune_says_what_it_is_part_of():
    ba_dinh = BUILT_IN.system(UNITS_OF_THE_STATE).concepts["00004"]
    assert (ba_dinh.vi, ba_dinh.properties["part-of"]) == ("Phường Ba Đình", "01")


@pytest.mark.parametrize(
    ("system", "code", "higher"),
    [
        (ICD10_SYSTEM, "A00.0", {"A00.0", "A00", "A00-A09", "I"}),
        (ICD9CM_SYSTEM, "37.21", {"37.21", "35-39"}),
        (ACT_CODE, "AMB", {"AMB", "_ActEncounterCode", "_ActCareProvisionCode"}),
        (f"{BASE}/cs/dvkt", "01.0002.1778", {"01.0002.1778", "01"}),
        (f"{BASE}/cs/nghe", "01", {"01", "0"}),
        (ICD10_SYSTEM, "ZZZ", set()),
    ],
)
def test_codes_stand_below_others(system, code, higher):
    assert above(system, code) == higher
    assert all(code in below(system, one) for one in higher)


def test_some_systems_have_no_levels():
    assert hierarchical(ICD10_SYSTEM)
    assert not hierarchical("http://loinc.org")
    assert not hierarchical("http://example.org/none")


WARD = {
    "resourceType": "CodeSystem",
    "id": "buong",
    "url": "http://benhvien.vn/cs/buong",
    "version": "2",
    "content": "complete",
    "property": [{"code": "parent", "type": "code"}, {"code": "beds", "type": "integer"}],
    "concept": [
        {
            "code": "N",
            "display": "Nội",
            "designation": [{"language": "en", "value": "Internal medicine"}],
            "property": [{"code": "beds", "valueInteger": 40}],
            "concept": [{"code": "N1", "display": "Nội 1"}],
        },
        {"code": "N2", "display": "Nội 2", "property": [{"code": "parent", "valueCode": "N"}]},
    ],
}


def test_a_code_system_written_over_fhir_is_one_like_the_others():
    library = Library(lambda type, url: [WARD] if (type, url) == ("CodeSystem", WARD["url"]) else [])
    system = library.system(WARD["url"])
    assert system.version == "2"
    assert system.below("N") == {"N", "N1", "N2"}
    assert (system.concepts["N"].en, system.concepts["N"].properties["beds"]) == ("Internal medicine", "40")
    assert below(WARD["url"], "N", library=library) == {"N", "N1", "N2"}
