"""Makes the data files of `yteso.fhir.definitions` from the unpacked package "hl7.fhir.r4.examples" 4.0.1.

Usage: python -m yteso.fhir.tools.distil_definitions FOLDER
"""

import csv
import sys
from collections.abc import Iterator
from pathlib import Path

import orjson

from yteso.fhir.definitions import DATA


SITE = "http://hl7.org/fhir/"
DEFINITION = SITE + "StructureDefinition/"
SETS = SITE + "ValueSet/"
REGEX = DEFINITION + "regex"
ALSO = ("Age", "Count", "Distance", "Duration", "MoneyQuantity", "SimpleQuantity", "Element")
"""Profiles of Quantity that are used like types of their own; and what stands beside a primitive value."""

Json = dict


def main(package: Path) -> None:
    known = types(package)
    with (DATA / "types.csv").open("w", encoding="utf-8", newline="") as file:
        write = csv.writer(file, lineterminator="\n").writerow
        write(("name", "kind", "regex"))
        for name, one in sorted(known.items(), key=lambda item: (item[1]["kind"], item[0])):
            write((name, one["kind"].removesuffix("-type"), _regex(one)))
    bound = set()
    for name, one in known.items():
        if one["kind"] != "primitive-type":
            elements = (each for each in one["snapshot"]["element"][1:] if each["max"] != "0")
            rows = [_row(element, name, one["kind"] == "resource") for element in elements]
            bound |= {row[4] for row in rows}
            with (DATA / "types" / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows([_COLUMNS, *rows])
    _write_codes(package, bound)


def types(package: Path) -> dict[str, Json]:
    """The definitions of the types by name."""
    return {one["id"]: one for one in read(package, "StructureDefinition") if _is_type(one)}


_COLUMNS = ("path", "min", "max", "types", "codes", "summary")


def read(package: Path, kind: str) -> Iterator[Json]:
    for path in sorted(package.glob(f"{kind}-*.json")):
        yield orjson.loads(path.read_bytes())


def _is_type(one: Json) -> bool:
    concrete = one.get("derivation") == "specialization" and not one["abstract"] and one["kind"] != "logical"
    return one["url"] == DEFINITION + one["id"] and (concrete or one["id"] in ALSO)


def _regex(one: Json) -> str:
    for element in one["snapshot"]["element"] if one["kind"] == "primitive-type" else ():
        for kind in element.get("type", ()):
            for extension in kind.get("extension", ()):
                if extension["url"] == REGEX:
                    return extension["valueString"]
    return ""


def _row(element: Json, name: str, of_resource: bool) -> tuple:
    path = ".".join([name, *element["path"].split(".")[1:]])
    if "contentReference" in element:
        types = element["contentReference"]
    else:
        types = " ".join(_type(kind, path, of_resource) for kind in element["type"])
    binding = element.get("binding", {})
    codes = binding["valueSet"].split("|")[0].removeprefix(SETS) if binding.get("strength") == "required" else ""
    return path, element["min"], element["max"], types, codes, "y" if element.get("isSummary") else ""


def _type(kind: Json, path: str, of_resource: bool) -> str:
    """`Reference(Patient|Group)`; the type of an id or url of the base types is in an extension."""
    if kind["code"].startswith("http://hl7.org/fhirpath/"):
        # The published type of Resource.id is string; its definition (resource.html#id) says id.
        return "id" if of_resource and path.count(".") == 1 else kind["extension"][0]["valueUrl"]
    if kind.get("profile") == [DEFINITION + "SimpleQuantity"]:
        return "SimpleQuantity"
    targets = sorted(target.removeprefix(DEFINITION) for target in kind.get("targetProfile", ()))
    return f"{kind['code']}({'|'.join(targets)})" if targets and targets != ["Resource"] else kind["code"]


def _write_codes(package: Path, bound: set[str]) -> None:
    """One line per value set: its codes by system. Value sets whose systems are not in the package stay out."""
    sets = {one["url"]: one for one in read(package, "ValueSet")}
    systems = {one["url"]: one for one in read(package, "CodeSystem") if one["content"] == "complete"}
    found = {name: _expand(name if ":" in name else SETS + name, sets, systems) for name in sorted(bound - {""})}
    lines = [f"{orjson.dumps(name).decode()}: {orjson.dumps(codes).decode()}" for name, codes in found.items() if codes]
    (DATA / "codes.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")


def _expand(url: str, sets: dict[str, Json], systems: dict[str, Json]) -> dict[str, list[str]] | None:
    if url not in sets:
        return None
    found: dict[str, list[str]] = {}
    for part in sets[url]["compose"]["include"]:
        for other in part.get("valueSet", ()):
            found |= _expand(other.split("|")[0], sets, systems) or {}
        if "system" in part:
            concepts = part.get("concept") or systems.get(part["system"], {}).get("concept")
            if not concepts:
                return None
            found.setdefault(part["system"], []).extend(_codes(concepts))
    return found


def _codes(concepts: list[Json]) -> Iterator[str]:
    for concept in concepts:
        yield concept["code"]
        yield from _codes(concept.get("concept", []))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
