"""Personal numbers (SO_CCCD): twelve digits, nine on older papers, or a passport. Twelve digits have no check digit."""

import re


_FORMS = re.compile(r"\d{12}|\d{9}|[A-Z]{1,3}\d{5,9}")
_COUNTED = ("123456789", "012345678", "987654321", "123456789012", "012345678901")


def personal_number(text: str) -> str:
    """The number to link by, or "" for a missing, malformed or placeholder one (all one digit, or counted up)."""
    number = re.sub(r"[\s.\-]", "", text).upper()
    digits = number.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
    if not _FORMS.fullmatch(number) or not number.isascii() or len(set(digits)) == 1 or digits in _COUNTED:
        return ""
    return number
