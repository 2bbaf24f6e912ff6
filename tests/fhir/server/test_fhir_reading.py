"""read, vread and history: the stored resource with its version, and what a client already has."""

import json

import pytest
from asking import AN, HERE, THERE, patient, readings, save, visit, withdraw

from yteso.record.ids import fhir_id, subject_id


A = fhir_id(visit("a").id)
O0 = f"{A}-o0"
PATIENT = fhir_id(AN)


def changed(document, old, new):
    """The document with another text in its first Observation."""
    kind, id, content = document.resources[1]
    document.resources[1] = kind, id, content.replace(old.encode(), new.encode())
    return document


def test_a_resource_is_the_stored_one_with_its_version(asker, an) -> None:
    said = asker.get(f"/Observation/{O0}")
    assert (said.status, said.headers["Content-Type"]) == (200, "application/fhir+json; charset=utf-8")
    resource = said.json()
    meta = resource.pop("meta")
    assert resource == json.loads(visit("a").body.find("Observation", O0))
    assert meta["versionId"] == "1"
    assert meta["lastUpdated"].endswith("+07:00")
    assert next(iter(said.json())) == "resourceType"


def test_the_headers_tell_version_and_time(asker, an) -> None:
    said = asker.get(f"/Observation/{O0}")
    assert said.headers["ETag"] == 'W/"1"'
    assert said.headers["Last-Modified"].endswith(" GMT")
    assert said.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("number", ["0.00", "1.50", "65.20", "1E2", "12345678901234567890.0"])
@pytest.mark.parametrize("query", ["", "?_pretty=true", "?_elements=valueQuantity", "?_summary=true"])
def test_numbers_stay_as_they_are_written(conn, asker, number, query) -> None:
    document = visit("a")
    document.resources[1] = (
        *document.resources[1][:2],
        document.resources[1][2].replace(b'"value":0', f'"value":{number}'.encode()),
    )
    save(conn, document)
    said = asker.get(f"/Observation/{O0}{query}")
    assert f'"value":{number},' in said.body.decode().replace(" ", "")


def test_a_meta_of_its_own_is_kept_beside_the_version(conn, asker) -> None:
    document = visit("a")
    own = b'"meta":{"versionId":"77","security":[{"code":"R"}],"profile":["http://x"]}'
    document.resources[1] = (
        *document.resources[1][:2],
        document.resources[1][2].replace(b'"status"', own + b',"status"'),
    )
    save(conn, document)
    meta = asker.get(f"/Observation/{O0}").json()["meta"]
    assert (meta["versionId"], meta["security"], meta["profile"]) == ("1", [{"code": "R"}], ["http://x"])


def test_the_word_meta_in_a_text_does_no_harm(conn, asker) -> None:
    save(conn, visit("a", text='"meta":{}'))
    assert asker.get(f"/Encounter/{A}").json()["meta"]["versionId"] == "1"


@pytest.mark.parametrize("whose", [(HERE, "BN1", "An"), (THERE, "BN7", "An, there")])
def test_a_patient_by_any_of_the_ids_of_a_person(asker, an, whose) -> None:
    facility, number, name = whose
    said = asker.get(f"/Patient/{fhir_id(subject_id(facility, number))}")
    assert said.json()["name"] == [{"text": name}]


@pytest.mark.parametrize(
    "address",
    [
        f"/Condition/{O0}",
        f"/Observation/{A}",
        f"/Observation/{A}-o9",
        "/Observation/x",
        "/Observation/" + "a" * 64,
        f"/Observation/{fhir_id(visit('nowhere').id)}-o0",
        f"/Observation/{O0}/_history/9",
        f"/Observation/{O0}/_history/x",
        f"/Observation/{A}-o9/_history",
        f"/Observation/{A}-o9/_history/1",
        "/Observation/x/_history",
    ],
)
def test_what_is_not_there(asker, an, address) -> None:
    said = asker.get(address)
    assert said.status == 404
    assert said.json()["issue"][0]["code"] == "not-found"
    assert " / " in said.text


def test_a_sensitive_resource_is_as_if_it_were_not_there(asker, an) -> None:
    hidden, never = fhir_id(visit("e").id), fhir_id(visit("never").id)
    for form in ("/Encounter/{}", "/Encounter/{}/_history", "/Encounter/{}/_history/1"):
        assert asker.get(form.format(hidden)) == asker.get(form.format(never))


def test_what_was_taken_back_is_gone_and_its_versions_stay(conn, asker, an) -> None:
    withdraw(conn, visit("a"))
    for address in (f"/Encounter/{A}", f"/Observation/{O0}", f"/Encounter/{A}/_history/2"):
        said = asker.get(address)
        assert (said.status, said.json()["issue"][0]["code"]) == (410, "deleted")
    assert asker.get(f"/Encounter/{A}/_history/1").status == 200
    assert asker.get(f"/Observation/{A}-o9").status == 404


def test_a_resource_that_its_visit_no_longer_has_is_gone(conn, asker, an) -> None:
    save(conn, visit("a", 1, observations=1, made=1))
    assert asker.get(f"/Observation/{A}-o1").status == 410
    assert asker.get(f"/Observation/{A}-o1/_history/1").status == 200
    assert asker.get(f"/Observation/{A}-o0").headers["ETag"] == 'W/"2"'


def test_each_version_as_it_was(conn, asker, an) -> None:
    for made, text in enumerate(("second", "third"), 1):
        save(conn, visit("a", 1, text=text, made=made))
    for version, text in enumerate(("first", "second", "third"), 1):
        said = asker.get(f"/Encounter/{A}/_history/{version}")
        assert text in said.json()["text"]["div"]
        assert said.json()["meta"]["versionId"] == str(version)
        assert said.headers["ETag"] == f'W/"{version}"'
    assert asker.get(f"/Encounter/{A}").body == asker.get(f"/Encounter/{A}/_history/3").body


def test_history_and_versions_agree(conn, asker, an) -> None:
    save(conn, visit("a", 1, text="second", made=2))
    save(conn, visit("a", 1, text="too late", made=1))
    withdraw(conn, visit("a"))
    bundle = asker.get(f"/Encounter/{A}/_history").json()
    assert (bundle["type"], bundle["total"]) == ("history", 4)
    told = [(one["request"]["method"], one["response"]["etag"], one["response"]["status"]) for one in bundle["entry"]]
    assert told == [
        ("DELETE", 'W/"4"', "204"),
        ("PUT", 'W/"2"', "200"),
        ("PUT", 'W/"3"', "200"),
        ("PUT", 'W/"1"', "201"),
    ]
    for entry in bundle["entry"]:
        version = entry["response"]["etag"].strip('W/"')
        said = asker.get(f"/Encounter/{A}/_history/{version}")
        assert said.status == (410 if "resource" not in entry else 200)
        assert entry.get("resource", said.json()) == said.json()
        assert entry["request"]["url"] == f"Encounter/{A}"
        assert entry["fullUrl"].endswith(f"/fhir/R4/Encounter/{A}")


def test_a_history_begins_with_the_resource(conn, asker) -> None:
    save(conn, visit("a", observations=1))
    save(conn, visit("a", observations=2, made=1))
    save(conn, visit("a", observations=0, made=2))
    told = [
        (one["request"]["method"], one["response"]["status"])
        for one in asker.get(f"/Observation/{A}-o1/_history").json()["entry"]
    ]
    assert told == [("DELETE", "204"), ("PUT", "201")]


def test_an_earlier_version_with_a_label_stays_hidden(conn, asker) -> None:
    save(conn, visit("a", labels=["hiv"]))
    save(conn, visit("a", text="label taken off", made=1))
    assert asker.get(f"/Encounter/{A}/_history").json()["total"] == 1
    assert asker.get(f"/Encounter/{A}/_history/1").status == 404


def test_a_history_since_a_moment_and_its_number(conn, asker, an) -> None:
    save(conn, visit("a", 1, text="second", made=2))
    last = asker.get(f"/Encounter/{A}").json()["meta"]["lastUpdated"].replace("+", "%2B")
    assert asker.get(f"/Encounter/{A}/_history?_since={last}").json()["total"] in (1, 2)
    assert asker.get(f"/Encounter/{A}/_history?_since=2100").json()["total"] == 0
    counted = asker.get(f"/Encounter/{A}/_history?_summary=count").json()
    assert (counted["total"], counted.get("entry")) == (2, None)
    assert asker.get(f"/Encounter/{A}/_history?_since=yesterday").status == 400


@pytest.mark.parametrize(
    ("tags", "status"),
    [
        ('W/"1"', 304),
        ('"1"', 304),
        ("*", 304),
        ('W/"7", W/"1"', 304),
        ('W/"2"', 200),
        ("1", 200),
        ("", 200),
        ("W/", 200),
    ],
)
def test_if_none_match(asker, an, tags, status) -> None:
    said = asker.get(f"/Observation/{O0}", If_None_Match=tags)
    assert said.status == status
    if status == 304:
        assert (said.body, said.headers["ETag"]) == (b"", 'W/"1"')
        assert "Content-Type" not in said.headers


@pytest.mark.parametrize(
    ("since", "status"),
    [("Sun, 06 Nov 2050 08:49:37 GMT", 304), ("Sun, 06 Nov 1994 08:49:37 GMT", 200), ("yesterday", 200), ("0", 200)],
)
def test_if_modified_since(asker, an, since, status) -> None:
    assert asker.get(f"/Observation/{O0}", If_Modified_Since=since).status == status


def test_the_time_that_was_told_is_not_modified_since(asker, an) -> None:
    told = asker.get(f"/Observation/{O0}").headers["Last-Modified"]
    assert asker.get(f"/Observation/{O0}", If_Modified_Since=told).status == 304
    assert asker.get(f"/Observation/{O0}/_history/1", If_Modified_Since=told).status == 304
    assert asker.get(f"/Observation/{O0}", If_Modified_Since=told, If_None_Match='W/"9"').status == 200


def test_every_reading_is_logged_with_the_client(conn, asker, an) -> None:
    asker.get(f"/Observation/{O0}")
    asker.get(f"/Observation/{O0}", If_None_Match="*")
    asker.get(f"/Encounter/{A}/_history")
    asker.get(f"/Encounter/{fhir_id(visit('e').id)}")
    assert readings(conn) == [
        *([("dashboard", "client", "fhir", 1, "allowed")] * 3),
        ("dashboard", "client", "fhir", 0, "denied"),
    ]


def test_reading_of_another_subject_is_told_to_the_person(conn, asker, an) -> None:
    asker.get(f"/Patient/{PATIENT}")
    asker.get(f"/Patient/{fhir_id(subject_id(THERE, 'BN7'))}")
    asker.get(f"/Patient/{fhir_id(patient(HERE, 'BN2', 'Bình').id)}")
    conn.rollback()
    counts = conn.execute("SELECT count(*) FROM access_read GROUP BY person ORDER BY 1").fetchall()
    assert counts == [(1,), (2,)]
