"""Looking people up."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from psycopg import Connection

from yteso.people.numbers import personal_number
from yteso.people.text import fold


LINKED = """SELECT l.subject FROM people_link own JOIN people_link l ON l.person = own.person AND l.until IS NULL
    WHERE own.subject = %s AND own.until IS NULL
    UNION ALL SELECT %s"""
"""The subjects of the person that this one belongs to, and itself, as a query of the subject, twice."""


@dataclass(slots=True, frozen=True)
class Known:
    """A subject and the person it belongs to now; facts as its facility last stated them (see `Statement`)."""

    person: UUID
    subject: UUID
    facility: str
    patient_no: str
    number: str
    birth: str
    name: str
    sex: str
    card: str
    phone: str
    seen: datetime


SELECT = """SELECT l.person, s.subject, s.facility, s.patient_no, s.number, s.birth, s.name, s.sex, s.card, s.phone,
       s.seen
FROM people_subject s JOIN people_link l ON l.subject = s.subject AND l.until IS NULL
    AND s.number || s.birth || s.folded <> ''"""


def subjects_of(conn: Connection, person: UUID) -> list[UUID]:
    rows = conn.execute("SELECT subject FROM people_link WHERE person = %s AND until IS NULL", (person,))
    return [subject for (subject,) in rows]


def person_of(conn: Connection, subject: UUID) -> UUID | None:
    row = conn.execute("SELECT person FROM people_link WHERE subject = %s AND until IS NULL", (subject,)).fetchone()
    return row and row[0]


def linked(conn: Connection, subject: UUID) -> list[UUID]:
    """The subjects of the person that this one belongs to; itself alone while nobody is known by it."""
    return list({linked for (linked,) in conn.execute(LINKED, (subject, subject))})


def known_as(conn: Connection, person: UUID) -> list[Known]:
    """What each facility says about this person, the latest visit first."""
    return _known(conn, "WHERE l.person = %s ORDER BY s.seen DESC", (person,))


def find(conn: Connection, number: str) -> list[UUID]:
    """People with this personal number, usually one: it is more when those who gave it do not agree on who it is."""
    number = personal_number(number)
    if not number:
        return []
    return list({known.person: None for known in _known(conn, "WHERE s.number = %s ORDER BY s.seen DESC", (number,))})


def search(conn: Connection, text: str, *, facility: str = "", limit: int = 20) -> list[Known]:
    """For staff: by personal number, insurance card, or name (its beginning, or some of its words; marks and case do
    not matter). `facility` narrows it to what that facility itself has stated.
    """
    text = text.strip()
    here, own = ("s.facility = %s AND ", (facility,)) if facility else ("", ())
    if any(c.isdigit() for c in text):
        code = "".join(text.split()).upper()
        condition, values = "(s.number = %s AND s.number <> '' OR s.card = %s AND s.card <> '')", (code, code)
    elif folded := fold(text):
        like = folded.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
        condition = "(s.folded LIKE %s OR string_to_array(s.folded, ' ') @> %s::text[])"
        values = (like, folded.split())
    else:
        return []
    return _known(conn, f"WHERE {here}{condition} ORDER BY s.folded, s.seen DESC LIMIT %s", (*own, *values, limit))


def _known(conn: Connection, rest: str, values: tuple) -> list[Known]:
    return [Known(*row) for row in conn.cursor(binary=True).execute(f"{SELECT} {rest}", values)]
