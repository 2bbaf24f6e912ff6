"""From a dossier as read to what will be saved: check, map, pack. Pure work of the processor, no database."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from yteso import mapping, people, record
from yteso.intake import checking
from yteso.intake.dossier import Dossier, Header
from yteso.intake.findings import CRITICAL, Finding


class Clock:
    """Where the time goes: seconds per stage."""

    STAGES = ("receive", "read", "check", "map", "save")

    def __init__(self) -> None:
        self.seconds = dict.fromkeys(self.STAGES, 0.0)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        start = perf_counter()
        try:
            yield
        finally:
            self.seconds[name] += perf_counter() - start


@dataclass(slots=True)
class Prepared:
    """One dossier, ready to be saved. Without `mapped` it stays out of the record."""

    position: int
    ma_lk: str
    patient: str
    standard: str
    findings: list[Finding]
    mapped: mapping.Mapped | None = None
    statement: people.Statement | None = None
    documents: list[record.Document] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if self.mapped is None:
            return "refused"
        return "warnings" if self.findings else "accepted"


def prepare(dossier: Dossier, header: Header, received: datetime, clock: Clock, *, admitted: bool = True) -> Prepared:
    """Check and map one dossier. `admitted` is False when its whole file is refused: it is checked, not mapped."""
    with clock.stage("check"):
        findings = [*dossier.findings, *checking.check(dossier, header, now=received)]
    summary = next(iter(dossier.tables.get("XML1", ())), {})
    ready = Prepared(dossier.position, dossier.ma_lk, summary.get("HO_TEN", ""), dossier.standard, findings)
    if admitted and summary and not any(finding.critical for finding in findings):
        with clock.stage("map"):
            map_into(ready, dossier, header, summary, received)
    return ready


def map_into(ready: Prepared, dossier: Dossier, header: Header, summary: dict[str, str], received: datetime) -> None:
    """Give the dossier its documents and its statement; a fault of ours is a finding."""
    try:
        mapped = mapping.map_visit(dossier, header)
    except Exception as error:  # a fault of ours must not cost the facility the rest of its file
        ready.findings.append(Finding("SYS-002", CRITICAL, "XML1", 1, "MA_LK", params={"kind": type(error).__name__}))
        return
    ready.mapped = mapped
    ready.documents = record.from_visit(mapped, digest=dossier.digest, made=header.made, received=received)
    for document in ready.documents:
        document.pack()
    mapped.resources.clear()
    ready.statement = people.from_visit(
        mapped, patient_no=summary.get("MA_BN", ""), made=header.made, received=received
    )
