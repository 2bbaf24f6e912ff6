"""What becomes of bulk work: how far it is, its manifest and files, and cancelling it.

https://hl7.org/fhir/uv/bulkdata/STU2/export.html#bulk-data-status-request. Only the client that asked is told.
"""

import zlib
from collections.abc import Iterator
from datetime import UTC
from email.utils import format_datetime
from uuid import UUID

import orjson

from yteso.fhir.bulk import files, jobs
from yteso.fhir.bulk.files import File
from yteso.fhir.bulk.jobs import Job
from yteso.fhir.server.faults import Fault
from yteso.fhir.server.node import connections
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import instant


NDJSON = "application/fhir+ndjson"
AGAIN = "2"
"""Seconds after which to ask again."""

_FAST = 1
_THINGS = {"export": "documents", "import": "lines"}


def status(request: Request) -> Answer:
    job = _job(request)
    if not job.ended:
        of = f" of about {job.total}" if job.total else ""
        progress = f"{job.done}{of} {_THINGS[job.kind]}"
        return Answer(status=202, headers=[("X-Progress", progress), ("Retry-After", AGAIN)])
    if job.state == "failed":
        raise Fault(
            500,
            "exception",
            "Việc này không làm được và đã ghi lại; hãy gửi yêu cầu lại.",
            "This could not be done, and has been noted; ask for it again.",
        )
    expires = format_datetime(job.expires.astimezone(UTC), usegmt=True)
    return Answer(_manifest(request, job), headers=[("Expires", expires)], kind="application/json")


def cancel(request: Request) -> Answer:
    """The job and its files are gone when this is answered."""
    job = _job(request)
    with connections().taken() as conn:
        jobs.remove(conn, job.id)
    return Answer(status=202)


def download(request: Request) -> Answer:
    """A file, if the client's token still has its type; packed where the client takes gzip."""
    job = _job(request)
    with connections().taken() as conn:
        file = files.find(conn, job.id, int(request.values["file"].partition(".")[0]))
    if not file or file.role == "input" or job.state != "done":
        raise _nothing()
    if file.role == "output" and not request.client.reads(file.type):
        raise Fault(403, "forbidden", f"Phạm vi không có {file.type}.", f"The scope does not have {file.type}.")
    parts = _parts(job.id, file)
    if "gzip" in request.header("Accept-Encoding"):
        return Answer(kind=NDJSON, stream=_packed(parts), headers=[("Content-Encoding", "gzip")])
    return Answer(kind=NDJSON, stream=parts, headers=[("Content-Length", str(file.size))])


def _manifest(request: Request, job: Job) -> bytes:
    with connections().taken() as conn:
        found = files.of(conn, job.id)
    listed: dict[str, list] = {"output": [], "deleted": [], "error": []}
    for file in found:
        if file.role in listed:
            url = f"{request.base}/${job.kind}/{job.id}/{file.number}.{file.type}.ndjson"
            known = {"type": file.type, "count": file.lines}
            listed[file.role].append(known | ({"url": url} if file.parts else {}))
    time = job.asked.get("time") or instant(job.created)
    return orjson.dumps({"transactionTime": time, "request": job.request, "requiresAccessToken": True, **listed})


def _job(request: Request) -> Job:
    with connections().taken() as conn:
        job = jobs.find(conn, UUID(request.values["job"]), request.client.name)
    if not job:
        raise _nothing()
    return job


def _parts(job: UUID, file: File) -> Iterator[bytes]:
    """A connection is held for each part alone: the client takes them as slowly as it likes."""
    for number in range(file.parts):
        with connections().taken() as conn:
            part = files.part(conn, job, file.number, number)
        yield part


def _packed(parts: Iterator[bytes]) -> Iterator[bytes]:
    packer = zlib.compressobj(_FAST, wbits=31)
    for part in parts:
        yield packer.compress(part)
    yield packer.flush()


def _nothing() -> Fault:
    return Fault(
        404,
        "not-found",
        "Không có việc hay tệp này: đã hủy, đã hết hạn, hoặc của ứng dụng khác.",
        "There is no such job or file: it was cancelled, has expired, or is another client's.",
    )
