"""The extensions that the mapping writes and that nobody else has defined, as StructureDefinition resources."""

import csv
from dataclasses import dataclass
from functools import cache

from yteso import standards
from yteso.fhir.definitions import structure
from yteso.fhir.guide import shapes
from yteso.fhir.guide.profiles import DEFINITION, Json, elements, head
from yteso.fhir.guide.shapes import DATA, Shape
from yteso.mapping import BASE


@dataclass(frozen=True)
class Extension:
    """`contexts` are paths of the elements that it stands in; `ours`: it is defined here."""

    url: str
    id: str
    vi: str
    en: str
    contexts: tuple[str, ...]
    shape: Shape

    @property
    def ours(self) -> bool:
        return self.url.startswith(BASE)

    @property
    def types(self) -> list[str]:
        """Of its value; [] for a complex one."""
        keys = structure("Extension").keys
        return [keys[name][1] for name in self.shape.children if name.startswith("value")]

    @property
    def resource(self) -> Json:
        found = list(elements(self.shape, structure("Extension"), "Extension", "Extension"))
        if not self.types:
            found.append({"id": "Extension.value[x]", "path": "Extension.value[x]", "max": "0"})
        return head(self.id, self.vi, self.en) | {
            "url": self.url,
            "kind": "complex-type",
            "abstract": False,
            "context": [{"type": "element", "expression": path} for path in self.contexts],
            "type": "Extension",
            "baseDefinition": f"{DEFINITION}/Extension",
            "derivation": "constraint",
            "differential": {"element": [{"id": "Extension", "path": "Extension"}, *found]},
        }


@cache
def extensions() -> tuple[Extension, ...]:
    """Ours first, each in the order of the templates."""
    places = shapes.contexts()
    found = [
        Extension(url, (id := url.rpartition("/")[2]), *_title(id), tuple(sorted(places[url])), shape)
        for url, shape in shapes.extensions().items()
    ]
    return tuple(sorted(found, key=lambda one: not one.ours))


def _title(id: str) -> tuple[str, str]:
    if id in _titles():
        return _titles()[id]
    newest = list(standards.STANDARDS.values())[-1]
    table = newest.tables.get(id.upper())
    if not table:
        return id, id
    return (
        f"{id.upper()}: các trường được giữ nguyên ({table.title_vi})",
        f"{id.upper()}: fields kept as sent ({table.title_en})",
    )


@cache
def _titles() -> dict[str, tuple[str, str]]:
    with (DATA / "extensions.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: (row["vi"], row["en"]) for row in csv.DictReader(file, strict=True)}
