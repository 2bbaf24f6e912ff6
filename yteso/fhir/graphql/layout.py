"""The answer as @flatten, @first, @singleton and @slice want it (https://hl7.org/fhir/R4/graphql.html#list-management)."""

from collections.abc import Iterable
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    OperationDefinitionNode,
    SelectionNode,
)


Place = tuple[str | int, ...]
Selections = Iterable[SelectionNode]


class Layout:
    """`slices`: the names of the items of each field with @slice, by its place."""

    def __init__(self, document: DocumentNode, slices: dict[Place, list[str]]) -> None:
        self._slices = slices
        self._definitions = document.definitions
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }

    def laid_out(self, result: ExecutionResult, operation: str | None) -> ExecutionResult:
        operations = [one for one in self._definitions if isinstance(one, OperationDefinitionNode)]
        chosen = [one for one in operations if not operation or (one.name and one.name.value == operation)]
        if not result.data or not chosen:
            return result
        try:
            return ExecutionResult(self._object(chosen[0].selection_set.selections, result.data, ()), result.errors)
        except GraphQLError as error:
            return ExecutionResult(None, [*(result.errors or []), error])

    def _object(self, selections: Selections, data: dict[str, Any], place: Place) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for name, nodes in self._fields(selections).items():
            if name in data:
                self._field(found, nodes, name, data[name], (*place, name))
        return found

    def _fields(self, selections: Selections) -> dict[str, list[FieldNode]]:
        """The fields by their names in the answer; one that is asked for twice is one."""
        found: dict[str, list[FieldNode]] = {}
        for one in selections:
            if isinstance(one, FieldNode):
                found.setdefault(_name(one), []).append(one)
                continue
            inner = self._fragments[one.name.value] if isinstance(one, FragmentSpreadNode) else one
            for name, nodes in self._fields(inner.selection_set.selections).items():
                found.setdefault(name, []).extend(nodes)
        return found

    def _field(self, found: dict[str, Any], nodes: list[FieldNode], name: str, value: Any, place: Place) -> None:
        wanted = _directives(nodes)
        below = [one for node in nodes if node.selection_set for one in node.selection_set.selections]
        items = value if isinstance(value, list) else [value]
        names = self._slices.get(place, [""] * len(items))
        for number, item in enumerate(items[:1] if "first" in wanted else items):
            inside = (*place, number) if isinstance(value, list) else place
            shown = self._object(below, item, inside) if below and isinstance(item, dict) else item
            ending = f".{names[number]}" if names[number] else ""
            if "flatten" in wanted and isinstance(shown, dict):
                alone = self._alone(below)
                for inner, one in shown.items():
                    _gather(found, inner + ending, one, single=inner in alone)
            else:
                single = "singleton" in wanted or not isinstance(value, list)
                _gather(found, name + ending, shown if single else [shown], single=single)
        if value == [] and wanted.isdisjoint({"flatten", "singleton"}):
            found[name] = []

    def _alone(self, selections: Selections) -> set[str]:
        """The names below that stay one value when their field is flattened."""
        found = set()
        for name, nodes in self._fields(selections).items():
            wanted = _directives(nodes)
            if "flatten" in wanted:
                below = [one for node in nodes if node.selection_set for one in node.selection_set.selections]
                found |= self._alone(below)
            elif "singleton" in wanted:
                found.add(name)
        return found


def _gather(found: dict[str, Any], name: str, value: Any, *, single: bool) -> None:
    """One value under the name, or one more of a list."""
    if not single:
        values = value if isinstance(value, list) else [value]
        found.setdefault(name, []).extend(one for one in values if one is not None)
    elif found.get(name) is None:
        found[name] = value
    elif value is not None:
        raise GraphQLError(
            f"{name} có nhiều giá trị nên không dùng @singleton được. / "
            f"{name} has several values, so that @singleton is not possible."
        )


def _name(field: FieldNode) -> str:
    return field.alias.value if field.alias else field.name.value


def _directives(nodes: list[FieldNode]) -> set[str]:
    return {one.name.value for node in nodes for one in node.directives or ()}
