"""Converters between the text of a national field and a JSON literal of FHIR.

A converter either carries a value exactly (its inverse gives back the very same text) or declines with "", and then
the field stays as sent in the extension of its table. `NEAR` holds, for some converters, a second, lossy form that
is shown *beside* the kept text (a birth date whose hour is known, `<5`, a comma decimal).

Every converter is a bounded memo: values repeat a lot within and across visits.
"""

import datetime as calendar
import html
import re
from collections.abc import Callable
from json.encoder import encode_basestring

from yteso.mapping.names import rows


def image(text: str) -> str:
    """Text as the Latin-1 reading of its UTF-8 bytes.

    Strings of one byte per character are joined twice as fast, and becoming bytes is a copy; encoding 120 KB of
    Vietnamese at the end of every visit would cost a quarter of the whole mapping.
    """
    return text if text.isascii() else text.encode().decode("latin-1")


def quote(text: str) -> str:
    """A JSON string, as an image."""
    return image(encode_basestring(text))


class Memo(dict):
    """`memo[text]` computes once; forgets everything when it holds `size` values."""

    __slots__ = ("compute", "size")

    def __init__(self, compute: Callable[[str], str], size: int = 20_000):
        self.compute, self.size = compute, size

    def __missing__(self, key: str):
        if len(self) >= self.size:
            self.clear()
        value = self[key] = self.compute(key)
        return value


NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})(\.[0-9]{1,9})?")
LOOSE_NUMBER = re.compile(r"\s*(<=|>=|<|>|≤|≥)?\s*(-?[0-9]{1,15}(?:[.,][0-9]{1,9})?)\s*")
CODE = re.compile(r"[^\s]+( [^\s]+)*")
COMPARATORS = {"<": "<", ">": ">", "<=": "<=", ">=": ">=", "≤": "<=", "≥": ">="}


def _day(text: str) -> str:
    try:
        return calendar.date(int(text[:4]), int(text[4:6]), int(text[6:])).isoformat()
    except ValueError:
        return ""


DAYS = Memo(_day)
"""yyyymmdd → yyyy-mm-dd, "" for what is no day. Give it digits only."""


def decimal(text: str) -> str:
    return text if NUMBER.fullmatch(text) else ""


def nonzero(text: str) -> str:
    """Amounts that say something; zeros go to an extension, where they take a third of the space."""
    return decimal(text) if text.strip("0.") else ""


def zero(text: str) -> str:
    return "" if text.strip("0.") else decimal(text)


def code(text: str) -> str:
    return quote(text) if CODE.fullmatch(text) else ""


def date(text: str) -> str:
    day = DAYS[text] if len(text) == 8 and text.isascii() and text.isdigit() else ""
    return day and f'"{day}"'


def instant(text: str) -> str:
    if len(text) != 12 or not text.isascii() or not text.isdigit() or text[8:10] > "23" or text[10:] > "59":
        return ""
    day = DAYS[text[:8]]
    return day and f'"{day}T{text[8:10]}:{text[10:]}:00+07:00"'


def birth(text: str) -> str:
    """yyyymmdd0000, yyyymm000000 or yyyy00000000; the hour of birth needs the extension."""
    return birth_near(text) if len(text) == 12 and text.endswith("0000") else ""


def birth_near(text: str) -> str:
    if not (text.isascii() and text.isdigit() and len(text) in (4, 8, 12)) or text < "1":
        return ""
    text = text.ljust(8, "0")
    if text[4:6] == "00":
        return f'"{text[:4]}"' if text[6:8] == "00" else ""
    if text[6:8] == "00":
        return f'"{text[:4]}-{text[4:6]}"' if "01" <= text[4:6] <= "12" else ""
    return date(text[:8])


def birthtime(text: str) -> str:
    return instant(text) if not text.endswith("0000") else ""


def div(text: str) -> str:
    return quote(f'<div xmlns="http://www.w3.org/1999/xhtml">{html.escape(text, quote=False)}</div>')


def _undiv(text: str) -> str:
    return html.unescape(text.removeprefix('<div xmlns="http://www.w3.org/1999/xhtml">').removesuffix("</div>"))


def number_near(text: str) -> str:
    """The number in `<5`, `5,4`, `007`; "" when there is none or it is out of range."""
    match = LOOSE_NUMBER.fullmatch(text)
    if not match:
        return ""
    sign, digits = ("-", match[2][1:]) if match[2][0] == "-" else ("", match[2])
    whole, _, rest = digits.replace(",", ".").partition(".")
    return sign + (whole.lstrip("0") or "0") + (f".{rest}" if rest else "")


def comparator(text: str) -> str:
    match = LOOSE_NUMBER.fullmatch(text)
    return f'"{COMPARATORS[match[1]]}"' if match and match[1] else ""


def words(text: str) -> str:
    """A result that is not a number."""
    return "" if number_near(text) else quote(text)


def _shaped(pattern: str) -> Callable[[str], str]:
    shape = re.compile(pattern)
    return lambda text: quote(text) if shape.fullmatch(text) else ""


PAPERS = {"cccd": r"[0-9]{12}", "cmnd": r"[0-9]{9}", "passport": r"[A-Z]{1,2}[0-9]{6,8}"}


def _other_paper(text: str) -> str:
    return "" if any(re.fullmatch(shape, text) for shape in PAPERS.values()) else quote(text)


def family(text: str) -> str:
    """Vietnamese order: family name first."""
    return quote(text.split()[0]) if text.split() else ""


def given(text: str) -> str:
    return quote(" ".join(text.split()[1:])) if len(text.split()) > 1 else ""


def _value_map(name: str) -> tuple[Callable[[str], str], Callable[[str], str]]:
    there = {row["value"]: row["code"] for row in rows("value_maps.csv") if row["map"] == name}
    back = {code: value for value, code in there.items()}
    return (lambda text: f'"{there[text]}"' if text in there else ""), back.__getitem__


def _digits(text: str) -> str:
    return "".join(c for c in text.removesuffix(":00+07:00") if c.isdigit())


TO_FHIR: dict[str, Callable[[str], str]] = {
    "decimal": decimal, "nonzero": nonzero, "zero": zero, "code": code, "date": date, "instant": instant,
    "birth": birth, "birthtime": birthtime, "div": div, "comparator": comparator, "words": words, "number": decimal,
    "family": family, "given": given, "paper": _other_paper,
    **{name: _shaped(pattern) for name, pattern in PAPERS.items()},
}  # fmt: skip
FROM_FHIR: dict[str, Callable[[str], str]] = {
    "date": _digits, "instant": _digits, "birth": lambda text: _digits(text).ljust(12, "0"), "div": _undiv,
}  # fmt: skip
NEAR: dict[str, Callable[[str], str]] = {"birth": birth_near, "number": number_near}

for _name in sorted({row["map"] for row in rows("value_maps.csv")}):
    TO_FHIR[_name], FROM_FHIR[_name] = _value_map(_name)

SELDOM_REPEATED = {"div": 50} | dict.fromkeys([*PAPERS, "paper"], 1_000)
"""Whole paragraphs and numbers of persons are hardly met again."""

MEMOS: dict[str, Memo] = {name: Memo(convert, SELDOM_REPEATED.get(name, 20_000)) for name, convert in TO_FHIR.items()}
NEAR_MEMOS: dict[str, Memo] = {name: Memo(convert) for name, convert in NEAR.items()}
