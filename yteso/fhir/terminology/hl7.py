"""Code systems and value sets of FHIR R4 that its elements are bound to (`data/README.md`)."""

import gzip
from collections.abc import Iterator
from functools import cache, partial
from pathlib import Path

import orjson

from yteso.fhir.terminology.systems import ABSTRACT, NOTHING, Concept, System


FILE = Path(__file__).parent / "data" / "hl7.json.gz"
PUBLISHER = "HL7 FHIR R4 4.0.1 (CC0-1.0)"


def systems() -> Iterator[System]:
    """Names are English only."""
    for one in _file()["systems"]:
        title = one["title"] or one["name"]
        load = partial(_concepts, one["concepts"])
        yield System(one["url"], one["version"], one["id"], "", title, load, source=PUBLISHER)


def value_sets() -> list[dict]:
    """ValueSet resources."""
    return _file()["sets"]


def _concepts(listed: list[list[str]]) -> Iterator[Concept]:
    for code, display, parents in listed:
        # The v3 systems mark codes that only group others with a leading underscore.
        group = {ABSTRACT: True} if code.startswith("_") else NOTHING
        yield Concept(code, "", display, tuple(parents.split()), group)


@cache
def _file() -> dict:
    found = orjson.loads(gzip.decompress(FILE.read_bytes()))
    return found | {"sets": [{"resourceType": "ValueSet"} | one for one in found["sets"]]}
