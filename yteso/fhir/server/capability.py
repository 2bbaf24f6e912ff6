"""The CapabilityStatement (https://hl7.org/fhir/R4/capabilitystatement.html), made of the routes that there are."""

from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

import orjson

from yteso.fhir import search
from yteso.fhir.server.formats import NAMES
from yteso.fhir.server.patching import FORMATS as PATCHES
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.types import types
from yteso.fhir.subscriptions import bindings
from yteso.fhir.subscriptions.topics import topics


if TYPE_CHECKING:
    from yteso.fhir.server.routes import Route

_FILTER = "http://hl7.org/fhir/R4/search_filter.html, in searches of one type or of several (_type)"

DATE = "2026-11-25"
"""When what is offered last changed."""

_OF_SYSTEM = {"transaction", "batch", "search-system", "history-system"}


_WEB_SOCKET = "http://hl7.org/fhir/StructureDefinition/capabilitystatement-websocket"
_TOPIC = (
    "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/capabilitystatement-subscriptiontopic-canonical"
)


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
        "patchFormat": list(PATCHES),
    }
    socket = {"url": _WEB_SOCKET, "valueUri": bindings.address(request.base)}
    return Answer(orjson.dumps(head | {"rest": [{"extension": [socket]} | _rest(tuple(routes))]}))


@cache
def _rest(routes: tuple["Route", ...]) -> dict[str, object]:
    ours = [route for route in routes if not route.definition]
    interactions = dict.fromkeys(route.interaction for route in ours if "{type}" in route.path)
    own = {"Subscription": dict.fromkeys(route.interaction for route in ours if route.parts[0] == "Subscription")}
    return {
        "mode": "server",
        "security": {
            "cors": False,
            "description": "Authorization: Bearer TOKEN (yteso token); scope: system/*.read, system/Patient.write",
        },
        "resource": [
            _resource(type, own.get(type, interactions)) | _operations(routes, type, "{type}") for type in types()
        ],
        **_system(ours),
        "searchParam": [{"name": search.FILTER, "type": "special", "documentation": _FILTER}],
        **_operations(routes),
    }


def _system(routes: Iterable["Route"]) -> dict[str, object]:
    codes = dict.fromkeys(route.interaction for route in routes if route.interaction in _OF_SYSTEM)
    return {"interaction": [{"code": code} for code in codes]} if codes else {}


def _operations(routes: tuple["Route", ...], *first: str) -> dict[str, object]:
    """Of the addresses that begin with one of these parts, or with the operation itself when there are none."""
    found = {
        route.interaction[1:]: route.definition
        for route in routes
        if route.definition and route.parts[0] in (first or (route.interaction,))
    }
    return {"operation": [{"name": name, "definition": url} for name, url in found.items()]} if found else {}


def _resource(type: str, interactions: Iterable[str]) -> dict[str, object]:
    said = {
        "type": type,
        "interaction": [{"code": code} for code in interactions],
        "versioning": "versioned-update",
        "readHistory": "history-instance" in interactions,
        "updateCreate": True,
        "conditionalCreate": True,
        "conditionalRead": "full-support",
        "conditionalUpdate": True,
        "conditionalDelete": "single",
        "searchInclude": ["*", *(f"{type}:{code}" for code in _references(type))],
        "searchRevInclude": _referring(type),
        "searchParam": [{"name": one.code, "type": one.type} for one in search.parameters(type).values()],
    }
    if type == "Subscription":
        said["extension"] = [{"url": _TOPIC, "valueCanonical": url} for url in topics()]
    return said


def _references(type: str) -> list[str]:
    return [one.code for one in search.parameters(type).values() if one.type == "reference"]


def _referring(type: str) -> list[str]:
    """What refers to resources of a type, as `_revinclude` has it."""
    return [
        f"{source}:{code}"
        for source in types()
        for code in _references(source)
        if type in (search.parameters(source)[code].targets or (type,))
    ]
