"""What happens in the synthetic province: illness by age and season, referrals, appointments, births, money."""

from collections import Counter
from datetime import date, datetime
from decimal import Decimal
from itertools import pairwise

import pytest

from yteso import catalogues, standards
from yteso.intake.envelope import read
from yteso.sandbox import data
from yteso.sandbox.illness import acute, all_illnesses
from yteso.sandbox.parcel import Parcel
from yteso.sandbox.simulate import Province
from yteso.sandbox.xml import envelope


MONEY = ("T_TONGCHI_BH", "T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC")
DETAIL = {"T_TONGCHI_BH": "THANH_TIEN_BH"}


def day(text: str) -> date:
    return datetime.strptime(text[:8], "%Y%m%d").date()


def total(rows: list[dict[str, str]], field: str) -> Decimal:
    return sum((Decimal(row[field]) for row in rows), Decimal(0))


@pytest.mark.parametrize("field", MONEY)
def test_totals_of_xml1_are_the_sums_of_the_rows(province, field):
    for sent in province:
        rows = sent.rows("XML2") + sent.rows("XML3")
        assert Decimal(sent.main[field]) == total(rows, DETAIL.get(field, field))


def test_the_bill_is_shared_out_completely(province):
    for sent in province:
        parts = sum(Decimal(sent.main[field]) for field in ("T_BNTT", "T_BNCCT", "T_BHTT", "T_NGUONKHAC"))
        assert Decimal(sent.main["T_TONGCHI_BV"]) == parts
        assert Decimal(sent.main["T_THUOC"]) == total(sent.rows("XML2"), "THANH_TIEN_BV")


def test_people_without_a_card_pay_everything(province):
    uninsured = [sent for sent in province if "MA_THE_BHYT" not in sent.main]
    assert uninsured
    for sent in uninsured:
        assert sent.main["MA_DOITUONG_KCB"] == "9"
        assert sent.main["T_BNTT"] == sent.main["T_TONGCHI_BV"]


def test_a_referral_is_followed_by_a_visit_to_the_receiving_facility(by_person):
    linked = 0
    for visits_of_one in by_person.values():
        letters = {sent.rows("XML13")[0]["GIAY_CHUYEN_TUYEN"]: sent for sent in visits_of_one if sent.rows("XML13")}
        for sent in visits_of_one:
            if sent.main["MA_DOITUONG_KCB"] != "1.3":
                continue
            origin = letters[sent.main["GIAY_CHUYEN_TUYEN"]]
            assert origin.main["MA_LOAI_RV"] == "2"
            assert origin.main["MA_NOI_DEN"] == sent.main["MA_CSKCB"]
            assert sent.main["MA_NOI_DI"] == origin.main["MA_CSKCB"]
            assert origin.main["NGAY_RA"] < sent.main["NGAY_VAO"]
            linked += 1
    assert linked > 10


def test_patients_come_back_around_the_day_of_their_appointment(by_person):
    kept = 0
    for visits_of_one in by_person.values():
        booked = {sent.rows("XML14")[0]["SO_GIAYHEN_KL"]: sent for sent in visits_of_one if sent.rows("XML14")}
        for sent in visits_of_one:
            earlier = booked.get(sent.main.get("GIAY_CHUYEN_TUYEN", ""))
            if earlier is None:
                continue
            assert earlier.main["MA_CSKCB"] == sent.main["MA_CSKCB"]
            assert earlier.main["NGAY_TAI_KHAM"] == earlier.rows("XML14")[0]["NGAY_HEN_KL"]
            late = (day(sent.main["NGAY_VAO"]) - day(earlier.main["NGAY_TAI_KHAM"])).days
            assert -1 <= late <= 30
            kept += abs(late) <= 3
    assert kept > 50


def test_the_long_ill_come_every_month_and_get_the_same_drugs(by_person):
    regular = 0
    for visits_of_one in by_person.values():
        monthly = [sent for sent in visits_of_one if sent.main["MA_LOAI_KCB"] in ("05", "08") and sent.rows("XML14")]
        drugs = {tuple(row["MA_THUOC"] for row in sent.rows("XML2")) for sent in monthly}
        if len(monthly) >= 3:
            assert len(drugs) == 1
            regular += 1
    assert regular > 5


def test_drug_pick_up_visits_carry_no_services_but_the_examination(province):
    visits_05 = [sent for sent in province if sent.main["MA_LOAI_KCB"] == "05"]
    assert visits_05
    for sent in visits_05:
        assert {row["MA_NHOM"] for row in sent.rows("XML3")} == {"13"}


def test_nobody_is_in_two_places_at_once(by_person):
    for visits_of_one in by_person.values():
        for earlier, later in pairwise(visits_of_one):
            assert earlier.main["NGAY_RA"] < later.main["NGAY_VAO"]


def test_stays_have_beds_notes_discharge_paper_and_summary(province):
    stays = [sent for sent in province if sent.main["MA_LOAI_KCB"] == "03"]
    assert len(stays) > 20
    for sent in stays:
        nights = (day(sent.main["NGAY_RA"]) - day(sent.main["NGAY_VAO"])).days
        assert sum(row["MA_NHOM"] == "15" for row in sent.rows("XML3")) == max(nights, 1)
        assert int(sent.main["SO_NGAY_DTRI"]) == nights + 1
        assert sent.rows("XML5") and sent.rows("XML7") and sent.rows("XML8")


def test_operations_name_their_anaesthesia(province):
    operations = [row for sent in province for row in sent.rows("XML3") if row["MA_NHOM"] == "8"]
    assert operations
    assert all(row["PP_VO_CAM"] in ("1", "2") and row["MA_PTTT_QT"] for row in operations)


def test_a_birth_brings_a_certificate_and_the_visit_of_the_child():
    small = Province(people=700, days=200, facilities=4, seed=19)
    kept = [visit for visit in small.visits() if visit.children or visit.origin.kind == "newborn"]
    files = [envelope("99001", "20270101", [Parcel("", 0, [*small.children(visit).items()]).hoso()]) for visit in kept]
    dossiers = [read(file)[1][0] for file in files]
    births = [dossier for dossier in dossiers if "XML9" in dossier.tables]
    newborn = [dossier.tables["XML1"][0] for dossier in dossiers if "XML9" not in dossier.tables]
    children = {child["MA_THE_BHYT"]: child for child in newborn}
    assert births
    for dossier in births:
        mother, paper = dossier.tables["XML1"][0], dossier.tables["XML9"][0]
        child = children[paper["MA_THE_TAM"]]
        assert mother["GIOI_TINH"] == "2"
        assert mother["CAN_NANG_CON"] == paper["CAN_NANG_CON"]
        assert child["NGAY_SINH"] == paper["NGAY_SINH_CON"] == child["NGAY_VAO"]
        assert mother["NGAY_VAO"] < child["NGAY_SINH"] < mother["NGAY_RA"] == child["NGAY_RA"]
        assert child["MA_DOITUONG_KCB"] == "1.7"
        assert "SO_CCCD" not in child


def test_dengue_belongs_to_the_rainy_season_and_influenza_to_winter():
    def share(key: str, month: int) -> float:
        weighted, _ = acute(3, "1", month)
        weights = dict(zip((i.key for i in weighted.things), weighted.sums, strict=True))
        before = 0.0
        for name, upto in weights.items():
            if name == key:
                return (upto - before) / weighted.total
            before = upto
        return 0.0

    assert share("dengue", 8) > 3 * share("dengue", 2)
    assert share("influenza", 1) > 2 * share("influenza", 7)


def test_hypertension_is_an_illness_of_the_old(province):
    ages = [
        int(sent.main["NGAY_VAO"][:4]) - int(sent.main["NGAY_SINH"][:4])
        for sent in province
        if sent.main["MA_BENH_CHINH"] == "I10"
    ]
    assert len(ages) > 10
    assert sum(age >= 40 for age in ages) / len(ages) > 0.9


def test_laboratory_values_move_with_the_illness(province):
    def values(icd: str, index: str) -> list[float]:
        return [
            float(row["GIA_TRI"])
            for sent in province
            if sent.main["MA_BENH_CHINH"].startswith(icd)
            for row in sent.rows("XML4")
            if row.get("MA_CHI_SO") == index
        ]

    diabetics, others = values("E11", "GLUCOSE"), values("I10", "GLUCOSE")
    assert sum(diabetics) / len(diabetics) > sum(others) / len(others) + 1.5
    assert min(values("A97", "PLT")) < 150


def test_blood_counts_agree_with_themselves(province):
    counts = 0
    for sent in province:
        lines = [row for row in sent.rows("XML4") if row["MA_DICH_VU"] == "22.0121.1369"]
        for start in range(0, len(lines), 22):
            value = {row["MA_CHI_SO"]: float(row["GIA_TRI"]) for row in lines[start : start + 22]}
            assert sum(value[name] for name in ("NEU", "LYM", "MONO", "EOS", "BASO")) == pytest.approx(100, abs=0.3)
            assert value["NEU_A"] == pytest.approx(value["WBC"] * value["NEU"] / 100, abs=0.06)
            assert value["HCT"] * 1000 / value["RBC"] == pytest.approx(value["MCV"], rel=0.02)
            counts += 1
    assert counts > 50


def test_codes_exist_in_the_lists_of_their_day():
    before, after = catalogues.icd10(date(2026, 6, 30)), catalogues.icd10(date(2026, 7, 1))
    for row in data.rows("icd10"):
        assert row["code"] in after and row["before"] in before
        assert after.get(row["code"]).is_leaf
        assert (row["name"], row["before_name"]) == (after.name_vi(row["code"]), before.name_vi(row["before"]))
    for illness in all_illnesses().values():
        assert not after.get(illness.icd).not_as_main


@pytest.mark.parametrize(
    ("table", "field"),
    [
        ("XML1", "MA_DOITUONG_KCB"),
        ("XML1", "MA_LOAI_KCB"),
        ("XML2", "DUONG_DUNG"),
        ("XML2", "PHAM_VI"),
        ("XML3", "MA_NHOM"),
    ],
)
def test_values_are_in_their_code_lists(province, table, field):
    allowed = standards.code_list(field, date(2026, 9, 1))
    used = Counter(row[field] for sent in province for row in sent.rows(table))
    assert len(used) >= 2
    assert all(code in allowed for code in used)


def test_the_knowledge_refers_to_itself_only():
    drugs, services = data.table("drugs"), data.table("services")
    for illness in all_illnesses().values():
        assert {dose.drug for dose in illness.doses} <= set(drugs)
        assert set(illness.tests) <= set(services)
    for row in data.rows("departments"):
        assert row["exam"] in services and row["bed"] in services
    tested = {row["service"] for row in data.rows("lab_indexes")} | {row["service"] for row in data.rows("findings")}
    assert tested == {key for key, row in services.items() if row["group"] in "123" and len(row["group"]) == 1}
