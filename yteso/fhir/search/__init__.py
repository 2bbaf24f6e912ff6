"""Search without a database: what a FHIR search means, and whether a resource is what it looks for.

    query = parse("Observation", [("code", "8867-4"), ("date", "ge2026")], strict=True)
    found = [resource for resource in decoded if query.matches(resource)]

The official search parameters of FHIR R4 are compiled to plain functions over decoded JSON. The same functions give
the words of an index (`words`, looked for by `probes`) and check what it finds (`Query.matches`), so they cannot
disagree.
"""

from yteso.fhir.search.conditions import Condition
from yteso.fhir.search.criteria import FORGIVEN
from yteso.fhir.search.definitions import ANY, Parameter, compartment, parameters, resource_types
from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.filters import FILTER
from yteso.fhir.search.index import tokens, words
from yteso.fhir.search.links import Chain, Has
from yteso.fhir.search.needles import Needles, needles
from yteso.fhir.search.parse import parse, tied
from yteso.fhir.search.probes import known, probe, probes
from yteso.fhir.search.query import Query
from yteso.fhir.search.results import Include, Results


__all__ = [
    "ANY",
    "FILTER",
    "FORGIVEN",
    "Chain",
    "Condition",
    "Has",
    "Include",
    "Needles",
    "Parameter",
    "Query",
    "Results",
    "SearchError",
    "compartment",
    "known",
    "needles",
    "parameters",
    "parse",
    "probe",
    "probes",
    "resource_types",
    "tied",
    "tokens",
    "words",
]
