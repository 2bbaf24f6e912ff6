"""The check: a quick look that accepts what is certainly right, and a walk that finds all that is wrong."""

from yteso.fhir.structure import reading
from yteso.fhir.structure.issues import Issue, issue
from yteso.fhir.structure.quick import certain
from yteso.fhir.structure.walker import Walker


def check(data: bytes) -> list[Issue]:
    """Every problem of one resource in JSON (UTF-8); empty when it is valid.

    Looked at: the form of the JSON (json.html), names, cardinality, types, forms of primitive types, codes of required
    bindings, types of reference targets, and the invariants ele-1, ext-1, ref-1, txt-1, txt-2 and dom-2 to dom-5.
    """
    return [] if certain(data) else walk(data)


def walk(data: bytes) -> list[Issue]:
    """The same without the quick look."""
    walker = Walker()
    try:
        walker.resource(reading.read(data))
    except reading.Unreadable as error:
        return [error.issue]
    except RecursionError:
        return [issue("", "too-deep")]
    return walker.issues
