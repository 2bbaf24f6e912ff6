"""The directives that FHIR adds to GraphQL (https://hl7.org/fhir/R4/graphql.html#list-management)."""

from graphql import DirectiveLocation, GraphQLArgument, GraphQLDirective, GraphQLNonNull, GraphQLString


_PLACE = [DirectiveLocation.FIELD]

SLICE = GraphQLDirective(
    "slice",
    _PLACE,
    {"path": GraphQLArgument(GraphQLNonNull(GraphQLString))},
    description="Each item under a name of its own, by what FHIRPath finds in it",
)
DIRECTIVES = (
    GraphQLDirective("flatten", _PLACE, description="The fields below take the place of this one"),
    GraphQLDirective("first", _PLACE, description="Only the first of the list"),
    GraphQLDirective("singleton", _PLACE, description="One value rather than a list"),
    SLICE,
)
