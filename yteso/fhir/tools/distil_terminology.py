"""Makes the data file of `yteso.fhir.terminology` from the unpacked package "hl7.fhir.r4.examples" 4.0.1.

Usage: python -m yteso.fhir.tools.distil_terminology FOLDER
"""

import gzip
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import orjson

from yteso.fhir.terminology.hl7 import FILE
from yteso.mapping.names import systems as mapped


BOUND = ("required", "extensible", "preferred")
MOST = 500
"""Longer lists of other publishers' codes (LOINC document types, common units) stay out."""

Json = dict


def main(package: Path) -> None:
    sets = {one["url"]: one for one in _read(package, "ValueSet")}
    systems = {one["url"]: one for one in _read(package, "CodeSystem") if one["content"] == "complete"}
    wanted = _closure(_bound(package), sets)
    named = {part["system"] for url in wanted for part in _parts(sets[url]) if "system" in part}
    named |= set(mapped().values()) | {"http://terminology.hl7.org/CodeSystem/v2-0276"}
    found = {
        "systems": [_system(systems[url]) for url in sorted(named & systems.keys())],
        "sets": [_set(sets[url]) for url in sorted(wanted)],
    }
    FILE.write_bytes(gzip.compress(orjson.dumps(found), 9, mtime=0))


def _read(package: Path, kind: str) -> Iterator[Json]:
    for path in sorted(package.glob(f"{kind}-*.json")):
        yield orjson.loads(path.read_bytes())


def _bound(package: Path) -> set[str]:
    snapshots = (one.get("snapshot", {}) for one in _read(package, "StructureDefinition"))
    elements = (element for snapshot in snapshots for element in snapshot.get("element", ()))
    bindings = (element["binding"] for element in elements if "binding" in element)
    found = [one for one in bindings if one["strength"] in BOUND and "valueSet" in one]
    allowed = [extension["valueCanonical"] for one in found for extension in one.get("extension", ())
               if extension["url"].endswith("elementdefinition-maxValueSet")]  # fmt: skip
    return {url.partition("|")[0] for url in [*allowed, *(one["valueSet"] for one in found)]}


def _closure(urls: Iterable[str], sets: dict[str, Json]) -> set[str]:
    """The value sets and those that they are made of, as far as they are in the package and not too long."""
    found, todo = set(), list(urls)
    while todo:
        url = todo.pop()
        if url in found or url not in sets or sum(len(part.get("concept", ())) for part in _parts(sets[url])) > MOST:
            continue
        found.add(url)
        todo += [other.partition("|")[0] for part in _parts(sets[url]) for other in part.get("valueSet", ())]
    return found


def _parts(value_set: Json) -> list[Json]:
    compose = value_set.get("compose", {})
    return compose.get("include", []) + compose.get("exclude", [])


def _system(one: Json) -> Json:
    return {name: one.get(name, "") for name in ("id", "url", "version", "name", "title")} | {
        "concepts": list(_concepts(one.get("concept", []), ""))
    }


def _concepts(concepts: list[Json], parent: str) -> Iterator[list[str]]:
    """[code, display, parents]: from the nesting, and from the property subsumedBy of the v3 systems."""
    for concept in concepts:
        above = [each["valueCode"] for each in concept.get("property", ()) if each["code"] == "subsumedBy"]
        yield [concept["code"], concept.get("display", ""), " ".join(dict.fromkeys(filter(None, [parent, *above])))]
        yield from _concepts(concept.get("concept", []), concept["code"])


def _set(one: Json) -> Json:
    return {name: one[name] for name in ("id", "url", "version", "name", "title", "status", "compose") if name in one}


if __name__ == "__main__":
    main(Path(sys.argv[1]))
