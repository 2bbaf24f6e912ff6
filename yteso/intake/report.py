"""All that is known of a submission once it has been looked at, to be handed back with the file."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from io import StringIO

import psycopg

from yteso.intake import messages
from yteso.intake.envelope import LIMITS
from yteso.intake.findings import CRITICAL, Finding
from yteso.intake.receipt import receipt


HEAD = (
    *("Mã lượt khám (MA_LK)", "Hồ sơ thứ", "Mức độ", "Bảng", "Dòng", "Trường", "Giá trị đã gửi", "Sai ở đâu"),
    *("Cách sửa", "Mã quy tắc"),
)
GRADES = {"critical": "Lỗi nghiêm trọng", "warning": "Cảnh báo"}
FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""A cell that begins so would be run by a spreadsheet program."""


def of(conn: psycopg.Connection, submission: int) -> dict[str, object]:
    """The receipt, the findings of the file, and each dossier with its outcome and findings, ready for JSON."""
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
    return {
        "receipt": receipt(received, submission),
        "received": received.isoformat(),
        **dict(zip(names, facts, strict=True)),
        "findings": found[None],
        "dossiers": [
            {"position": position, "ma_lk": ma_lk, "outcome": outcome, "findings": found[id]}
            for id, position, ma_lk, outcome in dossiers
        ],
    }


def _findings(conn: psycopg.Connection, submission: int) -> defaultdict[int | None, list[dict]]:
    """By dossier, None for those of the file; the gravest first."""
    found: defaultdict[int | None, list[dict]] = defaultdict(list)
    rows = conn.execute(
        """select dossier_id, rule, severity, tbl, "row", field, value, params
           from intake_finding where submission_id = %s order by severity, id""",
        (submission,),
    )
    for dossier, *fields in rows:
        found[dossier].append(messages.as_json(Finding(*fields)))
    return found


def not_received(told: dict[str, object]) -> dict[str, object]:
    """The same for a file that the door did not take: `told` is what `bulk` says of it."""
    if told["status"] == "too-large":
        why = Finding("ENV-009", CRITICAL, "ENV", params={"limit": str(LIMITS.file)})
    else:
        why = Finding("ENV-127", CRITICAL, "ENV", params={"reason": str(told["reason"])})
    return {"receipt": None, **told, "findings": [messages.as_json(why)], "dossiers": []}


def table(report: dict) -> bytes:
    """The findings one to a row, as CSV that Excel opens with its Vietnamese letters right."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(HEAD)
    writer.writerows([_harmless(cell) for cell in row] for row in _rows(report))
    return out.getvalue().encode("utf-8-sig")


def _rows(report: dict) -> Iterator[list[str | int | None]]:
    for dossier in ({"ma_lk": "", "position": "", "findings": report["findings"]}, *report["dossiers"]):
        for one in dossier["findings"]:
            yield [
                *(dossier["ma_lk"], dossier["position"], GRADES[one["severity"]], one["table"], one["row"]),
                *(one["field"], one["value"], one["message_vi"], one["hint_vi"], one["rule"]),
            ]


def _harmless(value: str | int | None) -> str | int | None:
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value
