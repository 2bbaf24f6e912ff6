"""All code systems, value sets and concept maps: the project's own, those of FHIR, and those written over FHIR.

An address may end with `|version`. Without one, the day of the event chooses the edition; without a day either, what is
asked of is every edition.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache

from yteso.fhir.terminology import crossings, hl7, mapped, maps, national, registers, stored
from yteso.fhir.terminology.maps import ConceptMap
from yteso.fhir.terminology.systems import ABSTRACT, System
from yteso.mapping import BASE


Resource = dict
Stored = Callable[[str, str], Iterable[Resource]]
"""Resource type and address ("" for all) → resources of that type, newest first."""

GROUPED = ("icd-10", "icd-9-cm", "dvkt")
"""Systems with groups; their value sets leave the groups out."""


def nothing(type: str, url: str) -> Iterable[Resource]:
    return ()


@dataclass(frozen=True)
class Library:
    """`stored` gives what was written over FHIR; what comes with the program goes before it."""

    stored: Stored = nothing

    def editions(self, canonical: str) -> list[System]:
        """The editions of a code system, newest first; of one version when the address names it."""
        url, _, version = canonical.partition("|")
        found = built_in().get(url) or [stored.system(one) for one in self.stored("CodeSystem", url)]
        return [one for one in found if not version or one.version == version]

    def system(self, canonical: str, on: date | None = None) -> System | None:
        """The edition of the day, else the newest; None when there is none."""
        found = self.editions(canonical)
        return next((one for one in found if on and one.covers(on)), found[0] if found else None)

    def value_set(self, canonical: str) -> Resource | None:
        """The ValueSet resource of this address; the newest one of those written over FHIR."""
        url, _, version = canonical.partition("|")
        found = [value_sets()[url]] if url in value_sets() else self.stored("ValueSet", url)
        return next((one for one in found if not version or one.get("version") == version), None)

    def concept_maps(self, canonical: str = "") -> list[ConceptMap]:
        """The maps of this address, or all; of one version when the address names it."""
        url, _, version = canonical.partition("|")
        own = [one for one in concept_maps() if url in ("", one.url)]
        found = own + [maps.stored(one) for one in self.stored("ConceptMap", url)]
        return [one for one in found if not version or one.version == version]


concept_maps = cache(lambda: tuple(crossings.maps()))
"""Those that come with the program."""


@cache
def built_in() -> dict[str, list[System]]:
    """What comes with the program, by address, newest first."""
    found: dict[str, list[System]] = {}
    for one in (*national.systems(), *registers.systems(), *mapped.system_list(), *hl7.systems()):
        found.setdefault(one.url, []).insert(0, one)
    return found


@cache
def value_sets() -> dict[str, Resource]:
    """A value set for each of our own systems, all codes of it; and those of FHIR."""
    own = [_whole(systems[0]) for systems in built_in().values() if systems[0].source != hl7.PUBLISHER]
    return {one["url"]: one for one in (*hl7.value_sets(), *own)}


def _whole(system: System) -> Resource:
    include: Resource = {"system": system.url}
    if system.id in GROUPED:
        include["filter"] = [{"property": ABSTRACT, "op": "=", "value": "false"}]
    return {
        "resourceType": "ValueSet",
        "id": system.id,
        "url": f"{BASE}/vs/{system.id}",
        "title": f"{system.vi} / {system.en}",
        "status": "active",
        "compose": {"include": [include]},
    }
