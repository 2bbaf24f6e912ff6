"""The server as it runs: real HTTP with keep-alive, a token of `yteso token`, several clients at once."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests
from asking import AN, readings, visit

from yteso.record.ids import fhir_id


P = fhir_id(AN)
O0 = f"{fhir_id(visit('a').id)}-o0"


def yteso(*arguments: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "yteso.cli", *arguments], capture_output=True, text=True, env=os.environ, timeout=120
    )


@pytest.fixture
def client(live: str, an: None) -> requests.Session:
    made = yteso("token", "--client", "dashboard")
    assert made.returncode == 0, made.stderr
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {made.stdout.strip()}"
    session.base = f"{live}/fhir/R4"
    yield session
    session.close()


def test_a_session_of_a_client(client, conn) -> None:
    base = client.base
    assert requests.get(f"{base}/metadata", timeout=20).json()["fhirVersion"] == "4.0.1"
    refused = requests.get(f"{base}/Patient/{P}", timeout=20)
    assert (refused.status_code, refused.json()["resourceType"]) == (401, "OperationOutcome")

    said = client.get(f"{base}/Observation/{O0}")
    assert (said.status_code, said.headers["ETag"]) == (200, 'W/"1"')
    assert client.get(f"{base}/Observation/{O0}", headers={"If-None-Match": 'W/"1"'}).status_code == 304
    head = client.head(f"{base}/Observation/{O0}")
    assert (head.status_code, head.content, head.headers["Content-Length"]) == (200, b"", str(len(said.content)))
    assert client.options(f"{base}/Observation/{O0}").headers["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, PUT"
    assert client.put(f"{base}/Observation/{O0}", json={}).status_code == 403
    assert client.get(f"{base}/Observation/{O0}/_history").json()["total"] == 1
    assert client.get(f"{base}/Đặng/x").status_code == 404
    form = client.post(f"{base}/Observation/_search", data={"patient": P, "_count": "3"})
    assert len(form.json()["entry"]) == 3

    seen, address = [], f"{base}/Patient/{P}/$everything?_count=4"
    while address:
        bundle = client.get(address).json()
        seen += [entry["fullUrl"] for entry in bundle["entry"]]
        address = next((link["url"] for link in bundle["link"] if link["relation"] == "next"), None)
    assert len(seen) == len(set(seen)) == 14
    assert all(client.get(url).status_code == 200 for url in seen)
    assert {account for account, *_ in readings(conn)} == {"dashboard"}


def test_many_at_once_and_each_is_logged(client, conn) -> None:
    def ask(_: int) -> int:
        return requests.get(f"{client.base}/Observation/{O0}", headers=dict(client.headers), timeout=30).status_code

    with ThreadPoolExecutor(24) as crowd:
        assert set(crowd.map(ask, range(120))) == {200}
    assert len(readings(conn)) == 120


def test_a_revoked_client_is_soon_refused(client) -> None:
    assert client.get(f"{client.base}/Patient/{P}").status_code == 200
    assert yteso("token", "--client", "dashboard", "--revoke").returncode == 0
    from time import sleep

    from yteso.fhir.server.clients import TRUSTED

    sleep(TRUSTED)
    assert client.get(f"{client.base}/Patient/{P}").status_code == 401
