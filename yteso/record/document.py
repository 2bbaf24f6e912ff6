"""A document: what arrives or changes together, such as the seventy resources of a visit."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from yteso.record.body import Body, Resource
from yteso.record.ids import fhir_id


VISIT = "visit"
PATIENT = "patient"
RESOURCE = "resource"
"""Of a document that is one resource, written on its own; its source is the resource's type and id."""

LOCAL = ZoneInfo("Asia/Ho_Chi_Minh")

_ALWAYS = datetime.min.replace(tzinfo=UTC)

Rank = tuple[datetime, date, datetime, bytes]


@dataclass(slots=True)
class Document:
    """One version of one document. Times are aware.

    Build it with `resources`; `pack` compresses them, in any process, before the transaction begins. A document that
    was read has `packed` and opens its `body` when first asked; `written` is when this version was saved, where the
    reading says so (listing.py).
    """

    subject: UUID
    id: UUID
    kind: str
    source: str
    facility: str
    made: date
    received: datetime
    digest: bytes
    started: datetime | None = None
    ended: datetime | None = None
    labels: list[str] = field(default_factory=list)
    tokens: list[int] = field(default_factory=list)
    resources: list[Resource] = field(default_factory=list, repr=False)
    packed: bytes = field(default=b"", repr=False)
    withdrawn: str | None = None
    version: int = 0
    xact: int = 0
    sequence: int = 0
    written: datetime | None = field(default=None, compare=False)
    _body: Body | None = field(default=None, repr=False, compare=False)

    def pack(self) -> "Document":
        if not self.packed:
            self.packed = Body.pack(self.resources)
            self.resources = []
        return self

    @property
    def body(self) -> Body:
        if self._body is None:
            self._body = Body.open(self.pack().packed)
        return self._body

    @property
    def states_patient(self) -> bool:
        """Whether it is the patient's own data, from wherever."""
        return self.kind == PATIENT or (self.kind == RESOURCE and self.source.startswith("Patient/"))

    @property
    def rank(self) -> Rank:
        """Of two versions the one of higher rank is current, in whatever order they arrive (see `rank`)."""
        return rank(self.kind, self.started, self.made, self.received, self.digest)


def rank(kind: str, started: datetime | None, made: date, received: datetime, digest: bytes) -> Rank:
    """What was written last counts; on one day what was received last.

    A patient's own data is stated by every visit and holds from that visit on (`started` is the end of the visit):
    there the latest visit counts first. The digest only makes the order complete. What is written on its own has no
    rank: its versions follow each other.
    """
    if kind == RESOURCE:
        return _ALWAYS, date.min, _ALWAYS, b""
    since = started if kind == PATIENT and started else _ALWAYS
    return since, made, received, digest


def from_visit(mapped: Any, *, digest: bytes, made: date | None, received: datetime) -> list[Document]:
    """The two documents of a mapped visit: the visit, and the patient as it states them.

    `mapped` is a `yteso.mapping.Mapped`; `digest` that of the dossier; `made` NGAYLAP, or None when the file does not
    say, for which the day of receipt stands in. The patient document is named by the subject itself.
    """
    made = made or received.astimezone(LOCAL).date()
    visit = Document(
        subject=mapped.subject,
        id=mapped.document,
        kind=VISIT,
        source=mapped.source,
        facility=mapped.facility,
        made=made,
        received=received,
        digest=digest,
        started=mapped.started,
        ended=mapped.ended,
        labels=sorted(mapped.labels),
        tokens=sorted(mapped.words),
        packed=Body.pack_images(mapped.written),
    )
    patient = Document(
        subject=mapped.subject,
        id=mapped.subject,
        kind=PATIENT,
        source="",
        facility=mapped.facility,
        made=made,
        received=received,
        digest=blake2b(mapped.patient, digest_size=16).digest(),
        started=mapped.ended,
        tokens=sorted(mapped.patient_words),
        resources=[("Patient", fhir_id(mapped.subject), mapped.patient)],
    )
    return [visit, patient]
