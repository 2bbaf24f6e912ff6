"""The FHIRPath that the official search parameters are written in, compiled to plain functions over decoded JSON.

It is a small part of FHIRPath: paths, `[n]`, `|`, `as` and `ofType`, `where(a='b')`, `where(resolve() is Patient)`,
`exists()`, `extension('…')`, `%resource`, and `and` and `!=` of one parameter. Anything else is refused when compiled,
so no parameter can quietly mean less than it says.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from yteso.fhir.search.steps import Json, Step, field, having, referring_to


Select = Callable[[Json, Json], list]
"""(the element to start at, the whole resource) → the elements found, in order."""

Choices = Mapping[str, tuple[str, ...]]
"""Path of a choice element → its types: `Observation.value` → ("Quantity", "CodeableConcept", …)."""


class Unsupported(ValueError):
    """The expression is outside the part of FHIRPath that is compiled."""


@dataclass(frozen=True, slots=True)
class Trail:
    """One alternative of a union. `keys` are the JSON names of its last field, which `as` may still narrow."""

    path: str
    steps: tuple[Step, ...] = ()
    keys: tuple[str, ...] = ()

    def taken(self) -> tuple[Step, ...]:
        return (*self.steps, field(self.keys)) if self.keys else self.steps

    def then(self, step: Step, path: str | None = None) -> "Trail":
        return Trail(self.path if path is None else path, (*self.taken(), step))


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression: `select` finds the elements, `paths` says where they are."""

    select: Select
    paths: tuple[str, ...]


def compiled(text: str, base: str, choices: Choices) -> Expression:
    """The function behind `text`; `base` is the path it starts at. Raises Unsupported with the place.

    Source: FHIR R4, SearchParameter.expression; FHIRPath, "Path selection" to "Operations".
    """
    trails = _Reader(text, base, choices).read()
    return Expression(_select(trails), tuple(trail.path for trail in trails))


_TOKEN = re.compile(r"\s*(?:(?P<name>%?[A-Za-z]\w*)|(?P<text>'[^']*')|(?P<number>\d+)|(?P<sign>!=|[.|()\[\]=]))")


class _Reader:
    """Recursive descent, one method per level of binding."""

    def __init__(self, text: str, base: str, choices: Choices) -> None:
        self.text, self.base, self.choices = text, base, choices
        self.tokens = _tokens(text)
        self.at = 0

    def read(self) -> list[Trail]:
        trails = self._both()
        if self.at < len(self.tokens):
            raise self._refused()
        return trails

    def _both(self) -> list[Trail]:
        left = self._unequal()
        while self._took("and"):
            left = [_all_true(_select(left), _select(self._unequal()))]
        return left

    def _unequal(self) -> list[Trail]:
        left = self._union()
        if self._took("!="):
            return [_differs(_select(left), self._literal())]
        return left

    def _union(self) -> list[Trail]:
        trails = self._typed()
        while self._took("|"):
            trails = trails + self._typed()
        return trails

    def _typed(self) -> list[Trail]:
        trails = self._path()
        while self._took("as"):
            trails = [self._narrowed(trail, self._next()) for trail in trails]
            trails = self._members(trails)
        return trails

    def _path(self) -> list[Trail]:
        if self._took("("):
            trails = self._both()
            self._expect(")")
        else:
            trails = [self._start(self._next())]
        return self._members(trails)

    def _members(self, trails: list[Trail]) -> list[Trail]:
        while True:
            if self._took("["):
                item = self._item(self._next())
                trails = [trail.then(item) for trail in trails]
            elif self._took("."):
                name = self._next()
                step = self._call(name) if self._took("(") else lambda trail, name=name: self._child(trail, name)
                trails = [step(trail) for trail in trails]
            else:
                return trails

    def _item(self, number: str) -> Step:
        self._expect("]")
        if not number.isdigit():
            raise self._refused()
        n = int(number)
        return lambda nodes, _: nodes[n : n + 1]

    def _start(self, name: str) -> Trail:
        if name == "%resource":
            return Trail(self.base.partition(".")[0]).then(lambda _, root: [root])
        if name[0].isupper():
            return Trail(name)
        return self._child(Trail(self.base), name)

    def _child(self, trail: Trail, name: str) -> Trail:
        path = f"{trail.path}.{name}"
        types = self.choices.get(path)
        return Trail(path, trail.taken(), _choice_keys(name, types) if types else (name,))

    def _call(self, name: str) -> Callable[[Trail], Trail]:
        if name in ("as", "ofType"):
            kind = self._next()
            self._expect(")")
            return lambda trail: self._narrowed(trail, kind)
        if name == "exists":
            self._expect(")")
            return lambda trail: trail.then(lambda nodes, _: [bool(nodes)])
        if name == "extension":
            url = self._literal()
            self._expect(")")
            return lambda trail: self._extension(trail, url)
        if name == "where":
            return self._where()
        raise self._refused()

    def _where(self) -> Callable[[Trail], Trail]:
        name = self._next()
        if name == "resolve":
            for sign in ("(", ")", "is"):
                self._expect(sign)
            kind = self._next()
            self._expect(")")
            return lambda trail: trail.then(referring_to(kind))
        self._expect("=")
        value = self._literal()
        self._expect(")")
        return lambda trail: trail.then(having(name, value))

    def _extension(self, trail: Trail, url: str) -> Trail:
        return self._child(trail, "extension").then(having("url", url), "Extension")

    def _narrowed(self, trail: Trail, kind: str) -> Trail:
        types = self.choices.get(trail.path)
        if not types or not trail.keys:
            return trail
        # One official expression writes `DateTime` for `dateTime`.
        chosen = tuple(known for known in types if known.lower() == kind.lower())
        if not chosen:
            raise Unsupported(f"{self.text}: {trail.path} is never {kind}")
        return replace(trail, keys=_choice_keys(trail.path.rpartition(".")[2], chosen))

    def _literal(self) -> str | bool:
        text = self._next()
        if text in ("true", "false"):
            return text == "true"
        if text[0] != "'":
            raise self._refused()
        return text[1:-1]

    def _next(self) -> str:
        if self.at >= len(self.tokens):
            raise self._refused()
        self.at += 1
        return self.tokens[self.at - 1]

    def _took(self, token: str) -> bool:
        found = self.at < len(self.tokens) and self.tokens[self.at] == token
        self.at += found
        return found

    def _expect(self, token: str) -> None:
        if not self._took(token):
            raise self._refused()

    def _refused(self) -> Unsupported:
        return Unsupported(f"{self.text}: not understood at «{' '.join(self.tokens[self.at : self.at + 3])}»")


def _tokens(text: str) -> list[str]:
    tokens, at = [], 0
    while at < len(text.rstrip()):
        found = _TOKEN.match(text, at)
        if not found:
            raise Unsupported(f"{text}: not understood at «{text[at : at + 10]}»")
        tokens.append(found[found.lastgroup])
        at = found.end()
    return tokens


def _choice_keys(name: str, types: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(name + kind[0].upper() + kind[1:] for kind in types)


def _select(trails: list[Trail]) -> Select:
    if len(trails) == 1 and not trails[0].steps and trails[0].keys:
        return _one_field(trails[0].keys)
    ways = [trail.taken() for trail in trails]

    def select(start: Json, root: Json) -> list:
        found = []
        for steps in ways:
            nodes = [start]
            for step in steps:
                nodes = step(nodes, root)
            found += nodes
        return found

    return select


def _one_field(keys: tuple[str, ...]) -> Select:
    """The common case, a field of the start, at half the cost of the general way."""

    def select(start: Json, _: Json) -> list:
        for key in keys:
            if (value := start.get(key)) is not None:
                return [node for node in value if node is not None] if type(value) is list else [value]
        return []

    return select


def _all_true(left: Select, right: Select) -> Trail:
    return Trail("").then(lambda nodes, root: [left(nodes[0], root) == [True] == right(nodes[0], root)])


def _differs(left: Select, value: str | bool) -> Trail:
    return Trail("").then(lambda nodes, root: [found != value for found in left(nodes[0], root)][:1])
