"""Is a coded value in a value set? Asked of the terminology, which does not know every code system."""

from collections.abc import Iterator
from typing import Any

from yteso.fhir.terminology import BUILT_IN, FilterError, Library, UnknownSet, members


DEEPEST = 10
"""Value sets within value sets."""


class Codes:
    """`member_of` for the validation, over one library."""

    def __init__(self, library: Library = BUILT_IN) -> None:
        self._library = library

    def member_of(self, value: Any, url: str) -> bool | None:
        """Of a code, Coding, CodeableConcept (one of its codings) or Quantity (its unit). None: it cannot be known."""
        value_set = self._library.value_set(url)
        if value_set is None:
            return None
        systems = dict.fromkeys(self._systems(value_set))
        found = [self._contains(url, systems, system, code) for system, code in _codings(value, list(systems))]
        if True in found:
            return True
        return None if None in found else False

    def _contains(self, url: str, systems: dict[tuple[str, bool], None], system: str, code: str) -> bool | None:
        try:
            if members(url, library=self._library)(system, code):
                return True
        except (UnknownSet, FilterError):
            return None
        return False if all(listed for known, listed in systems if known == system) else None

    def _systems(self, value_set: dict[str, Any], depth: int = 0) -> Iterator[tuple[str, bool]]:
        """The code systems that a value set takes codes of, and whether it can be known which."""
        for part in value_set.get("compose", {}).get("include", ()):
            if system := part.get("system"):
                yield system, "filter" not in part or self._complete(system)
            for url in part.get("valueSet", ()):
                if (other := self._library.value_set(url)) and depth < DEEPEST:
                    yield from self._systems(other, depth + 1)

    def _complete(self, system: str) -> bool:
        editions = self._library.editions(system)
        return bool(editions) and all(one.content == "complete" for one in editions)


def _codings(value: Any, systems: list[tuple[str, bool]]) -> Iterator[tuple[str, str]]:
    """(system, code) of each coding; a code by itself is of any system of the value set."""
    if isinstance(value, str):
        yield from ((system, value) for system, _ in systems)
    elif isinstance(value, dict):
        for one in [value] if "code" in value else value.get("coding", ()):
            if isinstance(one, dict) and isinstance(one.get("code"), str):
                yield str(one.get("system", "")), one["code"]
