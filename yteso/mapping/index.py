"""What mapped resources are found by across everybody, beside their codes; told from the finished JSON.

Every coding of an `indexed` system is a word already (`compiler`). What is covered here and there is all that the index
knows of mapped resources: a search by anything else has to look at them.
"""

from collections.abc import Iterable
from functools import cache

import orjson

from yteso.mapping.templates import all_templates
from yteso.people.text import fold
from yteso.record.words import INDEXED, of_beginnings, of_day, of_type, of_value


CODED = {
    "AllergyIntolerance": {"code"},
    "Condition": {"code"},
    "DiagnosticReport": {"code"},
    "MedicationDispense": {"code"},
    "MedicationRequest": {"code"},
    "Observation": {"code", "combo-code", "component-code"},
    "Procedure": {"code", "reason-code"},
    "ServiceRequest": {"code"},
}
"""Search parameters all of whose codes are of indexed systems."""

VALUED = {
    "Encounter": {"identifier"},
    "Patient": {"birthdate", "family", "given", "identifier", "name", "phone", "telecom"},
}
"""Search parameters all of whose values are words here."""

NEVER = {"_profile", "_source", "_tag"}
"""Search parameters that no mapped resource has a value of."""


@cache
def resource_types() -> frozenset[str]:
    """The types that visits are mapped to."""
    return frozenset({one.resource_type for one in all_templates()} | {"AllergyIntolerance", "Patient"})


@cache
def _identified() -> frozenset[str]:
    """The types that are mapped with identifiers of their own."""
    return frozenset({one.resource_type for one in all_templates() if "identifier" in one.body} | {"Patient"})


def covers(type: str, parameter: str) -> bool:
    """Whether the words of documents tell all there is of a parameter in mapped resources of a type."""
    return (
        type not in resource_types()
        or parameter in NEVER
        or (parameter == "identifier" and type not in _identified())
        or parameter in CODED.get(type, ())
        or parameter in VALUED.get(type, ())
    )


def visit_words(kinds: Iterable[str], encounter: bytes) -> set[int]:
    """The types of a visit's resources, and the numbers that its facility knows it by."""
    return {INDEXED, *map(of_type, kinds), *_identifiers("Encounter", orjson.loads(encounter))}


def patient_words(json: bytes) -> set[int]:
    """The numbers of a patient, the words of the name, birth and telephone."""
    told = orjson.loads(json)
    words = {INDEXED, of_type("Patient"), *_identifiers("Patient", told)}
    words.update(of_day("Patient", "birthdate", told.get("birthDate", "")))
    for name in told.get("name", ()):
        for text in (name.get("text", ""), name.get("family", ""), *name.get("given", ())):
            for word in fold(text).split():
                words.update(of_beginnings("Patient", "name", word))
    for contact in told.get("telecom", ()):
        words.update(of_value("Patient", parameter, contact["value"]) for parameter in ("phone", "telecom"))
    return words


def _identifiers(kind: str, told: dict) -> list[int]:
    return [of_value(kind, "identifier", one["value"]) for one in told.get("identifier", ()) if "value" in one]
