"""Saving written resources: any number of them in one transaction, in a few statements.

All that is touched is locked in one statement, in one order with the intake (see `yteso.record.locks`): writers of one
resource take turns, and nobody waits in a circle. Patients that are only referred to are locked for sharing, so that
none is deleted while something is written about it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from psycopg import Connection

from yteso import people, record
from yteso.access import writes
from yteso.access.policy import Reader
from yteso.fhir import search
from yteso.fhir.server.faults import Fault, Issue
from yteso.fhir.writing import index, patients
from yteso.fhir.writing.content import Content
from yteso.record import PATIENT, RESOURCE, Document, Put, Standing


DELETED = "deleted"
"""Why a deleted resource was withdrawn."""


@dataclass(slots=True)
class Change:
    """A resource to be written, or, without `content`, deleted.

    `expected` are the versions that may stand (If-Match): "*" for any; None when it does not matter. `absent`: none may
    stand. `where` is its place in a bundle, for what is said of it.
    """

    type: str
    id: str
    content: Content | None
    expected: frozenset[str] | None = None
    absent: bool = False
    where: str = ""
    whose: list[str] = field(default_factory=list)
    document: UUID = field(init=False)

    def __post_init__(self) -> None:
        self.document = record.own(self.type, self.id)

    def fault(self, status: int, code: str, vi: str, en: str) -> Fault:
        return Fault.of(status, Issue("error", code, vi, en, self.where))


@dataclass(slots=True, frozen=True)
class Saved:
    """What became of a resource: the document as it stands now. None: there was nothing to delete."""

    type: str
    id: str
    outcome: Put
    document: Document | None


def save(conn: Connection, writer: Reader, changes: list[Change], base: str) -> list[Saved]:
    """Make these changes inside the caller's transaction, each resource once; raises Fault when one cannot be made."""
    received = datetime.now(UTC)
    said = _statements(changes, received)
    for change in changes:
        if change.content and change.type != "Patient":
            change.whose = patients.patients(change.content.resource, base)
    before, held = _held(conn, changes, said)
    for change in changes:
        _permit(change, before, writer)
    _check_references(changes, before)
    people.resolve(conn, said.values(), held)
    documents = [_document(change, before, received) for change in changes]
    written = [document for document in documents if document]
    outcomes = dict(zip((one.id for one in written), record.put(conn, written, before), strict=True))
    _forget(conn, changes, outcomes)
    writes.log(conn, writer, (one for one in written if outcomes[one.id] != "same"))
    return [
        Saved(change.type, change.id, outcomes[one.id] if one else "same", one)
        for change, one in zip(changes, documents, strict=True)
    ]


def _statements(changes: Iterable[Change], received: datetime) -> dict[UUID, people.Statement]:
    """What the Patients among them say about who they are."""
    return {
        change.document: patients.statement(change.document, change.content.resource, received)
        for change in changes
        if change.type == "Patient" and change.content
    }


def _held(
    conn: Connection, changes: list[Change], said: dict[UUID, people.Statement]
) -> tuple[dict[UUID, Standing], set[UUID | str]]:
    """Lock all that the changes touch; how the documents stand, those of the patients they refer to included, and what
    is held of who people are.
    """
    own = {change.document for change in changes}
    shared = {record.own("Patient", id) for id in {id for change in changes for id in change.whose}}
    gone = {change.document for change in changes if change.type == "Patient" and not change.content}
    known = people.names(conn, said.values()) | people.names_of(conn, gone) if said or gone else set()
    record.lock(conn, own | known, shared)
    mapped = {name for change in changes if (name := record.named(change.id))}
    return record.standing(conn, own | mapped | shared), known


def _permit(change: Change, before: Mapping[UUID, Standing], writer: Reader) -> None:
    """May this be written over what stands? Raises Fault."""
    stands = before.get(change.document)
    if change.type == "Subscription":
        raise change.fault(
            422,
            "business-rule",
            "Subscription được ghi riêng: POST hoặc PUT /Subscription.",
            "A Subscription is written by itself: POST or PUT /Subscription.",
        )
    if any(one.kind != RESOURCE for one in (stands, before.get(record.named(change.id))) if one):
        raise change.fault(
            422,
            "business-rule",
            f"{change.type}/{change.id} đến từ hồ sơ của một cơ sở; cơ sở ấy gửi hồ sơ sửa, không ghi qua FHIR.",
            f"{change.type}/{change.id} comes from a dossier: its facility sends a correction, nobody writes it here.",
        )
    if stands and not writer.rights.issuperset(stands.labels):
        raise change.fault(403, "forbidden", "Không được ghi tài nguyên này.", "This resource may not be written.")
    current = stands and stands.withdrawn is None
    if change.expected is not None:
        versions = {str(stands.version)} if stands else set()
        if change.expected.isdisjoint(versions | ({"*"} if current else set())):
            raise _overtaken(change, stands)
    if change.absent and current:
        raise change.fault(
            412,
            "conflict",
            "Tài nguyên đã có (If-None-Match: *).",
            "The resource is there already (If-None-Match: *).",
        )


def _overtaken(change: Change, stands: Standing | None) -> Fault:
    version = f'W/"{stands.version}"' if stands else "-"
    return change.fault(
        412,
        "conflict",
        f"Bản hiện hành là {version}, không phải bản trong If-Match; đọc lại, sửa trên bản ấy rồi gửi lại.",
        f"The current version is {version}, not the one of If-Match; read it, change that and send it again.",
    )


def _check_references(changes: list[Change], before: Mapping[UUID, Standing]) -> None:
    """Every patient referred to is there when all is done; raises Fault."""
    done = {change.document: change.content is not None for change in changes if change.type == "Patient"}
    for change in changes:
        for id in change.whose:
            name = record.own("Patient", id)
            if not done.get(name, _is_patient(before.get(name), id)):
                raise change.fault(
                    422,
                    "not-found",
                    f"Không có Patient/{id} được nhắc đến; ghi Patient trước, hoặc cùng trong một giao dịch.",
                    f"Patient/{id} is referred to and not there; write the Patient before, or in the same transaction.",
                )


def _is_patient(known: Standing | None, id: str) -> bool:
    if not known or known.withdrawn is not None:
        return False
    return known.kind == PATIENT or (known.kind == RESOURCE and known.source == f"Patient/{id}")


def _document(change: Change, before: Mapping[UUID, Standing], received: datetime) -> Document | None:
    content, stands = change.content, before.get(change.document)
    if not content:
        return record.taken_back(stands, DELETED, received) if stands else None
    started, ended = index.period(content.resource)
    return Document(
        subject=record.own("Patient", change.whose[0]) if len(change.whose) == 1 else change.document,
        id=change.document,
        kind=RESOURCE,
        source=f"{change.type}/{change.id}",
        facility="",
        made=received.date(),
        received=received,
        digest=content.digest,
        started=started,
        ended=ended,
        labels=index.labels(content.resource),
        tokens=sorted(search.words(content.resource)),
        resources=[(change.type, change.id, content.json)],
    )


def _forget(conn: Connection, changes: list[Change], outcomes: Mapping[UUID, Put]) -> None:
    """Patients that were deleted are nobody's any more; raises Fault where something is still written about one."""
    for change in changes:
        if change.type == "Patient" and outcomes.get(change.document) == "withdrawn":
            if record.others(conn, change.document):
                raise change.fault(
                    409,
                    "conflict",
                    f"Còn tài nguyên thuộc về Patient/{change.id}; xóa chúng trước, hoặc cùng trong một giao dịch.",
                    f"There are resources about Patient/{change.id}; delete them before, or in the same transaction.",
                )
            people.retract(conn, change.document, None)
