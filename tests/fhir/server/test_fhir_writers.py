"""Many writers at once: no update is lost, nobody waits in a circle, and who is killed leaves nothing half done."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest
from asking import AN, HERE, Asker, link, patient, save, visit
from sending import CCCD, ORGANIZATION, PATIENT, bundle, create, entry, observation, put, send

from yteso import people, record
from yteso.config.database import connect
from yteso.record import own
from yteso.record.ids import fhir_id


def together(jobs):
    """The results of all jobs, each begun in a thread of its own at the same moment."""
    start = threading.Barrier(len(jobs))

    def run(job):
        start.wait()
        return job()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def test_no_update_is_lost(writer) -> None:
    """Everybody reads, adds one and writes on condition that nobody else has; each succeeds in the end."""
    put(writer, ORGANIZATION | {"id": "a", "alias": []} | {"alias": ["0"]})

    def add():
        while True:
            read = writer.get("/Organization/a")
            changed = read.json() | {"alias": [str(int(read.json()["alias"][0]) + 1)]}
            said = put(writer, changed, If_Match=read.headers["ETag"])
            if said.status == 200:
                return
            assert said.status == 412

    together([add] * 6)
    read = writer.get("/Organization/a")
    assert (read.json()["alias"], read.headers["ETag"]) == (["6"], 'W/"7"')
    assert writer.get("/Organization/a/_history").json()["total"] == 7


def test_blind_updates_take_turns(writer) -> None:
    said = together([lambda n=n: put(writer, ORGANIZATION | {"id": "a", "name": f"{n}"}) for n in range(8)])
    assert sorted(one.status for one in said) == [200] * 7 + [201]
    assert sorted(one.headers["ETag"] for one in said) == [f'W/"{n}"' for n in range(1, 9)]
    entries = writer.get("/Organization/a/_history").json()["entry"]
    times = [one["resource"]["meta"]["lastUpdated"] for one in entries]
    assert times == sorted(times, reverse=True)


def test_created_once(writer) -> None:
    condition = f"identifier={CCCD}|001090000009"
    said = together([lambda: send(writer, "POST", "/Patient", PATIENT, If_None_Exist=condition)] * 8)
    assert sorted(one.status for one in said) == [200] * 7 + [201]
    assert len({one.json()["id"] for one in said}) == 1


def test_transactions_in_opposite_orders(writer, conn) -> None:
    """Each writes the same resources, patients of one number among them, in an order of its own."""

    def writes(n):
        resources = [ORGANIZATION | {"id": f"o{i}", "name": f"{n}"} for i in range(6)]
        resources += [PATIENT | {"id": f"p{i}", "name": [{"text": f"{n}"}]} for i in range(3)]
        ordered = resources if n % 2 else resources[::-1]
        entries = [entry("PUT", f"{one['resourceType']}/{one['id']}", one) for one in ordered]
        return send(writer, "POST", "", bundle("transaction", *entries))

    said = together([lambda n=n: writes(n) for n in range(8)])
    assert {one.status for one in said} == {200}
    names = {writer.get(f"/Organization/o{i}").json()["name"] for i in range(6)}
    assert len(names) == 1
    assert {writer.get(f"/Patient/p{i}").json()["name"][0]["text"] for i in range(3)} == names
    assert writer.get("/Organization/o0").headers["ETag"] == 'W/"8"'
    assert len(people.find(conn, "001090000009")) == 1


def test_beside_the_intake(writer, conn) -> None:
    """Visits of a person arrive while the same person is written over FHIR."""
    link(conn, "001090000009", (HERE, "BN1"))
    save(conn, patient())

    def arrive(n):
        with connect() as own_connection:
            record.save(own_connection, [visit(f"v{n}", n), patient(name=f"An {n}")])

    jobs = [lambda n=n: arrive(n) for n in range(4)]
    jobs += [lambda n=n: create(writer, observation(fhir_id(AN))) for n in range(4)]
    jobs += [lambda n=n: put(writer, PATIENT | {"id": "p", "gender": "other"}).status for n in range(2)]
    together(jobs)
    everything = writer.get("/Patient/p/$everything?_count=1000").ids
    assert sum(id.startswith("Observation/") for id in everything) == 4 + 4 * 2
    assert sum(id.startswith("Encounter/") for id in everything) == 4


def test_a_patient_does_not_go_while_something_is_written_about_them(writer) -> None:
    for n in range(5):
        put(writer, PATIENT | {"id": f"p{n}"})
        about = bundle("transaction", entry("POST", "Observation", observation(f"p{n}")))
        jobs = [lambda about=about: send(writer, "POST", "", about), lambda n=n: writer.ask(f"/Patient/p{n}", "DELETE")]
        written, deleted = together(jobs)
        assert (written.status, deleted.status) in {(200, 409), (422, 204)}


@pytest.mark.parametrize("moment", range(3))
def test_killed_in_the_middle(database, conn, moment) -> None:
    """A process that writes transactions of ten dies; each of them is there wholly or not at all."""
    from asking import token

    made = token(conn, "emr", "system/*.*")
    program = subprocess.Popen(
        [sys.executable, "-c", _PROGRAM, made], env=os.environ | {"YTESO_HELPERS": str(Path(__file__).parent)}
    )
    deadline = time.monotonic() + 60
    while _stored(conn) < 10 * (moment + 1) and time.monotonic() < deadline:
        time.sleep(0.02)
    program.kill()
    program.wait()
    count = _settled(conn)
    assert count >= 10
    assert count % 10 == 0
    written = conn.execute("SELECT count(*) FROM access_write").fetchone()[0]
    changes = conn.execute("SELECT count(*) FROM record_change").fetchone()[0]
    assert count == written == changes


_PROGRAM = """
import os, sys
sys.path.insert(0, os.environ["YTESO_HELPERS"])
from yteso.config.application import start
start()
from asking import Asker
from sending import ORGANIZATION, bundle, entry, send
asker = Asker(sys.argv[1])
ten = bundle("transaction", *[entry("POST", "Organization", ORGANIZATION)] * 10)
while True:
    assert send(asker, "POST", "", ten).status == 200
"""


def _stored(conn: psycopg.Connection) -> int:
    conn.rollback()
    return conn.execute("SELECT count(*) FROM record_document").fetchone()[0]


def _settled(conn: psycopg.Connection) -> int:
    """When the server has noticed that the process is gone."""
    count, before = _stored(conn), -1
    while count != before:
        time.sleep(0.3)
        count, before = _stored(conn), count
    return count


def test_a_failure_of_the_database_leaves_nothing(writer, conn, monkeypatch) -> None:
    from yteso.access import writes

    def fail(*_):
        raise psycopg.OperationalError("gone")

    monkeypatch.setattr(writes, "log", fail)
    assert send(writer, "POST", "/Patient", PATIENT).status == 503
    monkeypatch.undo()
    assert _stored(conn) == 0
    assert put(Asker(writer.token), PATIENT | {"id": "p"}).status == 201
    assert own("Patient", "p") in record.standing(conn, [own("Patient", "p")])
