"""Words: 64-bit hashes that a document is found by without being opened (`Document.tokens`).

A coded value is the word `ids.token(system, code)`. Other values are words of the type and the search parameter they
belong to; a text is found by how it begins, a date by its day, month and year. Words lead to candidates only: two
values may share one, and what is found is always looked at.
"""

from functools import lru_cache

from yteso.record.ids import token


INDEXED = token("yteso", "indexed 1")
"""In every document whose words are complete by today's rules; the others are to be looked at one by one."""

LENGTHS = (1, 2, 3, 4, 6, 8)
"""Of the beginnings of a text."""


@lru_cache(256)
def of_type(type: str) -> int:
    """In a document that has a resource of this type."""
    return token("type", type)


def of_value(type: str, parameter: str, value: str) -> int:
    """In a document with a resource of this type that has this value of a search parameter."""
    return token(f"{type}?{parameter}", value)


@lru_cache(65_536)
def of_beginnings(type: str, parameter: str, text: str) -> tuple[int, ...]:
    """All the words of a text that is to be found by how it begins."""
    return tuple(of_value(type, parameter, text[:length]) for length in LENGTHS if length <= len(text))


def of_beginning(type: str, parameter: str, text: str) -> int:
    """The word that every text which begins so has."""
    return of_value(type, parameter, text[: max(length for length in LENGTHS if length <= len(text))])


def of_day(type: str, parameter: str, day: str) -> tuple[int, ...]:
    """The words of 2026-03-01, 2026-03 or 2026: itself and what it is part of."""
    return tuple(of_value(type, parameter, day[:length]) for length in (4, 7, 10) if length <= len(day))
