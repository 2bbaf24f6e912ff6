"""Keys for `_sort`. What a resource lacks comes last, whichever way the order runs.

Source: FHIR R4, Search, "Sorting": of several values the least counts ascending, the greatest descending.
"""

from collections.abc import Callable
from functools import lru_cache, total_ordering

from yteso.fhir.search.definitions import Parameter
from yteso.fhir.search.kinds import dates, numbers, references, strings, tokens
from yteso.people import text


_word = lru_cache(65_536)(text.sort_key)


@total_ordering
class Descending:
    """Turns the order of its value around."""

    __slots__ = ("value",)

    def __init__(self, value: object) -> None:
        self.value = value

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Descending) and self.value == other.value

    def __lt__(self, other: "Descending") -> bool:
        return other.value < self.value

    __hash__ = None


def sort_key(order: list[tuple[Parameter, bool]], resource: dict) -> tuple:
    """Compared with that of another resource by `<`, it puts them in order."""
    return tuple(_part(parameter, descending, resource) for parameter, descending in order)


def _part(parameter: Parameter, descending: bool, resource: dict) -> tuple:
    keys = [key for element in parameter.values(resource) for key in _KEYS[parameter.type](element, descending)]
    if not keys:
        return (True,)
    return (False, Descending(max(keys)) if descending else min(keys))


def _bound(found: tuple | None, descending: bool) -> list:
    return [found[descending]] if found else []


_KEYS: dict[str, Callable[[object, bool], list]] = {
    "date": lambda element, descending: _bound(dates.extent(element), descending),
    "number": lambda element, descending: _bound(numbers.bounds(element), descending),
    "quantity": lambda element, descending: [(m, ends[descending]) for m, *ends in numbers.sortable(element)],
    "string": lambda element, _: [_word(part) for part in strings.parts(element)],
    "token": lambda element, _: [code for _, code in tokens.pairs(element) if code],
    "reference": lambda element, _: [found for found in (references.address(element),) if found],
    "uri": lambda element, _: [element] if type(element) is str else [],
}
