"""The worker is killed in the middle of an import: each resource is saved once, and each error told once."""

import json
from collections import Counter

import requests
from asking import token
from processes import eventually, running


PEOPLE, OTHERS, KILLS = 500, 3, 2
WRONG = 50
"""Every so many lines one is wrong."""


def lines() -> list[dict]:
    found = []
    for n in range(PEOPLE):
        for k in range(OTHERS):
            found.append(
                {
                    "resourceType": "Goal",
                    "id": f"g{n}-{k}",
                    "lifecycleStatus": "active" if len(found) % WRONG else "begun",
                    "description": {"text": "to walk"},
                    "subject": {"reference": f"Patient/p{n}"},
                }
            )
        found.append({"resourceType": "Patient", "id": f"p{n}", "name": [{"text": f"Người {n}"}]})
    return found


def test_killed_again_and_again(conn, database, live) -> None:
    given = lines()
    client = requests.Session()
    client.headers.update({"Authorization": f"Bearer {token(conn, scope='system/*.read system/*.write')}"})
    body = "\n".join(json.dumps(one) for one in given).encode()
    headers = {"Prefer": "respond-async", "Content-Type": "application/fhir+ndjson"}
    said = client.post(f"{live}/fhir/R4/$import", data=body, headers=headers)
    place = said.headers["Content-Location"]

    def far() -> int:
        conn.rollback()
        return conn.execute("SELECT done FROM bulk_job").fetchone()[0]

    for _ in range(KILLS):
        before = far()
        with running("worker", DATABASE_URL=database) as worker:
            eventually(lambda before=before: far() > before)
            worker.kill()
        assert client.get(place).status_code == 202
    with running("worker", DATABASE_URL=database):
        eventually(lambda: client.get(place).status_code == 200)
    manifest = client.get(place).json()
    (file,) = manifest["error"]
    told = [json.loads(line)["issue"][0]["diagnostics"] for line in client.get(file["url"]).text.splitlines()]
    client.close()
    wrong = [n for n, one in enumerate(given, 1) if one.get("lifecycleStatus") == "begun"]
    assert told == [f"line {n}" for n in wrong]
    saved = Counter(one["resourceType"] for one in given) - Counter({"Goal": len(wrong)})
    assert {one["type"]: one["count"] for one in manifest["output"]} == saved
    rows = conn.execute("SELECT count(*), max(version) FROM record_document WHERE kind = 'resource'").fetchone()
    assert rows == (saved.total(), 1)
    assert conn.execute("SELECT count(*) FROM record_change").fetchone() == (saved.total(),)
