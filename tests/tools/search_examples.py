"""Chooses the official examples that the tests of search run on: few and small, but for every parameter that has any.

    python tests/tools/search_examples.py FOLDER

FOLDER is the unpacked package hl7.fhir.r4.examples 4.0.1. Narratives are left out.
"""

import gzip
import sys
from pathlib import Path

import orjson

from yteso.fhir.search import parameters, resource_types


OUT = Path(__file__).parents[1] / "fhir/examples/search.jsonl.gz"
LARGEST = 12_000
"""Bytes of one example, at most."""


def examples(folder: Path) -> list[dict]:
    found = []
    for path in sorted(folder.glob("*-*.json")):
        resource = orjson.loads(path.read_bytes())
        if resource.get("resourceType") in resource_types():
            resource.pop("text", None)
            if len(orjson.dumps(resource)) <= LARGEST:
                found.append(resource)
    return found


def filled(resource: dict) -> set[tuple[str, str]]:
    """The type, and each parameter of its own that finds something."""
    kind = resource["resourceType"]
    own = {code for code, parameter in parameters(kind).items() if code[0] != "_" and parameter.values(resource)}
    return {(kind, code) for code in own | {""}}


def chosen(resources: list[dict]) -> list[dict]:
    """Smallest first, each for what those before it did not have; and one of every type."""
    kept, seen = [], set()
    for resource in sorted(resources, key=lambda one: len(orjson.dumps(one))):
        found = filled(resource)
        if not found <= seen:
            kept.append(resource)
            seen |= found
    return sorted(kept, key=lambda one: (one["resourceType"], one["id"]))


def main(folder: str) -> None:
    lines = [orjson.dumps(one) for one in chosen(examples(Path(folder)))]
    OUT.write_bytes(gzip.compress(b"\n".join(lines) + b"\n", 9, mtime=0))
    print(f"{len(lines)} examples, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main(*sys.argv[1:])
