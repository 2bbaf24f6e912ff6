"""Units of measure: which of them measure the same, and how much of one is so much of the other. All exact.

Codes of UCUM (https://ucum.org/ucum), small and capital letters apart, by its own table. Arbitrary units ([IU]) and
those on a scale that is no straight line ([pH], dB) go with themselves and their multiples only.
"""

import re
from dataclasses import dataclass, replace
from decimal import Context, Decimal
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path

from lxml import etree


SYSTEM = "http://unitsofmeasure.org"

LENGTH = 60
"""Characters of a code, at most."""

HUGE = 2_000
"""Bits of a factor, at most: what is beyond measures nothing, and is dear to reckon with."""

_ZEROS = {"Cel": Fraction("273.15"), "degF": Fraction("459.67") * 5 / 9, "degRe": Fraction("273.15")}
"""Kelvin at the zero of scales that begin elsewhere, by their functions in the table."""

_SYMBOL = re.compile(r"(?:[^][./(){}\s]|\[[^][\s]*\])*")
_NOTE = re.compile(r"(?:\{[!-z|~]*\})?")
_POWER = re.compile(r"(.*[^0-9+-])([+-]?[0-9]{1,2})")
_NUMBER = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_EXACT = Context(prec=220)


@dataclass(frozen=True, slots=True)
class Unit:
    """x of it are x · `scale` + `zero` in base units; `dimension` has each base unit with its power."""

    scale: Fraction
    dimension: frozenset[tuple[str, int]] = frozenset()
    zero: Fraction = Fraction()

    def times(self, other: "Unit", power: int) -> "Unit":
        """With `other` to a power. Raises ValueError: scales that begin elsewhere multiply with nothing."""
        if self.zero or other.zero:
            raise ValueError
        powers = dict(self.dimension)
        for base, own in other.dimension:
            powers[base] = powers.get(base, 0) + own * power
        return Unit(self.scale * other.scale**power, frozenset(one for one in powers.items() if one[1]))


@lru_cache(4_096)
def unit(code: str) -> Unit | None:
    """What a code measures; None when it is none of UCUM."""
    try:
        return _Reader(code).read() if len(code) <= LENGTH else None
    except ValueError:
        return None


@lru_cache(4_096)
def conversion(code: str, into: str) -> tuple[Fraction, Fraction] | None:
    """(factor, summand) from the one unit to the other; None when they do not measure the same."""
    if code == into:
        return Fraction(1), Fraction()
    own, other = unit(code), unit(into)
    if own is None or other is None or own.dimension != other.dimension:
        return None
    return own.scale / other.scale, (own.zero - other.zero) / other.scale


def converted(value: Decimal, factor: Fraction, summand: Fraction) -> Decimal:
    """The same amount in the other unit; exact as far as it has digits to the right that end."""
    if not value.is_finite():
        return value
    exact = Fraction(value) * factor + summand
    return _EXACT.divide(Decimal(exact.numerator), Decimal(exact.denominator))


class _Reader:
    """Recursive descent over one code; raises ValueError. Source: UCUM, 2.2 "Grammar of Units"."""

    def __init__(self, code: str) -> None:
        self.code, self.at = code, 0

    def read(self) -> Unit:
        found = self._term()
        if self.at < len(self.code):
            raise ValueError(self.code)
        return found

    def _term(self) -> Unit:
        whole = Unit(Fraction(1)).times(self._component(), -1) if self._took("/") else self._component()
        while sign := self._took("./"):
            whole = whole.times(self._component(), 1 if sign == "." else -1)
        return whole

    def _component(self) -> Unit:
        if self._took("("):
            inner = self._term()
            if not self._took(")"):
                raise ValueError(self.code)
            self.at = _NOTE.match(self.code, self.at).end()
            return inner
        start, self.at = self.at, _SYMBOL.match(self.code, self.at).end()
        symbol, end = self.code[start : self.at], _NOTE.match(self.code, self.at).end()
        noted, self.at = end > self.at, end
        return Unit(Fraction(1)) if noted and not symbol else _symbol(symbol)

    def _took(self, signs: str) -> str:
        sign = self.code[self.at : self.at + 1]
        if not sign or sign not in signs:
            return ""
        self.at += 1
        return sign


def _symbol(text: str) -> Unit:
    """A unit with its prefix and its power, or a number. Raises ValueError."""
    if text in _table()[1]:
        return _atom(text)
    if _NUMBER.fullmatch(text):
        return Unit(Fraction(int(text)))
    if powered := _POWER.fullmatch(text):
        return _bounded(Unit(Fraction(1)).times(_symbol(powered[1]), int(powered[2])))
    for prefix, factor in _table()[0].items():
        rest = _table()[1].get(text.removeprefix(prefix)) if text.startswith(prefix) else None
        if rest is not None and rest.get("isMetric", "yes") == "yes":
            plain = _atom(rest.attrib["Code"])
            return replace(plain, scale=plain.scale * factor)
    raise ValueError(text)


def _bounded(found: Unit) -> Unit:
    if max(found.scale.numerator.bit_length(), found.scale.denominator.bit_length()) > HUGE:
        raise ValueError
    return found


@cache
def _atom(code: str) -> Unit:
    row = _table()[1][code]
    value, function = row.find("{*}value"), row.find("{*}value/{*}function")
    if value is None or row.get("isArbitrary") == "yes":
        return Unit(Fraction(1), frozenset({(code, 1)}))
    if function is None:
        return Unit(Fraction(value.attrib["value"])).times(_Reader(value.attrib["Unit"]).read(), 1)
    zero = _ZEROS.get(function.attrib["name"])
    if zero is None:
        return Unit(Fraction(1), frozenset({(code, 1)}))
    degree = Unit(Fraction(function.attrib["value"])).times(_Reader(function.attrib["Unit"]).read(), 1)
    return replace(degree, zero=zero)


@cache
def _table() -> tuple[dict[str, Fraction], dict[str, etree._Element]]:
    """Prefixes and units by their codes."""
    rows = etree.parse(Path(__file__).parent / "data/ucum-essence.xml").getroot()
    prefixes = {
        row.attrib["Code"]: Fraction(row.find("{*}value").attrib["value"]) for row in rows.iterfind("{*}prefix")
    }
    return prefixes, {row.attrib["Code"]: row for kind in ("base-unit", "unit") for row in rows.iterfind("{*}" + kind)}
