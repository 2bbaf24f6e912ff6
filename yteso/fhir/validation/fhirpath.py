"""FHIRPath by fhirpathpy, with what FHIR adds to the language and what the library lacks or does otherwise.

Source: https://hl7.org/fhir/R4/fhirpath.html (functions and variables of FHIR), FHIRPath N1.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from fhirpathpy import apply_parsed_path
from fhirpathpy.engine.nodes import ResourceNode, TypeInfo
from fhirpathpy.models import models
from fhirpathpy.parser import parse

from yteso.fhir.validation.scope import Scope


MODEL = models["r4"]
TypeInfo.model = MODEL  # the library sets it with the first `is`, and needs it before

Node = ResourceNode
"""A value with the path of its element in the definitions."""

CONSTANTS = {
    "ucum": "http://unitsofmeasure.org",
    "sct": "http://snomed.info/sct",
    "loinc": "http://loinc.org",
}

_MOMENT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d:\d\d)(:\d\d(?:\.\d+)?)?(Z|[+-]\d\d:\d\d)?)?)?)?")


class Unable(Exception):
    """The library cannot evaluate this."""


class Evaluator:
    """Evaluates expressions within one resource. `member_of`: is a value in the value set of this address?"""

    def __init__(self, scope: Scope, member_of: Callable[[Any, str], bool | None] = lambda value, url: None) -> None:
        self._scope, self._member_of = scope, member_of
        functions = {"resolve": {"fn": self._resolve, "arity": {0: []}}}
        functions["memberOf"] = {"fn": self._in_set, "arity": {1: ["String"]}}
        self._options = {"returnRawData": True, "userInvocationTable": _FUNCTIONS | functions}
        self._variables: dict[bool, dict[str, Any]] = {}
        self._merged: dict[int, Any] = {}

    def values(self, expression: str, value: Any, type: str) -> list[Any]:
        """What the expression gives for a value of this type. Raises Unable."""
        # The library takes what stands beside a primitive value as a second value.
        plain = "extension" not in expression
        value = self._plain(value) if plain else value
        # A resource comes as it is, so that an expression may begin with its type.
        node = value if isinstance(value, dict) and "resourceType" in value else Node(value, type)
        variables = self._known(plain) | {"context": node}
        try:
            found = apply_parsed_path(node, _parsed(expression), variables, MODEL, self._options)
        except RecursionError:
            raise
        except Exception as error:  # the library raises Exception itself
            raise Unable from error
        return [one.data if isinstance(one, Node) else one for one in found]

    def holds(self, expression: str, value: Any, type: str) -> bool:
        """Is this true of the value? What is unknown (an empty collection) is not."""
        found = self.values(expression, value, type)
        return bool(found) and False not in [one for one in found if isinstance(one, bool)]

    def _known(self, plain: bool) -> dict[str, Any]:
        if plain not in self._variables:
            whole = {"resource": self._scope.resource, "rootResource": self._scope.root}
            nodes = {name: Node(self._plain(one) if plain else one, None) for name, one in whole.items()}
            self._variables[plain] = CONSTANTS | nodes
        return self._variables[plain]

    def _plain(self, value: Any) -> Any:
        if id(value) not in self._merged:
            self._merged[id(value)] = merged(value)
        return self._merged[id(value)]

    def _resolve(self, found: list[Any]) -> list[Node]:
        resolved = [self._scope.resolve(one) for one in found]
        return [Node(self._plain(one), None) for one in resolved if one]

    def _in_set(self, found: list[Any], url: str) -> list[bool]:
        known = [self._member_of(one, url) for one in found]
        return [] if None in known else [all(known)]


@lru_cache(4096)
def _parsed(expression: str) -> Any:
    return parse(expression)


def merged(node: Any) -> Any:
    """JSON for the library: what stands beside a primitive value ("_birthDate") takes its place where it has none."""
    if isinstance(node, list):
        return [merged(one) for one in node]
    if not isinstance(node, dict):
        return node
    found = {}
    for name, value in node.items():
        if name[:1] != "_":
            beside = node.get(f"_{name}")
            found[name] = _filled(merged(value), beside) if isinstance(beside, list) else merged(value)
        elif name[1:] not in node:
            found[name[1:]] = merged(value)
    return found


def _filled(values: Any, beside: list) -> Any:
    if not isinstance(values, list) or len(values) != len(beside):
        return values
    return [merged(other) if value is None else value for value, other in zip(values, beside, strict=True)]


def _compared(holds: Callable[[int], bool]) -> dict[str, Any]:
    """An operator between two values. Quantities of one unit are compared by value, dates by the time they name."""

    def operator(left: Sequence[Any], right: Sequence[Any]) -> list[bool]:
        if len(left) != 1 or len(right) != 1:
            return []
        found = order(left[0], right[0].data if isinstance(right[0], Node) else right[0])
        return [] if found is None else [holds(found)]

    return {"fn": operator, "arity": {2: ["Any", "Any"]}, "nullable": True}


def order(left: Any, right: Any) -> int | None:
    """-1, 0 or 1; None when it cannot be known."""
    left, right = (getattr(one, "asStr", one) for one in (left, right))  # a date of the library's own
    if isinstance(left, dict) and isinstance(right, dict):
        units = [(one.get("system"), one.get("code") or one.get("unit")) for one in (left, right)]
        return order(left.get("value"), right.get("value")) if units[0] == units[1] else None
    if isinstance(left, str) and isinstance(right, str):
        moments = _MOMENT.fullmatch(left), _MOMENT.fullmatch(right)
        if all(moments):
            return _later(*moments)
    elif not (_number(left) and _number(right)):
        return None
    return (left > right) - (left < right)


def _number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)


def _later(left: re.Match, right: re.Match) -> int | None:
    """Moments by what their zones make of them; what has no time, or only one zone, by the days as they are written,
    as far as both go.
    """
    if left[4] and right[4] and bool(left[6]) == bool(right[6]):
        one, other = (datetime.fromisoformat(each[0].replace("Z", "+00:00")) for each in (left, right))
        return (one > other) - (one < other)
    for one, other in zip(left.groups()[:3], right.groups()[:3], strict=True):
        if one is None or other is None:
            return 0 if one == other else None
        if one != other:
            return 1 if one > other else -1
    return None if left[4] or right[4] else 0


_FUNCTIONS = {
    "hasValue": {"fn": lambda found: [len(found) == 1 and not isinstance(found[0], dict)], "arity": {0: []}},
    "trace": {"fn": lambda found, *_: found, "arity": {1: ["Any"], 2: ["Any", "Expr"]}},
    "htmlChecks": {"fn": lambda found: [True], "arity": {0: []}},  # looked at by yteso.fhir.structure
    "<": _compared(lambda order: order < 0),
    ">": _compared(lambda order: order > 0),
    "<=": _compared(lambda order: order <= 0),
    ">=": _compared(lambda order: order >= 0),
}
