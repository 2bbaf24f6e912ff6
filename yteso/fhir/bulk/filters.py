"""`_typeFilter` of an export: searches, of which a resource of their type must match one; other types are not asked."""

from collections import defaultdict
from urllib.parse import parse_qsl

import orjson

from yteso.fhir import search
from yteso.fhir.search import Query, SearchError


class NotUsable(ValueError):
    """A filter that cannot be used here; `vi` and `en` say why."""

    def __init__(self, vi: str, en: str) -> None:
        super().__init__(en)
        self.vi, self.en = vi, en


class Filters:
    """Of texts such as `Observation?status=final`; raises NotUsable."""

    def __init__(self, texts: list[str], base: str) -> None:
        self._queries: dict[str, list[Query]] = defaultdict(list)
        for text in texts:
            query = _read(text, base)
            self._queries[query.resource_type].append(query)

    @property
    def types(self) -> frozenset[str]:
        return frozenset(self._queries)

    def match(self, type: str, resource: bytes) -> bool:
        queries = self._queries.get(type)
        if not queries:
            return True
        decoded = orjson.loads(resource)
        return any(query.matches(decoded) for query in queries)


def _read(text: str, base: str) -> Query:
    type, _, asked = text.partition("?")
    try:
        query = search.parse(type, parse_qsl(asked, keep_blank_values=True), strict=True, base=base)
    except SearchError as error:
        raise NotUsable(error.vi, error.en) from None
    if query.linked or query.results != search.Results():
        raise NotUsable(
            "_typeFilter chỉ nhận điều kiện trên chính tài nguyên, ví dụ Observation?status=final.",
            "_typeFilter takes conditions on the resource itself only, such as Observation?status=final.",
        )
    return query
