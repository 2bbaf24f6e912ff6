"""What the fields of a query are, taken from the resources."""

import re
from typing import Any

from graphql import GraphQLError, GraphQLResolveInfo, get_directive_values

from yteso.fhir.graphql.directives import SLICE
from yteso.fhir.graphql.source import ROOT, Resource, Source
from yteso.fhir.structure import references
from yteso.fhir.validation.fhirpath import Evaluator, Unable
from yteso.fhir.validation.scope import Scope


LONGEST = 200
"""Characters of a FHIRPath expression."""

_COSTLY = re.compile(r"\b(?:matches|replaceMatches|repeat|descendants|aggregate)\b")
_LITERAL = re.compile(r"([A-Z][A-Za-z]+)/([A-Za-z0-9\-.]{1,64})(?:/_history/[A-Za-z0-9\-.]{1,64})?")


def type_of(value: Resource, info: GraphQLResolveInfo, _type: Any) -> str:
    """The type of a resource, as far as the query knows it."""
    name = value.get("resourceType", "")
    return name if name in info.schema.type_map else "OtherResource"


def some(type: str, source: Resource, info: GraphQLResolveInfo, **arguments: Any) -> list[Any] | None:
    """The items of a list that are asked for: equal elements, then `fhirpath`, then `_offset` and `_count`."""
    found = source.get(info.field_name)
    if not isinstance(found, list):
        return None
    condition, offset, count = (arguments.pop(name, None) for name in ("fhirpath", "_offset", "_count"))
    found = [one for one in found if all(isinstance(one, dict) and one.get(k) == v for k, v in arguments.items())]
    if condition:
        found = [one for one in found if _values(condition, one, type)[:1] == [True]]
    if (offset or 0) < 0 or (count or 0) < 0:
        raise GraphQLError("_offset và _count không âm. / _offset and _count are not negative.")
    found = found[offset or 0 :]
    found = found if count is None else found[:count]
    _sliced(found, type, info)
    return found


def target(source: Resource, info: GraphQLResolveInfo, optional: bool = False, type: str = "") -> Resource | None:
    """What a reference points at, of this type only; nothing where that is `optional` and cannot be had."""
    if type and references.type_of(source) not in (type, None):
        return None
    try:
        found = _contained(source) if ROOT in source else _read(info.context, source)
    except GraphQLError:
        if optional:
            return None
        raise
    return found if not type or found.get("resourceType") == type else None


def _contained(reference: Resource) -> Resource:
    root, id = reference[ROOT], reference["reference"][1:]
    if not id:
        return root
    found = next((one for one in root["contained"] if one.get("id") == id), None)
    if not found:
        raise _unresolved()
    return found


def _read(source: Source, reference: Resource) -> Resource:
    literal = _LITERAL.fullmatch(str(reference.get("reference", "")).removeprefix(source.base))
    if not literal:
        raise _unresolved()
    return source.read(literal[1], literal[2])


def _unresolved() -> GraphQLError:
    return GraphQLError(
        "Tham chiếu này không trỏ tới tài nguyên nào ở đây; dùng resource(optional: true) để bỏ qua. / "
        "This reference points at no resource here; resource(optional: true) passes over it.",
        extensions={"code": "not-found"},
    )


def _sliced(found: list[Any], type: str, info: GraphQLResolveInfo) -> None:
    """Keep the names that @slice gives the items, for the layout of the answer."""
    if asked := get_directive_values(SLICE, info.field_nodes[0], info.variable_values):
        names = [_values(asked["path"], one, type) for one in found]
        info.context.slices[tuple(info.path.as_list())] = [str(one[0]) if one else "" for one in names]


def _values(expression: str, value: Any, type: str) -> list[Any]:
    if len(expression) > LONGEST or _COSTLY.search(expression):
        raise GraphQLError("FHIRPath quá dài hoặc quá nặng. / The FHIRPath is too long, or costs too much.")
    scope = Scope(value, value) if isinstance(value, dict) else Scope({}, {})
    try:
        return Evaluator(scope).values(expression, value, type)
    except Unable:
        raise GraphQLError("FHIRPath không đọc được. / The FHIRPath cannot be evaluated.") from None
