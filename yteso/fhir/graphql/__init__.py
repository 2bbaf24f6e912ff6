"""GraphQL over FHIR R4 (https://hl7.org/fhir/R4/graphql.html), reading only.

    answer = run({"query": "{ Patient(id: \\"1\\") { birthDate } }"}, fetch)

Every resource comes through `fetch`, which is the REST door of the server: nothing is read here in a way of its own.
"""

from yteso.fhir.graphql.running import run
from yteso.fhir.graphql.source import Fetch, Refused


__all__ = ["Fetch", "Refused", "run"]
