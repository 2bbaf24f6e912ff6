"""One query: read, held against its schema and its limits, run, and laid out as its directives say."""

import logging
from typing import Any

from graphql import (
    DocumentNode,
    ExecutionResult,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    SelectionSetNode,
    execute_sync,
    parse,
    validate,
)

from yteso.fhir.graphql.layout import Layout
from yteso.fhir.graphql.schemas import named, schema
from yteso.fhir.graphql.source import Fetch, Resource, Source, rooted, too_much


log = logging.getLogger(__name__)

LONGEST = 20_000
"""Characters of a query."""
TOKENS = 4_000
DEEPEST, FIELDS = 20, 1_000
"""Fields within fields, and all fields with those of the fragments."""
ERRORS = 10


def run(asked: dict[str, Any], fetch: Fetch, focus: Resource | None = None, base: str = "") -> dict[str, Any]:
    """`data` and `errors` of a request (`query`, `variables`, `operationName`); `focus` is the resource it starts at.

    `base` is the address of the server, as it may stand in references.
    """
    query, variables, operation = (asked.get(name) for name in ("query", "variables", "operationName"))
    if not isinstance(query, str) or not isinstance(variables or {}, dict) or not isinstance(operation or "", str):
        return _failed(
            GraphQLError(
                "Cần query là chuỗi, variables là đối tượng. / query must be a text, variables an object.",
            )
        )
    if len(query) > LONGEST:
        return _failed(too_much("ký tự", "characters", LONGEST))
    try:
        document = parse(query, max_tokens=TOKENS)
        made = schema(named(query), focus["resourceType"] if focus else "")
    except GraphQLError as error:
        return _failed(error)
    if errors := validate(made, document, max_errors=ERRORS) or _beyond(document):
        return _failed(*errors)
    source = Source(fetch, base)
    root = rooted(focus) if focus else None
    found = execute_sync(made, document, root, source, variables or {}, operation or None)
    return _told(Layout(document, source.slices).laid_out(found, operation))


def _beyond(document: DocumentNode) -> list[GraphQLError]:
    """Is the query too deep or too long, with its fragments in their places? They are in no circle."""
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)}
    fields = 0

    def walk(selections: SelectionSetNode | None, depth: int) -> None:
        nonlocal fields
        for one in selections.selections if selections else ():
            fields += 1
            if depth > DEEPEST:
                raise too_much("tầng", "levels", DEEPEST)
            if fields > FIELDS:
                raise too_much("trường", "fields", FIELDS)
            if isinstance(one, FragmentSpreadNode):
                walk(fragments[one.name.value].selection_set, depth)
            else:
                walk(one.selection_set, depth + isinstance(one, FieldNode))

    try:
        for definition in document.definitions:
            if not isinstance(definition, FragmentDefinitionNode):
                walk(definition.selection_set, 1)
    except GraphQLError as error:
        return [error]
    return []


def _failed(*errors: GraphQLError) -> dict[str, Any]:
    return {"errors": [error.formatted for error in errors]}


def _told(result: ExecutionResult) -> dict[str, Any]:
    errors = {"errors": [_shown(error) for error in result.errors]} if result.errors else {}
    return {"data": result.data} | errors


def _shown(error: GraphQLError) -> dict[str, Any]:
    """What was not foreseen is for the log, not for the client."""
    fault = error.original_error
    if fault is None or isinstance(fault, GraphQLError):
        return error.formatted
    log.error("a field of a query failed", exc_info=fault)
    text = "Hệ thống gặp lỗi và đã ghi lại; hãy thử lại sau. / The server failed and has noted it; try again later."
    return error.formatted | {"message": text, "extensions": {"code": "exception"}}
