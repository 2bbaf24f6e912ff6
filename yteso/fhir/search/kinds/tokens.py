"""Tokens: codes and identifiers, with or without their system. Letters count as they are, small or capital.

Source: FHIR R4, Search, "token".
"""

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from yteso.fhir import terminology
from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.escapes import plain, split
from yteso.fhir.search.kinds import strings


BOOLEANS = "http://hl7.org/fhir/special-values"
"""The system of true and false."""

Pair = tuple[str, str]
"""System ("" for none) and code."""

Expand = Callable[[str], Iterable[tuple[str, str | None]] | None]
"""Canonical of a value set → its codes, None for any code of the system; None when the set is not known."""


class Token(NamedTuple):
    """One alternative: None stands for any system, or any code."""

    system: str | None
    code: str | None


def read(text: str, parameter: str) -> Token:
    """`code`, `system|code`, `|code` or `system|`. Raises SearchError."""
    parts = [plain(part) for part in split(text, "|")]
    if len(parts) > 2 or not any(parts):
        raise SearchError("token", parameter, text)
    if len(parts) == 1:
        return Token(None, parts[0])
    return Token(parts[0], parts[1] or None)


def read_typed(text: str, parameter: str) -> tuple[str, str, str]:
    """`system|code|value` of `:of-type`: the type of an identifier, and its value. Raises SearchError."""
    parts = tuple(plain(part) for part in split(text, "|"))
    if len(parts) != 3 or not all(parts):
        raise SearchError("of_type", parameter, text)
    return parts


def read_below(text: str, parameter: str, *, above: bool) -> list[Token]:
    """The codes that `system|code` stands for with `:below` or `:above`, itself included. Raises SearchError."""
    token = read(text, parameter)
    if not token.system or not token.code:
        raise SearchError("needs_system", parameter, text)
    if not terminology.hierarchical(token.system):
        raise SearchError("no_hierarchy", parameter, text)
    found = (terminology.above if above else terminology.below)(token.system, token.code)
    if not found:
        raise SearchError("unknown_code", parameter, text)
    return [Token(token.system, code) for code in sorted(found)]


def read_set(text: str, parameter: str, expand: Expand | None) -> list[Token]:
    """The codes of the value set named by `:in` or `:not-in`. Raises SearchError."""
    found = expand(plain(text)) if expand else None
    if found is None:
        raise SearchError("value_set", parameter, text)
    return [Token(system, code) for system, code in found]


def matcher(wanted: list[Token], systems: tuple[str, ...] = ()) -> Callable[[object], bool]:
    """Has the element any of the tokens? `systems` are those that a bare code of it is from."""
    codes = {token.code for token in wanted if token.system is None}
    whole = {token.system for token in wanted if token.code is None}
    exact = set(wanted)

    def test(element: object) -> bool:
        for pair in pairs(element, systems):  # noqa: SIM110 - asked of every code; a generator doubles the time
            if pair[1] in codes or pair in exact or pair[0] in whole:
                return True
        return False

    return test


def typed_matcher(wanted: list[tuple[str, str, str]]) -> Callable[[object], bool]:
    """Is the element an identifier of any of these types and values?"""

    def test(element: object) -> bool:
        if type(element) is not dict:
            return False
        value = element.get("value")
        return any((system, code, value) in wanted for system, code in pairs(element.get("type")))

    return test


def text_matcher(wanted: list[str]) -> Callable[[object], bool]:
    """Does a text that goes with the code (text, display, type of the identifier) begin with any of `wanted`?"""
    test = strings.matcher(wanted)
    return lambda element: any(test(text) for text in texts(element))


def pairs(element: object, systems: tuple[str, ...] = ()) -> Iterator[Pair]:
    """The codes of an element: code, boolean, Coding, CodeableConcept, Identifier, ContactPoint.

    A bare code comes without a system and with each of `systems`; a value without a code has none to be found by.
    """
    if type(element) is dict:
        if type(codings := element.get("coding")) is list:
            for coding in codings:
                if type(coding) is dict:
                    yield _text(coding.get("system")), _text(coding.get("code"))
        elif "value" in element or "code" in element or "system" in element:
            yield _text(element.get("system")), _text(element.get("value", element.get("code")))
    elif type(element) is bool:
        text = "true" if element else "false"
        yield "", text
        yield BOOLEANS, text
    elif type(element) is str:
        yield "", element
        for system in systems:
            yield system, element


def texts(element: object) -> Iterator[str]:
    """The words that go with a code."""
    if type(element) is dict:
        codings = element.get("coding")
        for one in (element, element.get("type"), *(codings if type(codings) is list else ())):
            if type(one) is dict:
                yield from filter(None, (_text(one.get("text")), _text(one.get("display"))))


def _text(value: object) -> str:
    """What is there, "" for what is no text."""
    return value if type(value) is str else ""
