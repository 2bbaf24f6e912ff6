"""Terminology: code systems by the day, value sets, concept maps; what searches and validation ask of them.

Pure but for the catalogues it reads. What was written over FHIR comes in through `Library.stored`.
"""

from yteso.fhir.terminology.compose import Member, Sets, UnknownSet, Unlisted
from yteso.fhir.terminology.expanding import Expansion, TooMany, Wanted, expand
from yteso.fhir.terminology.filters import FilterError
from yteso.fhir.terminology.library import Library
from yteso.fhir.terminology.maps import ConceptMap, Match, translate
from yteso.fhir.terminology.questions import BUILT_IN, above, below, codings, hierarchical, members
from yteso.fhir.terminology.systems import Concept, System
from yteso.fhir.terminology.validating import Result, in_set, in_system


__all__ = [
    "BUILT_IN",
    "Concept",
    "ConceptMap",
    "Expansion",
    "FilterError",
    "Library",
    "Match",
    "Member",
    "Result",
    "Sets",
    "System",
    "TooMany",
    "UnknownSet",
    "Unlisted",
    "Wanted",
    "above",
    "below",
    "codings",
    "expand",
    "hierarchical",
    "in_set",
    "in_system",
    "members",
    "translate",
]
