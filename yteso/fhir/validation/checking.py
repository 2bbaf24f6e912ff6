"""All that $validate looks at (https://hl7.org/fhir/R4/validation.html): structure first, then what it takes FHIRPath,
terminology and profiles to see.
"""

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from yteso.fhir.definitions import RESOURCES
from yteso.fhir.structure import Issue, check
from yteso.fhir.structure.issues import issue as structural
from yteso.fhir.validation import invariants
from yteso.fhir.validation.fhirpath import Evaluator, merged
from yteso.fhir.validation.places import places


def validate(data: bytes) -> list[Issue]:
    """Every problem of one resource in JSON (UTF-8); empty when nothing at all is to be said."""
    found = check(data)
    try:
        resource = json.loads(data, parse_float=Decimal)
        if isinstance(resource, dict) and resource.get("resourceType") in RESOURCES:
            found += _beyond(merged(resource))
    except ValueError:
        pass  # no JSON: the structure has said so
    except RecursionError:
        found.append(structural("", "too-deep"))
    return list(dict.fromkeys(found))


def _beyond(resource: dict[str, Any]) -> Iterator[Issue]:
    yield from _resource(resource, resource["resourceType"], resource)


def _resource(resource: dict[str, Any], at: str, root: dict[str, Any]) -> Iterator[Issue]:
    """`root` is the resource that contains it, or itself (%rootResource)."""
    evaluator = Evaluator(resource, root, {})
    for place in places(resource, resource["resourceType"], at):
        if place.type != "Resource":
            yield from invariants.problems(evaluator, place)
        elif place.value.get("resourceType") in RESOURCES:
            contained = place.path.endswith(".contained")
            yield from _resource(place.value, place.at, root if contained else place.value)
