"""The parameters that say how matches come back: order, number, parts, company. Their effect is the server's.

Source: FHIR R4, Search, "Managing Returned Resources".
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from yteso.fhir.search.definitions import ANY, Parameter, parameters, resource_types
from yteso.fhir.search.errors import SearchError


TYPES = "_type"
SUMMARIES = ("true", "text", "data", "count", "false")
TOTALS = ("none", "estimate", "accurate")

_COUNT = re.compile(r"[0-9]{1,9}")
_ELEMENT = re.compile(r"[A-Za-z]\w*(\.\w+)*")


@dataclass(frozen=True, slots=True)
class Include:
    """`Observation:subject:Patient`; `parameter` may be "*", as may `source` with it. `target` "" is any type."""

    source: str
    parameter: str
    target: str = ""
    iterate: bool = False


@dataclass(slots=True)
class Results:
    """`sort` pairs each parameter with whether it descends; `types` are those of a search in all types."""

    sort: list[tuple[Parameter, bool]] = field(default_factory=list)
    count: int | None = None
    summary: str = ""
    elements: list[str] = field(default_factory=list)
    total: str = ""
    types: list[str] = field(default_factory=list)
    includes: list[Include] = field(default_factory=list)
    revincludes: list[Include] = field(default_factory=list)

    def take(self, resource_type: str, written: str, text: str) -> bool:
        """Reads the parameter if it is one of these; False when it is not. Raises SearchError."""
        name, _, modifier = written.partition(":")
        read = _READ.get(name)
        if read is None:
            return False
        allowed = ("", "iterate", "recurse") if name in ("_include", "_revinclude") else ("",)
        if modifier not in allowed:
            raise SearchError("modifier", written, modifier, known=", ".join(filter(None, allowed)) or "–")
        read(self, resource_type, written, text)
        return True


def _sort(results: Results, resource_type: str, written: str, text: str) -> None:
    results.sort += [(_sortable(resource_type, written, name), name[:1] == "-") for name in text.split(",")]


def _sortable(resource_type: str, written: str, name: str) -> Parameter:
    parameter = parameters(resource_type).get(name.removeprefix("-"))
    if parameter is None or parameter.type in ("composite", "special"):
        raise SearchError("sort", written, name, type=resource_type)
    return parameter


def _count(results: Results, _: str, written: str, text: str) -> None:
    if not _COUNT.fullmatch(text):
        raise SearchError("count", written, text)
    results.count = int(text)


def _summary(results: Results, _: str, written: str, text: str) -> None:
    results.summary = _one_of(SUMMARIES, written, text)


def _total(results: Results, _: str, written: str, text: str) -> None:
    results.total = _one_of(TOTALS, written, text)


def _elements(results: Results, _: str, written: str, text: str) -> None:
    names = text.split(",")
    for name in names:
        if not _ELEMENT.fullmatch(name):
            raise SearchError("element", written, name)
    results.elements += names


def _types(results: Results, resource_type: str, written: str, text: str) -> None:
    if resource_type != ANY:
        raise SearchError("types", written, text)
    results.types += [_known_type(name, written) for name in text.split(",")]


def _contained(_: Results, __: str, written: str, text: str) -> None:
    """Contained resources are found with what contains them, never on their own."""
    if (written, text) != ("_contained", "false"):
        raise SearchError("contained", written, text)


def _include(results: Results, _: str, written: str, text: str) -> None:
    include = Include("*", "*", iterate=":" in written) if text == "*" else _read_include(written, text)
    results.includes.append(include)


def _revinclude(results: Results, _: str, written: str, text: str) -> None:
    results.revincludes.append(_read_include(written, text))


def _read_include(written: str, text: str) -> Include:
    source, _, rest = text.partition(":")
    name, _, target = rest.partition(":")
    known = parameters(source) if source in resource_types() else {}
    if not known or (name != "*" and (name not in known or known[name].type != "reference")):
        raise SearchError("include", written, text, type=source)
    if target:
        _known_type(target, written)
    return Include(source, name, target, ":" in written)


def _known_type(name: str, written: str) -> str:
    if name not in resource_types():
        raise SearchError("unknown_type", written, name)
    return name


def _one_of(known: tuple[str, ...], written: str, text: str) -> str:
    if text not in known:
        raise SearchError("one_of", written, text, known=", ".join(known))
    return text


_READ: dict[str, Callable[[Results, str, str, str], None]] = {
    "_sort": _sort,
    "_count": _count,
    "_summary": _summary,
    "_elements": _elements,
    "_total": _total,
    TYPES: _types,
    "_contained": _contained,
    "_containedType": _contained,
    "_include": _include,
    "_revinclude": _revinclude,
}
