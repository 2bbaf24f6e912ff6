"""A resource that was saved is found by every one of its own parameter values, over HTTP, and by none that it lacks."""

import json
import re
import sys
from pathlib import Path
from urllib.parse import quote

import pytest
from asking import Asker, compact, token


sys.path.append(str(Path(__file__).parents[1] / "search"))

from search_cases import examples, lacking, own

from yteso.fhir.search import parameters


PER_PARAMETER = 2


def kept(asker: Asker, resource: dict) -> bool:
    """Saved, after the patients that it names; not every example is of a shape that is taken."""
    for id in sorted(set(re.findall(r'"Patient/([A-Za-z0-9\-.]{1,64})"', json.dumps(resource)))):
        put(asker, {"resourceType": "Patient", "id": id})
    return put(asker, resource)


def put(asker: Asker, resource: dict) -> bool:
    address = f"/{resource['resourceType']}/{resource['id']}"
    said = asker.ask(address, "PUT", compact(resource), Content_Type="application/fhir+json")
    assert said.status < 500
    return said.status in (200, 201)


def finds(asker: Asker, resource: dict, code: str, text: str) -> bool:
    """Across everybody where that is allowed, else beside its id."""
    kind, id = resource["resourceType"], resource["id"]
    said = asker.get(f"/{kind}?{code}={quote(text)}&_count=1000")
    if said.status == 403:
        said = asker.get(f"/{kind}?_id={id}&{code}={quote(text)}")
    assert said.status == 200, (said.text, code, text)
    return f"{kind}/{id}" in said.ids


def firsts() -> list[dict]:
    """One example of each type, with an id."""
    found: dict[str, dict] = {}
    for one in examples():
        if "id" in one:
            found.setdefault(one["resourceType"], one)
    return list(found.values())


@pytest.mark.slow
def test_every_type_by_every_parameter(conn, node) -> None:
    asker = Asker(token(conn, "emr", "system/*.*"))
    saved = [f"/{one['resourceType']}/{one['id']}" for one in firsts() if kept(asker, one)]
    assert len(saved) > 100
    for address in saved:
        resource = asker.get(address).json()
        for code, parameter in parameters(resource["resourceType"]).items():
            if code == "_lastUpdated":  # the server's own
                continue
            values = {text for element in parameter.values(resource) for text in own(parameter.type, element)}
            for text in sorted(value for value in values if value.strip())[:PER_PARAMETER]:
                assert finds(asker, resource, code, text), (resource["resourceType"], code, text)
                assert not finds(asker, resource, code, lacking(parameter.type, text)), (code, text)
