"""Details of the synthetic people, and the ways they take through the facilities of the province."""

from collections import Counter
from dataclasses import replace
from datetime import date
from itertools import pairwise
from statistics import fmean

import pytest
from made_visits import made, province, somebody

from yteso import catalogues, standards
from yteso.sandbox import data
from yteso.sandbox.calendar import DAY
from yteso.sandbox.chance import stream
from yteso.sandbox.facilities import kind_of
from yteso.sandbox.people import FEMALE, MALE, Names, Population, _height, _weight
from yteso.sandbox.simulate import Province


NOW = date(2026, 7, 1)
PROVINCES = {row["code"]: row for row in data.rows("provinces")}


@pytest.fixture(scope="module")
def people():
    population = Population(9, PROVINCES["75"], NOW, 30)
    return [population.person(n) for n in range(1, 1201)]


# names

BY_SEX = [("Thị", FEMALE), ("Văn", MALE)]


@pytest.mark.parametrize(("middle", "sex"), BY_SEX)
def test_middle_names_tell_the_sex(people, middle, sex):
    bearers = [person for person in people if person.name.split()[1] == middle]
    assert len(bearers) > 30
    assert {person.sex for person in bearers} == {sex}


def test_names_of_one_sex_are_not_given_to_the_other():
    names, dice = Names("north"), stream("names")
    only = {sex: {row["name"] for row in data.rows("given_names") if float(row[other]) == 0}
            for sex, other in ((MALE, "female"), (FEMALE, "male"))}  # fmt: skip
    for sex, other in ((MALE, FEMALE), (FEMALE, MALE)):
        drawn = {names.draw(dice, sex).split()[-1] for _ in range(1500)}
        assert drawn & only[sex] and not drawn & only[other]


def test_a_child_has_the_surname_of_the_father(people):
    children = [person for person in people if person.father]
    assert len(children) > 150
    for child in children:
        assert child.father.split()[0] == child.name.split()[0]
        assert child.mother


def test_a_given_surname_is_used():
    assert Names("south").draw(stream("x"), MALE, "Tôn").startswith("Tôn ")


# facts about persons


def test_codes_of_persons_are_in_their_lists(people):
    for field, name in (("ethnic", "MA_DANTOC"), ("job", "MA_NGHE_NGHIEP"), ("sex", "GIOI_TINH")):
        assert {getattr(person, field) for person in people} <= set(standards.code_list(name, NOW).codes)


@pytest.mark.parametrize("code", sorted(PROVINCES))
def test_people_live_in_their_province(code):
    population = Population(1, PROVINCES[code], NOW, 30)
    communes = catalogues.communes(NOW)
    for person in map(population.person, range(1, 40)):
        assert communes[person.commune].parent == code == person.province
        assert person.address.endswith(PROVINCES[code]["name"])
        assert person.number[:3] in PROVINCES[code]["number_codes"].split()


def test_phones_are_of_a_range_nobody_has(people):
    assert {person.phone[:4] for person in people} == {"0990"}
    assert {len(person.phone) for person in people} == {10}


def test_children_and_the_old_do_not_work(people):
    for person in people:
        age = person.age(NOW)
        assert (person.job == "00") == (age < 16 or age > 65) or age in (15, 16, 65, 66)


def test_small_children_know_the_hour_of_their_birth_and_some_old_people_only_the_year(people):
    assert all(
        not p.birth.endswith("0000") or p.age(NOW) >= 5 for p in people if p.age(NOW) < 5 and p.birth[8:] != "0000"
    )
    partial = [person for person in people if person.birth.endswith("00000000")]
    assert partial and all(person.age(NOW) >= 70 for person in partial)
    assert all(person.birth[:4] == str(person.born.year) for person in people)


SIZES = """
age  weight    height
0    5-8       60-70
1    5-8       76-85
5    15-22     100-112
10   27-38     130-146
20   42-70     147-175
70   42-70     147-175
"""


@pytest.mark.parametrize("line", SIZES.strip().split("\n")[1:])
@pytest.mark.parametrize("sex", [MALE, FEMALE])
def test_sizes_grow_with_age(line, sex):
    age, *spans = line.split()
    dice = stream("size", age, sex)
    means = (fmean(size(dice, int(age), sex) for _ in range(200)) for size in (_weight, _height))
    for mean, span in zip(means, spans, strict=True):
        low, high = map(int, span.split("-"))
        assert low <= mean <= high


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [(date(2000, 7, 1), NOW, 26), (date(2000, 7, 2), NOW, 25), (date(2000, 6, 30), NOW, 26), (date(2026, 7, 1), NOW, 0),
     (date(2004, 2, 29), date(2026, 2, 28), 21), (date(2004, 2, 29), date(2026, 3, 1), 22)],
)  # fmt: skip
def test_ages(born, on, age):
    assert somebody(born).age(on) == age


def test_most_people_are_insured(people):
    assert 0.9 < sum(bool(person.card) for person in people) / len(people) < 1
    assert len({person.card for person in people if person.card}) == sum(bool(person.card) for person in people)


# ways through the province


@pytest.fixture(scope="module")
def walks():
    """All visits of a hundred days, person by person."""
    small = Province(people=160, days=100, facilities=17, seed=12)
    found: dict[int, list] = {}
    for visit in small.visits():
        found.setdefault(visit.person.n, []).append(visit)
    return found


def test_visits_of_a_person_follow_each_other(walks):
    for visits in walks.values():
        grown = [visit for visit in visits if visit.origin.kind != "newborn"]
        assert all(one.left < other.arrived for one, other in pairwise(grown))


def test_referrals_lead_upwards_by_the_letter(walks):
    order = {"c": 0, "k": 0, "d": 1, "p": 2}
    letters = {visit.letter: visit for visits in walks.values() for visit in visits if visit.refer_to}
    arrived = [visit for visits in walks.values() for visit in visits if visit.origin.kind == "referral"]
    assert len(arrived) > 5
    for visit in arrived:
        sender = letters[visit.origin.letter]
        assert sender.person.n == visit.person.n
        assert (sender.facility.code, sender.refer_to) == (visit.origin.facility, visit.facility.code)
        assert order[kind_of(sender.facility.index)] < order[kind_of(visit.facility.index)]
        assert sender.dispensed == [] and sender.discharge == "2"
        assert visit.arrived - sender.left < 2 * DAY


def test_emergencies_may_come_at_night_and_others_in_office_hours(walks):
    for visits in walks.values():
        for visit in visits:
            minute = visit.arrived % DAY
            if visit.origin.kind == "self":
                assert 400 <= minute <= 1080, visit.illness.key


def test_dialysis_is_every_third_day():
    small = Province(people=4000, days=30, facilities=4, seed=6)
    sessions: dict[int, list[int]] = {}
    for visit in small.visits():
        if visit.illness.key == "dialysis" and not visit.refer_to:
            sessions.setdefault(visit.person.n, []).append(visit.arrived // DAY)
    regular = [days for days in sessions.values() if len(days) > 5]
    assert regular
    gaps = Counter(b - a for days in regular for a, b in pairwise(days))
    assert gaps.most_common(1)[0][0] == 3


def test_people_have_one_patient_number_per_facility(walks):
    for visits in walks.values():
        numbers = {(visit.person.n, visit.facility.code): set() for visit in visits}
        for visit in visits:
            numbers[visit.person.n, visit.facility.code].add(visit.ma_bn)
        assert all(len(known) == 1 for known in numbers.values())


def test_visits_that_are_not_over_are_not_told():
    short = Province(people=60, days=20, facilities=4, seed=12)
    assert all(visit.left < 20 * DAY for visit in short.visits())


def test_a_person_of_a_made_visit_is_nobody_elses():
    one, other = made("cold", person=somebody()), made("cold", person=replace(somebody(), n=2))
    assert one.person is not other.person
    assert province().network.all[0].code == one.facility.code == "99001"
