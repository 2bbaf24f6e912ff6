"""The schema of a query: searches and resources of the types that it names, and all data types they lead to."""

import re
from functools import lru_cache, partial
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLField,
    GraphQLID,
    GraphQLInt,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    GraphQLString,
    specified_directives,
)

from yteso.fhir import search
from yteso.fhir.definitions import RESOURCES
from yteso.fhir.graphql import searching, types
from yteso.fhir.graphql.directives import DIRECTIVES
from yteso.fhir.graphql.source import too_much


KEPT = 50
"""Schemas kept in memory."""

MOST = 30
"""Types of resource in one query."""

_WORD = re.compile(r"[A-Z][A-Za-z]+")


def named(query: str) -> frozenset[str]:
    """The types of resource that a query may speak of; all for questions about the schema itself. Raises GraphQLError
    when they are too many.
    """
    if "__schema" in query or "__type(" in query.replace(" ", ""):
        return RESOURCES
    words = {word.removesuffix(end) for word in _WORD.findall(query) for end in ("", "List", "Connection")}
    found = RESOURCES.intersection(words)
    if len(found) > MOST:
        raise too_much("loại tài nguyên", "types of resource", MOST)
    return found


@lru_cache(KEPT)
def schema(names: frozenset[str], instance: str = "") -> GraphQLSchema:
    """`instance`: the type of the resource that the query starts at; "" for the whole server."""
    made: dict[str, GraphQLObjectType] = {}

    def searches(reference: bool) -> dict[str, GraphQLField]:
        found = {}
        for name in sorted(names):
            arguments = _arguments(name, reference)
            found[f"{name}List"] = GraphQLField(GraphQLList(made[name]), arguments, partial(searching.listed, name))
            found[f"{name}Connection"] = GraphQLField(pages[name], arguments, partial(searching.page, name))
        return found

    for name in names | ({instance} if instance else set()):
        # All types that lead to all types would be too much to show.
        made[name] = types.resource(name, partial(searches, reference=True) if names != RESOURCES else dict)
    pages = {name: _page(name, made[name]) for name in names}
    if instance:
        query = made[instance]
    else:
        query = GraphQLObjectType("Query", lambda: _reads(made) | searches(reference=False))
    known = [types.OTHER_RESOURCE, *made.values()]
    return GraphQLSchema(query, types=known, directives=[*specified_directives, *DIRECTIVES], assume_valid=True)


def _reads(made: dict[str, GraphQLObjectType]) -> dict[str, GraphQLField]:
    one = {"id": GraphQLArgument(GraphQLNonNull(GraphQLID))}
    return {name: GraphQLField(type, one, partial(_read, name)) for name, type in made.items()}


def _read(name: str, _root: Any, info: GraphQLResolveInfo, id: str) -> dict[str, Any]:
    return info.context.read(name, id)


def _arguments(name: str, reference: bool) -> dict[str, GraphQLArgument]:
    """The search parameters, `_` for `-`; `_reference` names the one that points at where the search starts."""
    found = {searching.written(code): GraphQLArgument(GraphQLList(GraphQLString)) for code in search.parameters(name)}
    own = {word: GraphQLArgument(GraphQLString) for word in ("_sort", "_filter", "_cursor")}
    own |= {"_count": GraphQLArgument(GraphQLInt)}
    return found | own | ({"_reference": GraphQLArgument(GraphQLNonNull(GraphQLString))} if reference else {})


def _page(name: str, resource: GraphQLObjectType) -> GraphQLObjectType:
    edge = GraphQLObjectType(
        f"{name}Edge",
        {
            "mode": GraphQLField(GraphQLString),
            "score": GraphQLField(types.DECIMAL),
            "resource": GraphQLField(resource),
        },
    )
    cursors = {word: GraphQLField(GraphQLID) for word in ("first", "previous", "next", "last")}
    numbers = {word: GraphQLField(GraphQLInt) for word in ("count", "offset", "pagesize")}
    return GraphQLObjectType(f"{name}Connection", numbers | cursors | {"edges": GraphQLField(GraphQLList(edge))})
