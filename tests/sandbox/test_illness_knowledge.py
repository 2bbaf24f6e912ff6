"""Who falls ill with what, when and where: the illness table against what a doctor in the country would expect."""

from collections import Counter
from datetime import date

import pytest

from yteso import catalogues
from yteso.sandbox import data
from yteso.sandbox.chance import stream
from yteso.sandbox.illness import BANDS, CHRONIC, _dose, acute, all_illnesses, band, chronic, diagnosis


AGES = ("0", "1-5", "6-15", "16-39", "40-59", "60+")
ILL = all_illnesses()


@pytest.mark.parametrize(
    ("age", "name"),
    [(0, "0"), (1, "1-5"), (5, "1-5"), (6, "6-15"), (15, "6-15"), (16, "16-39"), (39, "16-39"), (40, "40-59"),
     (59, "40-59"), (60, "60+"), (101, "60+")],
)  # fmt: skip
def test_age_bands(age, name):
    assert AGES[band(age)] == name
    assert len(BANDS) + 1 == len(AGES)


# age, sex, season, place: which months are worst, and in which age band it is most frequent

EXPECTED = """
illness             sex   most in  worst in           mostly seen at        form
cold                both  0        11 12 1 2          station               out
bronchiolitis       both  0        11 12 1            medical centre        stay
pneumonia_child     both  0        12 1 2             medical centre        stay
pneumonia           both  60+      12 1               medical centre        stay
influenza           both  1-5      12 1 2             medical centre        out
dengue              both  6-15     7 8 9 10           medical centre        out
dengue_warning      both  6-15     7 8 9 10           medical centre        stay
hfmd                both  1-5      9 10 11 12         medical centre        out
chickenpox          both  1-5      2 3 4              medical centre        out
diarrhoea           both  0        5 6 7              medical centre        out
tinea               both  16-39    5 6 7 8            medical centre        out
conjunctivitis      both  1-5      7 8 9              medical centre        out
myopia              both  6-15     8 9                medical centre        out
copd_flare          men   60+      11 12 1            medical centre        stay
hernia              men   60+      any                medical centre        surgery
uti                 women 60+      any                medical centre        out
vaginitis           women 16-39    any                medical centre        out
pregnancy_check     women 16-39    any                medical centre        out
threatened_abortion women 16-39    any                medical centre        stay
stroke              both  60+      12 1 2             hospital              stay
heart_failure       both  60+      12 1 2             hospital              stay
cataract            both  60+      any                hospital              surgery
newborn_jaundice    both  0        any                hospital              stay
wound               both  16-39    any                medical centre        out
caries              both  6-15     any                medical centre        out
insomnia            both  60+      any                medical centre        out
"""
PLACES = {"c": "station", "d": "medical centre", "k": "clinic", "p": "hospital"}
SEXES = {"0": "both", "1": "men", "2": "women"}


@pytest.mark.parametrize("line", EXPECTED.split("\n")[2:-1])
def test_an_illness_as_a_doctor_knows_it(line):
    illness, sex, most, *months, form = line.split()
    place = " ".join(word for word in months if not word.isdigit() and word != "any")
    worst = {int(word) for word in months if word.isdigit()}
    known = ILL[illness]
    assert SEXES[known.sex] == sex
    assert AGES[known.rates.index(max(known.rates))] == most
    dice = stream("levels", illness)
    assert place == PLACES[Counter(known.levels.draw(dice) for _ in range(600)).most_common(1)[0][0]]
    if worst:
        average = sum(known.season) / 12
        assert all(known.season[month - 1] > average for month in worst)
        assert known.season.index(max(known.season)) + 1 in worst
    assert known.form == form


def test_every_season_is_an_average_year():
    for illness in ILL.values():
        assert len(illness.season) == 12
        assert sum(illness.season) == pytest.approx(12)


# what can happen to whom

IMPOSSIBLE = """
man of 30      vaginitis pregnancy_check threatened_abortion uti anaemia hyperthyroid
woman of 30    hernia copd_flare
child of 3     stroke heart_failure gout_flare cataract knee insomnia pregnancy_check
woman of 70    bronchiolitis hfmd_stay newborn_jaundice pregnancy_check threatened_abortion
baby           myopia caries gastritis migraine appendicitis
"""
PEOPLE = {"man of 30": (30, "1"), "woman of 30": (30, "2"), "child of 3": (3, "2"), "woman of 70": (70, "2"),
          "baby": (0, "1")}  # fmt: skip


@pytest.mark.parametrize("line", IMPOSSIBLE.split("\n")[1:-1])
def test_nobody_catches_what_they_cannot_have(line):
    who = next(name for name in PEOPLE if line.startswith(name))
    age, sex = PEOPLE[who]
    for month in (1, 7):
        able = {illness.key for illness in acute(band(age), sex, month)[0].things}
        assert not able & set(line.removeprefix(who).split())
        assert len(able) > 8


@pytest.mark.parametrize("sex", ["1", "2"])
def test_long_illnesses_come_with_age(sex):
    shares = [sum(share for _, share in chronic(n, sex)) for n in range(6)]
    assert shares[:3] == [0, 0, 0]
    assert 0 < shares[3] < 0.05 < shares[4] < shares[5] < 1


LONG = """
htn            0.09  0.33
dm2            0.04  0.12
copd           0.008 0.04
tb             0.003 0.005
schizophrenia  0.004 0.002
"""


@pytest.mark.parametrize("line", LONG.split("\n")[1:-1])
def test_how_many_live_with_a_long_illness(line):
    key, middle, old = line.split()
    for age_band, share in ((4, middle), (5, old)):
        found = {illness.key: known for illness, known in chronic(age_band, "1")}
        assert found[key] == pytest.approx(float(share))


def test_acute_and_long_illnesses_are_apart():
    caught = {i.key for n in range(6) for sex in "12" for i in acute(n, sex, 6)[0].things}
    lived_with = {i.key for n in range(6) for sex in "12" for i, _ in chronic(n, sex)}
    assert not caught & lived_with
    assert caught | lived_with == set(ILL) - {"birth", "caesarean", "newborn"}, "those come by another way"
    assert {ILL[key].form for key in lived_with} == set(CHRONIC)


@pytest.mark.parametrize(("age_band", "least", "most"), [(0, 2.5, 6), (1, 2, 5), (3, 0.8, 2.5), (5, 2, 6)])
def test_how_often_a_year_people_fall_ill(age_band, least, most):
    year = sum(acute(age_band, "2", month)[1] for month in range(1, 13)) / 12
    assert least < year < most


# the disease codes


@pytest.mark.parametrize("key", sorted(ILL))
def test_the_code_fits_the_sex_and_may_stand_first(key):
    code = catalogues.icd10(date(2026, 8, 1)).get(ILL[key].icd)
    assert code.is_leaf and not code.not_as_main
    if code.female_only:
        assert ILL[key].sex == "2"
    if code.male_only:
        assert ILL[key].sex == "1"


@pytest.mark.parametrize("key", sorted(key for key, illness in ILL.items() if illness.also))
def test_accompanying_diagnoses_are_known_and_not_the_main_one(key):
    illness = ILL[key]
    for code, chance in illness.also:
        assert code in data.table("icd10", "code")
        assert code != illness.icd
        assert 0 < chance <= 1


def test_children_have_no_illnesses_of_the_old_beside_their_own():
    dice = stream("accompanying")
    drawn = {code for _ in range(200) for code in ILL["pneumonia"].accompanying(dice, 30)}
    assert drawn == {"J44.9"}, "of J44.9, I10 and E11.9 only the lung goes with a lung"
    assert {code for _ in range(200) for code in ILL["pneumonia"].accompanying(dice, 70)} == {"I10", "J44.9", "E11.9"}


def test_accompanying_diagnoses_are_as_frequent_as_the_table_says():
    dice = stream("accompanying")
    count = sum("I10" in ILL["stroke"].accompanying(dice, 70) for _ in range(2000))
    assert count / 2000 == pytest.approx(0.7, abs=0.04)


RENAMED = """
code    before 1 July 2026  name then
A97.0   A97.0               Sốt xuất huyết không có dấu hiệu cảnh báo
"""


@pytest.mark.parametrize("line", RENAMED.split("\n")[2:-1])
def test_diagnoses_are_named_as_on_their_day(line):
    code, before, name = line.split(None, 2)
    assert diagnosis(code, before=True) == (before, name)
    assert diagnosis(code, before=False) == (code, "Bệnh sốt xuất huyết Dengue không có dấu hiệu cảnh báo")


# doses


@pytest.mark.parametrize(
    ("text", "dose"),
    [
        ("paracetamol500:1*3*5", ("paracetamol500", 1, 3, 5)),
        ("paracetamol150:1*3", ("paracetamol150", 1, 3, 1)),
        ("nacl_eye:=1", ("nacl_eye", 1, 1, 0)),
        ("oxytocin_inj:4*1", ("oxytocin_inj", 4, 1, 1)),
    ],
)
def test_doses_as_the_table_writes_them(text, dose):
    made = _dose(text)
    assert (made.drug, made.each, made.times, made.days) == dose


def test_doses_are_those_a_person_could_take():
    for illness in ILL.values():
        for dose in illness.doses:
            assert 1 <= dose.each <= 4 and 1 <= dose.times <= 5 and 0 <= dose.days <= 28, (illness.key, dose)
        assert len({dose.drug for dose in illness.doses}) == len(illness.doses)
