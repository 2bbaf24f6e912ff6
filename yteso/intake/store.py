"""The intake's own tables: what arrived, what became of each dossier, and every finding.

Rows go in by COPY, about two hundred dossiers to a commit. Nothing here decides anything.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import orjson
import psycopg

from yteso.intake.findings import Finding
from yteso.intake.receipt import receipt


LEASE = "10 minutes"
"""How long a claimed submission belongs to its process after its last sign of life."""

OUTCOMES = ("accepted", "warnings", "refused")


@dataclass(slots=True)
class Arrival:
    """One file at the door, before it has a number. `parts` is the packed original."""

    facility: str
    account: str
    name: str
    sha256: bytes
    size: int
    parts: list[bytes]


@dataclass(slots=True)
class Work:
    """A submission that waits for its dossiers to be taken in; `seen` of them already are."""

    id: int
    facility: str
    name: str
    size: int
    received: datetime
    seen: int


@dataclass(slots=True)
class Result:
    """One row of `intake_dossier` to be."""

    submission: int
    position: int
    ma_lk: str
    patient: str
    standard: str
    outcome: str
    saved: str
    document: object
    started: datetime | None
    ended: datetime | None
    findings: list[Finding]


@dataclass(slots=True)
class Progress:
    """What one commit adds to a submission, and how the submission stands after it."""

    seen: int
    outcomes: Counter = field(default_factory=Counter)
    status: str = "processing"
    standard: str = ""
    facility: str = ""
    declared: int | None = None


def receive(conn: psycopg.Connection, arrivals: Sequence[Arrival], *, claim: bool) -> list[tuple[Work, bool]]:
    """Store originals; give each arrival its submission and whether it is new.

    The same bytes from the same facility are the same submission. `claim` keeps other processes away for a while.
    """
    found: dict[tuple[str, bytes], tuple[Work, bool]] = {}
    for arrival in sorted(arrivals, key=lambda a: (a.facility, a.sha256)):
        key = (arrival.facility, arrival.sha256)
        if key not in found:
            found[key] = _receive(conn, arrival, claim=claim)
    return [found[arrival.facility, arrival.sha256] for arrival in arrivals]


def _receive(conn: psycopg.Connection, arrival: Arrival, *, claim: bool) -> tuple[Work, bool]:
    row = conn.execute(
        f"""
        insert into intake_submission (facility, account, name, sha256, size, standard, status, received, claimed_until,
                                       seen, dossiers, accepted, with_warnings, refused)
        values (%s, %s, %s, %s, %s, '', %s, now(), case when %s then now() + interval '{LEASE}' end, 0, 0, 0, 0, 0)
        on conflict (facility, sha256) do nothing
        returning id, facility, name, size, received, seen
        """,
        (
            *(arrival.facility, arrival.account, _text(arrival.name), arrival.sha256, arrival.size),
            *("processing" if claim else "received", claim),
        ),
    ).fetchone()
    if row is None:
        row = conn.execute(
            "select id, facility, name, size, received, seen from intake_submission where facility = %s and sha256 = %s",
            (arrival.facility, arrival.sha256),
        ).fetchone()
        return Work(*row), False
    with conn.cursor().copy("copy intake_original (submission_id, part, body) from stdin (format binary)") as copy:
        copy.set_types(("int8", "int4", "bytea"))
        for number, part in enumerate(arrival.parts):
            copy.write_row((row[0], number, part))
    return Work(*row), True


def claim(conn: psycopg.Connection, limit: int) -> list[Work]:
    """Take the oldest submissions that nobody works on, or whose process has died."""
    rows = conn.execute(
        f"""
        update intake_submission set status = 'processing', claimed_until = now() + interval '{LEASE}'
        where id in (
            select id from intake_submission
            where status in ('received', 'processing') and (claimed_until is null or claimed_until < now())
            order by id for update skip locked limit %s
        )
        returning id, facility, name, size, received, seen
        """,
        (limit,),
    ).fetchall()
    return sorted((Work(*row) for row in rows), key=lambda work: work.id)


def original(conn: psycopg.Connection, submission: int) -> Iterable[bytes]:
    """The packed parts of an original, one at a time."""
    part = 0
    while row := conn.execute(
        "select body from intake_original where submission_id = %s and part = %s", (submission, part)
    ).fetchone():
        yield row[0]
        part += 1


def standing(conn: psycopg.Connection, submissions: Iterable[int]) -> dict[int, tuple[int, bool]]:
    """Lock these submissions until the commit; how many dossiers each has taken in, and whether it is finished."""
    rows = conn.execute(
        "select id, seen, status in ('done', 'refused') from intake_submission where id = any(%s) order by id for update",
        (sorted(submissions),),
    )
    return {id: (seen, finished) for id, seen, finished in rows}


def receipts(conn: psycopg.Connection, files: Sequence[tuple[int, str, bool]]) -> list[dict[str, object]]:
    """The receipt of each (submission, file, new?), in the order given."""
    rows = conn.execute(
        """select id, received, status, facility, standard, dossiers, accepted, with_warnings, refused
           from intake_submission where id = any(%s)""",
        ([id for id, _, _ in files],),
    ).fetchall()
    found = {id: (received, *rest) for id, received, *rest in rows}
    names = ("status", "facility", "standard", "dossiers", "accepted", "with_warnings", "refused")
    return [
        {"file": file, "receipt": receipt(found[id][0], id), "new": new} | dict(zip(names, found[id][1:], strict=True))
        for id, file, new in files
    ]


def save(
    conn: psycopg.Connection,
    results: Sequence[Result],
    file_findings: dict[int, list[Finding]],
    progress: dict[int, Progress],
) -> None:
    """Write the outcome of these dossiers and files, inside the caller's transaction."""
    ids = [
        id
        for (id,) in conn.execute(
            "select nextval('intake_dossier_id_seq') from generate_series(1, %s)", (len(results),)
        ).fetchall()
    ]
    cursor = conn.cursor()
    with cursor.copy(
        """copy intake_dossier (id, submission_id, position, ma_lk, patient, standard, outcome, saved, document,
           started, ended, critical, warnings) from stdin (format binary)"""
    ) as copy:
        copy.set_types(
            ("int8", "int8", "int4", "text", "text", "varchar", "varchar", "varchar", "uuid")
            + ("timestamptz", "timestamptz", "int4", "int4")
        )
        for id, result in zip(ids, results, strict=True):
            copy.write_row(_dossier_row(id, result))
    rows = [
        row
        for id, result in zip(ids, results, strict=True)
        for row in _findings(result.submission, id, result.findings)
    ]
    rows += [row for submission, findings in file_findings.items() for row in _findings(submission, None, findings)]
    if rows:
        _copy_findings(cursor, rows)
    cursor.executemany(
        f"""
        update intake_submission set
            seen = %s, dossiers = dossiers + %s, accepted = accepted + %s, with_warnings = with_warnings + %s,
            refused = refused + %s, status = %s, finished = case when %s in ('done', 'refused') then now() end,
            claimed_until = now() + interval '{LEASE}', standard = coalesce(nullif(%s, ''), standard),
            facility = coalesce(nullif(facility, ''), %s), declared = coalesce(%s, declared)
        where id = %s
        """,
        [
            (
                *(p.seen, p.outcomes.total(), *(p.outcomes[name] for name in OUTCOMES), p.status, p.status),
                *(p.standard, _text(p.facility)[:5], p.declared, submission),
            )
            for submission, p in progress.items()
        ],
    )


def _dossier_row(id: int, result: Result) -> tuple:
    critical = sum(finding.critical for finding in result.findings)
    return (
        *(id, result.submission, result.position, _text(result.ma_lk), _text(result.patient), result.standard),
        *(result.outcome, result.saved, result.document, result.started, result.ended),
        *(critical, len(result.findings) - critical),
    )


def _findings(submission: int, dossier: int | None, findings: Iterable[Finding]) -> Iterable[tuple]:
    for f in findings:
        params = orjson.dumps(f.params).decode().replace("\\u0000", "")
        yield (submission, dossier, f.rule, f.severity, f.table, f.row, _text(f.field)[:32], _text(f.value), params)


def _copy_findings(cursor: psycopg.Cursor, rows: Iterable[tuple]) -> None:
    with cursor.copy(
        """copy intake_finding (submission_id, dossier_id, rule, severity, tbl, row, field, value, params)
           from stdin (format binary)"""
    ) as copy:
        copy.set_types(("int8", "int8", "varchar", "varchar", "varchar", "int4", "varchar", "text", "jsonb"))
        for row in rows:
            copy.write_row(row)


def _text(value: str) -> str:
    """PostgreSQL's text cannot hold a NUL, and half a surrogate is no text at all."""
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
