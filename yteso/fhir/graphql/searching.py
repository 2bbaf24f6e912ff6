"""Searches within a query: `PatientList(name: "An")`, `ConditionConnection(_reference: "patient")`."""

from typing import Any
from urllib.parse import parse_qsl, urlsplit

from graphql import FieldNode, GraphQLError, GraphQLResolveInfo

from yteso.fhir import search
from yteso.fhir.graphql.source import Resource


def written(code: str) -> str:
    """A search parameter as it is written in GraphQL."""
    return code.replace("-", "_")


def listed(name: str, focus: Any, info: GraphQLResolveInfo, **arguments: Any) -> list[Resource]:
    """The resources of the first page."""
    return [edge["resource"] for edge in _edges(_bundle(name, focus, info, arguments))]


def page(name: str, focus: Any, info: GraphQLResolveInfo, **arguments: Any) -> dict[str, Any]:
    """A page, the number of all where it is asked for, and the cursor of the next page."""
    counted = any(isinstance(one, FieldNode) and one.name.value == "count" for one in _below(info))
    bundle = _bundle(name, focus, info, arguments | ({"_total": "accurate"} if counted else {}))
    links = {one["relation"]: _cursor(one["url"]) for one in bundle.get("link", ())}
    edges = _edges(bundle)
    return {"count": bundle.get("total"), "pagesize": len(edges), "next": links.get("next"), "edges": edges}


def _below(info: GraphQLResolveInfo) -> tuple[Any, ...]:
    selections = info.field_nodes[0].selection_set
    return selections.selections if selections else ()


def _bundle(name: str, focus: Any, info: GraphQLResolveInfo, arguments: dict[str, Any]) -> Resource:
    codes = {written(code): code for code in search.parameters(name)}
    reference = arguments.pop("_reference", None)
    parameters = [
        (codes.get(word, word), str(one))
        for word, values in arguments.items()
        for one in (values if isinstance(values, list) else [values])
        if one is not None
    ]
    if reference is not None:
        code = codes.get(written(reference))
        if not code or search.parameters(name)[code].type != "reference":
            raise GraphQLError(
                f"_reference là tên một tham số tham chiếu của {name}. / "
                f"_reference is the name of a reference parameter of {name}."
            )
        parameters.append((code, f"{focus['resourceType']}/{focus['id']}"))
    return info.context.search(name, parameters)


def _edges(bundle: Resource) -> list[dict[str, Any]]:
    entries = [one for one in bundle.get("entry", ()) if one.get("search", {}).get("mode") != "outcome"]
    return [one.get("search", {}) | {"resource": one["resource"]} for one in entries]


def _cursor(url: str) -> str | None:
    return dict(parse_qsl(urlsplit(url).query)).get("_cursor")
