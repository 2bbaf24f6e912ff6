"""What the facility pages ask of the database. Every query begins at the facility of the asker."""

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.db.models import CharField, F, Func, Q, QuerySet
from django.utils.timezone import make_aware

from yteso import record
from yteso.config.database import connect
from yteso.intake.models import DossierResult, FindingRow, Status, Submission, Withdrawal
from yteso.pages.facility.words import MEND, TAKEN_BACK


UNFINISHED = (Status.RECEIVED, Status.PROCESSING)

RECEIPT = re.compile(r"\s*YT\d{6}-(\d{1,18})\s*", re.IGNORECASE)


class Plain(Func):
    """Text without case and without Vietnamese marks, in SQL that any PostgreSQL understands; see `plain`."""

    output_field = CharField()
    template = r"replace(regexp_replace(normalize(lower(%(expressions)s), NFD), '[\u0300-\u036f]', '', 'g'), 'đ', 'd')"


def plain(text: str) -> str:
    """`Sửa ĐƠN` → `sua don`: the same folding as `Plain`."""
    parts = unicodedata.normalize("NFD", text.lower())
    return "".join(letter for letter in parts if not unicodedata.combining(letter)).replace("đ", "d")


@dataclass(frozen=True)
class SubmissionFilter:
    """What the list of submissions is narrowed to; empty values narrow nothing."""

    text: str = ""
    status: str = ""
    since: date | None = None
    until: date | None = None


def submissions(facility: str, wanted: SubmissionFilter) -> QuerySet[Submission]:
    found = Submission.objects.filter(facility=facility).order_by("-received", "-id")
    if wanted.status == MEND:
        found = found.filter(Q(status=Status.REFUSED) | Q(refused__gt=0) | Q(with_warnings__gt=0))
    elif wanted.status:
        found = found.filter(status=wanted.status)
    if wanted.since:
        found = found.filter(received__gte=_midnight(wanted.since))
    if wanted.until:
        found = found.filter(received__lt=_midnight(wanted.until + timedelta(days=1)))
    if by_receipt := RECEIPT.fullmatch(wanted.text):
        return found.filter(id=int(by_receipt[1]))
    if wanted.text:
        found = found.annotate(plain_name=Plain(F("name"))).filter(plain_name__contains=plain(wanted.text))
    return found


def submission(facility: str, number: int) -> Submission | None:
    return Submission.objects.filter(facility=facility, id=number).first()


def received(facility: str, numbers: list[int]) -> list[Submission]:
    """These submissions, in the order of `numbers`."""
    found = Submission.objects.filter(facility=facility, id__in=numbers).in_bulk()
    return [found[number] for number in numbers if number in found]


def dossiers(of: Submission, *, outcome: str = "", text: str = "") -> QuerySet[DossierResult]:
    found = DossierResult.objects.filter(submission=of).order_by("position")
    if outcome == TAKEN_BACK:
        found = found.filter(document__in=withdrawn(of))
    elif outcome:
        found = found.filter(outcome=outcome)
    if text:
        found = found.annotate(plain_patient=Plain(F("patient"))).filter(
            Q(ma_lk__icontains=text) | Q(plain_patient__contains=plain(text))
        )
    return found


def dossier(of: Submission, position: int) -> DossierResult | None:
    return DossierResult.objects.filter(submission=of, position=position).first()


def withdrawn(of: Submission) -> set[UUID]:
    """Documents of this submission that stand withdrawn; few, if any."""
    ever = Withdrawal.objects.filter(facility=of.facility).values("document")
    found = list(DossierResult.objects.filter(submission=of, document__in=ever).values_list("document", flat=True))
    if not found:
        return set()
    with connect() as conn:
        return set(record.withdrawn(conn, found))


def dossier_findings(of: DossierResult) -> QuerySet[FindingRow]:
    return FindingRow.objects.filter(dossier=of).order_by("severity", "id")


def example(rule: str, dossiers: list[int]) -> FindingRow:
    """One finding of this rule in these dossiers, which have it."""
    return FindingRow.objects.filter(dossier__in=dossiers, rule=rule).order_by("-dossier_id", "id")[0]


@dataclass(frozen=True)
class FindingFilter:
    """What the findings of a submission are narrowed to."""

    severity: str = ""
    table: str = ""
    rule: str = ""
    dossier: str = ""
    at: str = ""
    """One field of one table: "XML2.NGAY_YL"."""

    def without_rule(self) -> "FindingFilter":
        return replace(self, rule="", at="")


def findings(of: Submission, wanted: FindingFilter) -> QuerySet[FindingRow]:
    """Critical ones first ("critical" sorts before "warning"), then in the order of the file."""
    found = FindingRow.objects.filter(submission=of).select_related("dossier")
    if wanted.severity:
        found = found.filter(severity=wanted.severity)
    if wanted.table:
        found = found.filter(tbl=wanted.table)
    if wanted.rule:
        found = found.filter(rule=wanted.rule)
    if wanted.dossier:
        found = found.filter(dossier__ma_lk__iexact=wanted.dossier)
    if wanted.at:
        table, _, field = wanted.at.partition(".")
        found = found.filter(tbl=table, field=field)
    return found.order_by("severity", F("dossier__position").asc(nulls_first=True), "id")


def tables(of: Submission) -> list[str]:
    """The tables that have findings, in the order of the decree."""
    found = FindingRow.objects.filter(submission=of).exclude(tbl="").values_list("tbl", flat=True).distinct()
    return sorted(found, key=lambda name: (len(name), name))


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))
