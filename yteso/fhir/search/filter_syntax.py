"""The words of a `_filter`, as a tree. Source: FHIR R4, "_filter Parameter", grammar.

`and` and `or` bind alike, from left to right: `a or b and c` is `(a or b) and c`.
"""

import json
import re
from dataclasses import dataclass
from typing import NamedTuple

from yteso.fhir.search.errors import SearchError


OPERATIONS = (
    *("eq", "ne", "co", "sw", "ew", "gt", "lt", "ge", "le", "ap", "sa", "eb"),
    *("pr", "po", "ss", "sb", "in", "ni", "re"),
)

TESTS, DEPTH = 100, 20
"""Tests in one expression, and brackets within brackets, at most."""


class Step(NamedTuple):
    """One name of a path, the type it is to lead to ("" for any), and what its target must be as well."""

    name: str
    kind: str = ""
    filter: "Node | None" = None


class Comparison(NamedTuple):
    """A test: `subject.name co "an"`."""

    path: tuple[Step, ...]
    operation: str
    value: str


@dataclass(frozen=True, slots=True)
class Joined:
    """`word` is "and" or "or"."""

    word: str
    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Negated:
    part: "Node"


Node = Comparison | Joined | Negated

_NAME = re.compile(r"([A-Za-z_][A-Za-z0-9_-]*)(?::([A-Za-z]+))?", re.ASCII)
_WORD = re.compile(r"[A-Za-z]+", re.ASCII)
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_VALUE = re.compile(r'[^\s"()\[\]][^\s)\]]*')
_BLANK = re.compile(r"\s*")


def tree(text: str, written: str) -> Node:
    """Raises SearchError, which says where the reading stopped."""
    reader = _Reader(text, written)
    found = reader.joined(0)
    if reader.at < len(text):
        raise reader.refused()
    return found


class _Reader:
    """Recursive descent, one method per rule of the grammar."""

    def __init__(self, text: str, written: str) -> None:
        self.text, self.written, self.at, self.tests = text, written, 0, 0
        self._skip()

    def joined(self, depth: int) -> Node:
        if depth > DEPTH:
            raise SearchError("filter_large", self.written, tests=str(TESTS), depth=str(DEPTH))
        found = self._one(depth)
        while word := self._took_word("and", "or"):
            further = self._one(depth)
            same = isinstance(found, Joined) and found.word == word
            found = Joined(word, (*found.parts, further) if same else (found, further))
        return found

    def _one(self, depth: int) -> Node:
        negated = self._took_word("not")
        if self._took("("):
            found = self.joined(depth + 1)
            self._expect(")")
            return Negated(found) if negated else found
        if negated:
            raise self.refused()
        return self._test(depth)

    def _test(self, depth: int) -> Comparison:
        self.tests += 1
        if self.tests > TESTS:
            raise SearchError("filter_large", self.written, tests=str(TESTS), depth=str(DEPTH))
        path = [self._step(depth)]
        while self._took("."):
            path.append(self._step(depth))
        if path[-1].filter:
            raise self.refused()
        operation = self._took_word(*OPERATIONS)
        if not operation:
            raise self.refused()
        return Comparison(tuple(path), operation, self._value())

    def _step(self, depth: int) -> Step:
        name, kind = self._match(_NAME).groups()
        if not self._took("["):
            return Step(name, kind or "")
        inner = self.joined(depth + 1)
        self._expect("]")
        return Step(name, kind or "", inner)

    def _value(self) -> str:
        if self.text[self.at : self.at + 1] != '"':
            return self._match(_VALUE)[0]
        start, quoted = self.at, self._match(_STRING)[0]
        try:
            return json.loads(quoted)
        except ValueError:
            self.at = start
            raise self.refused() from None

    def _took_word(self, *words: str) -> str:
        found = _WORD.match(self.text, self.at)
        if not found or found[0] not in words or self.text[found.end() : found.end() + 1] in (":", ".", "-", "_"):
            return ""
        self._match(_WORD)
        return found[0]

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str]:
        found = pattern.match(self.text, self.at)
        if not found:
            raise self.refused()
        self.at = found.end()
        self._skip()
        return found

    def _took(self, sign: str) -> bool:
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        self._skip()
        return True

    def _expect(self, sign: str) -> None:
        if not self._took(sign):
            raise self.refused()

    def _skip(self) -> None:
        self.at = _BLANK.match(self.text, self.at).end()

    def refused(self) -> SearchError:
        return SearchError("filter", self.written, self.text[self.at : self.at + 30], place=str(self.at + 1))
