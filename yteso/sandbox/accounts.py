"""Accounts to look at a synthetic province with: staff of two facilities, three citizens,
the health authority.

Passwords are made at random for this node and kept in its home folder, readable by its owner only.
"""

import csv
import json
import os
import secrets
from dataclasses import asdict, dataclass
from pathlib import Path
from uuid import UUID

from django.contrib.auth.models import User
from django.db.models import Count
from psycopg import Connection

from yteso import people, record
from yteso.access.models import Membership, Role
from yteso.access.policy import PROVINCE
from yteso.intake.models import Submission
from yteso.registry.models import Facility


STAFF = ("benhvien", "trungtam")
CITIZENS = ("congdan1", "congdan2", "congdan3")
AUTHORITY = "soyte"
CANDIDATES = 60


@dataclass(slots=True)
class Account:
    name: str
    password: str
    what: str


def create(conn: Connection, folder: Path, file: Path) -> list[Account]:
    """The accounts of this province, made on the first call and read from `file` afterwards."""
    if file.exists():
        return [Account(**known) for known in json.loads(file.read_text())]
    accounts = [_staff(name, code) for name, code in zip(STAFF, _busiest_facilities(), strict=False)]
    found = _fullest_books(conn, folder)
    accounts += [_citizen(name, *who) for name, who in zip(CITIZENS, found, strict=False)]
    accounts += [_authority(code[:PROVINCE]) for code in _busiest_facilities()[:1]]
    with os.fdopen(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        json.dump([asdict(account) for account in accounts], stream, ensure_ascii=False, indent=1)
    return accounts


def _staff(name: str, code: str) -> Account:
    facility = Facility.objects.filter(code=code).first()
    return _account(name, f"Nhân viên {facility or code}", role=Role.FACILITY, facility=code)


def _citizen(name: str, full_name: str, person: UUID, visits: int) -> Account:
    account = _account(name, f"Người dân: {full_name} ({visits} lượt khám)", role=Role.CITIZEN, person=person)
    User.objects.filter(username=name).update(last_name=full_name[:150])
    return account


def _authority(province: str) -> Account:
    """Over the facilities whose codes begin so, as the made-up ones do."""
    return _account(AUTHORITY, f"Sở Y tế (các cơ sở mã {province}…)", role=Role.AUTHORITY, province=province)


def _account(name: str, what: str, **membership: object) -> Account:
    password = secrets.token_urlsafe(9)
    user, _ = User.objects.get_or_create(username=name)
    user.set_password(password)
    user.save()
    Membership.objects.update_or_create(user=user, defaults=membership)
    return Account(name, password, what)


def _busiest_facilities() -> list[str]:
    counted = Submission.objects.values("facility").annotate(files=Count("id")).order_by("-files", "facility")
    return [row["facility"] for row in counted[: len(STAFF)]]


def _fullest_books(conn: Connection, folder: Path) -> list[tuple[str, UUID, int]]:
    """Name, person and number of visits of those with the longest records: what a demo should show."""
    with (folder / "people.csv").open(encoding="utf-8", newline="") as stream:
        known = [row for row in csv.DictReader(stream) if row["number"] and row["patient_ids"]]
    known.sort(key=lambda row: (-row["patient_ids"].count(";"), row["birth"]))
    books = []
    for row in known[:CANDIDATES]:
        for person in people.find(conn, row["number"]):
            documents = record.read_person(conn, people.subjects_of(conn, person))
            books.append((row["name"], person, sum(document.kind == record.VISIT for document in documents)))
    return sorted(books, key=lambda book: -book[2])
