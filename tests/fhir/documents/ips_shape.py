"""Is this Bundle an International Patient Summary? Every complaint in words; none when it is one."""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from yteso.fhir.structure import check


HERE = Path(__file__).parent
IPS = "http://hl7.org/fhir/uv/ips/StructureDefinition"


def rows(name: str) -> list[dict[str, str]]:
    return list(csv.DictReader((HERE / name).read_text("utf-8").splitlines()))


SECTIONS = {row["loinc"]: row for row in rows("ips_sections.csv")}
ELEMENTS = rows("ips_elements.csv")


def complaints(text: bytes, bundle: dict[str, Any]) -> list[str]:
    return [
        *(f"structure: {one.location} {one.problem}" for one in check(text)),
        *_bundle(bundle),
        *_composition(bundle["entry"][0]["resource"], _by_address(bundle)),
        *_entries(bundle),
        *_references(bundle),
    ]


def sections(bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Sections of the Composition by LOINC code."""
    return {one["code"]["coding"][0]["code"]: one for one in bundle["entry"][0]["resource"]["section"]}


def entries(bundle: dict[str, Any], loinc: str) -> list[dict[str, Any]]:
    """The resources of a section."""
    known = _by_address(bundle)
    return [known[one["reference"]] for one in sections(bundle).get(loinc, {}).get("entry", ())]


def _by_address(bundle: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {one["fullUrl"]: one["resource"] for one in bundle["entry"]}


def _bundle(bundle: dict[str, Any]) -> Iterator[str]:
    for element in ("identifier", "timestamp", "entry"):
        if not bundle.get(element):
            yield f"Bundle.{element} is missing"
    if bundle["type"] != "document":
        yield "Bundle.type is not document"
    if len({one.get("fullUrl") for one in bundle["entry"]} - {None}) != len(bundle["entry"]):
        yield "an entry has no fullUrl, or two have the same"
    if any({"search", "request", "response"} & set(one) for one in bundle["entry"]):
        yield "an entry has search, request or response"
    kinds = [one["resource"]["resourceType"] for one in bundle["entry"]]
    if kinds[0] != "Composition" or kinds.count("Composition") != 1:
        yield "bdl-ips-1: the Composition is not the first and only"
    if kinds.count("Patient") != 1:
        yield "there is not one Patient"


def _composition(composition: dict[str, Any], known: dict[str, Any]) -> Iterator[str]:
    if ("http://loinc.org", "60591-5") not in _codings(composition["type"]):
        yield "Composition.type is not 60591-5"
    if known.get(composition["subject"]["reference"], {}).get("resourceType") != "Patient":
        yield "Composition.subject is not the Patient"
    for author in (*composition["author"], composition["custodian"]):
        if known.get(author["reference"], {}).get("resourceType") != "Organization":
            yield "an author or the custodian is not an Organization"
    counts = Counter(one["code"]["coding"][0]["code"] for one in composition["section"])
    for loinc, row in SECTIONS.items():
        if not int(row["min"]) <= counts[loinc] <= int(row["max"]):
            yield f"section {row['section']} is there {counts[loinc]} times"
    for section in composition["section"]:
        yield from _section(section, known)


def _section(section: dict[str, Any], known: dict[str, Any]) -> Iterator[str]:
    loinc = section["code"]["coding"][0]["code"]
    if not section.get("title") or section.get("section"):
        yield f"{loinc}: no title, or a section in a section"
    if 'lang="vi" xml:lang="vi"' not in section["text"]["div"]:
        yield f"{loinc}: the narrative does not say its language"
    if bool(section.get("entry")) == bool(section.get("emptyReason")):
        yield f"{loinc}: ips-comp-1: entries, or the reason why there are none"
    for one in section.get("entry", ()):
        kind = known.get(one["reference"], {}).get("resourceType", "")
        if kind not in SECTIONS.get(loinc, {"targets": kind})["targets"].split():
            yield f"{loinc}: an entry is a {kind or 'stranger'}"


def _entries(bundle: dict[str, Any]) -> Iterator[str]:
    places = {one["reference"]: loinc for loinc, part in sections(bundle).items() for one in part.get("entry", ())}
    for address, resource in _by_address(bundle).items():
        kind = resource["resourceType"]
        named = {kind, f"{places.get(address)} {kind}"}
        for row in ELEMENTS:
            if row["profile"] in named and not _count(resource, row["element"], row["min"], row["max"]):
                yield f"{row['profile']}.{row['element']} is not there {row['min']}..{row['max']} times"
        if resource.get("status") == "entered-in-error":
            yield f"{kind}: entered in error"
        if kind == "Observation" and not _said(resource):
            yield "ips-2: an Observation has neither a value nor members nor components"
        if kind == "Patient" and not any(
            {"family", "_family", "given", "text", "_text"} & set(n) for n in resource["name"]
        ):
            yield "ips-pat-1: a name without family, given and text"
        if kind == "Condition" and "problem-list-item" not in str(resource.get("category")):
            yield "a Condition is no problem-list-item"


def _references(bundle: dict[str, Any]) -> Iterator[str]:
    known = set(_by_address(bundle))
    for entry in bundle["entry"]:
        for reference in _all(entry["resource"]):
            if reference not in known:
                yield f"{entry['resource']['resourceType']} refers to {reference}, which is not in the Bundle"


def _all(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("reference"), str):
            yield value["reference"]
        value = list(value.values())
    if isinstance(value, list):
        for one in value:
            yield from _all(one)


def _count(resource: dict[str, Any], element: str, least: str, most: str) -> bool:
    name = element.removesuffix("[x]")
    found = {
        plain: value
        for key, value in resource.items()
        if (plain := key.removeprefix("_")) == element or (name != element and plain.startswith(name))
    }
    number = sum(len(value) if isinstance(value, list) else 1 for value in found.values())
    return int(least) <= number and (most == "*" or number <= int(most))


def _said(resource: dict[str, Any]) -> bool:
    return any(name.startswith(("value", "hasMember", "component")) for name in resource)


def _codings(concept: dict[str, Any]) -> list[tuple[str, str]]:
    return [(one["system"], one["code"]) for one in concept["coding"]]
