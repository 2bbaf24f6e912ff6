"""What searches and validation ask of the terminology.

Without a day every edition counts: a search asks for what was ever coded.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache

from yteso.fhir.terminology.compose import Sets
from yteso.fhir.terminology.filters import FilterError
from yteso.fhir.terminology.library import Library


BUILT_IN = Library()


def members(canonical: str, *, on: date | None = None, library: Library = BUILT_IN) -> Callable[[str, str], bool]:
    """Test of (system, code): is it in the value set? Raises UnknownSet, FilterError."""
    value_set = Sets(library, on).named(canonical)
    return lru_cache(4096)(lambda system, code: Sets(library, on).contains(value_set, system, code))


def codings(canonical: str, *, library: Library = BUILT_IN) -> frozenset[tuple[str, str | None]] | None:
    """(system, code) of every member; code None: any of the system. None: no such value set, or it cannot be listed."""
    value_set = library.value_set(canonical)
    if value_set is None:
        return None
    sets = Sets(library, None)
    whole = sets.open(value_set)
    compose = value_set.get("compose", {})
    rest = [part for part in compose.get("include", ()) if part.get("system") not in whole or len(part) > 1]
    try:
        listed = sets.listed(value_set | {"compose": compose | {"include": rest}})
        return frozenset((one.system.url, one.concept.code) for one in listed) | {(url, None) for url in whole}
    except (LookupError, FilterError):
        return None


def below(system: str, code: str, *, library: Library = BUILT_IN) -> frozenset[str]:
    """The code and all more special ones, over all editions; empty when none has it."""
    return frozenset().union(*(edition.below(code) for edition in library.editions(system)))


def above(system: str, code: str, *, library: Library = BUILT_IN) -> frozenset[str]:
    """The code and all more general ones, over all editions; empty when none has it."""
    return frozenset().union(*(edition.above(code) for edition in library.editions(system)))


def hierarchical(system: str, *, library: Library = BUILT_IN) -> bool:
    """Has the system codes that stand below others?"""
    return any(edition.children for edition in library.editions(system))
