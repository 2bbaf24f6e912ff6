"""Makes the data files of `yteso.fhir.validation` from the unpacked package "hl7.fhir.r4.examples" 4.0.1.

Usage: python -m yteso.fhir.tools.distil_invariants FOLDER
"""

import csv
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from yteso.fhir.tools.distil_definitions import DEFINITION, Json, read, types
from yteso.fhir.validation.invariants import STRUCTURAL
from yteso.fhir.validation.issues import DATA


ADVICE = DEFINITION + "elementdefinition-bestpractice"


def main(package: Path) -> None:
    known = [(name, element) for name, one in types(package).items() for element in one["snapshot"]["element"]]
    known += [("DomainResource", element) for element in _domain_resource(package)]
    _write("invariants.csv", ("path", "key", "severity", "expression", "en"), _invariants(known))
    _write("bindings.csv", ("path", "codes"), _bindings(known))


def _domain_resource(package: Path) -> list[Json]:
    (one,) = (each for each in read(package, "StructureDefinition") if each["url"] == DEFINITION + "DomainResource")
    return one["snapshot"]["element"][:1]


def _invariants(known: Iterable[tuple[str, Json]]) -> Iterator[tuple]:
    """Each once: where it is stated, not where types and elements inherit it."""
    for name, element in known:
        for rule in element.get("constraint", ()):
            inherited = "source" in rule and rule["source"] != DEFINITION + name
            if not inherited and rule["key"] not in STRUCTURAL:
                yield _path(name, element), rule["key"], _severity(rule), rule["expression"], rule["human"]


def _severity(rule: Json) -> str:
    advice = any(one["url"] == ADVICE and one["valueBoolean"] for one in rule.get("extension", ()))
    return "information" if advice else rule["severity"]


def _bindings(known: Iterable[tuple[str, Json]]) -> Iterator[tuple]:
    for name, element in known:
        binding = element.get("binding", {})
        if binding.get("strength") == "extensible" and "valueSet" in binding:
            yield _path(name, element), binding["valueSet"].split("|")[0]


def _path(name: str, element: Json) -> str:
    return ".".join([name, *element["path"].removesuffix("[x]").split(".")[1:]])


def _write(name: str, columns: tuple[str, ...], rows: Iterable[tuple]) -> None:
    with (DATA / name).open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([columns, *dict.fromkeys(rows)])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
