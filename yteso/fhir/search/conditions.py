"""One parameter with its alternatives, as a test of a resource."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from yteso.fhir.search.definitions import Parameter, resource_types
from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.escapes import plain, split
from yteso.fhir.search.kinds import dates, numbers, places, references, strings, tokens, uris
from yteso.fhir.search.kinds.tokens import Expand


MODIFIERS = {
    "number": ("missing",),
    "date": ("missing",),
    "quantity": ("missing",),
    "string": ("missing", "exact", "contains"),
    "token": ("missing", "not", "text", "of-type", "in", "not-in", "above", "below"),
    "reference": ("missing", "identifier"),
    "uri": ("missing", "above", "below"),
    "composite": (),
    "special": ("missing",),
}
"""What may follow the name of a parameter of each type; after a reference also the type it leads to."""

Test = Callable[[dict], bool]
ElementTest = Callable[[object], bool]


class Terms(NamedTuple):
    """What a search is read by: the base URL of this server, and how value sets are expanded."""

    base: str = ""
    expand: Expand | None = None


class Asked(NamedTuple):
    """One parameter of a search; `written` is its name as the client wrote it, with modifiers and links."""

    parameter: Parameter
    modifier: str
    text: str
    written: str
    terms: Terms

    @property
    def each(self) -> list[str]:
        """The alternatives, still escaped."""
        return split(self.text, ",")


@dataclass(frozen=True, slots=True)
class Condition:
    """`code:not=a,b`. `written` is "code:not"; `alternatives` are the values as the type's module reads them.

    A resource satisfies it when any element of the parameter satisfies any alternative (with `:not` and `:not-in`:
    when none does).
    """

    written: str
    parameter: Parameter
    modifier: str
    alternatives: tuple
    test: Test = field(repr=False, compare=False)

    def matches(self, resource: dict, *_: object) -> bool:
        return self.test(resource)


def condition(asked: Asked) -> Condition:
    """The condition behind a parameter that is no link. Raises SearchError."""
    _check_modifier(asked)
    parameter, modifier = asked.parameter, asked.modifier
    if modifier == "missing":
        alternatives, test = _missing(asked)
    elif parameter.type == "composite":
        alternatives, test = _composite(asked)
    else:
        alternatives, element_test = read(asked)
        test = any_item(parameter, element_test)
    if modifier in ("not", "not-in"):
        return Condition(asked.written, parameter, modifier, tuple(alternatives), lambda resource: not test(resource))
    return Condition(asked.written, parameter, modifier, tuple(alternatives), test)


def _check_modifier(asked: Asked) -> None:
    parameter, modifier = asked.parameter, asked.modifier
    if parameter.type == "reference" and modifier in resource_types():
        if parameter.targets and modifier not in parameter.targets:
            raise SearchError("target", asked.written, modifier, targets=", ".join(sorted(parameter.targets)))
    elif modifier and modifier not in MODIFIERS[parameter.type]:
        known = ", ".join(":" + one for one in MODIFIERS[parameter.type]) or "–"
        raise SearchError("modifier", asked.written, modifier, known=known)


def read(asked: Asked) -> "Read":
    """The alternatives of a parameter that is no composite, and the test of one of its elements. Raises SearchError."""
    return _READ[asked.parameter.type](asked)


def any_item(parameter: Parameter, element_test: ElementTest) -> Test:
    """Does any element of the parameter pass?"""
    select = parameter.compiled.select
    return lambda resource: any(map(element_test, select(resource, resource)))


def _missing(asked: Asked) -> tuple[list, Test]:
    if asked.text not in ("true", "false"):
        raise SearchError("boolean", asked.written, asked.text)
    missing = asked.text == "true"
    return [missing], lambda resource: bool(asked.parameter.values(resource)) != missing


def _composite(asked: Asked) -> tuple[list, Test]:
    parameter = asked.parameter
    alternatives = [_parts(asked, one) for one in asked.each]
    selects = [part.compiled.select for part in parameter.components]
    each = [list(zip(selects, (test for _, test in parts), strict=True)) for parts in alternatives]

    def matches(resource: dict) -> bool:
        for element in parameter.values(resource):
            if type(element) is dict:
                for parts in each:
                    if all(any(map(test, select(element, resource))) for select, test in parts):
                        return True
        return False

    return [tuple(value for value, _ in parts) for parts in alternatives], matches


def _parts(asked: Asked, text: str) -> list[tuple[object, ElementTest]]:
    """What one alternative of a composite, `code$value`, asks of each component."""
    components, values = asked.parameter.components, split(text, "$")
    if len(values) != len(components) or not all(values):
        raise SearchError("composite", asked.written, text, names="$".join(part.code for part in components))
    parts = []
    for component, value in zip(components, values, strict=True):
        # Commas have parted the alternatives, so each value is a single one.
        (alternative,), test = read(Asked(component, "", value, asked.written, asked.terms))
        parts.append((alternative, test))
    return parts


Read = tuple[list, ElementTest]


def _date(asked: Asked) -> Read:
    moments = [dates.read(one, asked.written) for one in asked.each]
    return moments, dates.matcher(moments)


def _number(asked: Asked) -> Read:
    amounts = [numbers.read(one, asked.written) for one in asked.each]
    return amounts, numbers.matcher(amounts)


def _quantity(asked: Asked) -> Read:
    amounts = [numbers.read_quantity(one, asked.written) for one in asked.each]
    return amounts, numbers.matcher(amounts)


def _place(asked: Asked) -> Read:
    circles = [places.read(one, asked.written) for one in asked.each]
    return circles, places.matcher(circles)


def _string(asked: Asked) -> Read:
    wanted = [strings.read(plain(one), asked.written, asked.modifier) for one in asked.each]
    return wanted, strings.matcher(wanted, asked.modifier, name=asked.parameter.code in strings.NAMES)


def _uri(asked: Asked) -> Read:
    wanted = [uris.read(plain(one), asked.written, asked.modifier) for one in asked.each]
    return wanted, uris.matcher(wanted, asked.modifier)


def _reference(asked: Asked) -> Read:
    parameter, base = asked.parameter, asked.terms.base
    if asked.modifier == "identifier":
        identifiers = [tokens.read(one, asked.written) for one in asked.each]
        has = tokens.matcher(identifiers)
        return identifiers, lambda element: type(element) is dict and has(element.get("identifier"))
    wanted = [references.read(one, parameter, asked.written, asked.modifier, base) for one in asked.each]
    return wanted, references.matcher(wanted, parameter, base)


def _token(asked: Asked) -> Read:
    modifier, written = asked.modifier, asked.written
    if modifier == "text":
        words = [strings.read(plain(one), written, modifier) for one in asked.each]
        return words, tokens.text_matcher(words)
    if modifier == "of-type":
        typed = [tokens.read_typed(one, written) for one in asked.each]
        return typed, tokens.typed_matcher(typed)
    if modifier in ("above", "below"):
        wanted = [token for one in asked.each for token in tokens.read_below(one, written, above=modifier == "above")]
    elif modifier in ("in", "not-in"):
        wanted = [token for one in asked.each for token in tokens.read_set(one, written, asked.terms.expand)]
    else:
        wanted = [tokens.read(one, written) for one in asked.each]
    return wanted, tokens.matcher(wanted, asked.parameter.systems)


_READ: dict[str, Callable[[Asked], Read]] = {
    "date": _date,
    "number": _number,
    "quantity": _quantity,
    "reference": _reference,
    "special": _place,
    "string": _string,
    "token": _token,
    "uri": _uri,
}
