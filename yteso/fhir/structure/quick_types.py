"""msgspec types made from the definitions."""

from collections.abc import Callable
from decimal import Decimal
from functools import cache
from typing import Annotated, Any, Literal

import msgspec
from msgspec import UNSET, Meta, Raw, Struct, UnsetType
from msgspec.structs import astuple

from yteso.fhir.definitions import COMPLEX, PRIMITIVES, RESOURCES, Element, Structure, codes, structure
from yteso.fhir.structure import narrative
from yteso.fhir.structure.primitives import INTEGERS, LONGEST


_DAY = (
    r"[12][0-9]{3}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)"
    r"|02-(?:0[1-9]|1[0-9]|2[0-8]))"
)
_MONTH = r"[12][0-9]{3}(?:-(?:0[1-9]|1[0-2]))?"
_TIME = r"(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]+)?"
_ZONED = rf"T{_TIME}(?:Z|[+-](?:0[0-9]|1[0-3]):[0-5][0-9])"
_NAME = r"[A-Za-z0-9\-.]{1,64}"

_FORMS = {
    "date": rf"(?:{_DAY}|{_MONTH})",
    "dateTime": rf"(?:{_DAY}(?:{_ZONED})?|{_MONTH})",
    "instant": _DAY + _ZONED,
    "time": _TIME,
    "id": _NAME,
    "oid": PRIMITIVES["oid"],
    "uuid": PRIMITIVES["uuid"],
    "base64Binary": r"(?:[0-9A-Za-z+/]{4})*[0-9A-Za-z+/]{2}(?:==|[0-9A-Za-z+/][0-9A-Za-z+/=])",
}

CLOSED = frozenset({"code", "uri", "url", "canonical"})
"""Types without white space. Nearly every text is of one of them, and a regular expression for each would take longer
than all the rest: the quick look sees to it once for the whole resource.
"""

_SELDOM = COMPLEX - {
    *("Address", "Age", "CodeableConcept", "Coding", "ContactPoint", "Duration", "HumanName", "Identifier", "Money"),
    *("Period", "Quantity", "Range", "Reference"),
} | {"canonical", "id", "oid", "time", "url", "uuid"}
"""Types of the value of an extension that are left to the walk: the fewer there may be, the faster it is read."""

_BESIDE = {"Patient": ["birthDate"]}
"""Primitive elements that often have an extension ("_birthDate", the time of birth)."""

Nested = Callable[[Raw], bool]
"""Is a resource within a resource certainly right?"""

_made: dict[tuple[str, frozenset[str]], type[Struct]] = {}


def struct(name: str, nested: Nested, targets: frozenset[str] = frozenset()) -> type[Struct]:
    """The type of a structure; of a Reference that may point at these types of resource.

    One thread at a time: types that are half made are known to others.
    """
    if made := _made.get((name, targets)):
        return made
    of = structure(name)
    keys = [key for key in _keys(of) if key != "id"] + ["id"]
    beside = [f"_{key}" for key in _BESIDE.get(name, ())]
    required = {key for key, (element, _) in of.keys.items() if element.min and len(element.types) == 1}
    made = _made[name, targets] = msgspec.defstruct(
        name.replace(".", "_"),
        [(key, Any) if key in required else (key, Any, UNSET) for key in (*keys, *beside)],
        namespace=_rules(of, keys, nested),
        kw_only=True,
        forbid_unknown_fields=True,
        eq=False,
        gc=False,
        **({"tag_field": "resourceType", "tag": name} if name in RESOURCES else {}),
    )
    # Only now, because types contain themselves.
    for key in beside:
        made.__annotations__[key] = struct("Element", nested) | UnsetType
    for key in keys:
        element, type = of.keys[key]
        kind = _target_field(key, targets) if targets and key in ("reference", "type") else _kind(element, type, nested)
        kind = Annotated[list[kind], Meta(min_length=1)] if element.many else kind
        made.__annotations__[key] = kind if key in required else kind | UnsetType
    return made


def _kind(element: Element, type: str, nested: Nested) -> Any:
    if type == "Resource":
        return Raw
    if type not in PRIMITIVES:
        return struct(type, nested, element.targets if type == "Reference" else frozenset())
    if type == "boolean":
        return bool
    if type == "decimal":
        return Decimal
    if type in INTEGERS:
        low, high = INTEGERS[type]
        return Annotated[int, Meta(ge=low, le=high)]
    if element.codes and (allowed := codes(element.codes)):
        return Literal[tuple(sorted(allowed.codes))]
    if element.path == "Reference.reference":
        return _text(rf"(?:[^#]|#(?:{_NAME})?\Z)")
    return _text(rf"(?:{_FORMS[type]})\Z") if type in _FORMS else Annotated[str, Meta(min_length=1, max_length=LONGEST)]


def _keys(of: Structure) -> list[str]:
    """The names that are looked at."""
    return [key for key, (one, type) in of.keys.items() if one.path != "Extension.value" or type not in _SELDOM]


@cache
def spacious(type: str) -> frozenset[bytes]:
    """Names in JSON whose values may hold white space wherever they stand in a resource of this type."""
    names: dict[str, set[str]] = {}
    seen, waiting = set(), [structure(type), structure("Element")]
    while waiting:
        of = waiting.pop()
        if of.name not in seen:
            seen.add(of.name)
            for key in _keys(of):
                kind = of.keys[key][1]
                if kind in PRIMITIVES:
                    names.setdefault(key, set()).add(kind)
                elif kind != "Resource":
                    waiting.append(structure(kind))
    return frozenset(key.encode() for key, kinds in names.items() if kinds.isdisjoint(CLOSED))


def _text(pattern: str) -> Any:
    return Annotated[str, Meta(pattern=f"(?a)^{pattern}")]


def _target_field(key: str, targets: frozenset[str]) -> Any:
    if key == "type":
        return Literal[tuple(sorted(targets))]
    there = f"(?:{'|'.join(sorted(targets))})/{_NAME}(?:/_history/{_NAME})?"
    return _text(rf"(?:{there}|https?://\S+/{there}|urn:uuid:\S+)\Z")


def _rules(of: Structure, keys: list[str], nested: Nested) -> dict[str, object]:
    """The namespace of a type: what holds for an object as a whole."""
    if of.name == "Extension":
        return {"__post_init__": _extension_rule(len(keys))}
    if of.name == "Narrative":
        rules = [lambda values: not narrative.problems(values[keys.index("div")], "")]
    else:
        elements = [element for element in of.elements.values() if element.name != "contained"]
        rules = [rule for element in elements for rule in _element_rules(element, keys, nested)]

    def __post_init__(self: Struct) -> None:
        values = astuple(self)
        for rule in rules:
            if not rule(values):
                raise ValueError

    return {"__post_init__": __post_init__} if rules else {}


def _extension_rule(fields: int) -> Callable[[Struct], None]:
    """Beside the url, and perhaps an id: extensions or one value."""

    def __post_init__(self: Struct) -> None:
        if fields - astuple(self).count(UNSET) != (2 if self.id is UNSET else 3):
            raise ValueError

    return __post_init__


def _element_rules(element: Element, keys: list[str], nested: Nested) -> list[Callable[[tuple], bool]]:
    """What holds for the fields of a type, in their order, where the types of the fields cannot say it."""
    at = keys.index(element.key(element.types[0]))
    if len(element.types) > 1:
        stop, allowed = at + len(element.types), ({1} if element.min else {0, 1})
        return [lambda values: stop - at - values[at:stop].count(UNSET) in allowed]
    if element.types == ("Resource",):
        return [lambda values: values[at] is UNSET or nested(values[at])]
    if element.types == ("CodeableConcept",) and element.codes and (allowed := codes(element.codes)):
        return [lambda values: values[at] is UNSET or _within(values[at], allowed.codings)]
    return []


def _within(concept: Any, allowed: frozenset[tuple[str, str]]) -> bool:
    return concept.coding is not UNSET and any((one.system, one.code) in allowed for one in concept.coding)
