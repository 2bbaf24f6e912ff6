"""Identifier systems, and the whole of the guide as FHIR resources."""

from dataclasses import dataclass
from functools import cache
from importlib.metadata import version

from yteso.fhir.guide.examples import examples
from yteso.fhir.guide.extensions import extensions
from yteso.fhir.guide.profiles import Json, profiles
from yteso.fhir.terminology import library, rendering
from yteso.mapping import BASE
from yteso.mapping.names import rows, systems


PACKAGE = "vn.yteso.guide"
DATE = "2026-11-25"
TITLE = "Hướng dẫn triển khai FHIR R4 của yteso / Implementation guide of yteso"


@dataclass(frozen=True)
class Identifiers:
    """A system of identifiers; `url` may be continued with a facility's code."""

    id: str
    url: str
    about: str

    @property
    def ours(self) -> bool:
        return self.url.startswith(BASE)

    @property
    def resource(self) -> Json:
        return {
            "resourceType": "NamingSystem",
            "id": self.id,
            "name": rendering.computable(self.id),
            "status": "active",
            "kind": "identifier",
            "date": DATE,
            "publisher": "yteso",
            "description": self.about,
            "uniqueId": [{"type": "uri", "value": self.url, "preferred": True}],
        }


@cache
def identifiers() -> tuple[Identifiers, ...]:
    named = ((row["name"], systems()[row["name"]], row["about"]) for row in rows("systems.csv"))
    return tuple(Identifiers(*one) for one in named if "/sid/" in one[1] and "hl7.org/fhir/sid" not in one[1])


@cache
def resources() -> tuple[Json, ...]:
    """Everything that is defined here; the lists of other publishers (ICD-10, LOINC, UCUM) are not."""
    found = [one.resource for one in (*profiles(), *(one for one in extensions() if one.ours))]
    found += [one.resource for one in identifiers() if one.ours]
    own = [editions for url, editions in library.built_in().items() if url.startswith(BASE)]
    found += [rendering.code_system(edition) for editions in own for edition in editions]
    found += [one for url, one in library.value_sets().items() if url.startswith(BASE)]
    found += [rendering.concept_map(one) for one in library.concept_maps()]
    return (guide(found), *(one | ({"version": version("yteso")} if _undated(one) else {}) for one in found))


def definition(canonical: str) -> Json | None:
    """The StructureDefinition of an address, perhaps with |version, for those who validate."""
    return _definitions().get(canonical)


@cache
def _definitions() -> dict[str, Json]:
    own = (*profiles(), *(one for one in extensions() if one.ours))
    found = {one.url: one.resource | {"version": version("yteso")} for one in own}
    return found | {f"{url}|{one['version']}": one for url, one in found.items()}


def guide(found: list[Json]) -> Json:
    """The ImplementationGuide resource."""
    listed = [_listed(one["resourceType"], one["id"], one.get("title") or one["name"]) for one in found]
    listed += [
        _listed(one["resourceType"], one["id"], profile.vi) | {"exampleCanonical": profile.url}
        for profile in profiles()
        if (one := examples().get(profile.id))
    ]
    return {
        "resourceType": "ImplementationGuide",
        "id": "yteso",
        "url": f"{BASE}/ImplementationGuide/yteso",
        "version": version("yteso"),
        "name": "Yteso",
        "title": TITLE,
        "status": "active",
        "date": DATE,
        "publisher": "yteso",
        "packageId": PACKAGE,
        "fhirVersion": ["4.0.1"],
        "definition": {"resource": listed},
    }


def _undated(one: Json) -> bool:
    return one["resourceType"] in ("StructureDefinition", "ValueSet")


def _listed(type: str, id: str, name: str) -> Json:
    return {"reference": {"reference": f"{type}/{id}"}, "name": name}
