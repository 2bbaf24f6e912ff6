"""Patient/$summary: the International Patient Summary of a record (https://hl7.org/fhir/uv/ips)."""

from datetime import datetime
from uuid import UUID

from yteso import registry
from yteso.fhir.documents import exact
from yteso.fhir.documents.summary import PROFILES, TYPES, Gathered, Source, missing, summary
from yteso.fhir.server import identity, inputs, person, queries
from yteso.fhir.server.faults import not_found, wrong
from yteso.fhir.server.node import taken
from yteso.fhir.server.reach import Reach
from yteso.fhir.server.requests import Answer, Request
from yteso.record import Document, own
from yteso.record.document import LOCAL


DEFINITION = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"

_LOOKS = {"_format", "_pretty"}


def of_patient(request: Request) -> Answer:
    inputs.simple(request)
    return _summary(request, own("Patient", request.values["id"]), {"profile"})


def of_identifier(request: Request) -> Answer:
    """Of the one person with `identifier`."""
    inputs.simple(request)
    identifier = request.one("identifier")
    if not identifier:
        raise wrong("Thêm identifier=hệ-thống|số.", "Add identifier=system|value.")
    person.permit(request, "Patient")
    return _summary(request, identity.subject(identifier), {"profile", "identifier"})


def _summary(request: Request, subject: UUID, known: set[str]) -> Answer:
    person.permit(request, "Patient")
    queries.leave_out(request, "$summary", queries.others(request, known | _LOOKS))
    profile = request.one("profile")
    if profile and profile not in PROFILES:
        raise wrong(f"profile là một trong: {', '.join(PROFILES)}.", f"profile is one of: {', '.join(PROFILES)}.")
    gathered = _gathered(request, person.record(request, subject))
    if not gathered.patients:
        raise not_found()
    return Answer(summary(gathered, request.client.types))


def _gathered(request: Request, documents: list[Document]) -> Gathered:
    allowed = request.client.types
    types = TYPES if allowed is None else TYPES & allowed
    found = [Source(exact.read(json), document) for document, (_, _, json) in person.resources(documents, types)]
    reach = Reach(request.client)
    beside = (reach.find(name) for name in missing(found, request.base))
    found += [Source(exact.read(json), document) for json, document in filter(None, beside)]
    with taken() as conn:
        facilities = registry.known(conn, {document.facility for document in documents})
    return Gathered(found, facilities, datetime.now(LOCAL).date())
