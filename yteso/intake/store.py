"""The intake's own tables: what arrived, what became of each dossier, and every finding.

Rows go in by COPY, about two hundred dossiers to a commit. Nothing here decides anything.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import orjson
import psycopg
from psycopg import sql
from psycopg.types.json import Json, Jsonb

from yteso.intake.facts import Facts
from yteso.intake.findings import Finding
from yteso.intake.receipt import receipt


LEASE = "10 minutes"
"""How long a claimed submission belongs to its process after its last sign of life."""

OUTCOMES = ("accepted", "warnings", "refused")

DOSSIER = {
    "id": "int8",
    "submission_id": "int8",
    "position": "int4",
    "ma_lk": "text",
    "patient": "text",
    "standard": "varchar",
    "outcome": "varchar",
    "saved": "varchar",
    "document": "uuid",
    "started": "timestamptz",
    "ended": "timestamptz",
    "critical": "int4",
    "warnings": "int4",
    "digest": "bytea",
    "month": "date",
    "subject": "uuid",
    "facts": "int2[]",
    "expected": "jsonb",
}
FINDING = {
    "submission_id": "int8",
    "dossier_id": "int8",
    "rule": "varchar",
    "severity": "varchar",
    "tbl": "varchar",
    "row": "int4",
    "field": "varchar",
    "value": "text",
    "params": "jsonb",
}
ORIGINAL = {"submission_id": "int8", "part": "int4", "body": "bytea"}


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


_WORK = "id, facility, name, size, received, seen"


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
    document: UUID | None
    started: datetime | None
    ended: datetime | None
    findings: list[Finding]
    digest: bytes
    subject: UUID | None
    facts: Facts


@dataclass(slots=True)
class Progress:
    """What one commit adds to a submission, and how the submission stands after it."""

    seen: int
    outcomes: Counter = field(default_factory=Counter)
    status: str = "processing"
    standard: str = ""
    facility: str = ""
    declared: int | None = None
    signature: dict[str, str | None] | None = None
    made: date | None = None


def receive(conn: psycopg.Connection, arrivals: Sequence[Arrival], *, claim: bool) -> list[tuple[Work, bool]]:
    """Store originals; give each arrival its submission and whether it is new.

    The same bytes from the same facility are the same submission. `claim` keeps other processes away for a while.
    """
    once = {(arrival.facility, arrival.sha256): arrival for arrival in arrivals}
    ordered = [once[key] for key in sorted(once)]
    rows = conn.execute(
        f"""insert into intake_submission (facility, sha256, account, size, name, standard, status, received,
                                           claimed_until, seen, dossiers, accepted, with_warnings, refused)
            select facility, decode(sha256, 'hex'), account, size, name, '', %s, now(), now() + %s::interval,
                   0, 0, 0, 0, 0
            from json_to_recordset(%s) as arrival (facility text, sha256 text, account text, size bigint, name text)
            on conflict (facility, sha256) do nothing returning {_WORK}, sha256""",  # noqa: S608 (our own column names)
        ("processing" if claim else "received", LEASE if claim else None, _arrivals(ordered)),
    ).fetchall()
    fresh = {row[0] for row in rows}
    if len(rows) < len(ordered):
        rows = conn.execute(
            f"""select {_WORK}, sha256 from intake_submission where (facility, sha256) in (
                    select facility, decode(sha256, 'hex')
                    from json_to_recordset(%s) as arrival (facility text, sha256 text))""",  # noqa: S608
            (_arrivals(ordered),),
        ).fetchall()
    works = {(row[1], bytes(row[6])): Work(*row[:6]) for row in rows}
    found = [(works[key].id, arrival) for key, arrival in once.items()]
    parts = ((id, n, part) for id, arrival in found if id in fresh for n, part in enumerate(arrival.parts))
    _copy(conn, "intake_original", ORIGINAL, parts)
    received = [works[arrival.facility, arrival.sha256] for arrival in arrivals]
    return [(work, work.id in fresh) for work in received]


def claim(conn: psycopg.Connection, limit: int) -> list[Work]:
    """Take the oldest submissions that nobody works on, or whose process has died."""
    rows = conn.execute(
        f"""update intake_submission set status = 'processing', claimed_until = now() + %s::interval
           where id in (
               select id from intake_submission
               where status in ('received', 'processing') and (claimed_until is null or claimed_until < now())
               order by id for update skip locked limit %s
           )
           returning {_WORK}""",  # noqa: S608
        (LEASE, limit),
    ).fetchall()
    return sorted((Work(*row) for row in rows), key=lambda work: work.id)


def original(conn: psycopg.Connection, submission: int) -> Iterator[bytes]:
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
        """select id, seen, status in ('done', 'refused') from intake_submission
           where id = any(%s) order by id for update""",
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
    numbers = "select nextval('intake_dossier_id_seq') from generate_series(1, %s)"
    ids = [id for (id,) in conn.execute(numbers, (len(results),)).fetchall()]
    numbered = list(zip(ids, results, strict=True))
    _copy(conn, "intake_dossier", DOSSIER, (_dossier(id, result) for id, result in numbered))
    findings = [row for id, result in numbered for row in _findings(result.submission, id, result.findings)]
    findings += [row for id, found in file_findings.items() for row in _findings(id, None, found)]
    if findings:
        _copy(conn, "intake_finding", FINDING, findings)
    conn.execute(
        """update intake_submission s set
               seen = p.seen, dossiers = s.dossiers + p.dossiers, accepted = s.accepted + p.accepted,
               with_warnings = s.with_warnings + p.warnings, refused = s.refused + p.refused, status = p.status,
               finished = case when p.status in ('done', 'refused') then now() end,
               claimed_until = now() + %s::interval, standard = coalesce(nullif(p.standard, ''), s.standard),
               facility = coalesce(nullif(s.facility, ''), p.facility), declared = coalesce(p.declared, s.declared),
               signature = coalesce(p.signature, s.signature), made = coalesce(p.made, s.made)
           from json_to_recordset(%s) as p (
               id bigint, seen int, dossiers int, accepted int, warnings int, refused int, status text, standard text,
               facility text, declared int, signature jsonb, made date)
           where s.id = p.id""",
        (LEASE, _recordset(_progress(id, step) for id, step in progress.items())),
    )


def _recordset(rows: Iterable[dict[str, object]]) -> Json:
    """Many rows as one parameter: a tenth of the cost of an array per column."""
    return Json(list(rows), dumps=orjson.dumps)


def _arrivals(arrivals: Iterable[Arrival]) -> Json:
    return _recordset(
        {"facility": a.facility, "sha256": a.sha256.hex(), "account": a.account, "size": a.size, "name": _text(a.name)}
        for a in arrivals
    )


def _progress(submission: int, step: Progress) -> dict[str, object]:
    return {
        "id": submission,
        "seen": step.seen,
        "dossiers": step.outcomes.total(),
        **{name: step.outcomes[name] for name in OUTCOMES},
        "status": step.status,
        "standard": step.standard,
        "facility": _text(step.facility)[:5],
        "declared": step.declared,
        "signature": step.signature and _clean(step.signature),
        "made": step.made,
    }


def _dossier(id: int, result: Result) -> tuple:
    critical = sum(finding.critical for finding in result.findings)
    return (
        *(id, result.submission, result.position, _text(result.ma_lk), _text(result.patient), result.standard),
        *(result.outcome, result.saved, result.document, result.started, result.ended),
        *(critical, len(result.findings) - critical, result.digest),
        *(result.facts.month, result.subject, result.facts.counts, _expected(result.facts)),
    )


def _expected(facts: Facts) -> Jsonb | None:
    return (
        Jsonb([[e.kind, _text(e.facility), _text(e.ma_lk), f"{e.due}"] for e in facts.expected])
        if facts.expected
        else None
    )


def _findings(submission: int, dossier: int | None, findings: Iterable[Finding]) -> Iterator[tuple]:
    for f in findings:
        place = f.table, f.row, _text(f.field)[:32]
        yield (submission, dossier, f.rule, f.severity, *place, _text(f.value), _json(f.params))


def _json(texts: dict[str, str | None]) -> Jsonb:
    return Jsonb(_clean(texts))


def _clean(texts: dict[str, str | None]) -> dict[str, str | None]:
    return {name: text and _text(text) for name, text in texts.items()}


def _copy(conn: psycopg.Connection, table: str, columns: dict[str, str], rows: Iterable[tuple]) -> None:
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with conn.cursor() as cursor, cursor.copy(statement) as copy:
        copy.set_types(list(columns.values()))
        for row in rows:
            copy.write_row(row)


def _text(value: str) -> str:
    """PostgreSQL's text cannot hold a NUL, and half a surrogate is no text at all."""
    return value.replace("\0", "\ufffd").encode("utf-8", "replace").decode()
