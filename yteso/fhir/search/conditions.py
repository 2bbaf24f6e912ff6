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


def condition(parameter: Parameter, modifier: str, text: str, written: str, terms: Terms) -> Condition:
    """The condition behind `written=text`. Raises SearchError."""
    kind = "type" if parameter.type == "reference" and modifier in resource_types() else modifier
    if kind == "type" and parameter.targets and modifier not in parameter.targets:
        raise SearchError("target", written, modifier, targets=", ".join(sorted(parameter.targets)))
    if kind not in ("", "type", *MODIFIERS[parameter.type]):
        known = ", ".join(":" + one for one in MODIFIERS[parameter.type]) or "–"
        raise SearchError("modifier", written, modifier, known=known)
    if modifier == "missing":
        return _missing(parameter, text, written)
    if parameter.type == "composite":
        return _composite(parameter, text, written, terms)
    alternatives, element_test = _READ[parameter.type](parameter, modifier, text, written, terms)
    found = _any(parameter, element_test)
    if modifier in ("not", "not-in"):
        return Condition(written, parameter, modifier, tuple(alternatives), lambda resource: not found(resource))
    return Condition(written, parameter, modifier, tuple(alternatives), found)


def _any(parameter: Parameter, element_test: ElementTest) -> Test:
    select = parameter.compiled.select

    return lambda resource: any(map(element_test, select(resource, resource)))


def _missing(parameter: Parameter, text: str, written: str) -> Condition:
    if text not in ("true", "false"):
        raise SearchError("boolean", written, text)
    missing = text == "true"
    return Condition(
        written, parameter, "missing", (missing,), lambda resource: bool(parameter.values(resource)) != missing
    )


def _composite(parameter: Parameter, text: str, written: str, terms: Terms) -> Condition:
    alternatives = tuple(_parts(parameter, one, written, terms) for one in split(text, ","))
    tests = [[test for _, test in parts] for parts in alternatives]
    selects = [part.compiled.select for part in parameter.components]

    def matches(resource: dict) -> bool:
        for element in parameter.values(resource):
            found = [select(element, resource) for select in selects]
            if any(all(any(map(test, ones)) for test, ones in zip(each, found, strict=True)) for each in tests):
                return True
        return False

    return Condition(written, parameter, "", tuple(tuple(part for part, _ in parts) for parts in alternatives), matches)


def _parts(parameter: Parameter, text: str, written: str, terms: Terms) -> list[tuple[object, ElementTest]]:
    """What each component of a composite asks: `code$value`."""
    values = split(text, "$")
    if len(values) != len(parameter.components) or not all(values):
        names = "$".join(part.code for part in parameter.components)
        raise SearchError("composite", written, text, names=names)
    parts = []
    for component, value in zip(parameter.components, values, strict=True):
        # A comma has already parted the alternatives, so a value here is one alternative.
        (alternative,), test = _READ[component.type](component, "", value, written, terms)
        parts.append((alternative, test))
    return parts


Read = tuple[list, ElementTest]


def _date(_: Parameter, __: str, text: str, written: str, ___: Terms) -> Read:
    moments = [dates.read(one, written) for one in split(text, ",")]
    return moments, dates.matcher(moments)


def _number(_: Parameter, __: str, text: str, written: str, ___: Terms) -> Read:
    amounts = [numbers.read(one, written) for one in split(text, ",")]
    return amounts, numbers.matcher(amounts)


def _quantity(_: Parameter, __: str, text: str, written: str, ___: Terms) -> Read:
    amounts = [numbers.read_quantity(one, written) for one in split(text, ",")]
    return amounts, numbers.matcher(amounts)


def _place(_: Parameter, __: str, text: str, written: str, ___: Terms) -> Read:
    circles = [places.read(one, written) for one in split(text, ",")]
    return circles, places.matcher(circles)


def _string(parameter: Parameter, modifier: str, text: str, written: str, __: Terms) -> Read:
    wanted = [strings.read(plain(one), written, modifier) for one in split(text, ",")]
    return wanted, strings.matcher(wanted, modifier, name=parameter.code in strings.NAMES)


def _uri(_: Parameter, modifier: str, text: str, written: str, __: Terms) -> Read:
    wanted = [uris.read(plain(one), written, modifier) for one in split(text, ",")]
    return wanted, uris.matcher(wanted, modifier)


def _reference(parameter: Parameter, modifier: str, text: str, written: str, terms: Terms) -> Read:
    if modifier == "identifier":
        identifiers = [tokens.read(one, written) for one in split(text, ",")]
        has = tokens.matcher(identifiers)
        return identifiers, lambda element: type(element) is dict and has(element.get("identifier"))
    wanted = [references.read(one, parameter, written, modifier, terms.base) for one in split(text, ",")]
    return wanted, references.matcher(wanted, parameter, terms.base)


def _token(parameter: Parameter, modifier: str, text: str, written: str, terms: Terms) -> Read:
    each = split(text, ",")
    if modifier == "text":
        words = [strings.read(plain(one), written, modifier) for one in each]
        return words, tokens.text_matcher(words)
    if modifier == "of-type":
        typed = [tokens.read_typed(one, written) for one in each]
        return typed, tokens.typed_matcher(typed)
    if modifier in ("above", "below"):
        wanted = [token for one in each for token in tokens.read_below(one, written, above=modifier == "above")]
    elif modifier in ("in", "not-in"):
        wanted = [token for one in each for token in tokens.read_set(one, written, terms.expand)]
    else:
        wanted = [tokens.read(one, written) for one in each]
    return wanted, tokens.matcher(wanted, parameter.systems)


_READ: dict[str, Callable[[Parameter, str, str, str, Terms], Read]] = {
    "date": _date,
    "number": _number,
    "quantity": _quantity,
    "reference": _reference,
    "special": _place,
    "string": _string,
    "token": _token,
    "uri": _uri,
}
