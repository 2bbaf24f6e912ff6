"""What clients send: resources, conditions, bundles."""

from typing import Any

from asking import Asker, Said, compact


CCCD = "http://fhir.hl7.org.vn/core/sid/cccd"
NUMBER = "001090000009"
PATIENT = {
    "resourceType": "Patient",
    "identifier": [{"system": CCCD, "value": NUMBER}],
    "name": [{"use": "official", "text": "Nguyễn Văn An"}],
    "gender": "male",
    "birthDate": "1990-01-05",
}
ORGANIZATION = {"resourceType": "Organization", "name": "Bệnh viện A"}


def send(asker: Asker, method: str, address: str, resource: dict[str, Any] | bytes, **headers: str) -> Said:
    body = resource if isinstance(resource, bytes) else compact(resource)
    headers.setdefault("Content_Type", "application/fhir+json")
    return asker.ask(address, method, body, **headers)


def create(asker: Asker, resource: dict[str, Any]) -> str:
    """The id it was given."""
    said = send(asker, "POST", f"/{resource['resourceType']}", resource)
    assert said.status == 201, said.body
    return said.json()["id"]


def put(asker: Asker, resource: dict[str, Any], **headers: str) -> Said:
    return send(asker, "PUT", f"/{resource['resourceType']}/{resource['id']}", resource, **headers)


def observation(patient: str, **more: Any) -> dict[str, Any]:
    """A result of this patient: an id, or the whole of a reference."""
    return {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]},
        "subject": {"reference": patient if ":" in patient or "?" in patient else f"Patient/{patient}"},
    } | more


def bundle(kind: str, *entries: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "Bundle", "type": kind, "entry": list(entries)}


def entry(
    method: str, url: str, resource: dict[str, Any] | None = None, full: str | None = None, **terms: str
) -> dict[str, Any]:
    said: dict[str, Any] = {"request": {"method": method, "url": url} | terms}
    return said | ({"resource": resource} if resource else {}) | ({"fullUrl": full} if full else {})


def statuses(said: Said) -> list[str]:
    """Of the entries of a bundle of answers."""
    assert said.status == 200, said.body
    return [one["response"]["status"][:3] for one in said.json()["entry"]]


def places(said: Said) -> list[str]:
    """Where an OperationOutcome says something is wrong."""
    return [place for issue in said.json()["issue"] for place in issue.get("expression", ())]
