"""Strings: found by how they begin, whatever their case, tones and marks (`dang` finds Đặng).

Every word of a name counts as a beginning: people are called by the last one, and sources send several given names
as one text. Source: FHIR R4, Search, "string".
"""

from collections.abc import Callable, Iterator
from functools import lru_cache
from unicodedata import normalize

from yteso.fhir.search.errors import SearchError
from yteso.people.text import fold


PARTS = {
    "family", "given", "prefix", "suffix", "text",
    "line", "city", "district", "state", "country", "postalCode",
}  # fmt: skip
"""What of a HumanName or an Address is searched."""

NAMES = {"name", "given", "family"}
"""Codes of the parameters that are about names."""

folded = lru_cache(65_536)(fold)


def read(text: str, parameter: str, modifier: str) -> str:
    """The text to compare with, made alike as `modifier` asks. Raises SearchError: nothing to compare with."""
    made = normalize("NFC", text) if modifier == "exact" else fold(text)
    if not made:
        raise SearchError("string", parameter, text)
    return made


def matcher(wanted: list[str], modifier: str = "", *, name: bool = False) -> Callable[[object], bool]:
    """Does any part of an element (string, HumanName or Address) begin with, contain or equal any of `wanted`?

    With `name`, does any word of it begin so?
    """
    if modifier == "exact":
        return lambda element: any(normalize("NFC", part) in wanted for part in parts(element))
    if modifier == "contains":
        return lambda element: any(one in folded(part) for part in parts(element) for one in wanted)
    if name:
        words = [" " + one for one in wanted]
        return lambda element: any(one in " " + folded(part) for part in parts(element) for one in words)
    starts = tuple(wanted)
    return lambda element: any(folded(part).startswith(starts) for part in parts(element))


def parts(element: object) -> Iterator[str]:
    """The texts of an element."""
    if type(element) is str:
        yield element
    elif type(element) is dict:
        for name, value in element.items():
            if name in PARTS:
                for text in value if type(value) is list else (value,):
                    if type(text) is str:
                        yield text
