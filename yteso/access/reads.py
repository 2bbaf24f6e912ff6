"""The one way to read a person's record. Every reading, allowed or refused, is in the log before anything is shown."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from uuid import UUID

import orjson
from psycopg import Connection

from yteso import people, record
from yteso.access.policy import Denied, Reader, may_read_sent, readable
from yteso.record import VISIT, Document, Resource


__all__ = ["Denied", "Reader", "Reading", "Record", "open_record", "open_sent", "readings"]


def open_record(conn: Connection, reader: Reader, person: UUID) -> "Record":
    """The part of a person's record that `reader` may see; raises `Denied`.

    Ends the connection's transaction, because the line in the log stays whatever happens to the caller.
    """
    try:
        documents = readable(reader, person, record.read_person(conn, people.subjects_of(conn, person)))
    except Denied:
        _log(conn, reader, person, 0, "denied")
        raise
    _log(conn, reader, person, len(documents), "allowed")
    return Record(conn, reader, person, documents)


def open_sent(conn: Connection, reader: Reader, facility: str, subjects: Iterable[UUID]) -> None:
    """Passes when `reader` may look at dossiers as `facility` sent them; raises `Denied`. Logged either way, as a
    reading of each person they are about (of the subject itself while nobody is known by it). Ends the transaction.
    """
    allowed = may_read_sent(reader, facility)
    for whose in {people.person_of(conn, subject) or subject for subject in subjects}:
        _log(conn, reader, whose, int(allowed), "allowed" if allowed else "denied")
    if not allowed:
        raise Denied


class Record:
    """What one reader sees of one person: documents, the patient's own data first, then newest first."""

    def __init__(self, conn: Connection, reader: Reader, person: UUID, documents: list[Document]):
        self.person = person
        self.documents = documents
        self._conn = conn
        self._reader = reader
        self._by_id = {document.id: document for document in documents}

    @property
    def visits(self) -> list[Document]:
        return [document for document in self.documents if document.kind == VISIT]

    @cached_property
    def patient(self) -> dict[str, Any] | None:
        """The Patient resource as the latest visit states it."""
        stated = [document for document in self.documents if document.states_patient]
        if not stated:
            return None
        latest = max(stated, key=lambda document: document.rank)
        return next((orjson.loads(json) for _, _, json in latest.body.of_type("Patient")), None)

    def document(self, id: UUID) -> Document | None:
        return self._by_id.get(id)

    def resource(self, id: str) -> Resource | None:
        """A resource by its FHIR logical id."""
        name = record.named(id)
        document = name and self.document(name)
        return next((known for known in document.body if known[1] == id), None) if document else None

    def resources(self, kind: str | None = None) -> Iterator[dict[str, Any]]:
        """Parsed resources, of one type or all; parsed as they are asked for."""
        return (orjson.loads(json) for _, _, json in self.raw(kind))

    def raw(self, kind: str | None = None) -> Iterator[Resource]:
        for document in self.documents:
            yield from document.body.of_type(kind) if kind else document.body

    def with_token(self, *tokens: int) -> list[Document]:
        """Documents with any of these coded values (`yteso.record.ids.token`)."""
        return [document for document in self.documents if not set(tokens).isdisjoint(document.tokens)]

    def history(self, id: UUID) -> list[Document]:
        """The versions of a document in this record that the reader may see, the current one first."""
        if id not in self._by_id:
            return []
        subjects = set(people.subjects_of(self._conn, self.person))
        versions = [version for version in record.history(self._conn, id) if version.subject in subjects]
        return readable(self._reader, self.person, versions)

    def version(self, id: UUID, version: int) -> Document | None:
        return next((document for document in self.history(id) if document.version == version), None)

    def bundle(self, base: str = "") -> bytes:
        """The record as a FHIR Bundle (collection), from the stored bytes. `base` is the address of our FHIR face."""
        entries = [
            (f'{{"fullUrl":"{base}/{kind}/{id}","resource":' if base else '{"resource":').encode() + json + b"}"
            for kind, id, json in self.raw()
        ]
        listed = b',"entry":[' + b",".join(entries) + b"]" if entries else b""  # FHIR has no empty lists
        return b'{"resourceType":"Bundle","type":"collection"' + listed + b"}"


@dataclass(slots=True, frozen=True)
class Reading:
    at: datetime
    account: str
    role: str
    facility: str
    purpose: str
    documents: int
    outcome: str


def readings(conn: Connection, person: UUID, limit: int = 100) -> list[Reading]:
    """Who opened, or tried to open, this person's record; newest first."""
    rows = conn.execute(
        """SELECT at, account, role, facility, purpose, documents, outcome FROM access_read
           WHERE person = %s ORDER BY at DESC LIMIT %s""",
        (person, limit),
    )
    return [Reading(*row) for row in rows]


def _log(conn: Connection, reader: Reader, person: UUID, documents: int, outcome: str) -> None:
    conn.execute(
        """INSERT INTO access_read (account, role, facility, purpose, person, documents, outcome)
           VALUES (%s, %s, %s, %s, %s, %s, %s)""",
        (reader.account, reader.role, reader.facility, reader.purpose, person, documents, outcome),
    )
    conn.commit()
