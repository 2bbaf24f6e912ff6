"""The provisional rule: who is the same person."""

from itertools import combinations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yteso.people.rule import births_agree, same_people, why
from yteso.people.text import fold


@pytest.mark.parametrize(
    ("one", "other", "agree"),
    [
        ("19900105", "19900105", True),
        ("19900105", "19900106", False),
        ("19900105", "19910105", False),
        ("19900105", "19900000", True),
        ("19900000", "19900000", True),
        ("19900000", "19910000", False),
        ("19900100", "19900105", True),
        ("19900200", "19900105", False),
        ("19900005", "19900105", True),
        ("00000000", "19900105", False),
        ("", "19900105", False),
        ("", "", False),
    ],
)
def test_birth_dates_agree_as_far_as_both_are_known(one, other, agree):
    assert births_agree(one, other) is agree
    assert births_agree(other, one) is agree


def groups(says, *patients):
    people = same_people([says(str(n), **facts) for n, facts in enumerate(patients)])
    return sorted(sorted(int(member.patient_no) for member in person) for person in people)


def test_same_number_and_birth_date(says, an):
    assert groups(says, an, {**an, "name": "Nguyen V. A."}) == [[0, 1]]


def test_same_number_and_name_with_other_marks_and_case(says, an):
    assert groups(says, an, {**an, "birth": "19910501", "name": "NGUYEN VAN AN"}) == [[0, 1]]


def test_same_number_alone_is_not_enough(says, an):
    assert groups(says, an, {**an, "birth": "19910501", "name": "Trần Thị Bình"}) == [[0], [1]]


def test_same_name_and_birth_date_without_a_number_are_not_enough(says, an):
    assert groups(says, {**an, "number": ""}, {**an, "number": ""}) == [[0], [1]]


def test_a_partial_birth_date_agrees_with_a_full_one(says, an):
    assert groups(says, an, {**an, "birth": "19900000", "name": "An"}) == [[0, 1]]


def test_missing_facts_neither_agree_nor_disagree(says, an):
    bare = {"number": an["number"]}
    assert groups(says, an, bare, bare) == [[0], [1], [2]]


def test_what_agrees_with_both_joins_both(says, an):
    one, other = {**an, "birth": "19900105", "name": "A"}, {**an, "birth": "19900106", "name": "B"}
    assert groups(says, one, other) == [[0], [1]]
    assert groups(says, one, other, {**an, "birth": "19900000", "name": "C"}) == [[0, 1, 2]]


facts = st.fixed_dictionaries(
    {
        "number": st.sampled_from(["", "001090000001", "001090000002"]),
        "birth": st.sampled_from(["", "19900105", "19900106", "19900000", "19900100", "19910000"]),
        "name": st.sampled_from(["", "An", "Ân", "Bình"]),
    }
)


def linked(a, b):
    return (
        a["number"]
        and a["number"] == b["number"]
        and (births_agree(a["birth"], b["birth"]) or (a["name"] and fold(a["name"]) == fold(b["name"])))
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(patients=st.lists(facts, max_size=8))
def test_the_grouping_is_the_connected_components_of_the_pairwise_rule(says, patients):
    component = list(range(len(patients)))
    for a, b in combinations(range(len(patients)), 2):
        if linked(patients[a], patients[b]):
            old, new = component[b], component[a]
            component = [new if c == old else c for c in component]
    expected = {}
    for n, c in enumerate(component):
        expected.setdefault(c, []).append(n)
    assert groups(says, *patients) == sorted(expected.values())


def test_ten_thousand_with_one_number_are_grouped_without_comparing_every_pair(says, an):
    births = [f"19{n % 100:02}{n % 12 + 1:02}{n % 28 + 1:02}" for n in range(10_000)]
    people = [says(str(n), number=an["number"], birth=birth, name=str(n)) for n, birth in enumerate(births)]
    assert len(same_people(people)) == len(set(births))


def test_the_reason_names_what_agreed(says, an):
    one, other = says("1", **an), says("2", **{**an, "name": "Khác"})
    assert why(one, [other]) == {"rule": "number", "agrees": ["birth"]}
    assert why(one, [says("3", **an)]) == {"rule": "number", "agrees": ["birth", "name"]}
    assert why(one, []) == {"rule": "facility patient number"}
    assert an["number"] not in str(why(one, [other]))
