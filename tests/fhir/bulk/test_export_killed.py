"""The worker is killed in the middle of an export, as often as it takes: nothing is lost, nothing is there twice."""

import json
from collections import Counter

import psycopg
import requests
from asking import patient, save, token, visit
from processes import eventually, running

from yteso.record import PATIENT


PEOPLE, VISITS, KILLS = 150, 8, 2


def save_people(conn: psycopg.Connection) -> Counter:
    """What is in the record, by name."""
    documents = []
    for number in range(PEOPLE):
        name = f"BN{number}"
        documents.append(patient(number=name, name=name))
        documents += [visit(f"{name}-{n}", n, patient=name, observations=5) for n in range(VISITS)]
    save(conn, *documents)
    return Counter(name for document in documents for name in document.body.names)


def test_killed_again_and_again(conn, database, live) -> None:
    expected, base = save_people(conn), f"{live}/fhir/R4"
    client = requests.Session()
    client.headers.update({"Authorization": f"Bearer {token(conn)}", "Prefer": "respond-async"})
    place = client.get(f"{base}/$export").headers["Content-Location"]

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
    names = Counter()
    for file in manifest["output"]:
        text = client.get(file["url"]).text
        lines = [json.loads(line) for line in text.splitlines()]
        assert len(lines) == file["count"]
        names.update(f"{one['resourceType']}/{one['id']}" for one in lines)
    client.close()
    assert names == expected
    logged = conn.execute(
        "SELECT count(DISTINCT person), sum(documents) FROM access_read WHERE purpose = 'export'"
    ).fetchone()
    assert logged == (PEOPLE, PEOPLE * (VISITS + 1))
    assert conn.execute("SELECT count(*) FROM record_document WHERE kind = %s", (PATIENT,)).fetchone() == (PEOPLE,)
