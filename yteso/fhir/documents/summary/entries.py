"""Entries of sections: excerpts of resources, cut off from what the summary leaves out."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from yteso.fhir.documents.summary.gathering import Gathered, Source
from yteso.mapping.names import systems


Resource = dict[str, Any]

_ABSENT = {"extension": [{"url": systems()["x-absent"], "valueCode": "unknown"}]}


@dataclass(slots=True, frozen=True)
class Linked:
    """A resource that an entry refers to; `key` tells it from others of the summary."""

    key: str
    resource: Resource
    many: bool = False


@dataclass(slots=True, frozen=True)
class Entry:
    """`key` is what makes it one thing among those of its section, `row` its line in the narrative, `links` what its
    elements refer to. The patient and the id are put in by the composing.
    """

    key: str
    resource: Resource
    row: tuple[str, ...]
    links: dict[str, Linked] = field(default_factory=dict)


def excerpt(source: Source, *names: str) -> Resource:
    """The named elements (`value[x]` for any type of value) and where they come from, without references."""
    whole, chosen = set(names), tuple(name.removesuffix("[x]") for name in names if name.endswith("[x]"))
    kept = {name: value for name, value in source.resource.items() if _is(name.removeprefix("_"), whole, chosen)}
    alone = {name: found for name, value in kept.items() if (found := unreferenced(value)) not in ({}, [])}
    return {"resourceType": source.resource["resourceType"], "meta": {"source": source.name}, **alone}


def unreferenced(value: Any) -> Any:
    """Without the addresses of other resources; what names them in words or by identifier stays."""
    if isinstance(value, list):
        return [found for one in value if (found := unreferenced(one)) not in ({}, [])]
    if isinstance(value, dict):
        parts = {name: unreferenced(part) for name, part in value.items() if name != "reference"}
        return {name: part for name, part in parts.items() if part not in ({}, [])}
    return value


def known(resource: Resource, element: str, otherwise: str) -> Resource:
    """The resource, with the element said to be unknown where it has none (`otherwise` is its name with a type)."""
    has = any(name.removeprefix("_").startswith(element) for name in resource)
    return resource if has else resource | {f"_{otherwise}": _ABSENT}


def performers(gathered: Gathered, source: Source) -> dict[str, Linked]:
    """Who answers for a result: the place of care that it comes from. Who wrote it over FHIR has none."""
    code = source.document.facility
    identifier = {"identifier": [{"system": systems()["cskcb"], "value": code}]} if code else {}
    name = gathered.facility(source) if code else "Không rõ cơ sở"
    place = {"resourceType": "Organization", **identifier, "name": name}
    return {"performer": Linked(f"facility {code}", place, many=True)}


def status(concept: Resource | None) -> str:
    """The first code of a status that is a concept."""
    return next((one.get("code", "") for one in (concept or {}).get("coding", ())), "")


def right(sources: Iterable[Source], *wrong: str) -> list[Source]:
    """Without those whose status says that they are none."""
    return [one for one in sources if one.resource.get("status") not in {"entered-in-error", *wrong}]


def _is(name: str, whole: set[str], chosen: tuple[str, ...]) -> bool:
    return name in whole or any(name.startswith(prefix) and name[len(prefix) :][:1].isupper() for prefix in chosen)
