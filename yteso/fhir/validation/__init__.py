"""$validate: is this resource good, by its type, its bindings, its invariants and its profiles?"""

from yteso.fhir.validation.checking import Validator


__all__ = ["Validator"]
