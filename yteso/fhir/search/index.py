"""The words a resource can be indexed by."""

from collections.abc import Callable, Iterable

from yteso.fhir.search.definitions import Parameter, parameters
from yteso.fhir.search.kinds.references import address
from yteso.fhir.search.kinds.tokens import pairs


Entry = tuple[str, str, str]
"""Code of the parameter, system ("" for none), code; of a reference or uri the code is its address."""


def tokens(resource: dict) -> set[Entry]:
    """Everything a decoded resource is found by with a token, reference or uri parameter and no modifier.

    `yteso.record.ids.token(system, code)` makes a number of a pair. KeyError: not a resource of a known type.
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


def _addresses(_: Parameter, element: object) -> Iterable[tuple[str, str]]:
    found = address(element)
    return [("", found)] if found else []


_PAIRS: dict[str, Callable[[Parameter, object], Iterable[tuple[str, str]]]] = {
    "token": lambda parameter, element: pairs(element, parameter.systems),
    "reference": _addresses,
    "uri": _addresses,
}
