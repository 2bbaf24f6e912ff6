"""Documents over real HTTP: a client writes, asks for the summary, the latest, the match, and raw content."""

import pytest
import requests
from asking import token
from ips_shape import complaints


@pytest.fixture
def client(live: str, conn) -> requests.Session:
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {token(conn, 'emr', 'system/*.read system/*.write')}"
    session.base = f"{live}/fhir/R4"
    yield session
    session.close()


def test_a_session_with_documents(client) -> None:
    base, fhir = client.base, {"Content-Type": "application/fhir+json"}
    an = {"resourceType": "Patient", "id": "an", "name": [{"text": "Nguyễn Văn An"}], "birthDate": "1990-01-05"}
    assert client.put(f"{base}/Patient/an", json=an, headers=fhir).status_code == 201
    weight = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "29463-7"}]},
        "subject": {"reference": "Patient/an"},
        "effectiveDateTime": "2026-03-01",
        "valueQuantity": {"value": 51.5, "unit": "kg"},
    }
    for day in ("2026-03-01", "2026-03-09"):
        said = client.post(f"{base}/Observation", json=weight | {"effectiveDateTime": day}, headers=fhir)
        assert said.status_code == 201

    summary = client.get(f"{base}/Patient/an/$summary")
    assert (summary.status_code, complaints(summary.content, summary.json())) == (200, [])
    latest = client.get(f"{base}/Observation/$lastn", params={"patient": "an", "code": "29463-7"}).json()
    assert [entry["resource"]["effectiveDateTime"] for entry in latest["entry"]] == ["2026-03-09"]
    asked = {"resourceType": "Patient", "name": an["name"], "birthDate": an["birthDate"]}
    found = client.post(f"{base}/Patient/$match", json=asked, headers=fhir).json()
    assert [entry["resource"]["id"] for entry in found["entry"]] == ["an"]

    scan = bytes(range(256)) * 4000
    made = client.post(f"{base}/Binary", data=scan, headers={"Content-Type": "image/png"})
    raw = client.get(made.headers["Location"].partition("/_history")[0])
    assert (raw.content, raw.headers["Content-Type"]) == (scan, "image/png")
    paper = {
        "resourceType": "Composition",
        "status": "final",
        "type": {"text": "Giấy ra viện"},
        "subject": {"reference": "Patient/an"},
        "date": "2026-03-09",
        "author": [{"display": "BS. Bình"}],
        "title": "Giấy ra viện",
    }
    place = client.post(f"{base}/Composition", json=paper, headers=fhir).headers["Location"].partition("/_history")[0]
    kinds = [entry["resource"]["resourceType"] for entry in client.get(f"{place}/$document").json()["entry"]]
    assert kinds == ["Composition", "Patient"]
