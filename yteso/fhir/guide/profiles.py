"""The profiles: StructureDefinition resources of what the mapping writes, as differentials to the types of R4.

Source: FHIR R4, Profiling (https://hl7.org/fhir/R4/profiling.html).
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from yteso import standards
from yteso.fhir.definitions import COMPLEX, Element, Structure, structure
from yteso.fhir.guide import shapes
from yteso.fhir.guide.shapes import DATA, DISCRIMINATORS, Shape
from yteso.fhir.terminology import library
from yteso.fhir.terminology.hl7 import PUBLISHER
from yteso.fhir.terminology.rendering import computable
from yteso.mapping import BASE
from yteso.mapping.names import systems


DEFINITION = "http://hl7.org/fhir/StructureDefinition"
STANDARD = "chuan"
"""Identity of the visit standard in the mappings of elements."""

FREE = {"display", "text", "title"}
"""Elements whose words may be others."""

Json = dict


@dataclass(frozen=True)
class Profile:
    """`templates` are names of those of the mapping, or of the guide's own. Resources of a type that has several
    profiles are told apart by a text that they hold: `only`, "" for the rest.
    """

    id: str
    type: str
    templates: tuple[str, ...]
    only: str
    vi: str
    en: str

    @property
    def url(self) -> str:
        return f"{BASE}/StructureDefinition/{self.id}"

    @property
    def resource(self) -> Json:
        found = shapes.of_templates(self.templates)
        root = {"id": self.type, "path": self.type, "short": f"{self.vi} / {self.en}"}
        return head(self.id, self.vi, self.en) | {
            "kind": "resource",
            "abstract": False,
            "type": self.type,
            "baseDefinition": f"{DEFINITION}/{self.type}",
            "derivation": "constraint",
            "differential": {"element": [root, *elements(found, structure(self.type), self.type, self.type)]},
        }


@cache
def profiles() -> tuple[Profile, ...]:
    with (DATA / "profiles.csv").open(encoding="utf-8", newline="") as file:
        return tuple(
            Profile(**row | {"templates": tuple(row["templates"].split())}) for row in csv.DictReader(file, strict=True)
        )


def profile_of(type: str, json: bytes) -> Profile | None:
    """The profile that a resource of the mapping is made by."""
    own = sorted((one for one in profiles() if one.type == type), key=lambda one: not one.only)
    return next((one for one in own if one.only.encode() in json), None)


def head(id: str, vi: str, en: str) -> Json:
    return {
        "resourceType": "StructureDefinition",
        "id": id,
        "url": f"{BASE}/StructureDefinition/{id}",
        "name": computable(id),
        "title": f"{vi} / {en}",
        "status": "active",
        "publisher": "yteso",
        "fhirVersion": "4.0.1",
        "mapping": [{"identity": STANDARD, "name": "QĐ 4210, 130, 4750, 3176"}],
    }


def elements(shape: Shape, of: Structure, id: str, path: str) -> Iterator[Json]:
    """The elements below one, in the order of the definition."""
    for element in of.elements.values():
        named = {key: kind for key, (one, kind) in of.keys.items() if one is element and key in shape.children}
        if not named:
            continue
        name = f"{element.name}[x]" if element.choice else element.name
        at = f"{id}.{name}", f"{path}.{name}"
        if len(named) > 1:
            yield _choice(element, named, [shape.children[key] for key in named], *at)
            continue
        ((key, kind),) = named.items()
        yield from _element(shape.children[key], element, kind, *at)


def _choice(element: Element, named: dict[str, str], found: list[Shape], id: str, path: str) -> Json:
    """A value of several types: which ones."""
    fields = tuple(dict.fromkeys(field for one in found for field in one.fields))
    types = [{"code": _code(kind)} for kind in named.values()]
    return {
        "id": id,
        "path": path,
        **_carries(fields),
        "min": element.min,
        "max": "1",
        "type": types,
        "mustSupport": True,
    }


def _element(shape: Shape, element: Element, kind: str, id: str, path: str) -> Iterator[Json]:
    said: Json = {"id": id, "path": path, **_carries(shape.fields)}
    said |= {"min": max(element.min, int(shape.always)), "max": "*" if element.many else "1"}
    if element.choice:
        said["type"] = [{"code": _code(kind)}]
    if shape.fixed is not None and element.name not in FREE:
        said[f"fixed{kind[0].upper()}{kind[1:]}"] = shape.fixed
    if shape.slices:
        key = DISCRIMINATORS[element.name]
        said["slicing"] = {"discriminator": [{"type": "value", "path": key}], "rules": "open"}
    yield said | {"mustSupport": True}
    if kind in COMPLEX or "." in kind:
        yield from elements(shape, structure(kind), id, path)
    for value, one in shape.slices.items():
        yield from _slice(one, value, kind, id, path)


def _slice(shape: Shape, value: str, kind: str, id: str, path: str) -> Iterator[Json]:
    name = short(value)
    said: Json = {"id": f"{id}:{name}", "path": path, "sliceName": name, **_carries(shape.fields)}
    said |= {"min": int(shape.always), "max": "*" if shape.many else "1"}
    if kind == "Extension" and ":" in value:
        # An extension that is defined on its own; what is in it stands there.
        defined = {"profile": [value]} if value.startswith(BASE) else {}
        yield said | {"type": [{"code": "Extension"} | defined], "mustSupport": True}
        shape = Shape(children={"url": shape.children["url"]})
    else:
        yield said | _bound(value) | {"mustSupport": True}
    yield from elements(shape, structure(kind), f"{id}:{name}", path)


def short(address: str) -> str:
    """The short name of a system, or the last word of an address."""
    return {url: name for name, url in systems().items()}.get(address, address.rpartition("/")[2]).removeprefix("x-")


def _bound(system: str) -> Json:
    """Codes of the country's lists, as far as they are known; a facility may have sent another one."""
    editions = library.built_in().get(system)
    if not editions or editions[0].source == PUBLISHER or editions[0].content == "not-present":
        return {}
    return {"binding": {"strength": "extensible", "valueSet": f"{BASE}/vs/{editions[0].id}"}}


def _carries(fields: tuple[str, ...]) -> Json:
    """Which fields of the visit standard are here, in words and as they are called."""
    if not fields:
        return {}
    languages = zip(*map(_label, fields), strict=True)
    words = " / ".join(filter(None, (", ".join(dict.fromkeys(filter(None, words))) for words in languages)))
    return {"short": words, "mapping": [{"identity": STANDARD, "map": field} for field in fields]} if words else {}


@cache
def _label(field: str) -> tuple[str, str]:
    """Vietnamese and English name of a field, whatever table holds it."""
    table, _, name = field.partition(".")
    for standard in reversed(standards.STANDARDS.values()):
        own = standard.tables.get(table) or standard.tables["XML1"]
        if name in own.fields:
            return own.fields[name].label_vi, own.fields[name].label_en
    return "", ""


def _code(kind: str) -> str:
    return kind.removeprefix("Simple")
