"""$import over HTTP: NDJSON is sent, taken in by the worker in portions, and what is wrong is told with its line."""

import json
from collections.abc import Callable, Iterator

import psycopg
import pytest
from asking import BASE, Asker, Said, token

from yteso.config.database import connect
from yteso.fhir.bulk import imports, jobs, worker
from yteso.fhir.server import importing


SCOPE = "system/*.read system/*.write"
NDJSON = "application/fhir+ndjson"


def person(id: str = "p1", name: str = "An") -> dict:
    return {"resourceType": "Patient", "id": id, "name": [{"text": name}]}


def weight(id: str = "w1", of: str = "p1", value: float = 50) -> dict:
    return {
        "resourceType": "Observation",
        "id": id,
        "status": "final",
        "code": {"text": "weight"},
        "subject": {"reference": f"Patient/{of}"},
        "valueQuantity": {"value": value, "unit": "kg"},
    }


@pytest.fixture
def client(node: None, conn: psycopg.Connection) -> Asker:
    return Asker(token(conn, scope=SCOPE))


@pytest.fixture
def busy(database: str) -> Iterator[Callable[..., int]]:
    with connect(autocommit=True) as own:

        def work(most: int = 1000) -> int:
            done = 0
            while done < most and worker.step(own):
                done += 1
            return done

        yield work


def text(*resources: dict | str) -> bytes:
    lines = [one if isinstance(one, str) else json.dumps(one, ensure_ascii=False) for one in resources]
    return "\n".join(lines).encode()


def send(client: Asker, body: bytes, **headers: str) -> Said:
    return client.ask("/$import", "POST", body, **{"Content_Type": NDJSON, "Prefer": "respond-async", **headers})


@pytest.fixture
def imported(client: Asker, busy: Callable[..., int]) -> Callable[..., tuple[dict, list[tuple[str, dict]]]]:
    """The numbers saved by type, and line and issue of each problem."""

    def ask(*resources: dict | str, by: Asker = client) -> tuple[dict, list]:
        said = send(by, text(*resources))
        assert said.status == 202, said.text
        busy()
        return ended(by, said.headers["Content-Location"])

    return ask


def ended(client: Asker, place: str) -> tuple[dict, list[tuple[str, dict]]]:
    manifest = client.get(place).json()
    problems = []
    for file in manifest["error"]:
        for line in client.get(file["url"]).body.splitlines():
            outcome = json.loads(line)
            assert outcome["resourceType"] == "OperationOutcome"
            problems += [(issue["diagnostics"], issue) for issue in outcome["issue"]]
    return {one["type"]: one["count"] for one in manifest["output"]}, problems


def test_from_sending_to_reading(client, busy) -> None:
    said = send(client, text(person(), weight(), weight("w2", value=51)))
    place = said.headers["Content-Location"]
    assert (said.status, place.startswith(f"{BASE}/$import/")) == (202, True)
    waiting = client.get(place)
    assert (waiting.status, waiting.headers["X-Progress"]) == (202, "0 of about 3 lines")
    busy()
    manifest = client.get(place).json()
    assert manifest["request"] == f"{BASE}/$import"
    assert manifest["output"] == [{"type": "Patient", "count": 1}, {"type": "Observation", "count": 2}]
    assert manifest["error"] == []
    assert client.get("/Observation/w2").json()["valueQuantity"]["value"] == 51
    assert client.get("/Patient/p1").headers["ETag"] == 'W/"1"'


def test_patients_may_come_after_what_is_about_them(client, imported) -> None:
    saved, problems = imported(weight("w1", "p1"), weight("w2", "p2"), person("p1"), person("p2"))
    assert (saved, problems) == ({"Patient": 2, "Observation": 2}, [])


@pytest.mark.parametrize(("lines", "chunk"), [(1, 100), (2, 10**6), (3, 333)])
def test_in_portions_of_any_size_it_is_the_same(client, imported, monkeypatch, lines, chunk) -> None:
    monkeypatch.setattr(imports, "LINES", lines)
    monkeypatch.setattr(importing, "CHUNK", chunk)
    wrong = weight("wrong") | {"status": "x"}
    given = [weight("w0", "p0"), person("p0"), wrong, weight("w1", "p1"), person("p1"), weight("w2", "p0"), "{", ""]
    saved, problems = imported(*given)
    assert saved == {"Patient": 2, "Observation": 3}
    assert sorted(line for line, _ in problems) == ["line 3", "line 7"]


def test_again_changes_nothing(client, conn, imported) -> None:
    given = [person(), weight(), {name: value for name, value in weight().items() if name != "id"}]
    first = imported(*given)
    before = conn.execute("SELECT count(*), max(version) FROM record_document").fetchone()
    conn.rollback()
    assert imported(*given) == first == ({"Patient": 1, "Observation": 2}, [])
    assert conn.execute("SELECT count(*), max(version) FROM record_document").fetchone() == before == (3, 1)


def test_the_last_line_of_a_resource_counts(client, imported) -> None:
    imported(person(), weight(value=1), weight(value=2), weight(value=3))
    said = client.get("/Observation/w1")
    assert (said.json()["valueQuantity"]["value"], said.headers["ETag"]) == (3, 'W/"3"')


WRONG = [
    ("{", "structure", "JSON"),
    ('"text"', "structure", "Resource"),
    ("[]", "structure", "Resource"),
    ('{"resourceType": "Nothing"}', "structure", "resourceType"),
    (json.dumps(weight() | {"status": None}), "", "status"),
    (json.dumps(weight() | {"status": "begun"}), "", "status"),
    (json.dumps(weight() | {"nothing": 1}), "", "nothing"),
    (json.dumps(weight(of="nobody")), "not-found", "Patient/nobody"),
    (json.dumps({"resourceType": "Subscription", "id": "s", "status": "requested"}), "", "reason"),
]


def test_one_that_is_wrong_is_told_and_the_others_are_saved(imported) -> None:
    for line, code, word in WRONG:
        saved, problems = imported(person(), weight("w0"), line, weight("w2"))
        assert saved == {"Patient": 1, "Observation": 2}
        assert {place for place, _ in problems} == {"line 3"}
        said = problems[0][1]
        assert word in json.dumps(said)
        assert not code or said["code"] in (code, "invalid", "processing", "value")


def test_only_the_types_of_the_scope(conn, client, imported) -> None:
    narrow = Asker(token(conn, "lab", "system/*.read system/Observation.write"))
    imported(person())
    saved, problems = imported(person("p2"), weight(), by=narrow)
    assert (saved, [line for line, _ in problems]) == ({"Observation": 1}, ["line 1"])
    reader = Asker(token(conn, "reader", "system/*.read"))
    assert send(reader, text(person())).status == 403


def test_who_wrote_it_is_in_the_log(conn, imported) -> None:
    imported(person(), weight())
    rows = conn.execute("SELECT DISTINCT account, purpose FROM access_write").fetchall()
    assert rows == [("dashboard", "import")]


REFUSED = [
    ({"Prefer": ""}, 400, "respond-async"),
    ({"Content_Type": "application/fhir+json"}, 415, "ndjson"),
    ({"Content_Type": "text/csv"}, 415, "ndjson"),
]


def test_what_cannot_be_done_is_said_at_once(client, conn) -> None:
    for headers, status, word in REFUSED:
        said = send(client, text(person()), **headers)
        assert (said.status, word in said.text) == (status, True)
        assert conn.execute("SELECT count(*) FROM bulk_job").fetchone() == (0,)


@pytest.mark.parametrize(("name", "most"), [("LARGEST", 100), ("LONGEST", 10)])
def test_too_much_is_refused_and_nothing_of_it_stays(client, conn, monkeypatch, name, most) -> None:
    monkeypatch.setattr(importing, "CHUNK", 50)
    monkeypatch.setattr(importing, name, most)
    assert send(client, text(person(), person("p2"), person("p3"))).status == 413
    assert conn.execute("SELECT count(*) FROM bulk_job").fetchone() == (0,)


def test_nothing_at_all(imported) -> None:
    assert imported() == ({}, [])
    assert imported("", "", "") == ({}, [])


def test_nobody_else_is_told_anything(client, conn, busy) -> None:
    place = send(client, text("{")).headers["Content-Location"]
    busy()
    (file,) = client.get(place).json()["error"]
    other = Asker(token(conn, "other", SCOPE))
    assert other.get(place).status == other.get(file["url"]).status == 404
    assert client.get(file["url"].replace("/2.", "/1.")).status in (200, 404)
    assert client.ask(place, "DELETE").status == 202
    assert conn.execute("SELECT count(*) FROM bulk_part").fetchone() == (0,)


def test_the_input_is_handed_out_to_nobody(client, busy) -> None:
    place = send(client, text(person())).headers["Content-Location"]
    busy()
    assert client.get(f"{place}/1.lines.ndjson").status == 404


def test_what_never_came_whole_is_removed(client, conn, busy) -> None:
    jobs.create(conn, "import", "dashboard", "", {}, state="coming")
    conn.execute("UPDATE bulk_job SET created = created - interval '25 hours'")
    conn.commit()
    busy()
    assert conn.execute("SELECT count(*) FROM bulk_job").fetchone() == (0,)


def test_a_subscription_is_written_by_itself(client, imported) -> None:
    channel = {"type": "rest-hook", "endpoint": "https://hook.example.vn/", "payload": "application/fhir+json"}
    one = {"resourceType": "Subscription", "id": "s", "status": "requested", "reason": "x", "criteria": "x"}
    saved, problems = imported(one | {"channel": channel})
    assert (saved, "POST" in json.dumps(problems)) == ({}, True)
