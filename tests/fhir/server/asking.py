"""A client of the FHIR server: on the application itself, or over HTTP; and documents for it to read."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from typing import Any
from urllib.parse import unquote, urlsplit

import psycopg

from yteso import people, record
from yteso.record import Document
from yteso.record.ids import derive, document_id, fhir_id, subject_id


START = datetime(2026, 3, 1, 8, tzinfo=UTC)
HERE, THERE = "99001", "99002"
BASE = "http://localhost/fhir/R4"
AN, BINH = subject_id(HERE, "BN1"), subject_id(HERE, "BN2")


@dataclass(frozen=True)
class Said:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> dict[str, Any]:
        return json.loads(self.body)

    @property
    def text(self) -> str:
        """What an OperationOutcome says."""
        outcome = self.json()
        assert outcome["resourceType"] == "OperationOutcome"
        (issue,) = outcome["issue"]
        return issue["details"]["text"]

    @property
    def ids(self) -> list[str]:
        """The matches of a bundle, as Type/id."""
        return [
            f"{entry['resource']['resourceType']}/{entry['resource']['id']}"
            for entry in self.json().get("entry", ())
            if entry["search"]["mode"] == "match"
        ]

    def link(self, relation: str) -> str | None:
        return next((one["url"] for one in self.json()["link"] if one["relation"] == relation), None)


class Asker:
    """Calls the application as granian does. Every body is checked to have the length that was told."""

    def __init__(self, token: str = "") -> None:
        self.token = token

    def ask(self, address: str, method: str = "GET", body: bytes = b"", **headers: str) -> Said:
        from yteso.config.wsgi import application

        parts = urlsplit(address.removeprefix(BASE))
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": "/fhir/R4" + unquote(parts.path, "latin-1"),
            "QUERY_STRING": parts.query,
            "HTTP_HOST": "localhost",
            "wsgi.url_scheme": "http",
            "wsgi.input": BytesIO(body),
            "CONTENT_TYPE": headers.pop("Content_Type", ""),
            **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
        }
        if self.token and "HTTP_AUTHORIZATION" not in environ:
            environ["HTTP_AUTHORIZATION"] = f"Bearer {self.token}"
        told: list[Any] = []
        content = b"".join(application(environ, lambda *said: told.extend(said)))
        headers = dict(told[1])
        assert len(headers) == len(told[1])
        if method != "HEAD" and "Content-Length" in headers:
            assert len(content) == int(headers["Content-Length"])
        return Said(int(told[0][:3]), headers, content)

    def get(self, address: str, **headers: str) -> Said:
        return self.ask(address, **headers)

    def pages(self, address: str) -> Iterator[Said]:
        while address:
            said = self.get(address)
            assert said.status == 200, said.text
            yield said
            address = said.link("next") or ""


def visit(key: str = "a", day: int = 0, **options: Any) -> Document:
    """A visit of An's: an Encounter and two Observations, the text of which is `text`; `made` counts days."""
    facility, patient = options.get("facility", HERE), options.get("patient", "BN1")
    text, made = options.get("text", "first"), options.get("made", 0)
    id, subject = document_id("visit", facility, key), subject_id(facility, patient)
    whose = {"reference": f"Patient/{fhir_id(subject)}"}
    content = [
        {"resourceType": "Encounter", "id": fhir_id(id), "status": "finished", "subject": whose, "text": note(text)}
    ]
    content += [
        {
            "resourceType": "Observation",
            "id": fhir_id(id, f"o{n}"),
            "status": "final",
            "code": {"text": f"{key}{n}"},
            "subject": whose,
            "valueQuantity": {"value": n, "unit": "kg"},
        }
        for n in range(options.get("observations", 2))
    ]
    return Document(
        subject=subject,
        id=id,
        kind="visit",
        source=key,
        facility=facility,
        made=date(2026, 3, 1) + timedelta(days=made),
        received=START,
        digest=derive(text, patient, str(options.get("observations", 2))).bytes,
        started=START + timedelta(days=day, hours=-1),
        ended=START + timedelta(days=day),
        labels=options.get("labels", []),
        resources=[(one["resourceType"], one["id"], compact(one)) for one in content],
    )


def patient(facility: str = HERE, number: str = "BN1", name: str = "An") -> Document:
    subject = subject_id(facility, number)
    content = {"resourceType": "Patient", "id": fhir_id(subject), "name": [{"text": name}], "gender": "male"}
    return Document(
        *(subject, subject, "patient", "", facility, START.date(), START, derive(name).bytes),
        started=START,
        resources=[("Patient", fhir_id(subject), compact(content))],
    )


def note(text: str) -> dict[str, str]:
    return {"status": "generated", "div": f'<div xmlns="http://www.w3.org/1999/xhtml">{text}</div>'}


def compact(resource: dict[str, Any]) -> bytes:
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":")).encode()


def save(conn: psycopg.Connection, *documents: Document) -> None:
    record.save(conn, documents)
    conn.commit()


def withdraw(conn: psycopg.Connection, document: Document) -> None:
    record.withdraw(conn, document.id, "wrong patient", made=date(2026, 6, 1), received=START)
    conn.commit()


def link(conn: psycopg.Connection, number: str, *subjects: tuple[str, str], day: int = 0) -> None:
    """These patients (facility, number) are one person, as is said on that day."""
    said = [
        people.Statement(
            *(subject_id(facility, patient), facility, patient, START + timedelta(day), START.date(), START),
            number=number,
            birth="19900105",
            name="An",
            folded="AN",
        )
        for facility, patient in subjects
    ]
    assert len(set(people.resolve(conn, said).values())) == 1
    conn.commit()


def readings(conn: psycopg.Connection) -> list[tuple[str, str, str, int, str]]:
    conn.rollback()
    return conn.execute("SELECT account, role, purpose, documents, outcome FROM access_read ORDER BY at").fetchall()


def token(conn: psycopg.Connection, name: str = "dashboard", scope: str = "system/*.read") -> str:
    """A token of this client."""
    from yteso.fhir.server import clients

    made, _ = clients.create(conn, name, scope, by="test")
    conn.commit()
    return made
