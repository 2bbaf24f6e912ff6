"""XML1 and the papers of a visit: what each says, and that they agree with each other."""

import re
from datetime import date
from inspect import getsource

import pytest
from made_visits import CARD, facility, made, opened, province, somebody, tables

from yteso import standards
from yteso.sandbox import inpatient, outpatient, papers
from yteso.sandbox.people import MALE
from yteso.sandbox.visit import Origin


FIELDS = {name: table.fields for name, table in standards.standard("3176").tables.items()}
STAY = "pneumonia"


@pytest.fixture(scope="module")
def stay() -> dict[str, list[dict[str, str]]]:
    return tables(made(STAY))


# which papers

PAPERS = """
visit         tables
cold          XML1 XML2 XML3
tonsillitis   XML1 XML2 XML3 XML4
conjunctivitis XML1 XML2 XML3
wound         XML1 XML2 XML3 XML4
htn           XML1 XML2 XML3 XML4 XML5
dialysis      XML1 XML2 XML3 XML4 XML5
shoulder      XML1 XML2 XML3 XML4 XML5
pneumonia     XML1 XML2 XML3 XML4 XML5 XML7 XML8
appendicitis  XML1 XML2 XML3 XML4 XML5 XML7 XML8
"""


@pytest.mark.parametrize("line", PAPERS.split("\n")[2:-1])
def test_a_visit_has_the_tables_of_its_kind(line):
    illness, *expected = line.split()
    found = tables(made(illness))
    assert list(found) == expected


# entitlement (MA_DOITUONG_KCB)

ENTITLED = """
why comes    card  at  registered  care  code
self         no    d   c           01    9
emergency    no    p   c           03    9
self         yes   c   c           01    1.1
self         yes   p   p           03    1.1
emergency    yes   p   c           03    2
referral     yes   p   c           03    1.3
appointment  yes   p   c           01    1.5
self         yes   c   p           01    1.2
self         yes   p   c           03    3.2
self         yes   d   c           03    1.15
self         yes   p   c           01    1.17
self         yes   d   c           01    1.12
self         yes   k   c           01    1.12
newborn      yes   p   c           03    1.7
"""


@pytest.mark.parametrize("line", ENTITLED.split("\n")[2:-1])
def test_the_entitlement_says_how_somebody_came(line):
    kind, card, place, registered, care, code = line.split()
    person = somebody(card=CARD if card == "yes" else "")
    visit = opened("cold", place, person, origin=Origin(kind), care=care)
    assert papers.eligibility(visit, facility(registered)) == code
    assert code in standards.code_list("MA_DOITUONG_KCB", date(2026, 8, 1))


# the person in XML1

PERSON = {
    "HO_TEN": "name", "SO_CCCD": "number", "NGAY_SINH": "birth", "GIOI_TINH": "sex", "MA_DANTOC": "ethnic",
    "MA_NGHE_NGHIEP": "job", "DIA_CHI": "address", "MATINH_CU_TRU": "province", "MAXA_CU_TRU": "commune",
    "DIEN_THOAI": "phone", "MA_THE_BHYT": "card", "GT_THE_TU": "card_from", "GT_THE_DEN": "card_to",
}  # fmt: skip


@pytest.mark.parametrize("field", PERSON)
def test_xml1_states_the_person(field):
    person = somebody()
    told = tables(made("cold", "d", person))["XML1"][0][field]
    assert told.casefold() == getattr(person, PERSON[field]).casefold() != ""


def test_some_facilities_write_names_in_capitals():
    person, styles = somebody(), set()
    for kind in "pdkc":
        place = facility(kind)
        name = tables(made("cold", kind, person))["XML1"][0]["HO_TEN"]
        assert name == (person.name.upper() if place.capitals else person.name)
        styles.add(name.isupper())
    assert styles == {True} or styles == {True, False}


def test_without_a_card_there_is_no_word_about_cards():
    main = tables(made("cold", "d", somebody(card="")))["XML1"][0]
    assert not {"MA_THE_BHYT", "MA_DKBD", "GT_THE_TU", "GT_THE_DEN", "NAM_NAM_LIEN_TUC"} & set(main)


@pytest.mark.parametrize("registered", list("pdkc"))
def test_the_card_names_its_facility(registered):
    assert tables(made("cold", "p"), registered)["XML1"][0]["MA_DKBD"] == facility(registered).code


# the visit in XML1

VISIT_FIELDS = """
field           cold at a station   pneumonia in the hospital
MA_LOAI_KCB     01                  03
MA_BENH_CHINH   J00                 J18.9
MA_KHOA         K01                 K50
MA_LOAI_RV      1                   1
STT             1                   1
MA_QUOCTICH     000                 000
T_NGUONKHAC     0.00                0.00
NAM_QT          2026                2026
THANG_QT        7                   7
MA_CSKCB        99003               99001
"""


@pytest.mark.parametrize("line", VISIT_FIELDS.split("\n")[2:-1])
def test_xml1_states_the_visit(line):
    field, cold, pneumonia = line.split()
    stay = tables(made(STAY))["XML1"][0]
    assert tables(made("cold", "c"))["XML1"][0][field] == cold
    assert stay[field] == pneumonia


@pytest.mark.parametrize("field", ["NGAY_VAO_NOI_TRU", "LY_DO_VNT"])
def test_only_stays_have_an_admission(field, stay):
    assert stay["XML1"][0][field]
    assert field not in tables(made("cold"))["XML1"][0]


def test_diagnoses_main_and_accompanying():
    visit = made("pneumonia", codes=["J18.9", "I10", "E11.9"], diagnosis="Viêm phổi; Tăng huyết áp; Đái tháo đường")
    main = tables(visit)["XML1"][0]
    assert (main["MA_BENH_CHINH"], main["MA_BENH_KT"]) == ("J18.9", "I10;E11.9")
    assert (main["CHAN_DOAN_VAO"], main["CHAN_DOAN_RV"]) == ("Viêm phổi", visit.diagnosis)


def test_procedures_are_listed_once_each():
    main = tables(made("shoulder", "d"))["XML1"][0]
    codes = main["MA_PTTT_QT"].split(";")
    assert len(codes) == len(set(codes)) > 1


ACCIDENTS = [
    ("wrist_surgery", "1"), ("scalp_wound", "1"), ("wound", "2"), ("sprain", "8"), ("wrist_fracture", "8"),
    ("cold", ""),
]  # fmt: skip


@pytest.mark.parametrize(("illness", "kind"), ACCIDENTS)
def test_accidents_are_told(illness, kind):
    assert tables(made(illness))["XML1"][0].get("MA_TAI_NAN", "") == kind
    assert not kind or kind in standards.code_list("MA_TAI_NAN", date(2026, 8, 1))


@pytest.mark.parametrize(
    ("illness", "treatment"),
    [("cold", "Điều trị nội khoa"), ("myopia", "Điều trị nội khoa"), ("gingivitis", "Điều trị nội khoa")],
)
def test_treatment_in_words(illness, treatment):
    assert tables(made(illness))["XML1"][0]["PP_DIEU_TRI"] == treatment


def test_a_visit_without_drugs_is_advice():
    visit = opened("cold", refer_to="99002", letter="1/GCT")
    outpatient.consult(visit)
    assert tables(visit)["XML1"][0]["PP_DIEU_TRI"] == "Khám, tư vấn"


# papers agree with XML1

COPIES = """
XML7   MA_LK NGAY_VAO NGAY_RA CHAN_DOAN_RV MA_TTDV
XML8   MA_LK NGAY_VAO NGAY_RA CHAN_DOAN_RV MA_TTDV MA_LOAI_KCB KET_QUA_DTRI
"""


@pytest.mark.parametrize("line", COPIES.split("\n")[1:-1])
def test_papers_repeat_xml1(line, stay):
    table, *fields = line.split()
    for field in fields:
        assert stay[table][0][field] == stay["XML1"][0][field] != "", field


def test_the_discharge_paper_is_signed_by_the_doctor():
    visit = made(STAY)
    paper = tables(visit)["XML7"][0]
    assert (paper["MA_BS"], paper["TEN_BS"]) == (visit.doctor.licence, visit.doctor.name)
    assert paper["NGAY_CT"] == paper["NGAY_RA"][:8]
    assert paper["SO_LUU_TRU"]


def test_sick_leave_runs_from_the_day_after_discharge():
    leaves = 0
    for seed in range(30):
        visit = made(STAY, seed=seed)
        paper = tables(visit)["XML7"][0]
        if "SO_NGAY_NGHI" in paper:
            first, last = date.fromisoformat(paper["NGOAITRU_TUNGAY"]), date.fromisoformat(paper["NGOAITRU_DENNGAY"])
            assert (last - first).days + 1 == int(paper["SO_NGAY_NGHI"]) >= 3
            assert (first - date.fromisoformat(paper["NGAY_RA"][:8])).days == 1
            leaves += 1
    assert 2 <= leaves <= 20


def test_the_summary_tells_the_story(stay):
    summary = stay["XML8"][0]
    assert "Người bệnh vào viện vì sốt, ho đờm, khó thở" in summary["QT_BENHLY"]
    assert "Theo dõi viêm phổi" in summary["TOMTAT_KQ"]
    assert len(summary["TOMTAT_KQ"]) <= 3900


# referral and re-examination

REFERRAL = {
    "SO_CHUYENTUYEN": "7", "GIAY_CHUYEN_TUYEN": "7/GCT", "MA_CSKCB_DEN": "99001", "MA_LYDO_CT": "1",
    "CHUCDANH_NGUOI_HT": "Điều dưỡng", "PP_DIEUTRI": "Khám, tư vấn",
    "HUONG_DIEU_TRI": "Chuyển cơ sở cấp trên điều trị tiếp",
    "PHUONGTIEN_VC": "Xe cứu thương",
}  # fmt: skip


@pytest.fixture(scope="module")
def referral():
    visit = opened("appendicitis", "d", refer_to="99001", letter="7/GCT", discharge="2", result="3")
    outpatient.consult(visit)
    return tables(visit)


@pytest.mark.parametrize("field", REFERRAL)
def test_a_referral_paper_says_where_to_and_why(referral, field):
    assert referral["XML13"][0][field] == REFERRAL[field]


def test_a_referral_is_the_way_out_of_the_visit(referral):
    main = referral["XML1"][0]
    assert (main["MA_NOI_DEN"], main["MA_LOAI_RV"], main["KET_QUA_DTRI"]) == ("99001", "2", "3")
    assert "XML2" not in referral


@pytest.mark.parametrize(("illness", "by"), [("appendicitis", "Xe cứu thương"), ("gastritis", "Tự túc")])
def test_patients_for_surgery_travel_by_ambulance(illness, by):
    visit = opened(illness, "d", refer_to="99001", letter="7/GCT")
    outpatient.consult(visit)
    assert tables(visit)["XML13"][0]["PHUONGTIEN_VC"] == by


def test_the_receiving_facility_knows_the_letter():
    visit = made("appendicitis", origin=Origin("referral", "7/GCT", "99002"))
    main = tables(visit)["XML1"][0]
    assert (main["MA_DOITUONG_KCB"], main["MA_NOI_DI"], main["GIAY_CHUYEN_TUYEN"]) == ("1.3", "99002", "7/GCT")


def test_an_appointment_names_its_day_in_both_tables():
    visit = made("cold", return_day=17, appointment="9/HKL")
    told = tables(visit)
    assert told["XML14"][0]["SO_GIAYHEN_KL"] == "9/HKL"
    assert told["XML14"][0]["NGAY_HEN_KL"] == told["XML1"][0]["NGAY_TAI_KHAM"] == "20260718"
    assert told["XML14"][0]["MA_BAC_SI"] == visit.doctor.licence


# birth


@pytest.fixture(scope="module")
def birth():
    mother = made("caesarean", person=somebody(date(1996, 2, 3)))
    born = date(2026, 7, 11)
    child = province().population.newborn(mother.person, 10_000_001, born, "0930")
    mother.children.append(child)
    stay = opened("newborn", person=child, arrived=mother.operation_over - 15, origin=Origin("newborn"))
    inpatient.newborn(stay, mother.left)
    return tables(mother), tables(stay), child


CERTIFICATE = [  # field of XML9, field of the mother's XML1
    ("HO_TEN_NND", "HO_TEN"), ("SO_CCCD_NND", "SO_CCCD"), ("MA_THE_NND", "MA_THE_BHYT"), ("MA_DANTOC_NND", "MA_DANTOC"),
    ("NOI_CU_TRU_NND", "DIA_CHI"), ("MA_LK", "MA_LK"), ("MA_TTDV", "MA_TTDV"), ("CAN_NANG_CON", "CAN_NANG_CON"),
]  # fmt: skip


@pytest.mark.parametrize(("field", "of_mother"), CERTIFICATE)
def test_the_birth_certificate_names_the_mother(birth, field, of_mother):
    mother, _, _ = birth
    assert mother["XML9"][0][field] == mother["XML1"][0][of_mother] != ""


@pytest.mark.parametrize(
    ("field", "of_child"),
    [("HO_TEN_CON", "name"), ("GIOI_TINH_CON", "sex"), ("NGAY_SINH_CON", "birth"), ("MA_THE_TAM", "card"),
     ("HO_TEN_CHA", "father")],
)  # fmt: skip
def test_the_birth_certificate_names_the_child(birth, field, of_child):
    mother, _, child = birth
    assert mother["XML9"][0][field] == getattr(child, of_child) != ""


@pytest.mark.parametrize(("illness", "surgery"), [("birth", "0"), ("caesarean", "1")])
def test_the_birth_certificate_tells_of_surgery(illness, surgery):
    mother = made(illness)
    mother.children.append(province().population.newborn(mother.person, 10_000_001, date(2026, 7, 11), "0930"))
    assert tables(mother)["XML9"][0]["SINHCON_PHAUTHUAT"] == surgery


def test_the_newborn_is_insured_and_named_after_the_mother(birth):
    mother, child, _ = birth
    main = child["XML1"][0]
    assert main["HO_TEN"].casefold() == f"con bà {mother['XML1'][0]['HO_TEN']}".casefold()
    assert main["MA_THE_BHYT"].startswith("TE1")
    assert (main["MA_DOITUONG_KCB"], main["MA_NGHE_NGHIEP"]) == ("1.7", "00")
    assert 1.9 < float(main["CAN_NANG"]) < 4.4
    assert "mẹ" in child["XML8"][0]["GHI_CHU"]


def test_the_parents_of_a_child_are_on_the_discharge_paper():
    child = somebody(date(2023, 5, 5), MALE)
    child.mother, child.father = "Trần Thị Mẹ", "Nguyễn Văn Cha"
    paper = tables(made("bronchiolitis", person=child))["XML7"][0]
    assert (paper["HO_TEN_ME"], paper["HO_TEN_CHA"]) == ("Trần Thị Mẹ", "Nguyễn Văn Cha")


# every paper


@pytest.mark.parametrize("illness", ["cold", "pneumonia", "dialysis", "shoulder", "caesarean", "htn"])
def test_every_required_field_is_filled(illness):
    for table, rows in tables(made(illness)).items():
        for row in rows:
            missing = {field.name for field in FIELDS[table].values() if field.required} - set(row)
            assert not missing - {"MA_THE_BHYT"}, table


WRITERS = {"_main": "XML1", "_discharge": "XML7", "_summary": "XML8", "_birth": "XML9", "_referral": "XML13",
           "_appointment": "XML14"}  # fmt: skip


@pytest.mark.parametrize("maker", WRITERS)
def test_papers_fill_no_field_that_their_table_lacks(maker):
    """A name with a mistake in it would vanish without a trace."""
    table = WRITERS[maker]
    source = getsource(getattr(papers, maker))
    given = set(re.findall(r'"([A-Z][A-Z0-9_]+)": ', source)) | set(re.findall(r"\n +([A-Z][A-Z0-9_]+)=", source))
    assert len(given) > 3
    assert given <= set(FIELDS[table])
