"""Lists of the codes of a value set, in pages (https://hl7.org/fhir/R4/valueset-operation-expand.html)."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from yteso.fhir.terminology.compose import Member
from yteso.fhir.terminology.systems import Concept
from yteso.people.text import fold


MOST = 5_000
"""Codes of a list without `count`."""

_folded = lru_cache(100_000)(lambda *texts: " " + fold(" ".join(texts)))


class TooMany(ValueError):
    """More codes than are listed at once; the number of them."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """`filter`: with each word of it a word of the name or the code must begin, whatever the case, tones and marks."""

    filter: str = ""
    offset: int = 0
    count: int | None = None
    active: bool = False
    selectable: bool = False
    without: frozenset[str] = field(default_factory=frozenset)


@dataclass(frozen=True, slots=True)
class Expansion:
    """One page, and how many there are on all pages."""

    members: list[Member]
    total: int


def expand(members: Iterable[Member], wanted: Wanted) -> Expansion:
    """Raises TooMany."""
    found = [one for one in members if _is_wanted(one, wanted)]
    if words := [" " + word for word in fold(wanted.filter).split()]:
        texts = [(_text(one.concept), one) for one in found]
        hits = [(text, one) for text, one in texts if all(word in text for word in words)]
        # A name that begins so is more likely meant than one that has the words somewhere.
        found = [one for _, one in sorted(hits, key=lambda hit: not hit[0].startswith(words[0]))]
    if wanted.count is None and len(found) - wanted.offset > MOST:
        raise TooMany(len(found))
    end = None if wanted.count is None else wanted.offset + wanted.count
    return Expansion(found[wanted.offset : end], len(found))


def _is_wanted(one: Member, wanted: Wanted) -> bool:
    concept = one.concept
    if one.system.url in wanted.without or (wanted.active and not concept.active):
        return False
    return not (wanted.selectable and concept.abstract)


def _text(concept: Concept) -> str:
    """What is searched, each word after a blank: the name, the code, the other names."""
    return _folded(concept.display(), concept.code, concept.en, str(concept.properties.get("other-names", "")))
