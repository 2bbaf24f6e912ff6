"""Synthetic people: Vietnamese names, numbers of the right structure that nobody has, one truth for all facilities."""

import csv
from collections import Counter
from datetime import date
from unicodedata import is_normalized

import pytest

from yteso import catalogues
from yteso.sandbox import data
from yteso.sandbox.people import CITIZEN_CODES, FEMALE, Population
from yteso.sandbox.simulate import simulate


PROVINCES = data.rows("provinces")


@pytest.fixture(scope="module")
def people():
    population = Population(3, PROVINCES[0], date(2026, 7, 1), 30)
    return [population.person(n) for n in range(1, 1501)]


def test_names_are_composed_and_have_three_parts_or_more(people):
    for person in people:
        assert is_normalized("NFC", person.name)
        assert len(person.name.split()) >= 3


def test_nguyen_is_the_most_frequent_surname(people):
    surnames = Counter(person.name.split()[0] for person in people)
    assert surnames.most_common(1)[0][0] == "Nguyễn"
    assert surnames["Nguyễn"] / len(people) == pytest.approx(0.31, abs=0.06)


def test_numbers_have_the_structure_of_citizen_numbers_and_fictional_serials(people):
    for person in people:
        assert person.number[:3] in CITIZEN_CODES
        century, woman = divmod(int(person.number[3]), 2)
        assert 1900 + 100 * century + int(person.number[4:6]) == person.born.year
        assert woman == (person.sex == FEMALE)
        assert person.number[6] == "9" and len(person.number) == 12


def test_numbers_stay_unique_beyond_a_hundred_thousand_people():
    population = Population(3, PROVINCES[1], date(2026, 7, 1), 30)
    numbers = {population._number(n, date(1980, 1, 1), FEMALE) for n in range(7, 1_200_000, 50_000)}
    assert len(numbers) == len(range(7, 1_200_000, 50_000))


def test_cards_have_fifteen_characters_and_fit_the_age(people):
    for person in people:
        if person.card:
            assert len(person.card) == 15 and person.card[2] in "12345"
        age = person.age(date(2026, 7, 1))
        if age < 5:
            assert person.card.startswith("TE1")
        if age >= 7:
            assert not person.card.startswith("TE")


def test_ages_follow_a_plausible_pyramid(people):
    ages = [person.age(date(2026, 7, 1)) for person in people]
    assert 0.10 < sum(age >= 60 for age in ages) / len(ages) < 0.20
    assert 0.18 < sum(age < 16 for age in ages) / len(ages) < 0.32


def test_the_same_number_is_the_same_person_in_every_period():
    first = Population(3, PROVINCES[0], date(2026, 7, 1), 30).person(11)
    again = Population(3, PROVINCES[0], date(2026, 7, 1), 300).person(11)
    assert (first.name, first.number, first.birth, first.card) == (again.name, again.number, again.birth, again.card)


def test_addresses_name_communes_in_force(province):
    communes = catalogues.communes(date(2026, 7, 1))
    for sent in province:
        unit = communes[sent.main["MAXA_CU_TRU"]]
        assert unit.parent == sent.main["MATINH_CU_TRU"]
        assert unit.full_name in sent.main["DIA_CHI"] or sent.main.get("MA_DOITUONG_KCB") == "1.7"


def test_people_csv_tells_which_patient_ids_belong_together(tmp_path):
    simulate(tmp_path, people=120, days=120, facilities=10, seed=4)
    with (tmp_path / "people.csv").open(encoding="utf-8") as source:
        rows = list(csv.DictReader(source))
    ids = [each for row in rows for each in row["patient_ids"].split(";") if each]
    assert len(ids) == len(set(ids))
    assert any(";" in row["patient_ids"] for row in rows), "somebody was seen by two facilities"
    assert len({row["number"] for row in rows if row["number"]}) == sum(bool(row["number"]) for row in rows)
