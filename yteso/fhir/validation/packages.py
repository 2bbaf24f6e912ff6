"""FHIR packages: conformance resources in a gzipped tar (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification)."""

import json
import tarfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import orjson


CONFORMANCE = ("StructureDefinition", "ValueSet", "CodeSystem", "ConceptMap", "NamingSystem", "SearchParameter")
LARGEST = 50_000_000
"""Bytes of one resource."""


class NoPackage(ValueError):
    """The file is no FHIR package; the message says why."""


def conformance(path: Path) -> Iterator[tuple[str, bytes]]:
    """(type, JSON) of the resources of a package that say how data should be. Raises NoPackage, OSError."""
    try:
        with tarfile.open(path, "r:gz") as archive:
            if "package/package.json" not in archive.getnames():
                raise NoPackage("package/package.json không có / is missing")
            for member in archive:
                if member.isfile() and _holds_resource(member.name) and member.size <= LARGEST:
                    yield from _resource(archive.extractfile(member).read())
    except (tarfile.TarError, EOFError) as error:
        raise NoPackage(f"không phải tệp .tgz / is no .tgz file ({error.__class__.__name__})") from None


def definitions(paths: list[Path]) -> dict[str, dict[str, Any]]:
    """The StructureDefinitions of some packages by their addresses, with and without |version."""
    found = {}
    for path in paths:
        for type, data in conformance(path):
            if type == "StructureDefinition":
                one = json.loads(data, parse_float=Decimal)
                found |= {one.get("url", ""): one, f"{one.get('url', '')}|{one.get('version', '')}": one}
    return found


def _holds_resource(name: str) -> bool:
    folder, _, file = name.rpartition("/")
    return folder == "package" and file.endswith(".json") and file not in ("package.json", ".index.json")


def _resource(data: bytes) -> Iterator[tuple[str, bytes]]:
    try:
        read = orjson.loads(data)
    except orjson.JSONDecodeError:
        raise NoPackage("có tệp JSON hỏng / has a broken JSON file") from None
    if isinstance(read, dict) and read.get("resourceType") in CONFORMANCE and read.get("url"):
        yield read["resourceType"], data
