"""What came of a submission, for the doors: every query begins at the facility of the asker."""

import re
from collections.abc import Iterator
from typing import Any

from django.db.models import F, QuerySet

from yteso.intake import messages
from yteso.intake.findings import Finding
from yteso.intake.models import FindingRow, Submission


RECEIPT = re.compile(r"YT\d{6}-(\d{1,18})", re.ASCII)


def submission(facility: str, receipt: str) -> Submission | None:
    """The submission of this receipt; another facility's does not exist for the asker."""
    named = RECEIPT.fullmatch(receipt)
    found = Submission.objects.filter(facility=facility, id=int(named[1])).first() if named else None
    return found if found and found.receipt == receipt else None


def findings(of: Submission) -> QuerySet[FindingRow]:
    """Of the file first, then of its dossiers in their order, critical ones before warnings."""
    found = FindingRow.objects.filter(submission=of).select_related("dossier")
    return found.order_by(F("dossier__position").asc(nulls_first=True), "severity", "id")


def finding(row: FindingRow) -> Finding:
    return Finding(row.rule, row.severity, row.tbl, row.row, row.field, row.value, row.params)


def as_json(rows: QuerySet[FindingRow]) -> Iterator[dict[str, Any]]:
    """Each finding as `yteso check --json` writes it, with the dossier it belongs to (null: the whole file)."""
    for row in rows:
        of = row.dossier
        yield {"dossier": of and of.position, "ma_lk": of and of.ma_lk, **messages.as_json(finding(row))}
