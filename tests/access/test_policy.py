"""Who may read what of a record: the policy as a table, and the memberships it rests on."""

from types import SimpleNamespace
from uuid import UUID

import pytest

from yteso.access.policy import Denied, Reader, readable


PERSON, OTHER = UUID(int=1), UUID(int=2)
DOCUMENTS = [
    SimpleNamespace(name=name, facility=facility, labels=labels.split())
    for name, facility, labels in [
        ("plain here", "99001", ""),
        ("hiv here", "99001", "hiv"),
        ("both here", "99001", "hiv mental"),
        ("plain there", "99002", ""),
        ("mental there", "99002", "mental"),
    ]
]
EVERYTHING = [document.name for document in DOCUMENTS]

# as whom, of which facility, about whom, with which rights → what is shown; "refused" is not the same as nothing

POLICY = """
role       facility  own record of  rights       sees
citizen    -         person         -            everything
citizen    99001     person         -            everything
citizen    -         other          -            refused
citizen    -         nobody         -            refused
citizen    -         other          hiv,mental   refused
facility   99001     -              -            plain here
facility   99001     -              hiv          plain here, hiv here
facility   99001     -              hiv,mental   plain here, hiv here, both here
facility   99001     -              mental       plain here
facility   99002     -              -            plain there
facility   99002     -              mental       plain there, mental there
facility   99003     -              -            refused
facility   99003     -              hiv,mental   refused
facility   -         -              -            refused
facility   -         person         -            refused
operator   -         -              -            plain here, plain there
operator   -         -              hiv          plain here, hiv here, plain there
operator   -         -              hiv,mental   everything
operator   99001     -              -            plain here, plain there
steward    -         person         hiv,mental   refused
authority  -         person         hiv,mental   refused
Citizen    -         person         -            refused
-          -         person         hiv,mental   refused
"""
PEOPLE = {"person": PERSON, "other": OTHER, "nobody": None, "-": None}


def reader(role: str, facility: str, own: str, rights: str, **more: str) -> Reader:
    """`-` stands for nothing."""
    empty = {"-": ""}
    who = {"account": "somebody", "purpose": "care"} | more
    return Reader(
        role=empty.get(role, role), facility=empty.get(facility, facility), person=PEOPLE[own],
        rights=frozenset(empty.get(rights, rights).split(",")) - {""}, **who,
    )  # fmt: skip


@pytest.mark.parametrize("line", POLICY.strip().split("\n")[1:])
def test_the_policy(line):
    *who, sees = line.split(None, 4)
    if sees == "refused":
        with pytest.raises(Denied):
            readable(reader(*who), PERSON, DOCUMENTS)
    else:
        shown = [document.name for document in readable(reader(*who), PERSON, DOCUMENTS)]
        assert shown == (EVERYTHING if sees == "everything" else sees.split(", "))


@pytest.mark.parametrize("missing", ["account", "purpose"])
@pytest.mark.parametrize(
    "who", [("citizen", "-", "person", "-"), ("facility", "99001", "-", "-"), ("operator", "-", "-", "hiv")]
)
def test_nobody_reads_without_a_name_and_a_purpose(who, missing):
    with pytest.raises(Denied):
        readable(reader(*who, **{missing: ""}), PERSON, DOCUMENTS)


def test_a_label_nobody_has_heard_of_hides_all_the_same():
    new = SimpleNamespace(name="new", facility="99001", labels=["new kind"])
    assert readable(reader("facility", "99001", "-", "hiv,mental"), PERSON, [new]) == []
    assert readable(reader("citizen", "-", "person", "-"), PERSON, [new]) == [new]


def test_a_facility_with_only_sensitive_documents_sees_nothing_but_is_not_refused():
    only = [document for document in DOCUMENTS if document.name == "mental there"]
    assert readable(reader("facility", "99002", "-", "-"), PERSON, only) == []


def test_an_empty_record_is_open_to_its_owner_and_the_operator_only():
    assert readable(reader("citizen", "-", "person", "-"), PERSON, []) == []
    assert readable(reader("operator", "-", "-", "-"), PERSON, []) == []
    with pytest.raises(Denied):
        readable(reader("facility", "99001", "-", "hiv"), PERSON, [])


def test_documents_keep_their_order_and_may_come_one_by_one():
    shown = readable(reader("operator", "-", "-", "hiv,mental"), PERSON, iter(reversed(DOCUMENTS)))
    assert [document.name for document in shown] == EVERYTHING[::-1]


# memberships

MEMBERSHIPS = """
role       facility  person  allowed
facility   99001     no      yes
facility   -         no      no
facility   -         yes     no
citizen    -         yes     yes
citizen    -         no      no
citizen    99001     no      no
operator   -         no      yes
steward    -         no      yes
authority  -         no      no
"""


@pytest.mark.parametrize("line", MEMBERSHIPS.strip().split("\n")[1:])
def test_the_database_refuses_a_membership_of_nothing(database, line):
    from django.contrib.auth.models import User
    from django.db import IntegrityError

    from yteso.access.models import Membership

    role, facility, person, allowed = line.split()
    wished = {"role": role, "facility": facility.strip("-"), "person": PERSON if person == "yes" else None}
    user = User.objects.create(username="somebody")
    if allowed == "yes":
        assert str(Membership.objects.create(user=user, **wished)).startswith(role)
    else:
        with pytest.raises(IntegrityError):
            Membership.objects.create(user=user, **wished)


def test_memberships_go_with_the_account(database):
    from django.contrib.auth.models import User

    from yteso.access.models import Membership

    user = User.objects.create(username="somebody")
    for code in ("99001", "99002"):
        user.memberships.create(role="facility", facility=code)
    assert [membership.facility for membership in user.memberships.order_by("facility")] == ["99001", "99002"]
    user.delete()
    assert Membership.objects.count() == 0
