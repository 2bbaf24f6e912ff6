"""$export over HTTP: asked for, done by the worker in portions, fetched by the client that asked (Bulk Data Access)."""

import gzip
import json
from collections.abc import Callable, Iterator
from urllib.parse import quote

import psycopg
import pytest
from asking import AN, BASE, BINH, HERE, THERE, Asker, Said, link, patient, readings, save, token, visit, withdraw

from yteso.config.database import connect
from yteso.fhir.bulk import exports, files, jobs, worker
from yteso.record import Document
from yteso.record.ids import derive, fhir_id


P, B = fhir_id(AN), fhir_id(BINH)
JSON = {"Content_Type": "application/fhir+json"}
ASYNC = {"Prefer": "respond-async", "Accept": "application/fhir+json"}


@pytest.fixture
def busy(database: str) -> Iterator[Callable[[int], int]]:
    """The worker: does so many portions, or all there are; how many those were."""
    with connect(autocommit=True) as own:

        def work(most: int = 1000) -> int:
            done = 0
            while done < most and worker.step(own):
                done += 1
            return done

        yield work


@pytest.fixture
def export(asker: Asker, busy: Callable[[int], int]) -> Callable[..., "Exported"]:
    def ask(address: str = "/$export", client: Asker = asker, **options: object) -> Exported:
        said = begin(client, address, **options)
        busy()
        return Exported(client, said.headers["Content-Location"])

    return ask


def begin(asker: Asker, address: str = "/$export", method: str = "GET", body: object = None, **headers: str) -> Said:
    sent = {"Content_Type": "application/fhir+json"} if body else {}
    said = asker.ask(address, method, json.dumps(body).encode() if body else b"", **ASYNC, **sent, **headers)
    assert said.status == 202, said.text
    return said


class Exported:
    """What an export that is done says and holds."""

    def __init__(self, asker: Asker, place: str) -> None:
        said = asker.get(place)
        assert said.status == 200, said.body
        assert said.headers["Content-Type"] == "application/json"
        self.asker, self.place, self.manifest = asker, place, said.json()

    def lines(self, role: str = "output") -> list[dict]:
        found = []
        for file in self.manifest[role]:
            said = self.asker.get(file["url"], Accept="application/fhir+ndjson")
            assert (said.status, said.headers["Content-Type"]) == (200, "application/fhir+ndjson")
            assert said.body.endswith(b"\n")
            lines = [json.loads(line) for line in said.body.splitlines()]
            assert len(lines) == file["count"]
            assert {line["resourceType"] for line in lines} == {file["type"]}
            found += lines
        return found

    @property
    def names(self) -> list[str]:
        found = [f"{one['resourceType']}/{one['id']}" for one in self.lines()]
        assert len(found) == len(set(found))
        return sorted(found)

    @property
    def deleted(self) -> list[str]:
        entries = [entry for bundle in self.lines("deleted") for entry in bundle["entry"]]
        assert {entry["request"]["method"] for entry in entries} <= {"DELETE"}
        return sorted(entry["request"]["url"] for entry in entries)


def names(*documents: Document) -> list[str]:
    return sorted(name for document in documents for name in document.body.names)


EVERYBODY = [
    *(patient(), patient(THERE, "BN7", "An, there"), patient(HERE, "BN2", "Bình")),
    *(visit(key) for key in "abc"),
    *(visit("d", facility=THERE, patient="BN7"), visit("f", patient="BN2")),
]
"""All of `an` but visit e, which is hidden."""

ANS = [one for one in EVERYBODY if one.subject != BINH]


def test_an_export_from_asking_to_fetching(asker, an, busy) -> None:
    said = begin(asker, "/$export?_type=Patient,Observation")
    place = said.headers["Content-Location"]
    assert place.startswith(f"{BASE}/$export/")
    waiting = asker.get(place)
    assert (waiting.status, waiting.body, "documents" in waiting.headers["X-Progress"]) == (202, b"", True)
    assert int(waiting.headers["Retry-After"]) > 0
    busy()
    done = asker.get(place)
    assert (done.status, done.headers["Content-Type"], "GMT" in done.headers["Expires"]) == (
        *(200, "application/json", True),
    )
    manifest = done.json()
    assert manifest.keys() == {"transactionTime", "request", "requiresAccessToken", "output", "deleted", "error"}
    assert (manifest["request"], manifest["requiresAccessToken"]) == (f"{BASE}/$export?_type=Patient,Observation", True)
    assert [(file["type"], file["count"]) for file in manifest["output"]] == [("Observation", 10), ("Patient", 3)]
    assert (manifest["deleted"], manifest["error"]) == ([], [])


def test_everything_that_may_be_seen_is_there_once_as_it_is_read(asker, an, export) -> None:
    found = export()
    assert found.names == names(*EVERYBODY)
    for one in found.lines():
        assert asker.get(f"/{one['resourceType']}/{one['id']}").json() == one


def test_hidden_documents_are_not_there(an, export) -> None:
    assert not set(export().names) & set(names(visit("e")))


def test_in_portions_of_any_size_it_is_the_same(an, export, monkeypatch) -> None:
    for documents, together, size in ((1, 16, 10**6), (3, 2, 1), (200, 1, 1)):
        monkeypatch.setattr(exports, "DOCUMENTS", documents)
        monkeypatch.setattr(exports, "TOGETHER", together)
        monkeypatch.setattr(exports, "BYTES", size)
        assert export().names == names(*EVERYBODY)


def test_progress_is_told_and_nothing_is_handed_out_before_the_end(asker, an, busy, monkeypatch) -> None:
    monkeypatch.setattr(exports, "DOCUMENTS", 4)
    place = begin(asker).headers["Content-Location"]
    assert busy(1) == 1
    assert asker.get(place).headers["X-Progress"].startswith("4 ")
    assert asker.get(f"{place}/1.Patient.ndjson").status == 404
    busy()
    assert asker.get(place).status == 200


def test_it_is_as_of_the_moment_it_was_asked_for(conn, asker, an, busy, monkeypatch) -> None:
    monkeypatch.setattr(exports, "DOCUMENTS", 1)
    place = begin(asker).headers["Content-Location"]
    busy(2)
    save(conn, visit("b", 2, text="corrected", made=1), visit("g", 7))
    withdraw(conn, visit("c"))
    busy()
    found = Exported(asker, place)
    assert set(names(visit("a"), visit("b"))) < set(found.names)
    assert not set(found.names) & set(names(visit("g")))
    (told,) = [one for one in found.lines() if one["id"] == fhir_id(visit("b").id)]
    assert (told["meta"]["versionId"], "first" in told["text"]["div"]) == ("1", True)


def test_a_file_that_is_full_is_followed_by_another(an, export, monkeypatch) -> None:
    monkeypatch.setattr(exports, "DOCUMENTS", 2)
    monkeypatch.setattr(files, "FULL", 600)
    found = export()
    assert len([file for file in found.manifest["output"] if file["type"] == "Observation"]) > 1
    assert found.names == names(*EVERYBODY)


def test_a_file_comes_packed_for_those_who_take_that(asker, an, export) -> None:
    found = export("/$export?_type=Observation")
    (file,) = found.manifest["output"]
    plain, packed = asker.get(file["url"]), asker.get(file["url"], Accept_Encoding="gzip, deflate")
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.body) == plain.body
    assert int(plain.headers["Content-Length"]) == len(plain.body)
    head = asker.ask(file["url"], "HEAD")
    assert (head.status, head.body, head.headers["Content-Length"]) == (200, b"", str(len(plain.body)))


def test_every_person_is_in_the_log_before_a_file_is_offered(conn, asker, an, busy, monkeypatch) -> None:
    monkeypatch.setattr(exports, "TOGETHER", 1)
    begin(asker)
    assert readings(conn) == []
    busy()
    logged = readings(conn)
    assert {(account, role, purpose) for account, role, purpose, *_ in logged} == {("dashboard", "client", "export")}
    (persons,) = conn.execute("SELECT count(DISTINCT person) FROM access_read").fetchone()
    assert persons == 2
    assert sum(count for *_, count, outcome in logged if outcome == "allowed") == len(EVERYBODY)
    assert [count for *_, count, outcome in logged if outcome == "denied"] == [0]


def test_since_and_what_has_gone_since(conn, asker, an, export) -> None:
    first = export()
    save(conn, visit("b", 2, text="corrected", made=1, observations=1), visit("g", 7))
    save(conn, visit("e", 5, text="still hidden", made=1, labels=["hiv"], observations=1))
    withdraw(conn, visit("c"))
    later = export(f"/$export?_since={quote(first.manifest['transactionTime'])}")
    assert later.names == names(visit("b", observations=1), visit("g"))
    assert later.deleted == sorted([*names(visit("c")), names(visit("b"))[2]])
    assert export(f"/$export?_type=Encounter&_since={quote(first.manifest['transactionTime'])}").deleted == [
        *(name for name in names(visit("c")) if name.startswith("Encounter")),
    ]


def test_until(conn, asker, an, export) -> None:
    time = export().manifest["transactionTime"]
    save(conn, visit("g", 7))
    assert export(f"/$export?_until={quote(time)}").names == names(*EVERYBODY)
    assert export("/$export?_until=2020").names == []


SEARCHES = [
    ("Observation?status=final", 10),
    ("Observation?status=amended", 0),
    ("Observation?value-quantity=1", 5),
    ("Observation?status=amended&value-quantity=1", 0),
    (f"Observation?patient={B}", 2),
    (f"Observation?subject=Patient/{P}", 6),
    ("Encounter?status=finished", 10),
]


def test_a_search_for_what_is_exported(an, export) -> None:
    for asked, kept in SEARCHES:
        found = export(f"/$export?_type=Observation&_typeFilter={quote(asked)}")
        assert len(found.lines()) == kept


def test_of_several_filters_of_a_type_one_must_match_and_other_types_are_whole(an, export) -> None:
    either = "&".join(f"_typeFilter={quote(f'Observation?value-quantity={n}')}" for n in (0, 1, 7))
    found = [one["resourceType"] for one in export(f"/$export?{either}").lines()]
    assert {type: found.count(type) for type in found} == {"Encounter": 5, "Observation": 10, "Patient": 3}


def test_parts_of_resources_are_marked(an, export) -> None:
    for one in export("/$export?_type=Observation&_elements=status").lines():
        assert one.keys() == {"resourceType", "id", "meta", "status", "code"}
        assert one["meta"]["tag"][0]["code"] == "SUBSETTED"


def test_a_filter_sees_what_the_parts_leave_out(an, export) -> None:
    found = export(f"/$export?_elements=status&_typeFilter={quote('Observation?value-quantity=1')}&_type=Observation")
    assert len(found.lines()) == 5


def test_the_formats_of_files(asker) -> None:
    for format in ("application/fhir%2Bndjson", "application/fhir+ndjson", "ndjson"):
        begin(asker, f"/$export?_outputFormat={format}")


REFUSED = [
    ("/$export?_outputFormat=csv", 400, "ndjson"),
    ("/$export?_type=Nothing", 404, "Nothing"),
    ("/$export?_since=yesterday", 400, "_since"),
    ("/$export?_typeFilter=Observation%3Fnothing%3D1", 400, "nothing"),
    ("/$export?_typeFilter=Nothing%3Fstatus%3D1", 400, "Nothing"),
    ("/$export?_typeFilter=Observation%3Fpatient.name%3DAn", 400, "_typeFilter"),
    ("/$export?_typeFilter=Observation%3F_sort%3Ddate", 400, "_typeFilter"),
    ("/$export?patient=x", 400, "patient"),
    ("/$export?organizeOutputBy=Patient", 400, "organizeOutputBy"),
    ("/Group/nothing/$export", 404, "resource"),
]


def test_what_cannot_be_done_is_said_at_once(asker) -> None:
    for address, status, word in REFUSED:
        said = asker.get(address, **ASYNC)
        assert (said.status, word in said.text) == (status, True)


def test_without_the_header_it_is_not_begun(conn, asker) -> None:
    said = asker.get("/$export")
    assert (said.status, "respond-async" in said.text) == (400, True)
    assert conn.execute("SELECT count(*) FROM bulk_job").fetchone() == (0,)


def test_files_are_read_by_their_id_only(conn, node, export) -> None:
    writer = Asker(token(conn, "scans", "system/*.*"))
    assert writer.ask("/Binary", "POST", b"scan", Content_Type="text/plain").status == 201
    assert writer.ask("/Organization", "POST", b'{"resourceType":"Organization","name":"A"}', **JSON).status == 201
    assert [one["type"] for one in export(client=writer).manifest["output"]] == ["Organization"]


def test_looking_at_the_address_begins_nothing(asker, an, conn) -> None:
    assert asker.ask("/$export", "HEAD", **ASYNC).status == 400
    assert conn.execute("SELECT count(*) FROM bulk_job").fetchone() == (0,)


def test_lenient_clients_are_told_what_is_ignored(asker) -> None:
    said = asker.get("/$export?organizeOutputBy=Patient", Prefer="respond-async, handling=lenient")
    assert (said.status, "organizeOutputBy" in said.text) == (202, True)


def test_everything_of_all_patients_has_nothing_that_is_nobodys(conn, an, export) -> None:
    alone = derive("somewhere")
    content = b'{"resourceType":"Location",\n "id":"%s",\n "name":"OPD"}' % fhir_id(alone).encode()
    save(
        conn,
        Document(
            *(alone, alone, "resource", "Location/x", "", visit().made, visit().received, b"x"),
            resources=[("Location", fhir_id(alone), content)],
        ),
    )
    assert export("/Patient/$export").names == names(*EVERYBODY)
    found = export("/$export")
    assert found.names == sorted([*names(*EVERYBODY), f"Location/{fhir_id(alone)}"])


def test_some_patients_are_people_with_all_their_records(an, export) -> None:
    body = {
        "resourceType": "Parameters",
        "parameter": [
            {"name": "patient", "valueReference": {"reference": f"Patient/{P}"}},
            {"name": "patient", "valueReference": {"reference": "Patient/unknown"}},
        ],
    }
    assert export("/Patient/$export", method="POST", body=body).names == names(*ANS)
    body["parameter"] += [{"name": "_type", "valueString": "Patient"}]
    assert export("/Patient/$export", method="POST", body=body).names == [
        name for name in names(*ANS) if name.startswith("Patient")
    ]


def test_a_post_of_something_else(asker) -> None:
    said = asker.ask("/Patient/$export", "POST", b"[]", Content_Type="application/fhir+json", **ASYNC)
    assert said.status == 400
    body = b'{"resourceType":"Parameters","parameter":[{"name":"patient","valueReference":{}}]}'
    said = asker.ask("/Patient/$export", "POST", body, Content_Type="application/fhir+json", **ASYNC)
    assert (said.status, "valueReference" in said.text) == (400, True)


def test_only_the_types_of_the_scope(conn, an, export) -> None:
    client = Asker(token(conn, "lab", "system/Observation.read"))
    assert {one["resourceType"] for one in export(client=client).lines()} == {"Observation"}
    said = client.get("/$export?_type=Patient", **ASYNC)
    assert (said.status, "Patient" in said.text) == (403, True)
    assert client.get("/Group/x/$export", **ASYNC).status == 403


def test_nobody_else_is_told_anything(conn, asker, stranger, an, export) -> None:
    found = export()
    (url, *_) = [file["url"] for file in found.manifest["output"]]
    other = Asker(token(conn, "other"))
    for address in (found.place, url):
        assert stranger.get(address).status == 401
        assert other.get(address).status == 404
    assert other.ask(found.place, "DELETE").status == 404
    assert asker.get(url).status == 200


def test_a_file_needs_a_token_that_still_has_its_type(conn, asker, an, export) -> None:
    found = export()
    narrower = Asker(token(conn, "dashboard", "system/Observation.read"))
    urls = {file["type"]: file["url"] for file in found.manifest["output"]}
    assert narrower.get(urls["Observation"]).status == 200
    assert narrower.get(urls["Patient"]).status == 403


@pytest.mark.parametrize("portions", [0, 1, 1000])
def test_cancelling_removes_all_of_it(conn, asker, an, busy, monkeypatch, portions: int) -> None:
    monkeypatch.setattr(exports, "DOCUMENTS", 2)
    place = begin(asker).headers["Content-Location"]
    busy(portions)
    assert asker.ask(place, "DELETE").status == 202
    assert busy() == 0
    for table in ("bulk_job", "bulk_file", "bulk_part"):
        assert conn.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert asker.get(place).status == asker.ask(place, "DELETE").status == 404


def test_files_are_kept_for_a_day_and_then_removed(conn, asker, an, export, busy) -> None:
    found = export()
    conn.execute("UPDATE bulk_job SET ended = ended - interval '25 hours'")
    conn.commit()
    assert asker.get(found.place).status == asker.get(found.manifest["output"][0]["url"]).status == 404
    busy()
    assert conn.execute("SELECT count(*) FROM bulk_part").fetchone() == (0,)


def test_one_client_has_a_few_open_jobs_at_most(conn, asker, busy) -> None:
    for _ in range(jobs.MOST):
        begin(asker)
    said = asker.get("/$export", **ASYNC)
    assert (said.status, said.headers["Retry-After"]) == (429, "60")
    begin(Asker(token(conn, "other")))
    busy()
    begin(asker)


def test_jobs_take_turns(asker, an, busy, monkeypatch) -> None:
    monkeypatch.setattr(exports, "DOCUMENTS", 3)
    places = [begin(asker).headers["Content-Location"] for _ in range(2)]
    busy(2)
    assert [asker.get(place).headers["X-Progress"][:2] for place in places] == ["3 "] * 2


def test_a_job_that_cannot_be_done_says_so_and_holds_nothing_up(conn, asker, an, export, monkeypatch, caplog) -> None:
    begun = begin(asker)
    conn.execute("""UPDATE bulk_job SET asked = '{}'""")
    conn.commit()
    with caplog.at_level("CRITICAL"):
        assert export().names == names(*EVERYBODY)
    said = asker.get(begun.headers["Content-Location"])
    assert (said.status, said.json()["resourceType"]) == (500, "OperationOutcome")


def test_an_export_that_is_under_way_when_it_is_cancelled(asker, an, busy, monkeypatch) -> None:
    """The portion that was going on is undone by what cancels it, or was done before."""
    place = begin(asker).headers["Content-Location"]
    portion = exports.portion

    def late(conn: psycopg.Connection, job: jobs.Job) -> None:
        portion(conn, job)
        with connect() as other:
            other.execute("SET lock_timeout = '100ms'")
            with pytest.raises(psycopg.errors.LockNotAvailable):
                jobs.remove(other, job.id)

    monkeypatch.setitem(worker._PORTIONS, "export", late)
    busy()
    assert asker.get(place).status == 200


def test_it_is_offered_in_the_capability_statement(stranger) -> None:
    (rest,) = stranger.get("/metadata").json()["rest"]
    assert {"name": "export", "definition": "http://hl7.org/fhir/uv/bulkdata/OperationDefinition/export"} in (
        rest["operation"]
    )
    offered = {one["type"]: one.get("operation", []) for one in rest["resource"]}
    for type in ("Patient", "Group"):
        assert "export" in [one["name"] for one in offered[type]]


def test_two_people_under_one_number_are_exported_with_each_other(conn, export) -> None:
    link(conn, "001090000003", (HERE, "BN8"), (THERE, "BN9"))
    save(conn, patient(HERE, "BN8", "Chi"), visit("x", facility=THERE, patient="BN9"))
    body = {"resourceType": "Parameters", "parameter": []}
    body["parameter"] += [
        {"name": "patient", "valueReference": {"reference": f"Patient/{fhir_id(patient(HERE, 'BN8').subject)}"}}
    ]
    found = export("/Patient/$export", method="POST", body=body)
    assert found.names == names(patient(HERE, "BN8"), visit("x", facility=THERE, patient="BN9"))
