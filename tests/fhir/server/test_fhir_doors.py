"""Who may ask, by which method and for which form; every refusal is an OperationOutcome in two languages."""

import logging
from datetime import timedelta

import pytest
from asking import AN, Asker, readings, token, visit

from yteso.fhir.server import clients, node
from yteso.fhir.server.routes import ROUTES, methods
from yteso.fhir.server.types import types
from yteso.record.ids import fhir_id


P = fhir_id(AN)
O0 = f"{fhir_id(visit('a').id)}-o0"
ADDRESSES = [
    "",
    "/",
    "/Observation",
    f"/Observation/{O0}",
    f"/Observation/{O0}/_history",
    f"/Observation/{O0}/_history/1",
    f"/Patient/{P}/$everything",
    f"/Patient/{P}/Observation",
    "/Nothing",
    "/a/b/c/d/e/f",
    "/metadata/x",
]


@pytest.mark.parametrize("address", ADDRESSES)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "BREW"])
def test_nothing_answers_without_a_token(stranger, an, address, method) -> None:
    said = stranger.ask(address, method)
    assert (said.status, said.headers["WWW-Authenticate"]) == (401, 'Bearer realm="yteso"')
    if method != "HEAD":
        assert said.json()["issue"][0]["code"] == "login"


@pytest.mark.parametrize(
    "header",
    ["Bearer x", "Bearer ", "Bearer", "bearer \xff", "Basic YTpi", "Token x", "Bearer a b", "Bearer " + "x" * 9999],
)
def test_a_token_that_is_none(stranger, an, header) -> None:
    assert stranger.get(f"/Observation/{O0}", Authorization=header).status == 401


def test_the_scheme_may_be_written_in_any_case(asker, an) -> None:
    assert Asker().get(f"/Observation/{O0}", Authorization=f"bEARER {asker.token}").status == 200


def test_a_token_ends_with_its_time_and_when_it_is_revoked(conn, node, an) -> None:
    over, _ = clients.create(conn, "late", "system/*.read", timedelta(seconds=-1), by="test")
    closed = token(conn, "closed")
    assert clients.revoke(conn, "closed") == 1
    conn.commit()
    for one in (over, closed):
        assert Asker(one).get(f"/Observation/{O0}").status == 401


def test_a_revoked_token_is_trusted_for_a_few_seconds_only(conn, asker, an, monkeypatch) -> None:
    assert asker.get(f"/Observation/{O0}").status == 200
    clients.revoke(conn, "dashboard")
    conn.commit()
    known = node.clients()
    later = clients.monotonic() + clients.TRUSTED + 1
    monkeypatch.setattr(clients, "monotonic", lambda: later)
    assert asker.get(f"/Observation/{O0}").status == 401
    assert known._known == {}


def test_a_new_token_leaves_the_older_ones_open(conn, asker, an) -> None:
    other = Asker(token(conn))
    assert {one.get(f"/Observation/{O0}").status for one in (asker, other)} == {200}


def test_a_token_is_kept_as_its_hash_only(conn, asker) -> None:
    row = conn.execute("SELECT digest, client, scope, created_by FROM fhir_token").fetchone()
    assert len(row[0]) == 32
    assert asker.token not in str(row)


def test_no_more_tokens_are_remembered_than_fit(conn, node, an, monkeypatch) -> None:
    monkeypatch.setattr(clients, "KNOWN", 3)
    for number in range(7):
        assert Asker(token(conn, f"c{number}0")).get(f"/Observation/{O0}").status == 200


@pytest.mark.parametrize(
    ("scope", "allowed"),
    [
        ("system/*.read", {"Observation", "Encounter", "Patient"}),
        ("system/*.*", {"Observation", "Encounter", "Patient"}),
        ("system/*.cruds", {"Observation", "Encounter", "Patient"}),
        ("system/*.write system/Patient.read", {"Patient"}),
        ("system/*.write", set()),
        ("system/Observation.rs", {"Observation"}),
        ("system/Observation.read system/Patient.read", {"Observation", "Patient"}),
        ("system/Condition.read", set()),
    ],
)
def test_the_scope_says_which_types(conn, node, an, scope, allowed) -> None:
    asker = Asker(token(conn, scope=scope))
    encounter = fhir_id(visit("a").id)
    addresses = {
        "Observation": [f"/Observation/{O0}", f"/Observation?patient={P}", f"/Patient/{P}/Observation"],
        "Encounter": [f"/Encounter/{encounter}", f"/Encounter/{encounter}/_history/1", f"/Encounter?patient={P}"],
        "Patient": [f"/Patient/{P}", f"/Patient/{P}/_history"],
    }
    for type, asked in addresses.items():
        for address in asked:
            said = asker.get(address)
            assert said.status == (200 if type in allowed else 403), address
            if said.status == 403:
                assert said.json()["issue"][0]["code"] == "forbidden"
                assert "insufficient_scope" in said.headers["WWW-Authenticate"]
    everything = asker.get(f"/Patient/{P}/$everything?_count=1000")
    assert {id.partition("/")[0] for id in everything.ids} == allowed
    named = asker.get(f"/Patient/{P}/$everything?_type=Observation,Encounter")
    assert {id.partition("/")[0] for id in named.ids} == allowed - {"Patient"}


@pytest.mark.parametrize(
    ("name", "scope"),
    [
        ("ab", "system/*.read"),
        ("a b c", "system/*.read"),
        ("tên", "system/*.read"),
        ("dashboard", ""),
        ("dashboard", "system/Nothing.read"),
        ("dashboard", "user/*.read"),
        ("dashboard", "system/*.delete"),
        ("dashboard", "system/*.read x"),
    ],
)
def test_a_client_or_scope_that_cannot_be(conn, name, scope) -> None:
    with pytest.raises(clients.NotMade):
        clients.create(conn, name, scope, by="test")


def test_a_refused_scope_reads_nothing_and_logs_nothing(conn, node, an) -> None:
    Asker(token(conn, scope="system/Condition.read")).get(f"/Observation/{O0}")
    Asker().get(f"/Observation/{O0}")
    assert readings(conn) == []


@pytest.mark.parametrize("address", [*ADDRESSES[2:8], "/metadata"])
def test_another_method_is_told_which_there_are(asker, an, address) -> None:
    said, allowed = asker.ask(address, "BREW"), ", ".join(methods(address))
    assert (said.status, said.headers["Allow"]) == (405, allowed)
    assert allowed in said.text


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "POST"])
@pytest.mark.parametrize("address", [f"/Observation/{O0}/_history/1", "/metadata"])
def test_what_is_only_read(asker, an, address, method) -> None:
    said = asker.ask(address, method)
    assert (said.status, said.headers["Allow"]) == (405, "GET, HEAD, OPTIONS")


def test_a_search_as_a_form_has_its_own_method(asker, an) -> None:
    said = asker.get("/Observation/_search")
    assert (said.status, said.headers["Allow"]) == (405, "OPTIONS, POST")


@pytest.mark.parametrize("address", [*ADDRESSES[2:8], "/metadata"])
def test_options_are_told_to_everybody(stranger, address) -> None:
    said = stranger.ask(address, "OPTIONS")
    assert (said.status, said.body, said.headers["Allow"]) == (204, b"", ", ".join(methods(address)))


def test_head_is_get_without_the_body(asker, an) -> None:
    for address in (f"/Observation/{O0}", f"/Observation?patient={P}", "/metadata", "/Observation/x"):
        head, get = asker.ask(address, "HEAD"), asker.get(address)
        assert (head.status, head.body) == (get.status, b"")
        assert head.headers.keys() == get.headers.keys()
        assert head.headers.get("ETag") == get.headers.get("ETag")


@pytest.mark.parametrize("address", ["/a/b/c/d/e/f", "/metadata/x", "/Observation/a_b", "/$nothing", "/Observation//"])
def test_an_address_that_is_none(asker, address) -> None:
    said = asker.get(address)
    assert (said.status, said.json()["issue"][0]["code"]) == (404, "not-supported")
    assert "metadata" in said.text


@pytest.mark.parametrize("type", ["Nothing", "observation", "OBSERVATION", "Resource", "DomainResource", "Element"])
def test_a_type_that_is_none(asker, type) -> None:
    for address in (f"/{type}", f"/{type}/x", f"/{type}/x/_history/1", f"/{type}?patient=x"):
        said = asker.get(address)
        assert said.status == 404
        assert type in said.text


@pytest.mark.parametrize(
    "format", ["json", "application/json", "application/fhir+json", "text/json", "application/fhir%2Bjson"]
)
def test_formats_by_parameter(asker, an, format) -> None:
    assert asker.get(f"/Observation/{O0}?_format={format}", Accept="application/fhir+xml").status == 200


@pytest.mark.parametrize("format", ["ttl", "text/html", "x", "%FF"])
def test_a_format_that_is_not_written(asker, an, format) -> None:
    said = asker.get(f"/Observation/{O0}?_format={format}", Accept="application/fhir+json")
    assert (said.status, "json" in said.text) == (406, True)


@pytest.mark.parametrize(
    ("accept", "status"),
    [
        ("application/fhir+json", 200),
        ("application/fhir+json; fhirVersion=4.0", 200),
        ("application/json, text/plain, */*", 200),
        ("text/html,application/xhtml+xml,*/*;q=0.8", 200),
        ("", 200),
        ("*/*", 200),
        ("application/*", 200),
        ("application/fhir+xml", 200),
        ("text/html", 406),
        ("image/png", 406),
    ],
)
def test_formats_by_header(asker, an, accept, status) -> None:
    assert asker.get(f"/Observation/{O0}", Accept=accept).status == status
    assert asker.get("/metadata", Accept=accept).status == status


def test_pretty_is_for_eyes_and_says_the_same(asker, an) -> None:
    plain, pretty = asker.get(f"/Observation/{O0}"), asker.get(f"/Observation/{O0}?_pretty=true")
    assert pretty.json() == plain.json()
    assert pretty.body.count(b"\n") > 10 > plain.body.count(b"\n")
    assert asker.get(f"/Observation/{O0}?_pretty=false").body == plain.body


def test_a_form_of_another_kind_or_too_long(asker, an) -> None:
    form = "application/x-www-form-urlencoded"
    assert asker.ask("/Observation/_search", "POST", b"{}", Content_Type="application/json").status == 415
    assert asker.ask("/Observation/_search", "POST", b"patient=" + b"x" * 200_000, Content_Type=form).status == 413
    assert asker.ask("/Observation/_search", "POST", b"a=1&" * 500, Content_Type=form).status == 400
    assert asker.get("/Observation?" + "a=1&" * 500).status == 400


def test_a_host_that_is_not_ours_gets_no_addresses(asker, an) -> None:
    said = asker.get(f"/Observation?patient={P}", Host="evil.example")
    assert (said.status, "YTESO_HOSTS" in said.text) == (400, True)


def test_behind_a_proxy_with_tls_the_addresses_are_https(asker, an) -> None:
    from django.test import override_settings

    with override_settings(HTTPS=True):
        said = asker.get(f"/Observation?patient={P}", X_Forwarded_Proto="https")
    assert said.link("self").startswith("https://localhost/fhir/R4/")
    assert asker.get(f"/Observation?patient={P}", X_Forwarded_Proto="https").link("self").startswith("http://")


def test_a_fault_of_ours_says_nothing_of_anybody(asker, an, monkeypatch, caplog) -> None:
    from yteso.access.desk import Desk

    def fail(*_: object) -> None:
        raise KeyError("Nguyễn Văn An")

    monkeypatch.setattr(Desk, "document", fail)
    with caplog.at_level(logging.ERROR):
        said = asker.get(f"/Observation/{O0}")
    assert (said.status, said.json()["issue"][0]["code"]) == (500, "exception")
    assert "An" not in said.text.replace("An error", "")
    assert [record.message for record in caplog.records] == ["a request failed"]


def test_a_database_that_is_away_is_said_to_come_back(conn, asker, an) -> None:
    asker.get(f"/Observation/{O0}")
    conn.execute(
        """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE pid <> pg_backend_pid() AND datname = current_database()"""
    )
    said = asker.get(f"/Observation/{O0}")
    assert (said.status, said.headers["Retry-After"], said.json()["issue"][0]["code"]) == (503, "5", "transient")
    answers = [asker.get(f"/Observation/{O0}").status for _ in range(3)]
    assert answers[-1] == 200


def test_what_is_offered_is_what_there_is(stranger) -> None:
    said = stranger.get("/metadata")
    statement = said.json()
    assert (statement["resourceType"], statement["fhirVersion"], statement["kind"]) == (
        *("CapabilityStatement", "4.0.1", "instance"),
    )
    assert statement["implementation"]["url"] == "http://localhost/fhir/R4"
    (rest,) = statement["rest"]
    offered = {one["type"]: one for one in rest["resource"]}
    assert offered.keys() == types().keys()
    assert len(offered) == 146
    known = {route.interaction for route in ROUTES}
    for one in offered.values():
        assert {interaction["code"] for interaction in one["interaction"]} <= known
    assert {"name": "patient", "type": "reference"} in offered["Observation"]["searchParam"]
    codes = {one["code"] for one in offered["Organization"]["interaction"]}
    assert codes >= {"read", "vread", "history-instance", "create", "update", "delete"}
    assert {"transaction", "batch"} <= {one["code"] for one in rest["interaction"]}
    assert offered["Organization"]["conditionalDelete"] == "single"
    assert "everything" in [one["name"] for one in offered["Patient"]["operation"]]


def test_the_pages_are_beside_it(database) -> None:
    from io import BytesIO

    from yteso.config.wsgi import application

    for path in ("/health", "/fhir", "/fhir/R5/metadata", "/fhir/R4x"):
        environ = {
            **{"REQUEST_METHOD": "GET", "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HOST": "localhost"},
            **{"SERVER_NAME": "localhost", "SERVER_PORT": "80", "wsgi.input": BytesIO(), "wsgi.url_scheme": "http"},
        }
        told: list = []
        b"".join(application(environ, lambda *said, told=told: told.extend(said)))
        assert dict(told[1]).get("Content-Type", "") != "application/fhir+json; charset=utf-8"
