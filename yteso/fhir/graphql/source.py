"""Where the resources of one query come from, and how many of them it may have."""

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from graphql import GraphQLError


Resource = dict[str, Any]
Fetch = Callable[[str, list[tuple[str, str]]], bytes]
"""Path and parameters → the JSON of a resource; raises Refused."""

ROOT = "\0root"
"""Beside a reference into its resource ("#a"): the resource."""

REQUESTS, RESOURCES = 100, 2000
"""That one query may make of the server, and may get."""


class Refused(Exception):
    """What the server says instead of an answer."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text


class Source:
    """Of one query. A resource that is asked for twice is fetched once."""

    def __init__(self, fetch: Fetch, base: str = "") -> None:
        self._fetch = fetch
        self.base = base
        self._known: dict[str, Resource] = {}
        self._requests = self._resources = 0
        self.slices: dict[tuple[str | int, ...], list[str]] = {}
        """Of the fields with @slice, by their place in the answer: the name of each item."""

    def read(self, type: str, id: str) -> Resource:
        """Raises GraphQLError."""
        path = f"/{type}/{id}"
        if path not in self._known:
            self._known[path] = self._got(path, [])
            self._counted(1)
        return self._known[path]

    def search(self, type: str, parameters: list[tuple[str, str]]) -> Resource:
        """A page of a search, a Bundle; raises GraphQLError."""
        bundle = self._got(f"/{type}", parameters)
        self._counted(len(bundle.get("entry", ())))
        return bundle

    def _got(self, path: str, parameters: list[tuple[str, str]]) -> Resource:
        self._requests += 1
        if self._requests > REQUESTS:
            raise too_much("lần đọc", "readings", REQUESTS)
        try:
            resource = json.loads(self._fetch(path, parameters), parse_float=Decimal)
        except Refused as refused:
            about = {"code": refused.code, "status": refused.status}
            raise GraphQLError(refused.text, extensions=about) from None
        for entry in resource.get("entry", ()) if resource["resourceType"] == "Bundle" else ():
            rooted(entry.get("resource"))
        return rooted(resource)

    def _counted(self, more: int) -> None:
        self._resources += more
        if self._resources > RESOURCES:
            raise too_much("tài nguyên", "resources", RESOURCES)


def too_much(vi: str, en: str, most: int) -> GraphQLError:
    """A query that asks for more than one may have."""
    return GraphQLError(
        f"Truy vấn cần quá {most} {vi}; hãy chia nhỏ nó. / The query takes more than {most} {en}; split it.",
        extensions={"code": "too-costly"},
    )


def rooted(resource: Resource) -> Resource:
    """The same, whose references into itself know it."""
    if isinstance(resource, dict) and "contained" in resource:
        _mark(resource, resource)
    return resource


def _mark(node: Any, root: Resource) -> None:
    if isinstance(node, list):
        for one in node:
            _mark(one, root)
    elif isinstance(node, dict):
        for one in list(node.values()):
            _mark(one, root)
        if str(node.get("reference", "")).startswith("#"):
            node[ROOT] = root
