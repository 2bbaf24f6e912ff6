"""References between the entries of a transaction, in the JSON text itself, so that nothing else of it changes.

https://hl7.org/fhir/R4/http.html#trules, "Replacing hyperlinks and fixing up internal references".
"""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache

import orjson

from yteso.fhir.definitions import COMPLEX, RESOURCES, structure


_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]+)\?(\S+)", re.ASCII)

_LINKS = {"uri", "url", "oid", "uuid", "canonical"}
"""Types of elements that may lead to an entry, beside References and the links of a narrative."""


def conditional(json: bytes) -> Iterator[tuple[str, str, str]]:
    """Each reference that is a search: its text, type and criteria."""
    if b"?" not in json:
        return
    for found in _reference().finditer(json):
        text = orjson.loads(found[2])
        if search := _CONDITIONAL.fullmatch(text):
            yield text, search[1], search[2]


def replaced(json: bytes, known: Mapping[str, str]) -> bytes:
    """With these addresses (as written) led to those (`Type/id`), wherever a link may stand; compact JSON.

    What follows `#` in a reference stays.
    """
    if _named(json, known):
        json = _reference().sub(_member(known), json)
    if _named(json, known):  # rarely
        json = _HREF.sub(_attribute(known), _link().sub(_member(known), json))
    return json


def _named(json: bytes, known: Mapping[str, str]) -> bool:
    return any(text.encode() in json for text in known)


def _member(known: Mapping[str, str]) -> Callable[[re.Match], bytes]:
    def put(found: re.Match) -> bytes:
        text, mark, part = orjson.loads(found[2]).partition("#")
        return found[1] + orjson.dumps(known[text] + mark + part) if text in known else found[0]

    return put


def _attribute(known: Mapping[str, str]) -> Callable[[re.Match], bytes]:
    def put(found: re.Match) -> bytes:
        address = known.get(found[2].decode())
        return found[1] + address.encode() + found[3] if address else found[0]

    return put


_TEXT = rb'("(?:[^"\\]|\\.)*")'

_HREF = re.compile(rb'((?:href|src)=(?:\\"|\'))([^"\'\\]*)(\\"|\')')


@cache
def _reference() -> re.Pattern:
    return re.compile(rb'((?<!\\)"reference":)' + _TEXT)


@cache
def _link() -> re.Pattern:
    """The members whose values are addresses, by their names; `value` of an identifier is none."""
    names = {
        name
        for type in (*COMPLEX, *RESOURCES)
        for one in _parts(type)
        for name, (_, kind) in structure(one).keys.items()
        if kind in _LINKS
    }
    return re.compile(rb'((?<!\\)"(?:' + "|".join(sorted(names)).encode() + rb')":)' + _TEXT)


def _parts(type: str) -> Iterator[str]:
    """A type and the parts of it that have elements of their own."""
    yield type
    for element in structure(type).elements.values():
        if element.types == (element.path,):
            yield from _parts(element.path)
