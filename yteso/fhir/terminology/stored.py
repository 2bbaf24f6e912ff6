"""CodeSystem resources, as somebody wrote them over FHIR, read as code systems.

Source: FHIR R4, CodeSystem. Elements that are not what they should be are as if they were not there.
"""

from collections.abc import Iterator
from functools import partial

from yteso.fhir.terminology.systems import Concept, System, Value


KINDS = ("String", "Code", "Boolean", "Integer", "DateTime", "Decimal")


def system(resource: dict) -> System:
    """The code system that a resource describes."""
    title = resource.get("title") or resource.get("name") or resource.get("url", "")
    return System(
        resource.get("url", ""),
        resource.get("version", ""),
        resource.get("id", ""),
        title,
        title,
        partial(_concepts, resource.get("concept", []), ()),
        content=resource.get("content", "complete"),
        source=resource.get("publisher", ""),
    )


def _concepts(listed: list[dict], above: tuple[str, ...]) -> Iterator[Concept]:
    for one in listed:
        properties = dict(_properties(one))
        parents = (*above, *(each["valueCode"] for each in one.get("property", ()) if each["code"] == "parent"))
        yield Concept(one["code"], *_names(one), parents, properties)
        yield from _concepts(one.get("concept", []), (one["code"],))


def _names(one: dict) -> tuple[str, str]:
    """Vietnamese and English name; a display without a language counts as Vietnamese."""
    named = {each.get("language", "")[:2]: each["value"] for each in one.get("designation", ())}
    return named.get("vi") or one.get("display", ""), named.get("en", "")


def _properties(one: dict) -> Iterator[tuple[str, Value]]:
    for each in one.get("property", ()):
        value = next((each[f"value{kind}"] for kind in KINDS if f"value{kind}" in each), None)
        if value is not None and each["code"] != "parent":
            yield each["code"], value if isinstance(value, bool) else str(value)
