"""The guide as a FHIR package, which validators load (https://confluence.hl7.org/display/FHIR/NPM+Package+Specification)."""

import gzip
import tarfile
from functools import cache
from importlib.metadata import version
from io import BytesIO

import orjson

from yteso.fhir.guide.examples import examples
from yteso.fhir.guide.naming import PACKAGE, TITLE, resources
from yteso.fhir.guide.profiles import Json
from yteso.mapping import BASE


INDEXED = ("resourceType", "id", "url", "version", "kind", "type")


@cache
def package() -> bytes:
    """The .tgz; the same bytes as long as the program is the same."""
    found = {f"{one['resourceType']}-{one['id']}.json": one for one in resources()}
    files = {"package/package.json": _manifest(), "package/.index.json": _index(found)}
    files |= {f"package/{name}": one for name, one in found.items()}
    files |= {f"package/example/{one['resourceType']}-{one['id']}.json": one for one in examples().values()}
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        for name, one in files.items():
            content = orjson.dumps(one)
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            archive.addfile(entry, BytesIO(content))
    return gzip.compress(packed.getvalue(), 6, mtime=0)


def _manifest() -> Json:
    return {
        "name": PACKAGE,
        "version": version("yteso"),
        "type": "IG",
        "title": TITLE,
        "description": TITLE,
        "canonical": BASE,
        "fhirVersions": ["4.0.1"],
        "dependencies": {"hl7.fhir.r4.core": "4.0.1"},
        "author": "yteso",
    }


def _index(found: dict[str, Json]) -> Json:
    return {
        "index-version": 2,
        "files": [
            {"filename": name} | {key: one[key] for key in INDEXED if isinstance(one.get(key), str)}
            for name, one in found.items()
        ],
    }
