"""Looking people up by number, card and name."""

from uuid import uuid4

import pytest

from yteso import people


@pytest.fixture
def three(conn, says, an):
    """An at two facilities, his namesake, and Bình."""
    said = [
        says("1", day=1, phone="0901", **an),
        says("9", facility="99002", day=2, phone="0902", **an),
        says("2", name="Nguyễn Văn Ân", number="001090000002", birth="19800000", card="DN4010000000002"),
        says("3", facility="99002", name="Trần Thị Bình", birth="19850505"),
    ]
    people.resolve(conn, said)
    return [people.person_of(conn, s.subject) for s in (said[0], said[2], said[3])]


def test_by_personal_number(conn, three):
    assert people.find(conn, "001090000001") == [three[0]]
    assert people.find(conn, " 001 090 000 002") == [three[1]]
    assert people.find(conn, "001090000003") == []


@pytest.mark.parametrize("number", ["", "000000000000", "abc"])
def test_no_number_finds_nobody(conn, three, number):
    assert people.find(conn, number) == []


def test_a_number_of_two_who_do_not_agree_finds_both(conn, says, an, three):
    other = says("8", **{**an, "name": "Khác", "birth": "19700101"})
    people.resolve(conn, [other])
    assert set(people.find(conn, an["number"])) == {three[0], people.person_of(conn, other.subject)}


@pytest.mark.parametrize("text", ["nguyen van", "NGUYỄN VĂN Â", "an nguyen", "van  an"])
def test_by_name_without_marks_by_its_beginning_or_words(conn, three, text):
    assert {known.person for known in people.search(conn, text)} == set(three[:2])


@pytest.mark.parametrize(("text", "whose"), [("001090000001", 0), ("dn4010000000002", 1), ("tran", 2), ("BINH", 2)])
def test_search_finds_by_number_card_or_one_word(conn, three, text, whose):
    assert {known.person for known in people.search(conn, text)} == {three[whose]}


@pytest.mark.parametrize("text", ["", "   ", "%", "_guyen", "nobody", "0", "\\"])
def test_search_finds_nothing_by_nothing_or_by_wildcards(conn, three, text):
    assert people.search(conn, text) == []


def test_search_within_one_facility(conn, three):
    assert [known.facility for known in people.search(conn, "nguyen", facility="99002")] == ["99002"]
    assert people.search(conn, "tran", facility="99001") == []


def test_search_is_limited(conn, three):
    assert len(people.search(conn, "nguyen", limit=2)) == 2


def test_what_each_facility_says_the_latest_first(conn, three):
    assert [(known.facility, known.phone) for known in people.known_as(conn, three[0])] == [
        *(("99002", "0902"), ("99001", "0901")),
    ]


def test_nobodys_subjects(conn, three):
    assert people.subjects_of(conn, uuid4()) == []
    assert people.person_of(conn, uuid4()) is None
    assert people.known_as(conn, uuid4()) == []
