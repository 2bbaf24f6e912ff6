"""Is this bundle what IHE Mobile access to Health Documents provides (ITI-65), and do its parts belong together?

https://profiles.ihe.net/ITI/MHD/ITI-65.html. Cardinalities of the profiles are in data/mhd.csv: those of Minimal, and
those of Comprehensive and UnContained.Comprehensive metadata.
"""

import csv
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from hashlib import sha1
from importlib.resources import files
from typing import Any

import orjson

from yteso.fhir.structure import Issue


MHD = "https://profiles.ihe.net/ITI/MHD"
_PROFILE, _BUNDLE = f"{MHD}/StructureDefinition/IHE.MHD.", ".ProvideBundle"

Resource = dict[str, Any]
Placed = tuple[str, Resource]
"""A resource, and its place in the bundle."""


def level(bundle: Resource) -> str:
    """minimal or comprehensive, by the profile that the bundle says it has; "" for a bundle that is none of these."""
    named = [text.partition("|")[0] for text in bundle.get("meta", {}).get("profile", ())]
    ours = [text for text in named if text.startswith(_PROFILE) and text.endswith(_BUNDLE)]
    return "" if not ours else "minimal" if all("Minimal" in text for text in ours) else "comprehensive"


def problems(data: bytes) -> list[Issue]:
    """Everything that is against the profile in a transaction that is sound FHIR; nothing where it says it has none."""
    bundle = orjson.loads(data) if _PROFILE.encode() in data else {}
    if not (asked := level(bundle)):
        return []
    entries = [(f"Bundle.entry[{n}]", entry) for n, entry in enumerate(bundle.get("entry", ()))]
    parts = {what: [one for one in entries if _what(one[1]) == what] for what in _cardinalities()}
    known = {entry.get("fullUrl", ""): entry.get("resource", {}) for _, entry in entries}
    found = list(_counted(parts))
    for what, placed in parts.items():
        for place, entry in placed:
            found += _method(place, entry)
            found += _elements(what, asked, (f"{place}.resource", entry["resource"]))
    for place, entry in parts["SubmissionSet"]:
        found += _listed((f"{place}.resource", entry["resource"]), [one["fullUrl"] for _, one in _full(parts)])
    for place, entry in parts["DocumentReference"]:
        found += _attached((f"{place}.resource", entry["resource"]), known)
    return found


def _what(entry: Resource) -> str:
    """Which part of a submission an entry is."""
    resource = entry.get("resource", {})
    if resource.get("resourceType") != "List":
        return resource.get("resourceType", "")
    codes = {one.get("code") for one in resource.get("code", {}).get("coding", ())}
    return "SubmissionSet" if "submissionset" in codes else "Folder" if "folder" in codes else ""


def _full(parts: dict[str, list[Placed]]) -> list[Placed]:
    return [one for one in parts["DocumentReference"] if one[1].get("fullUrl")]


def _counted(parts: dict[str, list[Placed]]) -> Iterator[Issue]:
    if (number := len(parts["SubmissionSet"])) != 1:
        yield _issue(
            "Bundle.entry",
            f"Cần đúng một SubmissionSet (List, code submissionset); đây có {number}.",
            f"There must be one SubmissionSet (List, code submissionset); here are {number}.",
        )


def _method(place: str, entry: Resource) -> Iterator[Issue]:
    if entry.get("request", {}).get("method") != "POST":
        yield _issue(f"{place}.request.method", "Phải là POST.", "It must be POST.")


def _elements(what: str, asked: str, placed: Placed) -> Iterator[Issue]:
    place, resource = placed
    for element, range in _cardinalities()[what][asked]:
        least, _, most = range.partition("..")
        number = len(_values(resource, element))
        if number < int(least) or (most != "*" and number > int(most)):
            yield _issue(
                f"{place}.{element.replace(' ', ':')}",
                f"{what} của MHD ({asked}) có {element} {range} lần; đây là {number}.",
                f"A {what} of MHD ({asked}) has {element} {range} times; here it is {number}.",
            )
    if what == "SubmissionSet" and resource.get("mode") != "working":
        yield _issue(f"{place}.mode", "Phải là working.", "It must be working.")
    if what == "DocumentReference" and resource.get("status") not in ("current", "superseded"):
        yield _issue(f"{place}.status", "Phải là current hoặc superseded.", "It must be current or superseded.")


def _listed(placed: Placed, documents: list[str]) -> Iterator[Issue]:
    """The submission set names every document of the bundle."""
    place, resource = placed
    listed = {one.get("item", {}).get("reference") for one in resource.get("entry", ())}
    if not listed.issuperset(documents):
        yield _issue(
            f"{place}.entry",
            "SubmissionSet phải liệt kê mọi DocumentReference trong Bundle (theo fullUrl).",
            "The SubmissionSet must list every DocumentReference of the Bundle (by its fullUrl).",
        )


def _attached(placed: Placed, known: dict[str, Resource]) -> Iterator[Issue]:
    """What a document points at is in the bundle, or elsewhere by an address; its size and hash are right."""
    place, resource = placed
    for content in resource.get("content", ()):
        attachment = content.get("attachment", {})
        url, where = attachment.get("url", ""), f"{place}.content[0].attachment"
        binary = known.get(url, {})
        if url and binary.get("resourceType") != "Binary":
            if not url.startswith(("http://", "https://", "Binary/")) or url in known:
                yield _issue(f"{where}.url", "Phải dẫn tới một Binary trong Bundle.", "It must lead to a Binary here.")
            continue
        data = b64decode(binary.get("data", ""))
        if "size" in attachment and attachment["size"] != len(data):
            yield _issue(f"{where}.size", f"Nội dung dài {len(data)} byte.", f"The content is {len(data)} bytes long.")
        if "hash" in attachment and b64decode(attachment["hash"]) != sha1(data, usedforsecurity=False).digest():
            yield _issue(f"{where}.hash", "Không khớp SHA-1 của nội dung.", "It is not the SHA-1 of the content.")


def _values(resource: Any, element: str) -> list[Any]:
    """What stands at a path, lists opened; `extension name` is the extension of MHD with that name."""
    name, _, own = element.partition(" ")
    found = [resource]
    for part in name.split("."):
        inside = [one[part] for one in found if part in one]
        found = [one for value in inside for one in (value if isinstance(value, list) else [value])]
    return [one for one in found if one.get("url") == f"{MHD}/StructureDefinition/{own}"] if own else found


@cache
def _cardinalities() -> dict[str, dict[str, list[tuple[str, str]]]]:
    """By part of a submission and level of its metadata: elements and how often they may be there."""
    text = files(__package__).joinpath("data/mhd.csv").read_text("utf-8")
    found: dict[str, dict[str, list[tuple[str, str]]]] = {"Binary": {"minimal": [], "comprehensive": []}}
    for row in csv.DictReader(text.splitlines()):
        levels = found.setdefault(row["what"], {"minimal": [], "comprehensive": []})
        for name, listed in levels.items():
            listed.append((row["element"], row[name]))
    return found


def _issue(location: str, vi: str, en: str) -> Issue:
    return Issue(location, "mhd", "business-rule", vi, en)
