"""The causes behind the findings of a submission: worked out when read, dossier by dossier, and counted by kind."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import F

from yteso.intake import causes
from yteso.intake.causes import Cause
from yteso.intake.findings import Finding
from yteso.intake.models import FindingRow, Submission
from yteso.pages.facility.queries import FindingFilter


BATCH = 2000

_WHERE = ("dossier__position", "dossier__ma_lk")
_FINDING = ("rule", "severity", "tbl", "row", "field", "value", "params")


@dataclass(frozen=True)
class Visit:
    """The causes of one dossier; without a position, of the file itself."""

    position: int | None
    ma_lk: str
    causes: list[Cause]


def visits(of: Submission, ma_lk: str = "") -> Iterator[Visit]:
    """The file's own findings first, then dossier by dossier in the order of the file; only those with findings."""
    found = FindingRow.objects.filter(submission=of)
    if ma_lk:
        found = found.filter(dossier__ma_lk__iexact=ma_lk)
    rows = found.order_by(F("dossier__position").asc(nulls_first=True), "id").values_list(*_WHERE, *_FINDING)
    for (position, known), lines in groupby(rows.iterator(BATCH), key=lambda row: row[:2]):
        yield Visit(position, known or "", causes.group(Finding(*line[2:]) for line in lines))


def fits(wanted: FindingFilter) -> Callable[[Finding], bool]:
    """Whether a finding is among those asked for; the dossier is chosen by `visits`."""
    return lambda finding: (
        wanted.severity in ("", finding.severity)
        and wanted.table in ("", finding.table)
        and wanted.rule in ("", finding.rule)
        and wanted.at in ("", f"{finding.table}.{finding.field}")
    )


@dataclass
class Group:
    """Causes of one kind: the first as an example, at how many places, in how many dossiers, and what goes with them.

    `effects` counts findings by (rule, severity, table, field).
    """

    example: Cause
    visit: Visit
    count: int = 0
    dossiers: int = 0
    effects: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)


def groups(of: Submission, wanted: FindingFilter) -> list[Group]:
    """Critical groups first, then by how often. A cause is shown when it or an effect is among the findings wanted."""
    found: dict[tuple[str, ...], Group] = {}
    fit = fits(wanted)
    for visit in visits(of, wanted.dossier):
        seen = set()
        for cause in visit.causes:
            if not any(map(fit, cause.findings)):
                continue
            key = (cause.finding.rule, cause.finding.severity, cause.finding.field, cause.table, cause.field)
            group = found.setdefault(key, Group(cause, visit))
            group.count += cause.rows
            group.dossiers += key not in seen and visit.position is not None
            others = (one for one in cause.effects if not cause.repeats(one))
            group.effects.update((one.rule, one.severity, one.table, one.field) for one in others)
            seen.add(key)
    return sorted(found.values(), key=_by_weight)


def _by_weight(group: Group) -> tuple:
    finding = group.example.finding
    return not finding.critical, -group.count, finding.rule, finding.table, finding.field


def following(rows: list[FindingRow]) -> dict[int, Cause]:
    """Which of these findings only go with another: the cause of each, by the number of its row."""
    asked = {row.id for row in rows}
    beside = FindingRow.objects.filter(dossier_id__in={row.dossier_id for row in rows})
    lines = beside.order_by("dossier_id", "id").values_list("dossier_id", "id", *_FINDING)
    found = {}
    for _, of_one in groupby(lines.iterator(BATCH), key=lambda line: line[0]):
        numbered = [(line[1], Finding(*line[2:])) for line in of_one]
        number = {id(finding): row for row, finding in numbered}
        for cause in causes.group(finding for _, finding in numbered):
            effects = (number[id(one)] for one in cause.effects if not cause.repeats(one))
            found |= {row: cause for row in effects if row in asked}
    return found
