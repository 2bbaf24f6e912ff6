"""Which codes a value set has (https://hl7.org/fhir/R4/valueset.html#compositions).

Asked either one by one (`contains`) or as a list (`listed`). Of a system that is not complete here, a value set of the
whole contains every code, also those that are not known; the list has those that are.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import NamedTuple

from yteso.fhir.terminology.filters import test
from yteso.fhir.terminology.library import Library, Resource
from yteso.fhir.terminology.systems import NOTHING, Concept, System


DEEPEST = 20
"""Value sets made of value sets; those that contain themselves end here."""


class UnknownSet(LookupError):
    """The address of a value set that is not known."""


class Unlisted(LookupError):
    """The address of a code system whose codes are not known, where a list of them is needed."""


class Member(NamedTuple):
    """One code of a value set, with the edition that it is from; `concept` has the display that the set gives it."""

    system: System
    concept: Concept


class Sets:
    """The value sets of a library as of one day; None: of all editions together."""

    def __init__(self, library: Library, on: date | None, versions: Mapping[str, str] = NOTHING) -> None:
        """`versions`: of code systems, by address, where the value set names none."""
        self.library, self.on, self.versions = library, on, versions

    def listed(self, value_set: Resource, depth: int = 0) -> Iterator[Member]:
        """Every code once, in the order of the definition. Raises UnknownSet, Unlisted, FilterError."""
        seen = set()
        excluded = [self._keys(part, depth) for part in _parts(value_set, "exclude")]
        for part in _parts(value_set, "include"):
            for member in self._part(part, depth):
                key = member.system.url, member.concept.code
                if key not in seen and not any(key in keys for keys in excluded):
                    seen.add(key)
                    yield member

    def open(self, value_set: Resource) -> set[str]:
        """Systems of which the value set has every code, though not all are known here."""
        whole = (part["system"] for part in _parts(value_set, "include") if _is_whole(part))
        return {url for url in whole if not self._complete(url)}

    def contains(self, value_set: Resource, system: str, code: str, depth: int = 0) -> bool:
        """Raises UnknownSet, FilterError."""

        def has(part: Resource) -> bool:
            return self._has(part, system, code, depth)

        return any(map(has, _parts(value_set, "include"))) and not any(map(has, _parts(value_set, "exclude")))

    def named(self, canonical: str, depth: int = 0) -> Resource:
        found = self.library.value_set(canonical)
        if found is None or depth > DEEPEST:
            raise UnknownSet(canonical)
        return found

    def _keys(self, part: Resource, depth: int) -> set[tuple[str, str]]:
        return {(member.system.url, member.concept.code) for member in self._part(part, depth)}

    def _part(self, part: Resource, depth: int) -> Iterator[Member]:
        """An include or exclude: of the system, and of every value set that it names."""
        sets = [self.named(each, depth) for each in part.get("valueSet", ())]
        if "system" in part:
            found: Iterable[Member] = self._of_system(part)
        else:
            found, sets = self.listed(sets[0], depth + 1) if sets else (), sets[1:]
        for member in found:
            url, code = member.system.url, member.concept.code
            if all(self.contains(one, url, code, depth + 1) for one in sets):
                yield member

    def _of_system(self, part: Resource) -> Iterator[Member]:
        editions = self.editions(part)
        if "concept" in part:
            system = editions[0] if editions else unknown(part["system"])
            for each in part["concept"]:
                yield Member(system, _shown(each, _concept(editions, each["code"])))
            return
        if not any(edition.concepts for edition in editions):
            raise Unlisted(part["system"])
        for system in editions:
            tests = [test(system, each["property"], each["op"], each["value"]) for each in part.get("filter", ())]
            for concept in system.concepts.values():
                if all(passes(concept) for passes in tests):
                    yield Member(system, concept)

    def _has(self, part: Resource, url: str, code: str, depth: int) -> bool:
        if "system" in part and not self._has_system(part, url, code):
            return False
        sets = part.get("valueSet", ())
        return ("system" in part or bool(sets)) and all(
            self.contains(self.named(each, depth), url, code, depth + 1) for each in sets
        )

    def _has_system(self, part: Resource, url: str, code: str) -> bool:
        if part["system"] != url:
            return False
        if "concept" in part:
            return any(each["code"] == code for each in part["concept"])
        if "filter" not in part and not self._complete(url):
            return True
        return any(self._passes(system, part, code) for system in self.editions(part))

    def _passes(self, system: System, part: Resource, code: str) -> bool:
        concept = system.concepts.get(code)
        filters = part.get("filter", ())
        return concept is not None and all(
            test(system, each["property"], each["op"], each["value"])(concept) for each in filters
        )

    def _complete(self, url: str) -> bool:
        editions = self.library.editions(url)
        return bool(editions) and all(edition.content == "complete" for edition in editions)

    def editions(self, part: Resource) -> list[System]:
        """Those that an include or exclude speaks of: of its version, of the day, or all."""
        url = part["system"]
        version = part.get("version") or self.versions.get(url, "")
        if version or self.on is None:
            return self.library.editions(f"{url}|{version}")
        found = self.library.system(url, self.on)
        return [found] if found else []


@cache
def unknown(url: str) -> System:
    """A system of which nothing is known but its address."""
    return System(url, "", "", "", "", tuple, content="not-present")


def _parts(value_set: Resource, name: str) -> list[Resource]:
    return value_set.get("compose", {}).get(name, [])


def _is_whole(part: Resource) -> bool:
    return "system" in part and not any(name in part for name in ("concept", "filter", "valueSet"))


def _concept(editions: list[System], code: str) -> Concept:
    return next((one.concepts[code] for one in editions if code in one.concepts), Concept(code))


def _shown(each: Resource, concept: Concept) -> Concept:
    """With the display that the value set gives the code, taken for Vietnamese."""
    named = {one.get("language", "")[:2]: one["value"] for one in each.get("designation", ())}
    vi = named.get("vi") or each.get("display") or concept.vi
    return concept._replace(vi=vi, en=named.get("en") or concept.en)
