"""URIs: equal, letter by letter; a canonical without a version finds every version.

Source: FHIR R4, Search, "uri".
"""

from collections.abc import Callable

from yteso.fhir.search.errors import SearchError


def read(text: str, parameter: str, modifier: str = "") -> str:
    """Raises SearchError: `:above` and `:below` need a URL, since URNs have no levels."""
    if modifier and "://" not in text:
        raise SearchError("uri", parameter, text)
    return text


def matcher(wanted: list[str], modifier: str = "") -> Callable[[object], bool]:
    """Is the element (uri, url, canonical, oid) one of `wanted`, below one of them, or above?"""
    if modifier == "below":
        return lambda element: type(element) is str and any(_within(element, one) for one in wanted)
    if modifier == "above":
        return lambda element: type(element) is str and any(_within(one, element) for one in wanted)
    known = set(wanted)
    return lambda element: type(element) is str and (element in known or element.partition("|")[0] in known)


def _within(url: str, root: str) -> bool:
    """Whole segments count: http://a/b1 is not within http://a/b."""
    return url == root or url.startswith(root if root.endswith("/") else root + "/")
