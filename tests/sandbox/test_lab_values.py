"""Results of tests: around the reference range of the patient's sex, moved by illness, agreeing with each other."""

from datetime import date
from statistics import fmean

import pytest
from made_visits import made, opened, somebody, tables

from yteso import catalogues
from yteso.mapping import laboratory
from yteso.sandbox import data, labs
from yteso.sandbox.chance import stream
from yteso.sandbox.formulary import services
from yteso.sandbox.illness import all_illnesses
from yteso.sandbox.people import FEMALE, MALE


NUMBERS = [service for service, lines in labs.indexes().items() if service != "cbc" and lines[0].high[0]]
CELLS = [line.row.partition("<MA_CHI_SO>")[2].partition("<")[0] for line in labs.indexes()["cbc"]]


def some(service: str, illness: str = "cold", sex: str = FEMALE, n: int = 60, shifts: dict | None = None) -> list[list]:
    dice = stream("laboratory", service, illness, sex)
    shifts = all_illnesses()[illness].shifts if shifts is None else shifts
    return [labs.values(service, somebody(sex=sex), illness, shifts, dice) for _ in range(n)]


def mean(service: str, line: int = 0, **more) -> float:
    return fmean(float(values[line]) for values in some(service, **more))


@pytest.mark.parametrize("service", NUMBERS)
@pytest.mark.parametrize("sex", [MALE, FEMALE])
def test_the_healthy_are_mostly_within_the_range(service, sex):
    lines = labs.indexes()[service]
    within = checked = 0
    for values in some(service, sex=sex, shifts={}):
        for line, value in zip(lines, values, strict=True):
            if line.high[0]:
                low, high = line.low[sex == FEMALE], line.high[sex == FEMALE]
                step = 10.0 ** -len(value.partition(".")[2])
                within += low - step <= float(value) <= high + step
                checked += 1
    assert within / checked > 0.9


RANGES = """
index        unit      men         women
RBC          T/L       4.5-5.9     4.1-5.1
HGB          g/L       135-175     120-155
HCT          L/L       0.41-0.53   0.36-0.46
WBC          G/L       4-10        4-10
PLT          G/L       150-450     150-450
AST          U/L       12-40       10-31
ALT          U/L       10-41       8-31
GGT          U/L       8-61        5-36
GLUCOSE      mmol/L    3.9-5.6     3.9-5.6
K            mmol/L    3.4-4.5     3.4-4.5
TSH          mUI/L     0.27-4.2    0.27-4.2
INR          -         0.8-1.2     0.8-1.2
"""


@pytest.mark.parametrize("line", RANGES.split("\n")[2:-1])
def test_ranges_by_sex(line):
    code, unit, *sides = line.split()
    (row,) = [row for row in data.rows("lab_indexes") if row["code"] == code]
    index = next(i for i in labs.indexes()[row["service"]] if i.name == row["name"])
    assert [f"{low:g}-{high:g}" for low, high in zip(index.low, index.high, strict=True)] == sides
    assert row["unit"] == unit.replace("-", "")


MOVED = """
service       line  illness       direction  at least
wbc of cbc    0     appendicitis  up         1.5
crp           0     pneumonia     up         5
glucose       0     dm2           up         1.5
hba1c         0     dm2           up         0.8
platelets     18    dengue_warning down      60
uric          0     gout_flare    up         60
bilirubin     0     newborn_jaundice up      5
cholesterol   0     lipids        up         0.5
creatinine    0     dialysis      up         50
probnp        0     heart_failure up         100
ferritin      0     anaemia       down       20
"""
SERVICE = {"wbc of cbc": "cbc", "platelets": "cbc"}


@pytest.mark.parametrize("line", MOVED.split("\n")[2:-1])
def test_illness_moves_results(line):
    *name, at, illness, direction, least = line.split()
    service = SERVICE.get(" ".join(name), " ".join(name))
    healthy, ill = mean(service, int(at), shifts={}), mean(service, int(at), illness=illness)
    assert (ill - healthy) * (1 if direction == "up" else -1) >= float(least)


def test_a_stronger_shift_moves_further():
    weak, strong = (mean("glucose", shifts={"glucose": shift}) for shift in (1, 4))
    assert weak < strong


@pytest.mark.parametrize("shift", [-50, -5, 5, 50])
@pytest.mark.parametrize("service", ["bloodgas", "pt", "electrolytes", "glucose"])
def test_no_illness_makes_impossible_values(service, shift):
    shifts = {line.shift: shift for line in labs.indexes()[service] if line.shift}
    for values in some(service, shifts=shifts, n=20):
        assert all(float(value) >= 0 for value in values)


# words

WORDS = """
test        index  illness         may be
ns1         0      dengue          Dương tính
ns1         0      cold            Âm tính
dengue_ab   0      dengue_warning  Dương tính
influenza   0      influenza       Dương tính
influenza   1      influenza       Âm tính
hbsag       0      hepatitis_b     Dương tính
hbsag       0      cold            Âm tính
hiv         0      cold            Âm tính
afb         0      tb              Âm tính
"""


@pytest.mark.parametrize("line", WORDS.split("\n")[2:-1])
def test_rapid_tests_know_the_illness(line):
    service, index, illness, word = line.split(None, 3)
    assert {values[int(index)] for values in some(service, illness)} == {word}


def test_urine_of_an_infection_has_white_cells_and_sugar_of_the_healthy_has_none():
    infected = {values[2] for values in some("urinalysis", "uti")}
    assert infected & {"25", "75", "500"}
    assert infected <= {"Âm tính", "25", "75", "500"}
    assert all(float(values[0]) > 1 for values in some("urinalysis"))


@pytest.mark.parametrize(("blood", "told"), [("A+", "A+"), ("AB+", "AB+"), ("", "O+")])
def test_the_blood_group_is_that_of_the_person(blood, told):
    person = somebody()
    person.blood = blood
    assert labs.values("bloodgroup", person, "cold", {}, stream("group")) == [told]


# blood counts


@pytest.mark.parametrize("illness", ["cold", "appendicitis", "dengue_warning", "anaemia", "pneumonia"])
@pytest.mark.parametrize("sex", [MALE, FEMALE])
def test_the_parts_of_a_blood_count_agree(illness, sex):
    for values in some("cbc", illness, sex, n=25):
        count = {name: float(value) for name, value in zip(CELLS, values, strict=True)}
        assert sum(count[cell] for cell in ("NEU", "LYM", "MONO", "EOS", "BASO")) == pytest.approx(100, abs=0.3)
        for cell in ("NEU", "LYM", "MONO", "EOS", "BASO"):
            assert count[f"{cell}_A"] == pytest.approx(count["WBC"] * count[cell] / 100, abs=0.06)
        assert count["MCV"] == pytest.approx(count["HCT"] * 1000 / count["RBC"], rel=0.02)
        assert count["MCH"] == pytest.approx(count["HGB"] / count["RBC"], rel=0.02)
        assert count["MCHC"] == pytest.approx(count["HGB"] / count["HCT"], rel=0.02)
        assert count["PLT"] >= 12 and count["WBC"] >= 1.2


def test_men_have_more_haemoglobin_than_women():
    men, women = (mean("cbc", CELLS.index("HGB"), sex=sex, shifts={}) for sex in (MALE, FEMALE))
    assert 10 < men - women < 25


# pictures

PICTURES = """
test        illness        conclusion begins with
xray_chest  cold           Hình ảnh tim phổi trong giới hạn
xray_chest  pneumonia      Theo dõi viêm phổi
xray_chest  tb             Tổn thương đỉnh phổi
us_abdomen  appendicitis   Viêm ruột thừa
us_abdomen  gallstone      Sỏi túi mật
us_abdomen  fatty_liver    Gan nhiễm mỡ
ecg         htn            Tăng gánh thất trái
ecg         cold           Nhịp xoang
echo        heart_failure  Suy chức năng
endoscopy   reflux         Viêm thực quản
us_joint    sprain         Tổn thương dây chằng
refraction  myopia         Cận thị
"""


@pytest.mark.parametrize("line", PICTURES.split("\n")[2:-1])
def test_pictures_show_the_illness(line):
    name, illness, conclusion = line.split(None, 2)
    visit = opened(illness)
    service = services()[name]
    visit.serve(service, visit.arrived, visit.arrived + 5, visit.arrived + 20)
    visit.report(service, visit.arrived + 20, visit.doctor, {})
    visit.left = visit.arrived + 60
    (row,) = tables(visit)["XML4"]
    assert row["KET_LUAN"].startswith(conclusion)
    assert row["MO_TA"] and "GIA_TRI" not in row
    assert (row["MA_DICH_VU"], row["MA_BS_DOC_KQ"]) == (service.code, visit.doctor.licence)


def test_every_picture_has_a_usual_one_to_fall_back_on():
    seen = labs.findings()
    assert {name for name, illness in seen if illness} <= {name for name, illness in seen if not illness}
    assert {illness for _, illness in seen if illness} <= set(all_illnesses())


def test_abnormal_findings_reach_the_summary():
    visit = made("gallstone")
    assert "Sỏi túi mật" in "; ".join(visit.abnormal)
    assert any(text.startswith("CRP ") for text in made("pneumonia").abnormal)


# as the reader of a result needs it


def test_units_are_those_that_laboratories_write():
    units = {row["unit"] for row in data.rows("lab_indexes") if row["unit"]}
    assert {unit for unit in units if not laboratory.unit(unit)} <= {"mUI/L"}


@pytest.mark.parametrize("service", ["glucose", "creatinine", "urea", "ast", "alt", "cbc", "electrolytes", "tsh"])
def test_tests_have_the_service_code_of_the_catalogue(service):
    assert services()[service].code in catalogues.lab_tests_by_service()


def test_lines_of_one_test_have_codes_of_their_own():
    for service in labs.indexes():
        codes = [row["code"] for row in data.rows("lab_indexes") if row["service"] == service]
        assert len(set(codes)) == len(codes)


def test_a_child_is_named_in_no_result():
    visit = made("bronchiolitis", person=somebody(date(2024, 1, 1)))
    assert all(visit.person.name not in str(row) for row in tables(visit)["XML4"])
