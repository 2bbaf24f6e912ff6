"""$export: everybody's documents, or those of some patients, as they stood when it was asked for, as NDJSON by type.

Source: FHIR Bulk Data Access 2.0, https://hl7.org/fhir/uv/bulkdata/STU2/export.html
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

import msgspec
import orjson
from psycopg import Connection

from yteso import record
from yteso.access import portions
from yteso.access.policy import Reader
from yteso.fhir.bulk import files, jobs
from yteso.fhir.bulk.filters import Filters
from yteso.fhir.bulk.jobs import Job
from yteso.fhir.server.shaping import WHOLE, Shape, named
from yteso.record import Document, Moment, walking


DOCUMENTS, TOGETHER = 200, 16
"""Documents of a portion at most, and of those opened together."""

BYTES = 16 * 1024 * 1024
"""A portion ends early after so many."""

PURPOSE = "export"


class Asked(msgspec.Struct):
    """What is exported. `types` None: all; `subjects` None: everybody; `patients`: nothing that is of no patient.

    `moment` is what counts as there (yteso.record.Moment), `time` the transactionTime that goes with it.
    """

    moment: str
    time: datetime
    base: str
    types: list[str] | None = None
    since: datetime | None = None
    until: datetime | None = None
    filters: list[str] = []
    elements: str = ""
    patients: bool = False
    subjects: list[UUID] | None = None

    def wants(self, document: Document) -> bool:
        if self.since and document.written < self.since:
            return False
        if self.until and document.written >= self.until:
            return False
        return not (self.patients and _of_no_patient(document))


class Lines:
    """The lines of a portion, by the file they belong to. No Binary: who may see one is asked of each by itself."""

    def __init__(self, asked: Asked) -> None:
        self._asked = asked
        self._types = None if asked.types is None else frozenset(asked.types)
        self._filters = Filters(asked.filters, asked.base)
        self._shape = Shape(named(asked.elements)) if asked.elements else WHOLE
        self._lines: dict[str, list[bytes]] = defaultdict(list)
        self._deleted: list[str] = []
        self.size = 0

    def add(self, document: Document) -> None:
        for _, (type, _id, json) in document.body.places(self._types):
            if not self._allowed(type):
                continue
            whole = WHOLE(type, json, document.version, document.written)
            if self._filters.match(type, whole):
                line = whole if self._shape is WHOLE else self._shape(type, json, document.version, document.written)
                self._lines[type].append(_one_line(line))
                self.size += len(line)

    def gone(self, document: Document, before: Iterable[Document]) -> None:
        """Resources that versions before had, and this one has not."""
        names = {name for version in before for name in version.body.names} - set(document.body.names)
        self._deleted += [name for name in sorted(names) if self._allowed(name.partition("/")[0])]

    def write(self, conn: Connection, job: Job) -> None:
        for type, lines in sorted(self._lines.items()):
            files.add(conn, job.id, "output", type, lines)
        if self._deleted:
            entries = [{"request": {"method": "DELETE", "url": name}} for name in self._deleted]
            bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
            files.add(conn, job.id, "deleted", "Bundle", [orjson.dumps(bundle)])

    def _allowed(self, type: str) -> bool:
        return type != "Binary" and (self._types is None or type in self._types)


def portion(conn: Connection, job: Job) -> None:
    """The next documents of an export, in the caller's transaction."""
    asked = msgspec.convert(job.asked, Asked)
    total = job.total or (walking.stored(conn) if asked.subjects is None else 0)
    place = _read(job.place)
    found, following = walking.portion(conn, Moment.parse(asked.moment), place, DOCUMENTS, asked.subjects)
    lines, done = Lines(asked), 0
    while done < len(found) and lines.size < BYTES:
        together = found[done : done + TOGETHER]
        _take(conn, job, asked, together, lines)
        done += len(together)
        place = together[-1].subject, together[-1].id
    lines.write(conn, job)
    if done < len(found) or following:
        jobs.turn(conn, job, _written(following if done == len(found) else place), job.done + done, total)
    else:
        jobs.end(conn, job, "done")


def _take(conn: Connection, job: Job, asked: Asked, documents: Iterable[Document], lines: Lines) -> None:
    reader = Reader(account=job.client, role="client", purpose=PURPOSE)
    shown = portions.shown(conn, reader, filter(asked.wants, documents))
    record.fill(conn, shown)
    for document in shown:
        lines.add(document)
        if asked.since and document.version > 1:
            past = [version for version in record.versions(conn, document.id) if version.written < asked.since]
            lines.gone(document, portions.shown(conn, reader, past))


def _of_no_patient(document: Document) -> bool:
    return document.subject == document.id and not document.states_patient


def _one_line(json: bytes) -> bytes:
    return msgspec.json.format(json, indent=-1) if b"\n" in json or b"\r" in json else json


def _read(place: str) -> walking.Place:
    subject, _, id = place.partition(".")
    return (UUID(subject), UUID(id)) if place else walking.START


def _written(place: walking.Place) -> str:
    return ".".join(name.hex for name in place)
