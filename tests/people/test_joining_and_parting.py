"""Stories of patients who turn out to be one person, or two: who is who at the end, in whatever order they are told."""

from itertools import permutations

import pytest

from yteso import people


# A patient is `facility.number`; later statements of one patient come on a later day.

STORIES = """
one number, one birth date
    99001.a  number 1  born 19900105  An
    99002.b  number 1  born 19900105  An Văn
    -> a b

one number, one name
    99001.a  number 1  born 19900105  An
    99002.b  number 1  born 19910501  An
    -> a b

one number, nothing else alike
    99001.a  number 1  born 19900105  An
    99002.b  number 1  born 19910501  Bình
    -> a | b

no number
    99001.a  number -  born 19900105  An
    99002.b  number -  born 19900105  An
    -> a | b

only the year is known
    99001.a  number 1  born 19900000  An
    99002.b  number 1  born 19900105  Văn An
    -> a b

the year differs
    99001.a  number 1  born 19890000  An
    99002.b  number 1  born 19900105  Văn An
    -> a | b

a third joins two
    99001.a  number 1  born 19900105  An
    99002.b  number 1  born 19900106  Bình
    99003.c  number 1  born 19900105  Bình
    -> a b c

a partial date joins two that disagree
    99001.a  number 1  born 19900105  An
    99002.b  number 1  born 19900106  Bình
    99003.c  number 1  born 19900000  Chi
    -> a b c

two numbers, two people
    99001.a  number 1  born 19900105  An
    99002.b  number 2  born 19900105  An
    99003.c  number 2  born 19900105  An
    -> a | b c

the same patient number at two facilities is nobody in common
    99001.a  number -  born 19900105  An
    99002.a  number -  born 19900105  An
    -> a | a
"""


def parsed(story: str):
    title, *lines, outcome = [line.strip() for line in story.split("\n")]
    told = []
    for line in lines:
        who, _, number, _, born, name = line.split(None, 5)
        told.append((*who.split("."), "" if number == "-" else f"00109000000{number}", born, name))
    return title, told, sorted(sorted(group.split()) for group in outcome.removeprefix("-> ").split("|"))


PARSED = [parsed(story) for story in STORIES.strip().split("\n\n")]


def grouped(conn) -> list[list[str]]:
    rows = conn.execute(
        """SELECT array_agg(s.patient_no ORDER BY s.patient_no) FROM people_link l JOIN people_subject s USING (subject)
           WHERE l.until IS NULL GROUP BY l.person"""
    )
    return sorted(patients for (patients,) in rows)


@pytest.mark.parametrize(("title", "told", "outcome"), PARSED, ids=[title for title, *_ in PARSED])
def test_a_story_ends_the_same_in_every_order(conn, says, title, told, outcome):
    said = [says(p, facility=f, number=n, birth=b, name=name) for f, p, n, b, name in told]
    for order in permutations(said):
        for statement in order:
            people.resolve(conn, [statement])
        assert grouped(conn) == outcome, [statement.patient_no for statement in order]
        conn.rollback()
    people.resolve(conn, said)
    assert grouped(conn) == outcome, "all at once"


# what a later statement changes: first what a and b said, then what b says a day later

CHANGES = """
b before          b after           before  after   why
number 1 19900105 number 2 19900105 a b     a | b   another number
number 2 19900105 number 1 19900105 a | b   a b     the right number at last
number 1 19900105 number - 19900105 a b     a | b   the number is taken back
number - 19900105 number 1 19900105 a | b   a b     the number becomes known
number 1 19900105 number 1 19850101 a b     a b     another date, but the name still agrees
number 1 19850101 number 1 19900105 a b     a b     the date is put right
"""


def facts(text: str, name: str = "An") -> dict[str, str]:
    _, number, born = text.split()
    return {"number": "" if number == "-" else f"00109000000{number}", "birth": born, "name": name}


@pytest.mark.parametrize("line", CHANGES.strip().split("\n")[1:])
def test_a_later_statement_joins_or_parts(conn, says, line):
    before, after = line[:17], line[18:35]
    first, last = (sorted(g.split() for g in line[a:b].strip().split("|")) for a, b in ((36, 44), (44, 52)))
    people.resolve(conn, [says("a", **facts("number 1 19900105")), says("b", facility="99002", **facts(before))])
    assert grouped(conn) == first
    people.resolve(conn, [says("b", facility="99002", day=1, **facts(after))])
    assert grouped(conn) == last


def test_the_person_who_was_there_first_keeps_the_name(conn, says, an):
    a, b = says("a", **an), says("b", facility="99002", **{**an, "number": ""})
    elder = people.resolve(conn, [a])[a.subject]
    younger = people.resolve(conn, [b])[b.subject]
    joined = people.resolve(conn, [says("b", facility="99002", day=1, **an)])
    assert joined == {b.subject: elder}
    assert people.subjects_of(conn, younger) == []
    parted = people.resolve(conn, [says("b", facility="99002", day=2, **{**an, "number": ""})])
    assert parted[b.subject] not in (elder,)
    assert people.person_of(conn, a.subject) == elder


def test_every_link_that_ever_was_is_kept_with_its_reason(conn, says, an):
    b = says("b", facility="99002", **{**an, "number": ""})
    people.resolve(conn, [says("a", **an), b])
    for day, number in enumerate([an["number"], "", an["number"]], 1):
        people.resolve(conn, [says("b", facility="99002", day=day, **{**an, "number": number})])
    rows = conn.execute("SELECT why, until IS NULL FROM people_link WHERE subject = %s ORDER BY since", (b.subject,))
    assert [(why["rule"], open_) for why, open_ in rows] == [
        ("facility patient number", False),
        ("number", False),
        ("facility patient number", False),
        ("number", True),
    ]


@pytest.mark.parametrize("field", ["name", "phone", "card", "sex"])
def test_other_facts_change_without_moving_anybody(conn, says, an, field):
    a, b = says("a", **an), says("b", facility="99002", **an)
    before = people.resolve(conn, [a, b])
    people.resolve(conn, [says("b", facility="99002", day=1, **(an | {field: "Khác"}))])
    assert {s: people.person_of(conn, s) for s in before} == before
    latest = people.known_as(conn, before[b.subject])[0]
    assert getattr(latest, field) == "Khác"


def test_what_was_said_of_a_subject_is_taken_back(conn, says, an):
    a = says("a", day=5, **an)
    person = people.resolve(conn, [a])[a.subject]
    people.retract(conn, a.subject, None)
    assert people.find(conn, an["number"]) == people.known_as(conn, person) == people.search(conn, an["name"]) == []
    assert people.person_of(conn, a.subject) == person
    assert people.resolve(conn, [says("a", **an)]) == {a.subject: person}
    assert people.find(conn, an["number"]) == [person]


def test_a_subject_of_whom_nothing_is_said_leaves_its_person_to_the_others(conn, says, an):
    a, b, c = says("a", **an), says("b", facility="99002", **an), says("c", facility="99003", **an)
    (person,) = set(people.resolve(conn, [a, b, c]).values())
    people.retract(conn, a.subject, None)
    assert set(people.subjects_of(conn, person)) == {b.subject, c.subject}
    assert people.person_of(conn, a.subject) != person
    assert people.resolve(conn, [says("a", **an)]) == {a.subject: person}


def test_something_else_is_said_instead_though_it_is_older(conn, says, an):
    right, wrong = says("a", **an), says("a", day=1, **{**an, "number": "001090000009", "name": "Lê Thị Bình"})
    person = people.resolve(conn, [right])[right.subject]
    people.resolve(conn, [wrong])
    people.retract(conn, right.subject, right)
    assert people.find(conn, an["number"]) == [person]
    assert people.find(conn, "001090000009") == []


def test_those_whom_a_wrong_statement_had_joined_are_parted(conn, says, an):
    """The wrong statement was the only link: same number as one, same birth as the other."""
    other = {"number": an["number"], "birth": "19800202", "name": "Nguyễn Văn An"}
    link = says("link", facility="99003", **an)
    one, two = says("one", **{**an, "name": "Trần Cả"}), says("two", facility="99002", **other)
    people.resolve(conn, [one, two, link])
    assert len(people.find(conn, an["number"])) == 1
    people.retract(conn, link.subject, None)
    assert len(people.find(conn, an["number"])) == 2


def test_taking_back_what_nobody_said(conn, says, an):
    people.retract(conn, says("a").subject, None)
    assert conn.execute("SELECT count(*) FROM people_subject").fetchone() == (0,)
