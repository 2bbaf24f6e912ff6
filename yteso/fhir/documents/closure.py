"""A resource with all that it refers to, directly or through others (https://hl7.org/fhir/R4/documents.html#content)."""

from collections import deque
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from yteso.fhir.documents import exact


Found = TypeVar("Found")

Find = Callable[[str], tuple[bytes, Found] | None]
"""The JSON of a resource by its reference (Type/id), and what the caller keeps of it; None when it cannot be had."""

MOST = 500
"""Resources of a document."""


class TooMany(Exception):
    """More is referred to than a document may hold."""


def closed(root: str, find: Find[Found], base: str) -> dict[str, tuple[bytes, Found]]:
    """The root first, then what it refers to in the order of the references; what cannot be had is left out.

    `base` is our own address, with which a reference may begin. Raises TooMany.
    """
    found: dict[str, tuple[bytes, Found]] = {}
    looked, waiting = {root}, deque([root])
    while waiting:
        name = waiting.popleft()
        if one := find(name):
            if len(found) == MOST:
                raise TooMany
            found[name] = one
            fresh = dict.fromkeys(known for known in references(exact.read(one[0]), base) if known not in looked)
            looked.update(fresh)
            waiting.extend(fresh)
    return found


def references(value: Any, base: str) -> Iterator[str]:
    """Those to resources of this server, as Type/id; a version of one counts as the resource."""
    if isinstance(value, dict):
        if isinstance(text := value.get("reference"), str) and (name := _own(text, base)):
            yield name
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from references(one, base)


def _own(text: str, base: str) -> str:
    parts = text.removeprefix(f"{base}/").split("/")
    versioned = len(parts) == 4 and parts[2] == "_history"
    return "/".join(parts[:2]) if (len(parts) == 2 or versioned) and parts[0][:1].isupper() else ""
