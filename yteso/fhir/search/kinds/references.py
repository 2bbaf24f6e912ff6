"""References: by id, type and id, absolute address, or the identifier of what they mean.

Source: FHIR R4, Search, "reference".
"""

import re
from collections.abc import Callable
from typing import NamedTuple

from yteso.fhir.search.definitions import Parameter, resource_types
from yteso.fhir.search.errors import SearchError
from yteso.fhir.search.escapes import plain


_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")
_LOCAL = re.compile(r"([A-Za-z]+)/([A-Za-z0-9.-]{1,64})(?:/_history/([A-Za-z0-9.-]{1,64}))?")
_ABSOLUTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+")


class Reference(NamedTuple):
    """One alternative: a resource of this server (`type` "" for any, `version` "" for any), or an `address`."""

    type: str = ""
    id: str = ""
    version: str = ""
    address: str = ""


def read(text: str, parameter: Parameter, written: str, modifier: str, base: str) -> Reference:
    """`23`, `Patient/23`, `https://…/Patient/23`, `urn:uuid:…`; `modifier` may name the type. Raises SearchError."""
    text = plain(text)
    if base and text.startswith(base + "/"):
        text = text[len(base) + 1 :]
    if _ID.fullmatch(text):
        return Reference(modifier, text)
    local = _LOCAL.fullmatch(text)
    if local and local[1] in resource_types() and modifier in ("", local[1]):
        return Reference(local[1], local[2], local[3] or "")
    if _ABSOLUTE.fullmatch(text):
        return Reference(address=text)
    targets = ", ".join(sorted(parameter.targets)) or "*"
    raise SearchError("reference", written, text, targets=targets)


def matcher(wanted: list[Reference], parameter: Parameter, base: str) -> Callable[[object], bool]:
    """Does the element (Reference, canonical, uri, or a resource itself) lead to any of `wanted`?"""
    addresses = {one.address for one in wanted if one.address}
    versions = {f"{one.type}/{one.id}/_history/{one.version}" for one in wanted if one.version}
    known = addresses | versions | {f"{one.type}/{one.id}" for one in wanted if one.type and not one.version}
    ids = {one.id for one in wanted if one.id and not one.type}
    targets = parameter.targets

    def test(element: object) -> bool:
        text = address(element, base)
        if text is None:
            return False
        whole = text.partition("/_history/")[0]
        if text in known or whole in known or whole.partition("|")[0] in addresses:
            return True
        kind, _, id = whole.partition("/")
        return id in ids and (not targets or kind in targets)

    return test


def address(element: object, base: str = "") -> str | None:
    """Where the element leads: "Patient/23" for a resource of the server at `base`, else as it is written."""
    if type(element) is dict:
        if "resourceType" in element:
            return f"{element['resourceType']}/{element.get('id', '')}"
        element = element.get("reference")
    if type(element) is not str:
        return None
    return element[len(base) + 1 :] if base and element.startswith(base + "/") else element
