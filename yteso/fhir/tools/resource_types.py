"""Writes yteso/fhir/server/data/resources.csv from the unpacked package hl7.fhir.r4.examples 4.0.1 (CC0-1.0).

python -m yteso.fhir.tools.resource_types FOLDER
"""

import csv
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any


TARGET = Path(__file__).parents[1] / "server" / "data" / "resources.csv"


def main(folder: Path) -> None:
    parameters = _parameters(folder)
    compartment = _compartment(folder)
    with TARGET.open("w", encoding="utf-8", newline="") as stream:
        rows = csv.writer(stream, lineterminator="\n")
        rows.writerow(("type", "patient", "compartment", "kept", "summary"))
        for type, elements in sorted(_types(folder)):
            kept = _names(e for e in elements if e["path"].count(".") == 1 and (e.get("min") or e.get("isModifier")))
            summary = _names(_summary(elements))
            known = " ".join(name for name in ("patient", "subject") if type in parameters[name])
            rows.writerow((type, known, "yes" if type in compartment else "", " ".join(kept), " ".join(summary)))


def _types(folder: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The resource types that can be stored, each with its elements."""
    for path in folder.glob("StructureDefinition-*.json"):
        found = json.loads(path.read_text("utf-8"))
        if (found["kind"], found["abstract"], found.get("derivation")) == ("resource", False, "specialization"):
            yield found["type"], found["snapshot"]["element"]


def _summary(elements: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Elements of the summary whose parents are in it as well."""
    paths = {element["path"] for element in elements if element.get("isSummary")} | {elements[0]["path"]}
    return (e for e in elements if e["path"] in paths and e["path"].rpartition(".")[0] in paths)


def _names(elements: Iterator[dict[str, Any]]) -> list[str]:
    """Paths below the type; an element of several types is one name for each (value[x]: valueQuantity …)."""
    names = []
    for element in elements:
        path = element["path"].partition(".")[2]
        if path.endswith("[x]"):
            names += [path[:-3] + type["code"][0].upper() + type["code"][1:] for type in element["type"]]
        elif path:
            names.append(path)
    return names


def _parameters(folder: Path) -> dict[str, set[str]]:
    """The types that have a search parameter `patient`, and those that have `subject`."""
    bases: dict[str, set[str]] = {"patient": set(), "subject": set()}
    for path in folder.glob("SearchParameter-*.json"):
        found = json.loads(path.read_text("utf-8"))
        bases.get(found["code"], set()).update(found.get("base", ()))
    return bases


def _compartment(folder: Path) -> set[str]:
    """The types of the patient compartment."""
    listed = json.loads((folder / "CompartmentDefinition-patient.json").read_text("utf-8"))["resource"]
    return {one["code"] for one in listed if one.get("param")}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
