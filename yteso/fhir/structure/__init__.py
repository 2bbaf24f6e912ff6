"""Is this a sound FHIR R4 resource? Elements, cardinality, types, forms, codes, references."""

from yteso.fhir.structure.checking import check
from yteso.fhir.structure.issues import Issue


__all__ = ["Issue", "check"]
