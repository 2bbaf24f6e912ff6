"""$export: asking for it (FHIR Bulk Data Access 2.0, https://hl7.org/fhir/uv/bulkdata/STU2/export.html)."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

import msgspec
import orjson

from yteso import people, record
from yteso.fhir.bulk import jobs
from yteso.fhir.bulk.exports import Asked
from yteso.fhir.bulk.filters import Filters, NotUsable
from yteso.fhir.server import queries, reading
from yteso.fhir.server.bulk import NDJSON
from yteso.fhir.server.faults import Fault, outcome, shown, unknown_type, wrong
from yteso.fhir.server.inputs import APPEARANCE, Input, inputs
from yteso.fhir.server.moments import span
from yteso.fhir.server.node import connections
from yteso.fhir.server.requests import Answer, Request, preferences
from yteso.fhir.server.types import types
from yteso.record import walking


_FORMATS = {NDJSON, "application/ndjson", "ndjson"}
_KNOWN = {"_outputFormat", "_since", "_until", "_type", "_typeFilter", "_elements", "_format", "_pretty"}
_OF_PATIENTS = _KNOWN | {"patient"}


def system(request: Request) -> Answer:
    _read_body(request)
    return _begin(request, _KNOWN)


def patients(request: Request) -> Answer:
    """Everything of everybody's, or of those that `patient` names."""
    _read_body(request)
    named = request.all("patient")
    return _begin(request, _OF_PATIENTS, patients=True, subjects=_people(named) if named else None)


def group(request: Request) -> Answer:
    """Everything of the members of a Group that are people and still in it."""
    members = _members(request)
    _read_body(request)
    named = set(request.all("patient"))
    chosen = [member for member in members if not named or member in named or member.rpartition("/")[2] in named]
    return _begin(request, _OF_PATIENTS, patients=True, subjects=_people(chosen))


def _begin(request: Request, known: set[str], **whose: Any) -> Answer:
    """The job is made, and the client told where to ask how far it is."""
    if request.method == "HEAD":
        raise wrong("Xuất dữ liệu: gửi GET hoặc POST.", "An export is begun by GET or POST.")
    if "respond-async" not in dict(preferences(request.header("Prefer"))):
        raise wrong(
            "Xuất dữ liệu chạy nền: gửi kèm Prefer: respond-async.",
            "An export runs in the background: send Prefer: respond-async.",
        )
    ignored = queries.leave_out(request, "$export", queries.others(request, known))
    if request.one("_outputFormat", NDJSON).replace(" ", "+") not in _FORMATS:
        raise wrong(f"_outputFormat là {NDJSON}.", f"_outputFormat is {NDJSON}.")
    filters = list(_filters(request))
    with connections().taken() as conn:
        moment, time = walking.now(conn)
        asked = Asked(
            moment=str(moment),
            time=time,
            base=request.base,
            types=_types(request),
            since=span(request, "_since")[0],
            until=span(request, "_until")[0],
            filters=filters,
            elements=request.one("_elements"),
            **whose,
        )
        try:
            id = jobs.create(conn, "export", request.client.name, request.address, msgspec.to_builtins(asked))
        except jobs.TooMany:
            raise too_many() from None
    return Answer(
        outcome(*ignored) if ignored else b"",
        202,
        [("Content-Location", f"{request.base}/$export/{id}")],
    )


def too_many() -> Fault:
    return Fault(
        429,
        "throttled",
        f"Ứng dụng đã có {jobs.MOST} việc đang chạy; đợi xong hoặc hủy bớt (DELETE).",
        f"This client has {jobs.MOST} jobs that are not done; wait for one, or cancel one (DELETE).",
        Retry_After="60",
    )


def _read_body(request: Request) -> None:
    """The Parameters of a POST join those of the address."""
    if request.method == "POST":
        own = [pair for pair in request.parameters if pair[0] in APPEARANCE]
        request.parameters = own + [(name, _text(value)) for name, value in inputs(request)]


def _text(value: Input) -> str:
    """Of a reference what it points at."""
    if isinstance(value, str):
        return value
    reference = orjson.loads(value).get("reference") if isinstance(value, bytes) else None
    if not isinstance(reference, str):
        raise wrong("patient là valueReference: Patient/ID.", "patient is a valueReference: Patient/ID.")
    return reference


def _types(request: Request) -> list[str] | None:
    """The types that are asked for and that the client may read; None: all."""
    asked = [type for text in request.all("_type") for type in text.split(",") if type]
    for type in asked:
        if type not in types():
            raise unknown_type(type)
        if not request.client.reads(type):
            raise Fault(
                403,
                "forbidden",
                f"Phạm vi của ứng dụng không có {shown(type)}.",
                f"The scope of this client does not have {shown(type)}.",
            )
    allowed = request.client.types
    return asked or (None if allowed is None else sorted(allowed))


def _filters(request: Request) -> Iterator[str]:
    """Each is checked here, so that the client is told at once."""
    for text in request.all("_typeFilter"):
        try:
            Filters([text], request.base)
        except NotUsable as reason:
            raise wrong(reason.vi, reason.en) from None
        yield text


def _members(request: Request) -> list[str]:
    """References to the patients of the Group; raises Fault when it is not there for this client."""
    if not request.client.reads("Group"):
        raise Fault(403, "forbidden", "Phạm vi của ứng dụng không có Group.", "The scope of this client has no Group.")
    request.values["type"] = "Group"
    group = orjson.loads(reading.read(request).body)
    members = (member for member in group.get("member", ()) if not member.get("inactive"))
    references = (member.get("entity", {}).get("reference", "") for member in members)
    return [reference for reference in references if reference.startswith("Patient/")]


def _people(references: list[str]) -> list[UUID]:
    """All subjects of these patients, over all linked ones; raises Fault."""
    found: set[UUID] = set()
    with connections().taken() as conn:
        for reference in references:
            found.update(people.linked(conn, record.own("Patient", reference.rpartition("/")[2])))
    return sorted(found)
