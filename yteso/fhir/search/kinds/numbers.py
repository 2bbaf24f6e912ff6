"""Numbers and quantities. A number searched for is a span as wide as its last digit; see `read`.

Quantities in units of UCUM are compared in the unit of the search, whatever unit of the same dimension they are in.
Source: FHIR R4, Search, "number", "quantity" and "Prefixes".
"""

import re
from collections.abc import Callable
from decimal import Context, Decimal
from typing import NamedTuple

from yteso.fhir.search import ucum
from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.escapes import plain, split
from yteso.fhir.search.kinds.dates import PREFIXES


CURRENCIES = "urn:iso:std:iso:4217"
"""The system that the currency of a Money is from."""

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,40})(?:\.[0-9]{1,40})?(?:[eE]([+-]?[0-9]{1,3}))?")
_EXACT = Context(prec=200)
_INFINITE = Decimal("Infinity")

Bounds = tuple[Decimal, Decimal]
"""Least and greatest, both included."""


class Amount(NamedTuple):
    """One alternative of a number or quantity search; `system` None: any, "": none. `code` may be a unit in words."""

    prefix: str
    value: Decimal
    low: Decimal
    high: Decimal
    system: str | None = None
    code: str | None = None


def read(text: str, parameter: str) -> Amount:
    """`ge5.40`: 100 stands for [99.5, 100.5), 100.00 for [99.995, 100.005), 1e2 for [95, 105). Raises SearchError."""
    prefix, rest = (text[:2], text[2:]) if text[:2] in PREFIXES else ("eq", text)
    found = _NUMBER.fullmatch(rest)
    if not found:
        raise SearchError("number", parameter, text)
    value = Decimal(rest)
    half = Decimal(5).scaleb(value.as_tuple().exponent - (2 if found[1] else 1), _EXACT)
    return Amount(prefix, value, _EXACT.subtract(value, half), _EXACT.add(value, half))


def read_quantity(text: str, parameter: str) -> Amount:
    """`5.4`, `5.4|http://unitsofmeasure.org|mg` or `5.4||mg`. Raises SearchError."""
    number, *unit = split(text, "|")
    if len(unit) not in (0, 2) or (unit and not unit[1]):
        raise SearchError("quantity", parameter, text)
    system, code = (plain(part) or None for part in unit) if unit else (None, None)
    return read(number, parameter)._replace(system=system, code=code)


def matcher(amounts: list[Amount]) -> Callable[[object], bool]:
    """Does an element (a number, Quantity, Money, Range or SampledData) match any of the amounts?"""
    return lambda element: any(_matches(amount, element) for amount in amounts)


def _matches(amount: Amount, element: object) -> bool:
    found, compare = bounds(element), _COMPARE[amount.prefix]
    if found is None:
        return False
    if amount.code is None:
        return compare(amount, *found)
    for unit in _units(element):
        if _same_unit(amount, unit):
            return compare(amount, *found)
        if amount.system == ucum.SYSTEM == unit.get("system"):
            known = ucum.conversion(_code(unit), amount.code)
            if known and compare(amount, *(ucum.converted(end, *known) for end in found)):
                return True
    return False


def sortable(element: object) -> list[tuple[str, Decimal, Decimal]]:
    """What it measures, and its bounds in base units, so that 1 kg comes after 900 g; of other units as stated."""
    found = bounds(element)
    if found is None:
        return []
    for one in _units(element):
        unit = ucum.unit(_code(one)) if one.get("system") == ucum.SYSTEM else None
        if unit:
            return [(str(sorted(unit.dimension)), *(ucum.converted(end, unit.scale, unit.zero) for end in found))]
    return [("", *found)]


def _near(amount: Amount, a: Decimal, b: Decimal) -> bool:
    tenth = _EXACT.multiply(abs(amount.value), Decimal("0.1"))
    low, high = _EXACT.subtract(amount.value, tenth), _EXACT.add(amount.value, tenth)
    return a <= max(high, amount.high) and b >= min(low, amount.low)


_COMPARE: dict[str, Callable[[Amount, Decimal, Decimal], bool]] = {
    "eq": lambda amount, a, b: amount.low <= a and b < amount.high,
    "ne": lambda amount, a, b: not (amount.low <= a and b < amount.high),
    "gt": lambda amount, a, b: b > amount.value,
    "lt": lambda amount, a, b: a < amount.value,
    "ge": lambda amount, a, b: b >= amount.value,
    "le": lambda amount, a, b: a <= amount.value,
    "sa": lambda amount, a, b: a > amount.value,
    "eb": lambda amount, a, b: b < amount.value,
    "ap": _near,
}


def decimal(value: object) -> Decimal | None:
    """The number exactly as written: a float by its shortest text, so 5.4 is 5.4."""
    if type(value) is float or type(value) is str:
        return Decimal(str(value)) if _NUMBER.fullmatch(str(value)) else None
    if type(value) is int:
        return Decimal(value)
    return value if isinstance(value, Decimal) and value.is_finite() else None


def bounds(element: object) -> Bounds | None:
    """What the element may be: one number, or as far as its comparator, its range or its samples reach."""
    if type(element) is not dict:
        value = decimal(element)
        return None if value is None else (value, value)
    if "value" in element:
        return _compared(decimal(element["value"]), element.get("comparator"))
    if "low" in element or "high" in element:
        low, high = (bounds(element.get(end)) for end in ("low", "high"))
        return (low[0] if low else -_INFINITE, high[1] if high else _INFINITE) if low or high else None
    return _samples(element) if "origin" in element else None


def _compared(value: Decimal | None, comparator: object) -> Bounds | None:
    if value is None:
        return None
    match comparator:
        case "<":
            return -_INFINITE, value.next_minus(_EXACT)
        case "<=":
            return -_INFINITE, value
        case ">":
            return value.next_plus(_EXACT), _INFINITE
        case ">=":
            return value, _INFINITE
    return value, value


def _samples(element: dict) -> Bounds | None:
    origin = bounds(element["origin"])
    factor = decimal(element.get("factor", 1))
    samples = [decimal(text) for text in str(element.get("data", "")).split()]
    known = [sample for sample in samples if sample is not None]
    if origin is None or factor is None or not known:
        return None
    ends = [_EXACT.add(origin[0], _EXACT.multiply(end, factor)) for end in (min(known), max(known))]
    return min(ends), max(ends)


def _units(element: object) -> list[dict]:
    if type(element) is not dict:
        return []
    return [one for one in (element, *map(element.get, ("low", "high", "origin"))) if type(one) is dict]


def _code(unit: dict) -> str:
    code = unit.get("code")
    return code if type(code) is str else ""


def _same_unit(amount: Amount, unit: dict) -> bool:
    if "currency" in unit:
        return amount.code == unit["currency"] and amount.system in (None, CURRENCIES)
    if amount.system is None:
        return amount.code in (unit.get("code"), unit.get("unit"))
    return amount.code == unit.get("code") and amount.system == unit.get("system")
