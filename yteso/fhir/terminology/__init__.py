"""Terminology: code systems by the day, value sets, concept maps; what searches and validation ask of them.

Pure but for the catalogues it reads. What was written over FHIR comes in through `Library.stored`.
"""

from yteso.fhir.terminology.compose import UnknownSet, Unlisted
from yteso.fhir.terminology.filters import FilterError
from yteso.fhir.terminology.library import Library
from yteso.fhir.terminology.questions import BUILT_IN, above, below, codings, hierarchical, members
from yteso.fhir.terminology.validating import Result, in_set, in_system


__all__ = [
    "BUILT_IN",
    "FilterError",
    "Library",
    "Result",
    "UnknownSet",
    "Unlisted",
    "above",
    "below",
    "codings",
    "hierarchical",
    "in_set",
    "in_system",
    "members",
]
