"""Value sets of the required bindings."""

from dataclasses import dataclass
from functools import cache

import orjson

from yteso.fhir.definitions.files import DATA


@dataclass(frozen=True, slots=True)
class Codes:
    """The codes of one value set: `codes` alone for an element of type code, `codings` as (system, code)."""

    name: str
    codes: frozenset[str]
    codings: frozenset[tuple[str, str]]


@cache
def codes(name: str) -> Codes | None:
    """A value set by its name ("administrative-gender"); None where its codes are not listed in the definitions."""
    systems = _sets().get(name)
    if systems is None:
        return None
    codings = frozenset((system, code) for system, listed in systems.items() for code in listed)
    return Codes(name, frozenset(code for _, code in codings), codings)


@cache
def _sets() -> dict[str, dict[str, list[str]]]:
    return orjson.loads((DATA / "codes.json").read_bytes())
