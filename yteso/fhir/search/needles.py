"""Texts that a match certainly contains: most resources are told apart by their bytes, without being read."""

import re

from yteso.fhir.search.conditions import Condition
from yteso.fhir.search.query import Query


Needles = list[tuple[bytes, ...]]
"""Of each, one must be in the bytes (`Body.places`)."""

_PLAIN = re.compile(r"[A-Za-z0-9._\-]+", re.ASCII)
_SPOKEN = ("true", "false")
"""A parameter may be true of what is merely there."""


def needles(query: Query) -> Needles:
    """One for each condition that asks for codes."""
    return [tuple(token.code.encode() for token in one.alternatives) for one in query.conditions if _tells(one)]


def _tells(one: Condition) -> bool:
    if one.parameter.type != "token" or one.modifier:
        return False
    return all(t.code and t.code not in _SPOKEN and _PLAIN.fullmatch(t.code) for t in one.alternatives)
