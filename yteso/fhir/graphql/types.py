"""The types of GraphQL made of the definitions of FHIR, each when it is first met.

Data types and parts of resources are made once. Resources are made for a query, because they lead to searches for the
other resources of the query.
"""

from collections.abc import Callable
from functools import cache, partial
from typing import Any

from graphql import (
    GraphQLArgument,
    GraphQLBoolean,
    GraphQLField,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLString,
)

from yteso.fhir.definitions import PRIMITIVES, RESOURCES, Element, structure
from yteso.fhir.graphql import resolving


Fields = dict[str, GraphQLField]

DECIMAL = GraphQLScalarType("decimal", description="A number that keeps its digits: 1.50")
OTHER = "OtherResource"
"""A resource of a type that the query does not name."""

_SCALARS = {
    "boolean": GraphQLBoolean,
    **dict.fromkeys(("integer", "positiveInt", "unsignedInt"), GraphQLInt),
    "decimal": DECIMAL,
}
_EVERY = {
    "resourceType": GraphQLField(GraphQLNonNull(GraphQLString)),
    "id": GraphQLField(GraphQLString),
    "implicitRules": GraphQLField(GraphQLString),
    "language": GraphQLField(GraphQLString),
}
_LIST = {
    "fhirpath": GraphQLArgument(GraphQLString),
    "_count": GraphQLArgument(GraphQLInt),
    "_offset": GraphQLArgument(GraphQLInt),
}


def _every() -> Fields:
    return _EVERY | {"meta": GraphQLField(data_type("Meta"))}


RESOURCE = GraphQLInterfaceType("Resource", _every, resolve_type=resolving.type_of)
OTHER_RESOURCE = GraphQLObjectType(OTHER, _every, interfaces=[RESOURCE])


def resource(name: str, searches: Callable[[], Fields]) -> GraphQLObjectType:
    """The type of a resource, whose fields are its elements and the searches that start at it."""

    def fields() -> Fields:
        return {"resourceType": _EVERY["resourceType"]} | _elements(name) | searches()

    return GraphQLObjectType(name, fields, interfaces=[RESOURCE])


@cache
def data_type(name: str) -> GraphQLObjectType:
    """Of a data type, or of a part of a resource: `Patient_contact`."""
    return GraphQLObjectType(name.replace(".", "_"), partial(_elements, name))


def scalar(type: str) -> GraphQLScalarType:
    return _SCALARS.get(type, GraphQLString)


def _elements(name: str) -> Fields:
    found: Fields = {}
    for key, (element, type) in structure(name).keys.items():
        found[key] = _field(element, type)
        if type in PRIMITIVES and type != "xhtml" and not (key == "id" and name not in RESOURCES):
            beside = data_type("Element")
            found[f"_{key}"] = GraphQLField(GraphQLList(beside) if element.many else beside)
    if name == "Reference":
        arguments = {"optional": GraphQLArgument(GraphQLBoolean), "type": GraphQLArgument(GraphQLString)}
        found["resource"] = GraphQLField(RESOURCE, arguments, resolving.target)
    return found


def _field(element: Element, type: str) -> GraphQLField:
    if type == "Resource":
        kind: Any = RESOURCE
    else:
        kind = scalar(type) if type in PRIMITIVES else data_type(type)
    if not element.many:
        return GraphQLField(kind)
    return GraphQLField(GraphQLList(kind), _LIST | _equals(type), partial(resolving.some, type))


def _equals(type: str) -> dict[str, GraphQLArgument]:
    """`name(use: "official")`: elements with one simple value by which a list can be narrowed."""
    if type == "Resource" or type in PRIMITIVES:
        return {}
    simple = ((key, kind) for key, (one, kind) in structure(type).keys.items() if kind in PRIMITIVES and not one.many)
    return {key: GraphQLArgument(scalar(kind)) for key, kind in simple}
