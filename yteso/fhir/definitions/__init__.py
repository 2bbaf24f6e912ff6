"""The FHIR R4 (4.0.1) types as data: what `data/README.md` describes, read when a type is first met."""

from yteso.fhir.definitions.codes import Codes, codes
from yteso.fhir.definitions.files import DATA
from yteso.fhir.definitions.types import COMPLEX, PRIMITIVES, RESOURCES, Element, Structure, structure


__all__ = [
    "COMPLEX",
    "DATA",
    "PRIMITIVES",
    "RESOURCES",
    "Codes",
    "Element",
    "Structure",
    "codes",
    "structure",
]
