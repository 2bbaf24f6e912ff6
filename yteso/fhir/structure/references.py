"""What a literal reference points at (references.html#literal)."""

import re


# Relative, absolute, of a version, or conditional (a search, within a transaction).
_LITERAL = re.compile(
    r"(?:https?://\S+/)?([A-Z][A-Za-z]+)(?:/[A-Za-z0-9\-.]{1,64}(?:/_history/[A-Za-z0-9\-.]{1,64})?|\?\S+)"
)

_DEFINITION = "http://hl7.org/fhir/StructureDefinition/"


def type_of(reference: dict) -> str | None:
    """The type that a Reference names, or None: it does not say, or is local to its resource."""
    literal = reference.get("reference")
    if isinstance(literal, str) and (found := _LITERAL.fullmatch(literal)):
        return found[1]
    stated = reference.get("type")
    return stated.removeprefix(_DEFINITION) if isinstance(stated, str) else None
