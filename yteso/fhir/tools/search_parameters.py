"""Distils the search parameters and compartments of FHIR R4: what yteso/fhir/search/data is made by.

    python -m yteso.fhir.tools.search_parameters FOLDER

FOLDER is the unpacked package hl7.fhir.r4.examples 4.0.1. Of its search parameters, those of the base specification
are taken (they alone carry a standards status; those of other guides and of examples do not).
"""

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from yteso.fhir.search.expression import compiled


DATA = Path(__file__).parents[1] / "search" / "data"
ROOT = "http://hl7.org/fhir/SearchParameter/"
STATUS = "http://hl7.org/fhir/StructureDefinition/structuredefinition-standards-status"
EVERY = 140
"""A parameter with as many targets may refer to anything: written as `*`."""

ERRATA = {"DocumentReference-relationship": [("relation", "code"), ("relatesto", "target")]}
"""The parts of a composite that R4 names the wrong way round."""


class Package:
    """The definitions of one unpacked package."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.value_sets = {one["url"]: one for one in self.all("ValueSet")}

    def all(self, kind: str) -> Iterator[dict]:
        for path in sorted(self.folder.glob(f"{kind}-*.json")):
            yield json.loads(path.read_text(encoding="utf-8"))

    @cache  # noqa: B019 - one package, one run
    def elements(self, kind: str) -> dict[str, dict]:
        """Elements of a resource or data type by path."""
        path = self.folder / f"StructureDefinition-{kind}.json"
        if not path.exists():
            return {}
        snapshot = json.loads(path.read_text(encoding="utf-8"))["snapshot"]["element"]
        return {one["path"].removesuffix("[x]"): one for one in snapshot}

    @cache  # noqa: B019
    def element(self, path: str) -> dict | None:
        """The element at a path that may run through data types: `Patient.name.family`."""
        kind, *names = path.split(".")
        at = kind
        for name in names:
            found = self.elements(at.partition(".")[0]).get(f"{at}.{name}")
            if found is None:
                return None
            types = _types(found)
            inline = types[:1] in (["BackboneElement"], ["Element"])
            at = f"{at}.{name}" if inline else types[0] if types else found.get("contentReference", "#")[1:]
        return found if names else None

    def systems(self, path: str) -> list[str]:
        """Code systems that a bare code at this path is from, by its required binding."""
        element = self.element(path)
        binding = element.get("binding", {}) if element else {}
        if binding.get("strength") != "required" or "code" not in _types(element):
            return []
        value_set = self.value_sets.get(binding["valueSet"].partition("|")[0], {})
        return [part["system"] for part in value_set.get("compose", {}).get("include", []) if "system" in part]


class Choices(dict):
    """The choice elements that expressions run through, found in the package and remembered."""

    def __init__(self, package: Package) -> None:
        self.package = package

    def get(self, path: str, default=None):
        element = self.package.element(path)
        if element and element["path"].endswith("[x]"):
            self[path] = tuple(_types(element))
        return super().get(path, default)


def _types(element: dict) -> list[str]:
    return list(dict.fromkeys(one["code"].rpartition("/")[2] for one in element.get("type", [])))


def _targets(parameter: dict) -> str:
    targets = parameter.get("target", [])
    return "*" if len(targets) >= EVERY else " ".join(targets)


def official(package: Package) -> list[dict]:
    return [
        one
        for one in package.all("SearchParameter")
        if one["url"].startswith(ROOT) and any(e["url"] == STATUS for e in one.get("extension", []))
    ]


def own(expression: str, base: str) -> str:
    """The part of an expression shared by many types that is about one of them."""
    parts = [part.strip() for part in expression.split("|")]
    mine = [part for part in parts if part.lstrip("(").split(".")[0].split(" ")[0] in (base, "name", "alias")]
    return " | ".join(mine)


def rows(package: Package, choices: Choices) -> Iterator[tuple[str, ...]]:
    known = official(package)
    codes = {one["url"]: one["code"] for one in known}
    for one in known:
        for base in one["base"]:
            expression = own(one.get("expression", ""), base)
            paths = compiled(expression, base, choices).paths if expression else ()
            systems = [system for path in paths for system in package.systems(path)] if one["type"] == "token" else []
            parts = [(codes[part["definition"]], part["expression"]) for part in one.get("component", [])]
            parts = ERRATA.get(one["id"], parts)
            for _, part in parts:
                for path in paths:
                    compiled(part, path, choices)
            yield (
                base,
                one["code"],
                one["id"],
                one["type"],
                expression,
                _targets(one),
                " ".join(dict.fromkeys(systems)),
                ";".join(f"{code}={part}" for code, part in parts),
            )


def compartments(package: Package) -> Iterator[tuple[str, ...]]:
    """One row per type, of a Patient's even without a parameter: that is also the list of all resource types."""
    kinds = sorted(
        one["type"]
        for one in package.all("StructureDefinition")
        if one["kind"] == "resource" and not one["abstract"] and one["derivation"] == "specialization"
    )
    known = (one for one in package.all("CompartmentDefinition") if one.get("version") == "4.0.1")
    for one in sorted(known, key=lambda one: (one["code"] != "Patient", one["code"])):
        # What stands in braces is the owner itself.
        tied = {row["code"]: [name for name in row.get("param", ()) if name[0] != "{"] for row in one["resource"]}
        for kind in kinds:
            if tied.get(kind) or one["code"] == "Patient":
                yield one["code"], kind, " ".join(tied.get(kind, []))


def write(name: str, head: Iterable[str], lines: Iterable[tuple[str, ...]]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(head)
        writer.writerows(lines)


def main(folder: str) -> None:
    package = Package(Path(folder))
    choices = Choices(package)
    choices.get("Extension.value")
    head = ("base", "code", "id", "type", "expression", "targets", "systems", "components")
    write("parameters.csv", head, sorted(rows(package, choices)))
    write("choices.csv", ("path", "types"), ((path, " ".join(types)) for path, types in sorted(choices.items())))
    write("compartments.csv", ("compartment", "type", "parameters"), compartments(package))


if __name__ == "__main__":
    main(*sys.argv[1:])
