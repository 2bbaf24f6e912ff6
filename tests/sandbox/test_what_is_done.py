"""What is done in each form of visit: examination, tests, drugs, procedures, beds, notes, and when."""

import re
from datetime import date
from itertools import pairwise

import pytest
from made_visits import keys, made, opened, somebody, tables

from yteso.sandbox import data, inpatient, outpatient
from yteso.sandbox.calendar import DAY
from yteso.sandbox.care import vital_signs
from yteso.sandbox.formulary import drugs, supplies
from yteso.sandbox.illness import all_illnesses
from yteso.sandbox.people import MALE


TESTS = ("1", "2", "3")
ILLNESSES = sorted(key for key, illness in all_illnesses().items() if illness.form != "newborn")


def drug_rows(visit):
    return {line.drug.key: line for line in visit.dispensed}


# examination

EXAMINATIONS = """
cold                  c  exam_station
cold                  k  exam_internal
tonsillitis           d  exam_ent
conjunctivitis        d  exam_eye
caries                d  exam_dental
dermatitis            p  exam_skin
anxiety               p  exam_mental
dm2                   p  exam_endocrine
hfmd                  p  exam_child
vaginitis             d  exam_obstetric
appendicitis          p  exam_surgery
sciatica_rehab        d  exam_rehab
gastritis             p  exam_internal
"""


@pytest.mark.parametrize("line", EXAMINATIONS.split("\n")[1:-1])
def test_the_examination_is_that_of_the_department(line):
    illness, kind, exam = line.split()
    visit = made(illness, kind)
    assert keys(visit, "13") == [exam]
    assert visit.served[0].by == visit.doctor.licence


# tests

AT_EACH_PLACE = """
illness      place  tests done, in order
pharyngitis  c      glucose_poc
pharyngitis  k      cbc crp glucose ast alt creatinine urea electrolytes urinalysis
pharyngitis  p      cbc crp glucose ast alt creatinine urea electrolytes urinalysis
conjunctivitis p    -
myopia       d      refraction
caries       d      -
"""


@pytest.mark.parametrize("line", AT_EACH_PLACE.split("\n")[2:-1])
def test_a_place_does_the_tests_it_can(line):
    illness, kind, *expected = line.split()
    assert keys(made(illness, kind), *TESTS) == [name for name in expected if name != "-"]


HOSPITAL_ONLY = ["endoscopy", "echo", "troponin", "probnp", "tsh", "ft4", "spirometry", "us_thyroid", "xray_skull"]


@pytest.mark.parametrize("name", HOSPITAL_ONLY)
def test_clinics_leave_the_demanding_tests_to_hospitals(name):
    illness = next(key for key in ILLNESSES if name in all_illnesses()[key].tests)
    form = outpatient.consult
    at_clinic, at_hospital = opened(illness, "k"), opened(illness, "p")
    form(at_clinic)
    form(at_hospital)
    assert name not in keys(at_clinic, *TESTS)
    assert name in keys(at_hospital, *TESTS)


def test_a_patient_who_is_referred_on_gets_two_tests_and_no_drugs():
    visit = opened("pneumonia", "d", refer_to="99001")
    outpatient.consult(visit)
    assert keys(visit, *TESTS) == list(visit.illness.tests[:2])
    assert visit.dispensed == []


def test_a_follow_up_is_light():
    visit = opened("tonsillitis")
    outpatient.consult(visit, light=True)
    assert keys(visit, *TESTS) == ["cbc", "crp"]


def test_a_follow_up_gives_drugs_for_a_week_at_most():
    whole, light = opened("sinusitis"), opened("sinusitis")
    outpatient.consult(whole)
    outpatient.consult(light, light=True)
    assert (drug_rows(whole)["cefuroxim500"].quantity, drug_rows(light)["cefuroxim500"].quantity) == (20, 14)


def test_every_test_has_results_of_its_own():
    visit = made("pharyngitis")
    told = tables(visit)
    ordered = {row["MA_DICH_VU"] for row in told["XML3"] if row["MA_NHOM"] in TESTS}
    assert {row["MA_DICH_VU"] for row in told["XML4"]} == ordered
    assert [row["STT"] for row in told["XML4"]] == [str(n + 1) for n in range(len(told["XML4"]))]


def test_laboratory_and_images_are_the_work_of_different_staff():
    visit = made("tonsillitis")
    staff = visit.facility.technicians
    by = {line.service.group: line.by for line in visit.served}
    assert (by["1"], by["2"]) == (staff[0].licence, staff[2].licence)


def test_tests_with_machines_name_the_machine_of_the_facility():
    visit = made("tonsillitis")
    machines = {row["MA_DICH_VU"]: row.get("MA_MAY", "") for row in tables(visit)["XML3"]}
    assert machines["22.0121.1369"] == visit.facility.machines["HH"]
    assert machines["18.0119.0028"] == visit.facility.machines["XQ"]


# drugs to take home

PRESCRIPTIONS = """
illness      drug               rows  quantity  dose
cold         paracetamol500     1     15        1 Viên/lần * 3 lần/ngày * 5 ngày [3 Viên/ngày]
cold         loratadin10        1     5         1 Viên/lần * 1 lần/ngày * 5 ngày [1 Viên/ngày]
cold         nacl_eye           1     1         1 Lọ dùng cả đợt
pharyngitis  alphachymotrypsin  1     20        2 Viên/lần * 2 lần/ngày * 5 ngày [4 Viên/ngày]
zoster       aciclovir400       1     70        2 Viên/lần * 5 lần/ngày * 7 ngày [10 Viên/ngày]
dermatitis   betamethason_cream 1     1         1 Tuýp dùng cả đợt
hyperthyroid thiamazol          1     112       2 Viên/lần * 2 lần/ngày * 28 ngày [4 Viên/ngày]
tinea        fluconazol150      1     1         1 Viên/lần * 1 lần/ngày * 1 ngày [1 Viên/ngày]
"""


@pytest.mark.parametrize("line", PRESCRIPTIONS.split("\n")[2:-1])
def test_a_prescription_lasts_as_many_days_as_the_illness_asks(line):
    illness, drug, rows, quantity, dose = line.split(None, 4)
    visit = made(illness)
    lines = [line for line in visit.dispensed if line.drug.key == drug]
    assert len(lines) == int(rows)
    assert (lines[0].quantity, lines[0].dose) == (int(quantity), dose)
    assert lines[0].given == 0, "taken home, so nobody gave it"


HOW_TO_TAKE = """
cold            paracetamol500      Uống sau ăn, theo đơn
dermatitis      betamethason_cream  Bôi mỏng lên vùng tổn thương, ngày 2 lần
vaginitis       clotrimazol_vag     Đặt trước khi ngủ
rhinitis        fluticason_spray    Xịt mỗi bên mũi, ngày 2 lần
conjunctivitis  tobramycin_eye      Nhỏ ngày 3 lần
"""


@pytest.mark.parametrize("line", HOW_TO_TAKE.split("\n")[1:-1])
def test_how_a_drug_is_taken_follows_its_route(line):
    illness, drug, how = line.split(None, 2)
    assert drug_rows(made(illness))[drug].how == how


@pytest.mark.parametrize("illness", ILLNESSES)
def test_injections_are_never_taken_home(illness):
    visit = made(illness)
    assert all(line.given for line in visit.dispensed if line.drug.route.startswith("2"))


# procedures and operations

SUPPLIES_USED = """
wound          suture            18  suture_nylon:2 gauze:3 gloves:1
wrist_fracture cast              18  plaster:4 bandage:2
appendicitis   appendectomy      8   suture_vicryl:2 suture_nylon:2 gauze:10 gloves:4 syringe10:4
gallstone      cholecystectomy   8   suture_vicryl:2 gauze:10 gloves:5 syringe10:4 urine_bag:1
hernia         hernia            8   suture_vicryl:3 suture_nylon:1 gauze:8 gloves:4 syringe10:3
cataract       phaco             8   lens:1 gauze:4 gloves:3 syringe5:2
wrist_surgery  radius            8   plate:1 suture_vicryl:2 suture_nylon:2 gauze:10 gloves:4
birth          delivery          18  suture_vicryl:1 gauze:6 gloves:3 syringe5:2
caesarean      caesarean         8   suture_vicryl:4 gauze:12 gloves:5 syringe10:4 urine_bag:1
dialysis       dialysis          18  dialyser:1 gauze:4 syringe10:2 gloves:2
"""


@pytest.mark.parametrize("line", SUPPLIES_USED.split("\n")[1:-1])
def test_procedures_use_up_their_supplies(line):
    illness, name, group, *used = line.split()
    visit = made(illness)
    at = next(n for n, line in enumerate(visit.served) if line.service.key == name)
    assert visit.served[at].service.group == group
    following = [(line.service.key, line.quantity) for line in visit.served[at + 1 : at + 1 + len(used)]]
    assert following == [(key, int(number)) for key, number in (part.split(":") for part in used)]
    assert {key for key, _ in following} <= set(supplies())


OPERATIONS = ["appendicitis", "gallstone", "hernia", "cataract", "wrist_surgery", "caesarean"]


@pytest.mark.parametrize("illness", OPERATIONS)
def test_operations_are_the_work_of_a_surgeon_and_shape_the_treatment(illness):
    visit = made(illness)
    (operation,) = [line for line in visit.served if line.service.group == "8"]
    assert operation.by in {staff.licence for staff in visit.facility.doctors["K19"]}
    assert visit.operation_over == operation.ended
    assert tables(visit)["XML1"][0]["PP_DIEU_TRI"] == f"{operation.service.name}; nội khoa sau can thiệp"


@pytest.mark.parametrize("illness", ["wound", "gingivitis", "caries", "pulpitis", "scalp_wound"])
def test_small_procedures_are_done_on_the_spot(illness):
    visit = made(illness)
    done = keys(visit, "18")
    assert done
    assert set(done) <= set(visit.illness.tests)
    assert visit.care == "01"


# stays

STAYS = """
illness          nights  bed             department
bronchiolitis    4-7     bed_child       K18
pneumonia        6-11    bed_resp        K50
dengue_warning   4-7     bed_infect      K11
diarrhoea_stay   2-4     bed_internal    K05
stroke           8-14    bed_neuro       K14
heart_failure    7-12    bed_cardio      K04
appendicitis     4-6     bed_surgery     K19
wrist_surgery    5-8     bed_trauma      K24
cataract         2-3     bed_eye         K30
birth            3-4     bed_obstetric   K27
caesarean        5-7     bed_obstetric   K27
"""


@pytest.mark.parametrize("line", STAYS.split("\n")[2:-1])
def test_stays_have_the_length_and_the_bed_of_their_department(line):
    illness, nights, bed, department = line.split()
    low, high = map(int, nights.split("-"))
    lengths = set()
    for seed in range(12):
        visit = made(illness, seed=seed)
        beds = keys(visit, "15")
        assert set(beds) == {bed}
        assert (visit.care, visit.department, visit.treatment_days) == ("03", department, len(beds) + 1)
        lengths.add(len(beds))
    assert low <= min(lengths) and max(lengths) <= high
    assert len(lengths) > 1, "stays differ"


def test_bed_days_follow_each_other_until_the_patient_leaves():
    for seed in range(6):
        visit = made("pneumonia", seed=seed)
        beds = [line for line in visit.served if line.service.group == "15"]
        assert beds[0].done == visit.admitted
        assert beds[-1].ended == visit.left
        assert all(line.ended == following.done for line, following in pairwise(beds))
        assert len({line.bed for line in beds}) == 1


def test_every_day_of_a_stay_has_a_note():
    visit = made("pneumonia")
    notes = [row["DIEN_BIEN_LS"] for row in tables(visit)["XML5"]]
    assert len(notes) == visit.treatment_days
    assert visit.illness.course in notes[0]
    assert [note.partition("Ngày thứ ")[2].partition(":")[0] for note in notes] == [
        str(n + 1) for n in range(len(notes))
    ]


def test_long_stays_repeat_the_blood_tests_once():
    visit = made("stroke")
    done = keys(visit, "1")
    assert done.count("cbc") == 2
    assert sorted({name for name in done if done.count(name) == 2} - set(inpatient.REPEATED)) == []


def test_injected_drugs_come_with_injections_and_none_on_the_last_day():
    visit = made("appendicitis")
    last_day = visit.left // DAY
    given = [line for line in visit.dispensed if line.drug.route == "2.10"]
    injections = [line for line in visit.served if line.service.key == "injection"]
    assert len(injections) == len(given) > 3
    assert all(line.given // DAY < last_day for line in given)


def test_some_stays_end_against_advice_or_cured():
    ends = {(visit.result, visit.discharge) for visit in (made("diarrhoea_stay", seed=n) for n in range(60))}
    assert {("1", "1"), ("2", "1")} <= ends <= {("1", "1"), ("2", "1"), ("3", "4")}


# long illnesses, dialysis, rehabilitation, birth


@pytest.mark.parametrize(("checked", "care", "days"), [(True, "08", 1), (False, "05", 28)])
def test_long_illnesses_are_seen_every_month_with_or_without_tests(checked, care, days):
    visit = opened("htn", "d")
    outpatient.long_term(visit, checked=checked)
    assert (visit.care, visit.treatment_days) == (care, days)
    assert bool(keys(visit, *TESTS)) is checked
    assert {line.drug.key for line in visit.dispensed} == {dose.drug for dose in visit.illness.doses}
    assert len(visit.notes) == 1


@pytest.mark.parametrize("checked", [True, False])
def test_dialysis_takes_most_of_the_morning(checked):
    visit = opened("dialysis")
    outpatient.dialysis(visit, checked=checked)
    assert visit.care == "08"
    assert keys(visit, "18") == ["dialysis"]
    assert bool(keys(visit, "1")) is checked
    assert all(line.given for line in visit.dispensed)


@pytest.mark.parametrize(("illness", "low", "high"), [("sciatica_rehab", 6, 10), ("shoulder", 5, 8)])
def test_rehabilitation_is_a_course_of_days_without_a_bed(illness, low, high):
    visit = made(illness, "d")
    days = visit.treatment_days
    assert low <= days <= high
    assert visit.care == "02"
    assert keys(visit, "14", "15", "16") == []
    assert len(visit.notes) == days
    assert 3 * days <= len(keys(visit, "18")) <= 5 * days
    assert visit.left // DAY - visit.arrived // DAY == days - 1


def test_the_newborn_stays_from_birth_until_the_mother_goes_home():
    mother = made("birth")
    born = date(2026, 7, 11)
    visit = opened("newborn", person=somebody(born, MALE), arrived=mother.operation_over - 15)
    inpatient.newborn(visit, mother.left)
    assert visit.left == mother.left
    assert set(keys(visit, "15")) == {"bed_newborn"}
    assert keys(visit, "13") == [], "no examination fee"
    assert [line.drug.key for line in visit.dispensed] == ["vitk1_inj"]
    assert "Ngày tuổi 1" in visit.notes[0]


# time


@pytest.mark.parametrize("illness", ILLNESSES)
def test_nothing_happens_before_arrival_or_after_leaving(illness):
    for seed in range(3):
        visit = made(illness, seed=seed)
        for line in visit.served:
            assert visit.arrived <= line.ordered <= visit.left
            assert not line.done or line.ordered <= line.done <= line.ended <= visit.left, line.service.key
        for line in visit.dispensed:
            assert visit.arrived <= line.ordered < visit.left
            assert not line.given or line.ordered <= line.given <= visit.left, line.drug.key


@pytest.mark.parametrize("illness", ILLNESSES)
def test_an_image_room_takes_one_patient_at_a_time(illness):
    rooms = [line for line in made(illness).served if line.service.group in ("2", "3")]
    spans = sorted((line.done, line.ended) for line in rooms)
    assert all(earlier[1] < later[0] for earlier, later in pairwise(spans))


# vital signs

VITAL_SIGNS = """
who                       pulse    breaths  systolic
adult                     72-88    16-20    100-133
adult with hypertension   72-88    16-20    121-151
child of 3                100-124  29-35    77-107
"""
WHO = {
    "adult": (date(1980, 5, 5), ["J18.9"]),
    "adult with hypertension": (date(1980, 5, 5), ["J18.9", "I10"]),
    "child of 3": (date(2023, 5, 5), ["J18.9"]),
}


@pytest.mark.parametrize("line", VITAL_SIGNS.split("\n")[2:-1])
def test_vital_signs_fit_the_patient(line):
    *words, pulse, breaths, systolic = line.split()
    born, codes = WHO[" ".join(words)]
    bounds = [tuple(map(int, span.split("-"))) for span in (pulse, breaths, systolic)]
    for seed in range(40):
        text = vital_signs(opened("pneumonia", person=somebody(born), seed=seed, codes=codes))
        found = re.fullmatch(r"CSST<M(\d+)_T(\d+\.\d)_HA(\d+)/(\d+)_NT(\d+)>", text)
        values = (int(found[1]), int(found[5]), int(found[3]))
        assert all(low <= value <= high for value, (low, high) in zip(values, bounds, strict=True)), text
        assert 36.2 <= float(found[2]) <= 37.2
        assert int(found[4]) < int(found[3])


def test_a_fever_falls_from_day_to_day():
    def warmth(day):
        texts = [vital_signs(opened("pneumonia", seed=n), fever=True, day=day) for n in range(20)]
        return sum(float(text.split("_T")[1].split("_")[0]) for text in texts) / 20

    assert warmth(0) > 38 > warmth(1) > warmth(3) > 36.4


def test_the_drugs_of_an_illness_exist():
    for illness in all_illnesses().values():
        assert {dose.drug for dose in illness.doses} <= set(drugs())
        assert illness.department in data.table("departments", "code")
