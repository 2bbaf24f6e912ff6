"""$import: the NDJSON comes with the request, is kept, and taken in by the worker; asked after as an export is.

The server fetches nothing from elsewhere: a client that has files sends them.
"""

from collections.abc import Iterator
from uuid import UUID

import msgspec

from yteso.fhir.bulk import files, jobs
from yteso.fhir.bulk.imports import Asked
from yteso.fhir.server.bulk import NDJSON
from yteso.fhir.server.exporting import too_many
from yteso.fhir.server.faults import Fault, wrong
from yteso.fhir.server.node import connections
from yteso.fhir.server.requests import Answer, Request, preferences


KINDS = {NDJSON, "application/ndjson", "application/x-ndjson"}
CHUNK, LARGEST, LONGEST = 1024 * 1024, 1024**3, 16 * 1024 * 1024
"""Bytes kept together, of a whole input, and of one line, at most."""


def begin(request: Request) -> Answer:
    if "respond-async" not in dict(preferences(request.header("Prefer"))):
        raise wrong(
            "Nhập dữ liệu chạy nền: gửi kèm Prefer: respond-async.",
            "An import runs in the background: send Prefer: respond-async.",
        )
    if request.kind.partition(";")[0].strip().lower() not in KINDS:
        raise Fault(415, "not-supported", f"$import nhận nội dung {NDJSON}.", f"$import takes a body of {NDJSON}.")
    client = request.client
    if client.written is not None and not client.written:
        raise Fault(403, "forbidden", "Phạm vi không cho ghi.", "The scope lets nothing be written.")
    asked = Asked(request.base, None if client.written is None else sorted(client.written))
    try:
        with connections().taken() as conn:
            job = jobs.create(conn, "import", client.name, request.address, msgspec.to_builtins(asked), state="coming")
    except jobs.TooMany:
        raise too_many() from None
    try:
        _receive(request, job)
    except Exception:
        with connections().taken() as conn:
            jobs.remove(conn, job)
        raise
    return Answer(status=202, headers=[("Content-Location", f"{request.base}/$import/{job}")])


def _receive(request: Request, job: UUID) -> None:
    """Keep the input as it comes, each part in a transaction of its own: a slow client holds nothing up."""
    total = 0
    for lines in _lines(request):
        with connections().taken() as conn, conn.transaction():
            files.add(conn, job, "input", "lines", lines)
        total += len(lines)
    with connections().taken() as conn:
        jobs.begin(conn, job, total)


def _lines(request: Request) -> Iterator[list[bytes]]:
    rest = b""
    for chunk in request.chunks(CHUNK, LARGEST):
        *lines, rest = (rest + chunk).split(b"\n")
        if len(rest) > LONGEST:
            raise Fault(413, "too-long", "Một dòng quá dài.", "A line is too long.")
        if lines:
            yield lines
    if rest:
        yield [rest]
