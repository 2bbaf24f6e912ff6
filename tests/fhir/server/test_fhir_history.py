"""History of all, of a type and of one resource: in order, whole, only what the client may see, each reading logged."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from asking import AN, HERE, START, Asker, Said, patient, readings, save, token, visit, withdraw

from yteso.fhir.server import history
from yteso.record.ids import fhir_id, subject_id


P = fhir_id(AN)
A, B = fhir_id(visit("a").id), fhir_id(visit("b").id)
E = fhir_id(visit("e", labels=["hiv"]).id)


def told(said: Said) -> list[str]:
    """Method, name and version of each entry."""
    bundle = said.json()
    assert (said.status, bundle.get("type")) == (200, "history"), said.body
    found = []
    for entry in bundle.get("entry", ()):
        method, url, version = entry["request"]["method"], entry["request"]["url"], entry["response"]["etag"]
        assert ("resource" in entry) == (method == "PUT")
        if method == "PUT":
            resource = entry["resource"]
            assert url == f"{resource['resourceType']}/{resource['id']}"
            assert version == f'W/"{resource["meta"]["versionId"]}"'
            assert entry["response"]["lastModified"] == resource["meta"]["lastUpdated"]
        assert entry["fullUrl"].endswith(f"/fhir/R4/{url}")
        found.append(f"{method} {url} {version[3:-1]}")
    return found


def walked(asker: Asker, address: str) -> list[str]:
    return [one for page in asker.pages(address) for one in told(page)]


def written(name: str, version: int = 1, observations: int = 2, method: str = "PUT") -> list[str]:
    """The entries of a visit."""
    id = fhir_id(visit(name).id)
    names = [f"Encounter/{id}", *(f"Observation/{id}-o{n}" for n in range(observations))]
    return [f"{method} {one} {version}" for one in names]


def test_everything_newest_first(conn, asker) -> None:
    for one in (patient(), visit("a"), visit("b")):
        save(conn, one)
    assert told(asker.get("/_history")) == [*written("b"), *written("a"), f"PUT Patient/{P} 1"]
    assert told(asker.get("/_history?_sort=_lastUpdated")) == [f"PUT Patient/{P} 1", *written("a"), *written("b")]
    assert asker.get("/_history").link("next") is None


def test_one_type(conn, asker) -> None:
    for one in (patient(), visit("a"), visit("b")):
        save(conn, one)
    assert told(asker.get("/Patient/_history")) == [f"PUT Patient/{P} 1"]
    assert told(asker.get("/Encounter/_history")) == [f"PUT Encounter/{B} 1", f"PUT Encounter/{A} 1"]
    assert told(asker.get("/Condition/_history")) == []
    assert told(asker.get("/_history?_type=Patient,Encounter")) == [
        *(f"PUT Encounter/{B} 1", f"PUT Encounter/{A} 1", f"PUT Patient/{P} 1"),
    ]
    assert asker.get("/_history?_type=Nothing").status == 404
    assert asker.get("/Nothing/_history").status == 404


def test_what_a_change_took_away_and_what_was_withdrawn(conn, asker) -> None:
    save(conn, visit("a"))
    save(conn, visit("a", text="second", observations=1, made=1))
    withdraw(conn, visit("a"))
    save(conn, visit("a", text="too late", observations=0, made=0))
    bundle = asker.get("/_history")
    assert told(bundle) == [
        f"PUT Encounter/{A} 4",
        *written("a", 3, 1, "DELETE"),
        *written("a", 2, 1),
        f"DELETE Observation/{A}-o1 2",
        *written("a", 1),
    ]
    statuses = [entry["response"]["status"] for entry in bundle.json()["entry"]]
    assert statuses == ["200", "204", "204", "200", "200", "204", "201", "201", "201"]


def test_what_left_a_subject_is_told_once(conn, asker) -> None:
    save(conn, visit("a"))
    save(conn, visit("a", patient="BN2", made=1))
    assert told(asker.get("/Encounter/_history")) == [f"PUT Encounter/{A} 2", f"PUT Encounter/{A} 1"]


def test_it_agrees_with_the_versions(conn, asker, an) -> None:
    save(conn, visit("a", 1, text="second", observations=1, made=1))
    for entry in asker.get("/_history?_count=1000").json()["entry"]:
        version = entry["response"]["etag"][3:-1]
        said = asker.get(f"/{entry['request']['url']}/_history/{version}")
        assert said.status == (200 if "resource" in entry else 410)
        assert entry.get("resource", said.json()) == said.json()


@pytest.mark.parametrize("count", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("chunk", [1, 8])
def test_pages_have_each_entry_once(conn, asker, an, monkeypatch, count, chunk) -> None:
    monkeypatch.setattr(history, "CHUNK", chunk)
    monkeypatch.setattr(history, "WINDOW", 2)
    whole = told(asker.get("/_history?_count=1000"))
    assert len(whole) == len(set(whole)) == 18
    assert walked(asker, f"/_history?_count={count}") == whole
    assert walked(asker, f"/_history?_count={count}&_sort=_lastUpdated") != whole
    assert sorted(walked(asker, f"/_history?_count={count}&_sort=_lastUpdated")) == sorted(whole)
    assert walked(asker, f"/Observation/_history?_count={count}") == [one for one in whole if "Observation" in one]


def test_nothing_is_lost_or_repeated_while_data_arrives(conn, asker, an) -> None:
    whole = told(asker.get("/_history?_count=1000"))
    address, found = "/_history?_count=4", []
    for number in range(100):
        said = asker.get(address)
        found += told(said)
        save(conn, visit(f"new{number}"), visit("b", 2, text=f"again {number}", made=number + 1))
        address = said.link("next")
        if not address:
            break
    assert found == whole


def test_the_other_way_round_it_ends_with_what_has_just_come(conn, asker, an) -> None:
    first = asker.get("/_history?_count=10&_sort=_lastUpdated")
    save(conn, visit("new"))
    found = told(first) + walked(asker, first.link("next"))
    assert found[-3:] == written("new")
    assert len(found) == len(set(found)) == 21


def test_a_look_has_an_end_and_goes_on(conn, asker, an, monkeypatch) -> None:
    whole = walked(asker, "/_history")
    monkeypatch.setattr(history, "WINDOW", 2)
    monkeypatch.setattr(history, "MOST", 4)
    pages = [told(said) for said in asker.pages("/_history")]
    assert len(pages) > 2
    assert [one for page in pages for one in page] == whole
    assert walked(asker, "/Patient/_history") == [one for one in whole if "Patient" in one]


def test_what_may_not_be_seen_today_is_not_there(conn, asker, an) -> None:
    assert not any(E in one for one in told(asker.get("/_history?_count=1000")))
    save(conn, visit("a", 1, text="found out", labels=["hiv"], made=1))
    assert not any(A in one for one in told(asker.get("/_history?_count=1000")))
    assert asker.get(f"/Encounter/{A}/_history").status == 404
    assert asker.get(f"/Encounter/{A}/_history/1").status == 404


def test_the_scope_holds(conn, node, an) -> None:
    reader = Asker(token(conn, "lab", "system/Observation.read"))
    assert {one.split()[1].partition("/")[0] for one in told(reader.get("/_history?_count=1000"))} == {"Observation"}
    assert told(reader.get("/_history?_type=Patient")) == []
    assert told(reader.get("/Observation/_history"))
    assert reader.get("/Patient/_history").status == 403


def test_each_of_the_people_on_a_page_is_told(conn, asker, an) -> None:
    said = asker.get("/Encounter/_history")
    assert len(told(said)) == 5
    conn.rollback()
    lines = conn.execute("SELECT account, documents, outcome FROM access_read ORDER BY documents").fetchall()
    # An is two subjects, with three visits and with one; Bình has one.
    assert lines == [("dashboard", 1, "allowed"), ("dashboard", 1, "allowed"), ("dashboard", 3, "allowed")]
    assert conn.execute("SELECT count(DISTINCT person) FROM access_read").fetchone() == (2,)
    asker.get("/Encounter/_history?_count=2")
    assert len(readings(conn)) == 5


def test_nobody_is_told_of_what_was_not_shown(conn, asker, an) -> None:
    assert told(asker.get("/Condition/_history")) == []
    assert readings(conn) == []


def set_time(conn, document, version, day) -> None:
    conn.execute(
        "UPDATE record_change SET at = %s WHERE document = %s AND version = %s",
        (START + timedelta(day), document.id, version),
    )
    conn.commit()


@pytest.fixture
def dated(conn, asker) -> Asker:
    """Visit a was saved on 1 March, changed on the 3rd and on the 5th; b came on the 4th."""
    save(conn, visit("a"))
    save(conn, visit("a", text="second", made=1))
    save(conn, visit("b"))
    save(conn, visit("a", text="third", made=2))
    for name, version, day in (("a", 1, 0), ("a", 2, 2), ("b", 1, 3), ("a", 3, 4)):
        set_time(conn, visit(name), version, day)
    return asker


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["a3", "b1", "a2", "a1"]),
        ("_sort=_lastUpdated", ["a1", "a2", "b1", "a3"]),
        ("_sort=-_lastUpdated", ["a3", "b1", "a2", "a1"]),
        ("_since=2026-03-04", ["a3", "b1"]),
        ("_since=2026-03-04T15:00:00%2B07:00", ["a3", "b1"]),
        ("_since=2026-03-04T15:00:01%2B07:00", ["a3"]),
        ("_since=2027", []),
        ("_at=2026-03-02", ["a1"]),
        ("_at=2026-03-03", ["a2", "a1"]),
        ("_at=2026-03-04", ["b1", "a2"]),
        ("_at=2026-03", ["a3", "b1", "a2", "a1"]),
        ("_at=2030", ["a3", "b1"]),
        ("_at=2026-02", []),
        ("_at=2026-03-03&_since=2026-03-02&_sort=_lastUpdated", ["a2"]),
    ],
)
def test_a_time(dated, query, found) -> None:
    names = {A: "a", B: "b"}
    said = [one.split() for one in told(dated.get(f"/Encounter/_history?{query}"))]
    assert [names[url.partition("/")[2]] + version for _, url, version in said] == found
    of_one = [one.split()[2] for one in told(dated.get(f"/Encounter/{A}/_history?{query}"))]
    assert [f"a{version}" for version in of_one] == [one for one in found if one[0] == "a"]


def test_what_came_too_late_was_never_current(conn, dated) -> None:
    save(conn, visit("a", text="too late", made=0))
    assert told(dated.get(f"/Encounter/{A}/_history"))[1] != f"PUT Encounter/{A} 4"
    assert told(dated.get(f"/Encounter/{A}/_history?_sort=-_lastUpdated"))[0] == f"PUT Encounter/{A} 4"
    for address in (f"/Encounter/{A}/_history?_at=2030", "/Encounter/_history?_at=2030"):
        assert f"PUT Encounter/{A} 4" not in told(dated.get(address))
    assert told(dated.get(f"/Encounter/{A}/_history?_at=2030")) == [f"PUT Encounter/{A} 3"]


def test_pages_of_one_resource(conn, dated) -> None:
    whole = told(dated.get(f"/Encounter/{A}/_history"))
    for count in (1, 2, 3, 10):
        assert walked(dated, f"/Encounter/{A}/_history?_count={count}") == whole
    first = dated.get(f"/Encounter/{A}/_history?_count=1")
    assert first.json()["total"] == 3
    save(conn, visit("a", text="fourth", made=3))
    assert told(first) + walked(dated, first.link("next")) == whole


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("_sort=date", "_sort"),
        ("_since=yesterday", "_since"),
        ("_at=2026-13", "_at"),
        ("_count=x", "_count"),
        ("_summary=sideways", "_summary"),
        ("code=1", "code"),
        ("_cursor=x", "_cursor"),
        ("_cursor=" + quote("MTIz"), "_cursor"),
    ],
)
@pytest.mark.parametrize("address", ["/_history", "/Encounter/_history", f"/Encounter/{A}/_history"])
def test_what_cannot_be_asked(asker, an, address, query, words) -> None:
    said = asker.get(f"{address}?{query}")
    assert (said.status, words in said.text) == (400, True)


def test_many_resources_are_not_counted(asker, an) -> None:
    for query in ("_summary=count", "_count=0"):
        assert asker.get(f"/_history?{query}").status == 400
        assert asker.get(f"/Encounter/{A}/_history?{query}").json()["total"] == 1


def test_a_lenient_client_is_told_what_was_ignored(asker, an) -> None:
    for address in ("/_history?code=1", f"/Encounter/{A}/_history?code=1"):
        said = asker.get(address, Prefer="handling=lenient")
        assert said.json()["entry"][-1]["resource"]["resourceType"] == "OperationOutcome"


def test_a_cursor_is_of_its_list(asker, an) -> None:
    following = asker.get("/_history?_count=2").link("next")
    cursor = following.partition("_cursor=")[2]
    assert asker.get(f"/Encounter/_history?_count=2&_cursor={cursor}").status == 400
    assert asker.get(f"/_history?_count=3&_cursor={cursor}").status == 400


def test_parts_only(asker, an) -> None:
    entry = asker.get("/Encounter/_history?_elements=status").json()["entry"][0]
    assert set(entry["resource"]) == {"resourceType", "id", "meta", "status"}


def test_another_patient_is_another_person(conn, asker, an) -> None:
    bundle = told(asker.get("/Patient/_history"))
    assert f"PUT Patient/{fhir_id(subject_id(HERE, 'BN2'))} 1" in bundle
    assert len(bundle) == 3
