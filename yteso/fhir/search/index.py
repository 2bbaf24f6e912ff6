"""The words a resource is indexed by. `probes` are their other side: which words a search looks for."""

from collections.abc import Callable, Iterable, Iterator

from yteso.fhir.search.definitions import Parameter, parameters
from yteso.fhir.search.kinds import dates, strings
from yteso.fhir.search.kinds.references import address
from yteso.fhir.search.kinds.tokens import pairs
from yteso.mapping.names import indexed
from yteso.record.ids import token
from yteso.record.words import INDEXED, of_beginnings, of_day, of_type, of_value


Entry = tuple[str, str, str]
"""Code of the parameter, system ("" for none), code; of a reference or uri the code is its address."""


def tokens(resource: dict) -> set[Entry]:
    """Everything a decoded resource is found by with a token, reference or uri parameter and no modifier.

    KeyError: not a resource of a known type.
    """
    known = parameters(resource["resourceType"]).values()
    return {
        (parameter.code, system, code)
        for parameter in known
        if parameter.type in _PAIRS
        for element in parameter.values(resource)
        for system, code in _PAIRS[parameter.type](parameter, element)
        if code
    }


def words(resource: dict) -> set[int]:
    """The words of a document of this one resource (`Document.tokens`). KeyError: not of a known type."""
    kind = resource["resourceType"]
    found = {INDEXED, of_type(kind)}
    for parameter in parameters(kind).values():
        if make := _WORDS.get(parameter.type):
            for element in parameter.values(resource):
                found.update(make(kind, parameter, element))
    return found


def plain_address(text: str) -> str:
    """What an address and the searches for it have in common: the id of a resource; a canonical without its version."""
    whole = text.partition("/_history/")[0].partition("|")[0]
    kind, _, id = whole.rpartition("/")
    return id if kind.rpartition("/")[2][:1].isupper() else whole


def shared_name(parameter: Parameter) -> str:
    """Under what the words of a text are kept: those of all names of somebody together."""
    return "name" if parameter.code in strings.NAMES else parameter.code


def _addresses(_: Parameter, element: object) -> Iterable[tuple[str, str]]:
    found = address(element)
    return [("", found)] if found else []


_PAIRS: dict[str, Callable[[Parameter, object], Iterable[tuple[str, str]]]] = {
    "token": lambda parameter, element: pairs(element, parameter.systems),
    "reference": _addresses,
    "uri": _addresses,
}


def _of_codes(kind: str, parameter: Parameter, element: object) -> Iterator[int]:
    for system, code in pairs(element, parameter.systems):
        if code:
            yield of_value(kind, parameter.code, code)
            if system in indexed():
                yield token(system, code)


def _of_composites(kind: str, parameter: Parameter, element: object) -> Iterator[int]:
    for part in parameter.components if type(element) is dict else ():
        if part.type == "token":
            for one in part.compiled.select(element, element):
                for _, code in pairs(one, part.systems):
                    yield of_value(kind, parameter.code, code)


def _of_addresses(kind: str, parameter: Parameter, element: object) -> Iterator[int]:
    if found := address(element):
        yield of_value(kind, parameter.code, plain_address(found))
    if type(element) is dict:
        for _, value in pairs(element.get("identifier")):
            yield of_value(kind, f"{parameter.code}:identifier", value)


def _of_dates(kind: str, parameter: Parameter, element: object) -> Iterable[int]:
    found = dates.extent(element)
    return of_day(kind, parameter.code, dates.day(found)) if found else ()


def _of_texts(kind: str, parameter: Parameter, element: object) -> Iterator[int]:
    name = shared_name(parameter)
    for part in strings.parts(element):
        text = strings.folded(part)
        for start in text.split() if name == "name" else (text,):
            yield from of_beginnings(kind, name, start)


_WORDS: dict[str, Callable[[str, Parameter, object], Iterable[int]]] = {
    "composite": _of_composites,
    "date": _of_dates,
    "reference": _of_addresses,
    "string": _of_texts,
    "token": _of_codes,
    "uri": _of_addresses,
}
