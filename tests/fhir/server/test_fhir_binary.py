"""Binary: raw content in and out with its own type, or as a resource; what it belongs to is respected."""

import json
from base64 import b64encode

import pytest
from asking import BASE, Asker, token

from yteso.fhir.xml import to_xml


PDF = b"%PDF-1.7\n\x00\xff raw"
FHIR = "application/fhir+json"


@pytest.fixture
def writer(node: None, conn) -> Asker:
    return Asker(token(conn, "emr", "system/*.read system/*.write"))


def sent(writer, body: bytes = PDF, kind: str = "application/pdf", **headers: str) -> str:
    """The id of a Binary."""
    said = writer.ask("/Binary", "POST", body, Content_Type=kind, **headers)
    assert said.status == 201, said.body
    return said.headers["Location"].removeprefix(f"{BASE}/Binary/").partition("/")[0]


def put(writer, resource: dict) -> str:
    body = json.dumps(resource).encode()
    said = writer.ask(f"/{resource['resourceType']}/{resource['id']}", "PUT", body, Content_Type=FHIR)
    assert said.status == 201, said.body
    return f"{resource['resourceType']}/{resource['id']}"


PATIENT = {"resourceType": "Patient", "id": "an", "name": [{"text": "An"}]}


def document(**more) -> dict:
    content = [{"attachment": {"contentType": "application/pdf", "url": "Binary/x"}}]
    return {"resourceType": "DocumentReference", "id": "letter", "status": "current", "content": content} | more


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (PDF, "application/pdf"),
        ("Giấy ra viện".encode(), "text/plain; charset=utf-8"),
        (b"<ClinicalDocument xmlns='urn:hl7-org:v3'/>", "application/xml"),
        (b'{"any": "json"}', "application/json"),
        (b"not json at all", "application/json"),
        (b'{"resourceType":"Patient"}', FHIR),
        (bytes(range(256)), "application/octet-stream"),
        (b"", "text/plain"),
    ],
)
def test_what_goes_in_comes_out_with_its_type(writer, body, kind) -> None:
    id = sent(writer, body, kind)
    for headers in ({}, {"Accept": "*/*"}, {"Accept": kind}):
        said = writer.get(f"/Binary/{id}", **headers)
        assert (said.status, said.body) == (200, body)
        assert said.headers.get("Content-Type") == (kind if body else None)
        assert said.headers["ETag"] == 'W/"1"'


def test_content_of_others_never_runs_as_a_page_of_ours(writer) -> None:
    headers = writer.get(f"/Binary/{sent(writer, b'<script>', 'text/html')}").headers
    assert headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert headers["Content-Disposition"] == "attachment"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("asked", [{"Accept": FHIR}, {"Accept": "application/json"}, {"Accept": "x/y, text/json"}])
def test_as_a_resource_for_who_asks_for_one(writer, asked) -> None:
    id = sent(writer)
    said = writer.get(f"/Binary/{id}", **asked)
    assert said.headers["Content-Type"].startswith(FHIR)
    assert said.json() == {
        "resourceType": "Binary",
        "id": id,
        "meta": said.json()["meta"],
        "contentType": "application/pdf",
        "data": b64encode(PDF).decode(),
    }
    assert writer.get(f"/Binary/{id}?_format=json").json() == said.json()
    assert b"<Binary" in writer.get(f"/Binary/{id}?_format=xml").body
    assert writer.get(f"/Binary/{id}?_format=application/pdf").body == PDF


@pytest.mark.parametrize("kind", ["text/plain\nX-Evil: 1", "Đặng", "text"])
def test_a_type_that_is_none_is_not_told(writer, kind) -> None:
    resource = {"resourceType": "Binary", "contentType": kind, "data": b64encode(PDF).decode()}
    said = writer.get(f"/Binary/{sent(writer, json.dumps(resource).encode(), FHIR)}")
    assert (said.headers["Content-Type"], said.body) == ("application/octet-stream", PDF)


@pytest.mark.parametrize("xml", [False, True])
def test_sent_as_a_resource(writer, xml) -> None:
    resource = {"resourceType": "Binary", "contentType": "application/pdf", "data": b64encode(PDF).decode()}
    body = json.dumps(resource).encode()
    kind = "application/fhir+xml" if xml else FHIR
    assert writer.get(f"/Binary/{sent(writer, to_xml(body) if xml else body, kind)}").body == PDF


def test_new_content_is_a_new_version(writer) -> None:
    id = sent(writer)
    said = writer.ask(f"/Binary/{id}", "PUT", b"second", Content_Type="text/plain", If_Match='W/"1"')
    assert (said.status, said.headers["ETag"]) == (200, 'W/"2"')
    assert writer.ask(f"/Binary/{id}", "PUT", b"x", Content_Type="text/plain", If_Match='W/"1"').status == 412
    assert writer.get(f"/Binary/{id}").body == b"second"
    assert writer.get(f"/Binary/{id}", If_None_Match='W/"2"').status == 304
    assert writer.get(f"/Binary/{id}/_history/1").json()["contentType"] == "application/pdf"
    assert writer.get(f"/Binary/{id}/_history").json()["total"] == 2
    assert writer.ask(f"/Binary/{id}", "DELETE").status == 204
    assert writer.get(f"/Binary/{id}").status == 410


def test_it_is_read_by_its_id_only(writer) -> None:
    id = sent(writer)
    assert writer.get(f"/Binary?_id={id}").status == 405
    assert writer.get(f"/?_id={id}").ids == []
    assert writer.get(f"/?_type=Binary&_id={id}").status in (400, 403)


def test_an_id_of_the_clients_own(writer) -> None:
    assert writer.ask("/Binary/scan-1", "PUT", PDF, Content_Type="application/pdf").status == 201
    assert writer.get("/Binary/scan-1").body == PDF
    assert writer.get("/Binary/scan-2").status == 404


@pytest.mark.parametrize("kind", ["", "pdf", "text", "a/b\x00", "a/" + "b" * 200])
def test_content_must_have_a_type(writer, kind) -> None:
    said = writer.ask("/Binary", "POST", PDF, Content_Type=kind)
    assert (said.status, "Content-Type" in said.text) == (415, True)


def test_content_has_a_size(writer, monkeypatch) -> None:
    monkeypatch.setattr("yteso.fhir.server.binaries.LARGEST", 10)
    assert writer.ask("/Binary", "POST", b"x" * 11, Content_Type="text/plain").status == 413
    sent(writer, b"x" * 10, "text/plain")


def test_a_context_that_the_scope_does_not_have_hides_it(conn, writer) -> None:
    put(writer, PATIENT)
    id = sent(writer, X_Security_Context="Patient/an")
    assert writer.get(f"/Binary/{id}").headers["X-Security-Context"] == "Patient/an"
    assert writer.get(f"/Binary/{id}", Accept=FHIR).json()["securityContext"] == {"reference": "Patient/an"}
    other = Asker(token(conn, "scans", "system/Binary.read"))
    for address in (f"/Binary/{id}", f"/Binary/{id}/_history", f"/Binary/{id}/_history/1"):
        assert other.get(address).status == 404


def test_a_context_that_is_sensitive_hides_it(writer) -> None:
    label = {"security": [{"system": "https://yteso.vn/fhir/cs/nhan", "code": "hiv"}]}
    context = put(writer, document(meta=label))
    assert writer.get(f"/Binary/{sent(writer, X_Security_Context=context)}").status == 404
    assert writer.get(f"/Binary/{sent(writer, X_Security_Context=put(writer, document(id='plain')))}").status == 200


def test_a_reading_of_what_belongs_to_a_person_is_told_to_them(conn, writer) -> None:
    put(writer, PATIENT)
    id = sent(writer, X_Security_Context="Patient/an")
    writer.get(f"/Binary/{id}")
    conn.rollback()
    assert conn.execute("SELECT count(DISTINCT person), count(*) > 0 FROM access_read").fetchone() == (1, True)


def test_the_context_must_be_there(writer) -> None:
    assert (
        writer.ask("/Binary", "POST", PDF, Content_Type="application/pdf", X_Security_Context="Patient/x").status == 422
    )


def test_scopes(conn, node, writer) -> None:
    reads, writes = Asker(token(conn, "reads", "system/Binary.read")), Asker(token(conn, "scan", "system/Binary.write"))
    id = sent(writer)
    assert reads.get(f"/Binary/{id}").body == PDF
    assert reads.ask("/Binary", "POST", PDF, Content_Type="application/pdf").status == 403
    assert writes.get(f"/Binary/{id}").status == 403
    assert Asker(token(conn, "lab", "system/Patient.read")).get(f"/Binary/{id}").status == 403
    sent(writes)
