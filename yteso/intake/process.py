"""Taking in: from submissions to the record.

A commit holds about two hundred dossiers: their documents, people, findings, and how far each file has come. Kill the
process at any moment and the next one goes on from the last commit; two processes on the same file do no harm, because
the file's row is locked and its count of dossiers checked before anything is written.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import BinaryIO
from uuid import UUID

import psycopg

from yteso import people, record
from yteso.intake import repeats, restating, signature, store, terms
from yteso.intake.envelope import Envelope
from yteso.intake.facts import Facts
from yteso.intake.findings import CRITICAL, Finding
from yteso.intake.prepare import Arrived, Clock, Prepared, prepare
from yteso.intake.store import Progress, Result, Work
from yteso.intake.terms import Terms
from yteso.record.ids import subject_id


BATCH = 200
"""Dossiers to a commit: large enough that the commit costs nothing, small enough to hold in memory."""

GROUP = 100
"""Dossiers prepared together: the next step is worth its while, and what they hold stays small."""

GROUP_ROWS = 10_000
"""Rows after which a group is prepared, however few its dossiers."""

IN_ONE_GO = 4 << 20
"""Files up to this many bytes are read once; larger ones are looked through first, then streamed."""

Open = Callable[[Work], BinaryIO]


@dataclass(slots=True)
class Totals:
    """What a run has done so far."""

    files: int = 0
    dossiers: int = 0
    accepted: int = 0
    with_warnings: int = 0
    refused: int = 0
    files_refused: int = 0

    def count(self, step: Progress) -> None:
        self.files += step.status != "processing"
        self.files_refused += step.status == "refused"
        self.dossiers += step.outcomes.total()
        self.accepted += step.outcomes["accepted"]
        self.with_warnings += step.outcomes["warnings"]
        self.refused += step.outcomes["refused"]

    def add(self, other: "Totals") -> None:
        for name in self.__slots__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


@dataclass(slots=True)
class _Batch:
    waiting: list[tuple[Work, Progress, Arrived]] = field(default_factory=list)
    rows: int = 0
    entries: list[tuple[Work, Prepared]] = field(default_factory=list)
    file_findings: dict[int, list[Finding]] = field(default_factory=dict)
    progress: dict[int, Progress] = field(default_factory=dict)

    @property
    def dossiers(self) -> int:
        return len(self.waiting) + len(self.entries)


class Processor:
    """Takes submissions in, one commit per batch. `totals` and `clock` tell what was done and where the time went."""

    def __init__(self, conn: psycopg.Connection, open_original: Open, *, clock: Clock | None = None) -> None:
        self.conn = conn
        self.open = open_original
        self.clock = clock or Clock()
        self.totals = Totals()
        self._batch = _Batch()
        self._terms: dict[str, Terms] = {}

    def run(self, submissions: Iterable[Work]) -> None:
        for work in submissions:
            self._take(work)
        self.flush()

    def _take(self, work: Work) -> None:
        with self.open(work) as stream:
            envelope = Envelope(stream, name=work.name, size=work.size, hashed=False)
            dossiers: Iterable = envelope
            if work.size > IN_ONE_GO:
                judged = self._look_through(work)
            else:
                with self.clock.stage("read"):
                    dossiers = list(envelope)
                judged = envelope
            signed = signature.examine(judged, lambda: self.open(work), received=work.received)
            findings = judged.findings + _stranger(work, judged)
            admitted = not any(finding.critical for finding in findings)
            agreed = self._agreed(judged.header.facility or work.facility)
            step = self._batch.progress.setdefault(work.id, Progress(work.seen))
            for dossier in self._reading(dossiers):
                if dossier.position <= work.seen:
                    continue
                self._add(work, step, Arrived(dossier, judged.header, work.received, agreed, admitted))
                if self._batch.dossiers >= BATCH:
                    self.flush()
                    step = self._batch.progress.setdefault(work.id, Progress(step.seen))
        step.status = "done" if admitted else "refused"
        step.standard, step.facility, step.declared = judged.standard, judged.header.facility, judged.header.declared
        step.signature, step.made = signed and signed.as_json(), judged.header.made
        self._batch.file_findings[work.id] = findings

    def _agreed(self, facility: str) -> Terms:
        """The terms of a facility, the same from the beginning of the run to its end."""
        if facility not in self._terms:
            self._terms[facility] = terms.of_facility(self.conn, facility)
        return self._terms[facility]

    def _look_through(self, work: Work) -> Envelope:
        """A first, shallow pass over a large file: is all of it there?"""
        with self.clock.stage("read"), self.open(work) as stream:
            envelope = Envelope(stream, name=work.name, size=work.size, shallow=True, hashed=False)
            for _ in envelope:
                pass
        return envelope

    def _reading(self, dossiers: Iterable) -> Iterable:
        source = iter(dossiers)
        while True:
            with self.clock.stage("read"):
                dossier = next(source, None)
            if dossier is None:
                return
            yield dossier

    def _add(self, work: Work, step: Progress, arrived: Arrived) -> None:
        batch = self._batch
        batch.waiting.append((work, step, arrived))
        batch.rows += sum(map(len, arrived.dossier.tables.values()))
        step.seen = arrived.dossier.position
        if len(batch.waiting) >= GROUP or batch.rows >= GROUP_ROWS:
            self._prepare()

    def _prepare(self) -> None:
        batch = self._batch
        waiting, batch.waiting, batch.rows = batch.waiting, [], 0
        group = prepare([arrived for _, _, arrived in waiting], self.clock)
        for (work, step, _), ready in zip(waiting, group, strict=True):
            batch.entries.append((work, ready))
            step.outcomes[ready.outcome] += 1

    def flush(self) -> None:
        """Commit what is in hand. On an error nothing of it is written, and the submissions wait to be taken again."""
        self._prepare()
        batch, self._batch = self._batch, _Batch()
        if not batch.progress:
            return
        with self.clock.stage("save"):
            self._save(batch)
        for step in batch.progress.values():
            self.totals.count(step)

    def _save(self, batch: _Batch, attempts: int = 3) -> None:
        try:
            with self.conn.transaction():
                _drop_what_others_did(batch, store.standing(self.conn, batch.progress))
                saved = _into_the_record(self.conn, batch)
                results = [_result(work, ready, saved) for work, ready in batch.entries]
                store.save(self.conn, results, batch.file_findings, batch.progress)
                if not {"changed", "older"}.isdisjoint(saved.values()):
                    restating.after_moves(self.conn)
        except psycopg.errors.DeadlockDetected:
            if attempts == 1:
                raise
            self._save(batch, attempts - 1)


def _into_the_record(conn: psycopg.Connection, batch: _Batch) -> dict[int, str]:
    """Who it is, and what is known: one ordered lock on all names of the batch, then people, then documents.

    Dossiers that repeat others are found once the lock is held, and stay out.

    The outcome ("new", "same", "changed", "older") per `id()` of the prepared dossier.
    """
    admitted = [ready for _, ready in batch.entries if ready.mapped]
    if not admitted:
        return {}
    statements = [ready.statement for ready in admitted]
    documents = [document for ready in admitted for document in ready.documents]
    record.lock(conn, record.names(documents) | people.names(conn, statements))
    _keep_out_repeats(conn, batch)
    admitted = [ready for ready in admitted if ready.mapped]
    taken_back = record.withdrawn(conn, (ready.mapped.document for ready in admitted))
    # What is late for a withdrawn visit is history, and says nothing about its patient.
    stating = [ready for ready in admitted if not _late(ready, taken_back)]
    documents = [ready.documents[0] for ready in admitted] + [ready.documents[1] for ready in stating]
    people.resolve(conn, [ready.statement for ready in stating])
    outcomes = dict(zip(map(id, documents), record.save(conn, documents), strict=True))
    return {id(ready): outcomes[id(ready.documents[0])] for ready in admitted}


def _keep_out_repeats(conn: psycopg.Connection, batch: _Batch) -> None:
    candidates = [(work, ready, ready.outcome) for work, ready in batch.entries if ready.mapped]
    repeats.look(conn, [ready for _, ready, _ in candidates])
    for work, ready, before in candidates:
        outcomes = batch.progress[work.id].outcomes
        outcomes[before] -= 1
        outcomes[ready.outcome] += 1


def _late(ready: Prepared, taken_back: dict[UUID, record.Rank]) -> bool:
    visit = ready.documents[0]
    return visit.id in taken_back and visit.rank < taken_back[visit.id]


def _drop_what_others_did(batch: _Batch, standing: dict[int, tuple[int, bool]]) -> None:
    """Leave out dossiers and files that another process has taken in meanwhile."""
    kept = []
    for work, ready in batch.entries:
        seen, finished = standing[work.id]
        if finished or ready.position <= seen:
            batch.progress[work.id].outcomes[ready.outcome] -= 1
        else:
            kept.append((work, ready))
    batch.entries = kept
    for submission, (seen, finished) in standing.items():
        if finished:
            del batch.progress[submission]
            batch.file_findings.pop(submission, None)
        else:
            batch.progress[submission].seen = max(batch.progress[submission].seen, seen)


def _result(work: Work, ready: Prepared, saved: dict[int, str]) -> Result:
    mapped = ready.mapped
    return Result(
        *(work.id, ready.position, ready.ma_lk, ready.summary.get("HO_TEN", ""), ready.standard, ready.outcome),
        saved.get(id(ready), ""),
        *((mapped.document, mapped.started, mapped.ended) if mapped else (None, None, None)),
        ready.findings,
        ready.digest,
        mapped.subject if mapped else _patient(work, ready.facts),
        ready.facts,
    )


def _patient(work: Work, said: Facts) -> UUID | None:
    """Whom a refused dossier is about, as its facility knows them."""
    return subject_id(work.facility, said.patient) if said.patient else None


def _stranger(work: Work, envelope: Envelope) -> list[Finding]:
    """A facility sends its own files only."""
    declared = envelope.header.facility
    if not work.facility or not declared or declared == work.facility:
        return []
    return [Finding("ENV-201", CRITICAL, "ENV", None, "MACSKCB", declared, {"facility": work.facility})]
