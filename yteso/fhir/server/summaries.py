"""Patient/$summary: the International Patient Summary of a record (https://hl7.org/fhir/uv/ips)."""

from datetime import datetime
from uuid import UUID

from yteso import registry
from yteso.fhir.documents import exact
from yteso.fhir.documents.summary import PROFILES, TYPES, Gathered, Source, summary
from yteso.fhir.server import identity, inputs, person, queries
from yteso.fhir.server.faults import not_found, wrong
from yteso.fhir.server.node import taken
from yteso.fhir.server.requests import Answer, Request
from yteso.record import Document, named
from yteso.record.document import LOCAL


DEFINITION = "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"

_LOOKS = {"_format", "_pretty"}


def of_patient(request: Request) -> Answer:
    inputs.simple(request)
    return _summary(request, named(request.values["id"]), {"profile"})


def of_identifier(request: Request) -> Answer:
    """Of the one person with `identifier`."""
    inputs.simple(request)
    identifier = request.one("identifier")
    if not identifier:
        raise wrong("Thêm identifier=hệ-thống|số.", "Add identifier=system|value.")
    person.permit(request, "Patient")
    return _summary(request, identity.subject(identifier), {"profile", "identifier"})


def _summary(request: Request, subject: UUID | None, known: set[str]) -> Answer:
    person.permit(request, "Patient")
    queries.leave_out(request, "$summary", (name for name, _ in queries.others(request, known | _LOOKS)))
    profile = request.one("profile")
    if profile and profile not in PROFILES:
        raise wrong(f"profile là một trong: {', '.join(PROFILES)}.", f"profile is one of: {', '.join(PROFILES)}.")
    allowed = request.client.types
    gathered = _gathered(person.record(request, subject), TYPES if allowed is None else TYPES & allowed)
    if not gathered.patients:
        raise not_found()
    return Answer(summary(gathered, allowed))


def _gathered(documents: list[Document], types: frozenset[str]) -> Gathered:
    found = [Source(exact.read(json), document) for document, (_, _, json) in person.resources(documents, types)]
    with taken() as conn:
        facilities = registry.known(conn, {document.facility for document in documents})
    return Gathered(found, facilities, datetime.now(LOCAL).date())
