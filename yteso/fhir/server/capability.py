"""The CapabilityStatement (https://hl7.org/fhir/R4/capabilitystatement.html), made of the routes that there are."""

from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import orjson

from yteso.fhir import search
from yteso.fhir.server.formats import NAMES
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shelf import TYPES as TERMS
from yteso.fhir.server.types import types


if TYPE_CHECKING:
    from yteso.fhir.server.routes import Route

DATE = "2026-11-25"
"""When what is offered last changed."""


def statement(request: Request, routes: Iterable["Route"]) -> Answer:
    head = {
        "resourceType": "CapabilityStatement",
        "url": f"{request.base}/metadata",
        "version": version("yteso"),
        "name": "yteso",
        "title": "yteso: hồ sơ sức khỏe / the health record",
        "status": "active",
        "date": DATE,
        "kind": "instance",
        "software": {"name": "yteso", "version": version("yteso")},
        "implementation": {"description": "yteso", "url": request.base},
        "fhirVersion": "4.0.1",
        "format": [*NAMES, "json", "xml"],
    }
    return Answer(orjson.dumps(head | {"rest": [_rest(tuple(routes))]}))


@cache
def _rest(routes: tuple["Route", ...]) -> dict[str, object]:
    ours = [route for route in routes if not route.definition]
    interactions = dict.fromkeys(route.interaction for route in ours if "{type}" in route.path)
    return {
        "mode": "server",
        "security": {
            "cors": False,
            "description": "Authorization: Bearer TOKEN (yteso token); scope: system/*.read, system/Patient.write",
        },
        "resource": [_resource(type, interactions) | _operations(routes, type, "{type}") for type in types()],
        "interaction": [{"code": route.interaction} for route in ours if route.path == "/"],
        **_operations(routes),
    }


def _operations(routes: tuple["Route", ...], *first: str) -> dict[str, object]:
    """Of the addresses that begin with one of these parts, or with the operation itself when there are none."""
    found = {
        route.interaction[1:]: route.definition
        for route in routes
        if route.definition and route.parts[0] in (first or (route.interaction,))
    }
    return {"operation": [{"name": name, "definition": url} for name, url in found.items()]} if found else {}


def _resource(type: str, interactions: Iterable[str]) -> dict[str, object]:
    searched = types()[type].scopes or type in TERMS
    codes = [code for code in interactions if code != "search-type" or searched]
    said = {
        "type": type,
        "interaction": [{"code": code} for code in codes],
        "versioning": "versioned-update",
        "readHistory": True,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "full-support",
        "conditionalUpdate": True,
        "conditionalDelete": "single",
    }
    if searched:
        said["searchParam"] = [{"name": one.code, "type": one.type} for one in search.parameters(type).values()]
    return said
