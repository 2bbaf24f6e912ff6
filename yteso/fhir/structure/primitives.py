"""Forms of the primitive types (datatypes.html#primitive)."""

import calendar
import re
from collections.abc import Callable

from yteso.fhir.definitions import PRIMITIVES
from yteso.fhir.structure.reading import Number


LONGEST = 1 << 20
"""Characters of a string or markdown."""

INTEGERS = {
    "integer": (-(1 << 31), (1 << 31) - 1),
    "unsignedInt": (0, (1 << 31) - 1),
    "positiveInt": (1, (1 << 31) - 1),
}
"""Their lowest and highest values."""

# The expressions of the specification, where they say all there is to say and cannot be made to run for ever.
_FORMS = {name: re.compile(regex, re.ASCII) for name, regex in PRIMITIVES.items()} | {
    "base64Binary": re.compile(r"[0-9A-Za-z+/\s]+={0,2}\s*", re.ASCII),
}
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")


def json_type(type: str) -> type:
    """What a value of this primitive type is in JSON: bool, Number or str."""
    if type == "boolean":
        return bool
    return Number if type in INTEGERS or type == "decimal" else str


def well_formed(type: str, text: str) -> bool:
    """Is this text, not empty, a value of the primitive type?"""
    if special := _SPECIAL.get(type):
        return special(type, text)
    return not _CONTROL.search(text) and bool(_FORMS[type].fullmatch(text))


def _text(type: str, text: str) -> bool:
    return len(text) <= LONGEST and not _CONTROL.search(text)


def _whole_number(type: str, text: str) -> bool:
    low, high = INTEGERS[type]
    return len(text) <= 11 and bool(_FORMS["integer"].fullmatch(text)) and low <= int(text) <= high


def _day(type: str, text: str) -> bool:
    if not _FORMS[type].fullmatch(text):
        return False
    year, month, day = text[:4], text[5:7], text[8:10]
    return not day or int(day) <= calendar.monthrange(int(year), int(month))[1]


def _base64(type: str, text: str) -> bool:
    return bool(_FORMS[type].fullmatch(text)) and len("".join(text.split())) % 4 == 0


_SPECIAL: dict[str, Callable[[str, str], bool]] = {
    "string": _text,
    "markdown": _text,
    **dict.fromkeys(INTEGERS, _whole_number),
    **dict.fromkeys(("date", "dateTime", "instant"), _day),
    "base64Binary": _base64,
}
