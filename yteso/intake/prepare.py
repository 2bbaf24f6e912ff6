"""From a dossier as read to what will be saved: check, map, pack. Pure work of the processor, no database."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from time import perf_counter

from yteso import mapping, people, record
from yteso.intake import checking
from yteso.intake.dossier import Dossier, Header, Row
from yteso.intake.facts import Facts, facts
from yteso.intake.findings import CRITICAL, Finding
from yteso.intake.terms import USUAL, Terms


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
    """One dossier, ready to be saved. Without `mapped` it stays out of the record: refused, or a table that travels
    alone (XML0, XML12) and is kept and checked only."""

    position: int
    ma_lk: str
    standard: str
    findings: list[Finding]
    summary: Row
    terms: Terms
    digest: bytes
    facts: Facts
    admitted: bool = True
    mapped: mapping.Mapped | None = None
    statement: people.Statement | None = None
    documents: list[record.Document] = field(default_factory=list)

    @property
    def outcome(self) -> str:
        if not self.admitted or any(finding.critical for finding in self.findings):
            return "refused"
        return "warnings" if self.findings else "accepted"


@dataclass(slots=True)
class Arrived:
    """A dossier as read, waiting to be prepared. One that is not `admitted` (its whole file is refused) stays out."""

    dossier: Dossier
    header: Header
    received: datetime
    terms: Terms = USUAL
    admitted: bool = True


def prepare(group: Sequence[Arrived], clock: Clock) -> list[Prepared]:
    """Check, map and pack a group of dossiers, each step for all of them before the next.

    What a step needs (code, memories) then stays in the cache of the processor: a sixth faster than one by one.
    """
    with clock.stage("check"):
        ready = [_ready(arrived, _findings(arrived)) for arrived in group]
    with clock.stage("map"):
        _map_all([pair for pair in zip(ready, group, strict=True) if _admitted(*pair)])
    return ready


def again(arrived: Arrived) -> Prepared:
    """What is in the record, mapped once more without being checked."""
    ready = _ready(arrived, [])
    _map_all([(ready, arrived)])
    return ready


def _findings(arrived: Arrived) -> list[Finding]:
    policy, lists = arrived.terms
    found = checking.check(arrived.dossier, arrived.header, now=arrived.received, policy=policy, lists=lists)
    return [*arrived.dossier.findings, *found]


def _ready(arrived: Arrived, findings: list[Finding]) -> Prepared:
    dossier = arrived.dossier
    return Prepared(
        position=dossier.position,
        ma_lk=dossier.ma_lk,
        standard=dossier.standard,
        findings=findings,
        summary=dossier.summary,
        terms=arrived.terms,
        digest=dossier.digest,
        facts=facts(dossier, arrived.header.facility, arrived.received),
        admitted=arrived.admitted,
    )


def _admitted(ready: Prepared, arrived: Arrived) -> bool:
    return arrived.admitted and bool(ready.summary) and not any(f.critical for f in ready.findings)


def _map_all(admitted: Sequence[tuple[Prepared, Arrived]]) -> None:
    for ready, arrived in admitted:
        _map(ready, arrived)
    for ready, arrived in admitted:
        if ready.mapped:
            _pack(ready, ready.mapped, arrived)


def _map(ready: Prepared, arrived: Arrived) -> None:
    try:
        ready.mapped = mapping.map_visit(arrived.dossier, arrived.header)
    except Exception as error:  # a fault of ours must not cost the facility the rest of its file
        ready.findings.append(Finding("SYS-002", CRITICAL, "XML1", 1, "MA_LK", params={"kind": type(error).__name__}))


def _pack(ready: Prepared, mapped: mapping.Mapped, arrived: Arrived) -> None:
    dossier, made = arrived.dossier, arrived.header.made
    ready.documents = record.from_visit(mapped, digest=dossier.digest, made=made, received=arrived.received)
    for document in ready.documents:
        document.pack()
    mapped.written.clear()
    ready.statement = people.from_visit(
        mapped, patient_no=ready.summary.get("MA_BN", ""), made=made, received=arrived.received
    )
