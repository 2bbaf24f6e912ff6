"""All that is known of a submission once it has been looked at, to be handed back with the file."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import psycopg

from yteso.intake import causes, messages, sheet
from yteso.intake.envelope import LIMITS
from yteso.intake.findings import CRITICAL, Finding
from yteso.intake.receipt import receipt
from yteso.intake.spreadsheet import Row, csv_lines


@dataclass(frozen=True, slots=True)
class Report:
    """`facts` of the submission, its own findings, and of each dossier its facts and findings; ready to be written."""

    facts: dict[str, object]
    findings: list[Finding]
    dossiers: list[tuple[dict[str, object], list[Finding]]] = field(default_factory=list)

    def as_json(self) -> dict[str, object]:
        return {
            **self.facts,
            "findings": [messages.as_json(one) for one in self.findings],
            "dossiers": [
                facts | {"findings": [messages.as_json(one) for one in found]} for facts, found in self.dossiers
            ],
        }

    def as_csv(self) -> bytes:
        """The findings one to a row, cause by cause, as CSV that Excel opens with its Vietnamese letters right."""
        return "".join(csv_lines([sheet.head("vi"), *self._rows()])).encode()

    def _rows(self) -> Iterator[Row]:
        first = 1
        for visit, found in (("", self.findings), *((str(facts["ma_lk"]), found) for facts, found in self.dossiers)):
            grouped = causes.group(found)
            yield from sheet.rows(str(self.facts["file"]), visit, grouped, lang="vi", first=first)
            first += len(grouped)


def of(conn: psycopg.Connection, submission: int) -> Report:
    """What is stored of it."""
    received, *facts = conn.execute(
        """select received, name, status, facility, standard, dossiers, accepted, with_warnings, refused, signature
           from intake_submission where id = %s""",
        (submission,),
    ).fetchone()
    names = "file", "status", "facility", "standard", "count", "accepted", "with_warnings", "refused", "signature"
    found = _findings(conn, submission)
    dossiers = conn.execute(
        "select id, position, ma_lk, outcome from intake_dossier where submission_id = %s order by position",
        (submission,),
    )
    return Report(
        {
            "receipt": receipt(received, submission),
            "received": received.isoformat(),
            **dict(zip(names, facts, strict=True)),
        },
        found[None],
        [
            ({"position": position, "ma_lk": ma_lk, "outcome": outcome}, found[id])
            for id, position, ma_lk, outcome in dossiers
        ],
    )


def _findings(conn: psycopg.Connection, submission: int) -> defaultdict[int | None, list[Finding]]:
    """By dossier, None for those of the file; the gravest first."""
    found: defaultdict[int | None, list[Finding]] = defaultdict(list)
    rows = conn.execute(
        """select dossier_id, rule, severity, tbl, "row", field, value, params
           from intake_finding where submission_id = %s order by severity, id""",
        (submission,),
    )
    for dossier, *fields in rows:
        found[dossier].append(Finding(*fields))
    return found


def not_received(told: dict[str, object]) -> Report:
    """The same for a file that the door did not take: `told` is what `bulk` says of it."""
    if told["status"] == "too-large":
        why = Finding("ENV-009", CRITICAL, "ENV", params={"limit": str(LIMITS.file)})
    else:
        why = Finding("ENV-127", CRITICAL, "ENV", params={"reason": str(told["reason"])})
    return Report({"receipt": None, **told}, [why])
