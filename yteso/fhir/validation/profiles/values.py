"""The values of an element as a profile names it, each with its type; and whether a value is what a profile says."""

from dataclasses import dataclass
from typing import Any

from yteso.fhir.definitions import PRIMITIVES, structure
from yteso.fhir.validation.places import items


_PLAIN = {"SimpleQuantity": "Quantity", "MoneyQuantity": "Quantity"}


@dataclass(frozen=True, slots=True)
class Value:
    """`beside` is what stands beside a primitive value (its id and extensions); `value` is None where only that is."""

    value: Any
    type: str
    at: str
    beside: Any = None

    @property
    def node(self) -> Any:
        """The object whose elements can be looked at."""
        return self.beside if self.type in PRIMITIVES else self.value


def children(parent: Value, name: str) -> list[Value]:
    """The values of the element `name`: "code", "value[x]" or, of one type only, "valueQuantity"."""
    node = parent.node
    if not isinstance(node, dict):
        return []
    of = structure("Element" if parent.type in PRIMITIVES else _type(parent))
    plain = name.removesuffix("[x]")
    found = []
    for key, (element, type) in of.keys.items():
        if key == plain or element.name == plain:
            found += _values(node, key, _PLAIN.get(type, type), f"{parent.at}.{element.name}")
    return found


def _type(parent: Value) -> str:
    return parent.value.get("resourceType", parent.type)


def _values(node: dict[str, Any], key: str, type: str, at: str) -> list[Value]:
    if type not in PRIMITIVES:
        found = items(node[key], at) if key in node else []
        return [Value(one, _resource_type(one) if type == "Resource" else type, there) for one, there in found]
    values = items(node.get(key), at) if key in node else []
    beside = items(node.get(f"_{key}"), at) if f"_{key}" in node else []
    return [
        Value(
            values[number][0] if number < len(values) else None,
            type,
            (values if number < len(values) else beside)[number][1],
            beside[number][0] if number < len(beside) else None,
        )
        for number in range(max(len(values), len(beside)))
    ]


def _resource_type(value: Any) -> str:
    return value.get("resourceType", "Resource") if isinstance(value, dict) else "Resource"


def fits(value: Any, pattern: Any) -> bool:
    """Has the value at least all that the pattern has (ElementDefinition.pattern[x])?"""
    if isinstance(pattern, dict):
        return isinstance(value, dict) and all(name in value and fits(value[name], pattern[name]) for name in pattern)
    if isinstance(pattern, list):
        return isinstance(value, list) and all(any(fits(one, wanted) for one in value) for wanted in pattern)
    return same(value, pattern)


def same(value: Any, fixed: Any) -> bool:
    """Equal in JSON, where true is not 1."""
    return value == fixed and isinstance(value, bool) == isinstance(fixed, bool)
