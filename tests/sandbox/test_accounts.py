"""Accounts to look at a demo province with: who they are, what they may read, and how their passwords are kept."""

import json
from datetime import UTC, date, datetime, timedelta

import pytest

from yteso import people, record
from yteso.access.reads import Reader, open_record
from yteso.record import Document
from yteso.record.ids import derive, document_id, fhir_id, subject_id


START = datetime(2026, 3, 1, 8, tzinfo=UTC)
FULL = {"an": 4, "bình": 3, "chi": 2, "dung": 1}
"""Visits of four people, and so the order in which they are worth showing."""
NAMES = {"an": "Nguyễn Văn An", "bình": "Trần Thị Bình", "chi": "Lê Thị Chi", "dung": "Phạm Văn Dung"}


def number(n: int) -> str:
    return f"00109090000{n}"


def visit(facility: str, patient: str, n: int) -> Document:
    id = document_id("visit", facility, f"{patient}-{n}")
    when = START + timedelta(days=n)
    body = [("Encounter", fhir_id(id), json.dumps({"resourceType": "Encounter", "id": fhir_id(id)}).encode())]
    return Document(
        subject=subject_id(facility, patient), id=id, kind="visit", source=f"{patient}-{n}", facility=facility,
        made=date(2026, 3, 1), received=START, digest=derive(f"{patient}{n}").bytes, started=when,
        ended=when + timedelta(hours=1), labels=[], tokens=[], resources=body,
    )  # fmt: skip


@pytest.fixture
def quick_passwords(conn):
    """Hashing that takes no time: how strong it is on a node is the business of the settings."""
    from django.test.utils import override_settings

    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture
def folder(conn, tmp_path, quick_passwords):
    """A small province taken in: facility 99002 has sent most files, then 99001, then 99003."""
    from yteso.intake.models import Submission
    from yteso.registry.models import Facility

    Facility.objects.create(code="99001", name="Bệnh viện Thử")
    Facility.objects.create(code="99002", name="Trung tâm Thử")
    for n, sender in enumerate(["99001"] * 3 + ["99002"] * 5 + ["99003"]):
        Submission.objects.create(
            facility=sender, name=f"{n}.xml", sha256=bytes([n]) * 32, size=1, received=START + timedelta(hours=n)
        )
    lines = ["person,number,name,birth,sex,card,phone,address,patient_ids"]
    for n, (key, visits) in enumerate(FULL.items()):
        facilities = [f"9900{i + 1}" for i in range(min(visits, 3))]
        said = [
            people.Statement(subject_id(code, key), code, key, START, START.date(), START, number=number(n),
                             birth="19900105", name=NAMES[key], folded=people.fold(NAMES[key]))
            for code in facilities
        ]  # fmt: skip
        people.resolve(conn, said)
        record.save(conn, [visit(facilities[i % len(facilities)], key, i) for i in range(visits)])
        ids = ";".join(f"{code}:{key}" for code in facilities)
        lines.append(f"{n},{number(n)},{NAMES[key]},19900105,1,,,,{ids}")
    lines.append("9,,Con bà Ai,20260101,1,,,,99001:x;99002:x;99003:x;99004:x")
    lines.append(f"8,{number(8)},Chưa Đi Khám,19800101,1,,,,")
    (tmp_path / "people.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    conn.commit()
    return tmp_path


@pytest.fixture
def accounts(conn, folder):
    from yteso.sandbox import accounts

    return accounts.create(conn, folder, folder / "accounts.json")


WHO = """
account   role      what it shows
benhvien  facility  Nhân viên Trung tâm Thử (99002)
trungtam  facility  Nhân viên Bệnh viện Thử (99001)
congdan1  citizen   Người dân: Nguyễn Văn An (4 lượt khám)
congdan2  citizen   Người dân: Trần Thị Bình (3 lượt khám)
congdan3  citizen   Người dân: Lê Thị Chi (2 lượt khám)
soyte     authority  Sở Y tế (các cơ sở mã 99…)
"""
LINES = [line.split(None, 2) for line in WHO.split("\n")[2:-1]]


def test_the_busiest_facilities_and_the_fullest_books_have_accounts(accounts):
    assert [(account.name, account.what) for account in accounts] == [(name, what) for name, _, what in LINES]


def test_everybody_may_sign_in_and_acts_in_one_role(accounts):
    from django.contrib.auth import authenticate
    from django.contrib.auth.models import User

    for account, (_, role, _) in zip(accounts, LINES, strict=True):
        user = authenticate(username=account.name, password=account.password)
        assert user is not None
        assert [membership.role for membership in user.memberships.all()] == [role]
        assert not user.is_staff and not user.is_superuser
    assert User.objects.get(username="congdan1").last_name == "Nguyễn Văn An"


def test_a_citizen_reads_the_record_they_were_promised(conn, accounts):
    from yteso.access.models import Membership

    for name, visits in (("congdan1", 4), ("congdan2", 3), ("congdan3", 2)):
        person = Membership.objects.get(user__username=name).person
        opened = open_record(conn, Reader(name, "citizen", "own record", person=person), person)
        assert len(opened.visits) == visits


def test_passwords_are_different_and_long(accounts):
    assert len({account.password for account in accounts}) == len(accounts)
    assert min(len(account.password) for account in accounts) >= 12


def test_the_file_of_passwords_is_for_its_owner_only(accounts, folder):
    file = folder / "accounts.json"
    assert file.stat().st_mode & 0o777 == 0o600
    assert [known["name"] for known in json.loads(file.read_text(encoding="utf-8"))] == [name for name, *_ in LINES]


def test_a_second_call_gives_the_same_accounts_and_changes_nothing(conn, accounts, folder):
    from django.contrib.auth.models import User

    from yteso.sandbox.accounts import create

    before = list(User.objects.order_by("id").values_list("id", "password"))
    assert create(conn, folder, folder / "accounts.json") == accounts
    assert list(User.objects.order_by("id").values_list("id", "password")) == before


def test_a_lost_file_gives_new_passwords_to_the_same_accounts(conn, accounts, folder):
    from django.contrib.auth import authenticate
    from django.contrib.auth.models import User

    from yteso.sandbox.accounts import create

    (folder / "accounts.json").unlink()
    again = create(conn, folder, folder / "accounts.json")
    assert [account.name for account in again] == [account.name for account in accounts]
    assert User.objects.count() == len(accounts)
    assert authenticate(username="benhvien", password=accounts[0].password) is None
    assert authenticate(username="benhvien", password=again[0].password) is not None


def test_an_empty_province_has_no_accounts(conn, tmp_path):
    from yteso.sandbox.accounts import create

    (tmp_path / "people.csv").write_text("person,number,name,birth,sex,card,phone,address,patient_ids\n")
    assert create(conn, tmp_path, tmp_path / "accounts.json") == []
