"""Documents by IHE MHD: provide a bundle (ITI-65), find submissions (66) and documents (67), retrieve one (68)."""

import json
from base64 import b64encode
from copy import deepcopy
from hashlib import sha1

import pytest
from asking import Asker, token


FHIR = "application/fhir+json"
MHD = "https://profiles.ihe.net/ITI/MHD"
LETTER = b"%PDF-1.7 letter of discharge"
DOC = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"
SET = "urn:uuid:7d5bb8ac-68ee-4926-85e7-b8aac8e1f09d"
RAW = "urn:uuid:8da1cfcc-05db-4aca-86ad-82aa756a64bb"
LOINC, NAME = "http://loinc.org", "urn:ietf:rfc:3986"


@pytest.fixture
def source(node: None, conn) -> Asker:
    asker = Asker(token(conn, "emr", "system/*.read system/*.write"))
    body = json.dumps({"resourceType": "Patient", "id": "an", "name": [{"text": "An"}]}).encode()
    assert asker.ask("/Patient/an", "PUT", body, Content_Type=FHIR).status == 201
    return asker


def concept(code: str, system: str = LOINC) -> dict:
    return {"coding": [{"system": system, "code": code}]}


def document(**more) -> dict:
    attachment = {
        "contentType": "application/pdf",
        "url": RAW,
        "size": len(LETTER),
        "hash": b64encode(sha1(LETTER, usedforsecurity=False).digest()).decode(),
        "language": "vi",
        "creation": "2026-03-04",
    }
    return {
        "resourceType": "DocumentReference",
        "masterIdentifier": {"system": NAME, "value": "urn:oid:1.2.3.4"},
        "identifier": [{"system": NAME, "value": DOC}],
        "status": "current",
        "type": concept("18842-5"),
        "category": [concept("11488-4")],
        "subject": {"reference": "Patient/an"},
        "date": "2026-03-04T10:00:00+07:00",
        "securityLabel": [concept("N", "http://terminology.hl7.org/CodeSystem/v3-Confidentiality")],
        "content": [
            {"attachment": attachment, "format": {"system": NAME, "code": "urn:ihe:iti:xds:2017:mimeTypeSufficient"}}
        ],
        "context": {
            "facilityType": concept("HOSP", "http://terminology.hl7.org/CodeSystem/v3-RoleCode"),
            "practiceSetting": concept("394802001", "http://snomed.info/sct"),
            "sourcePatientInfo": {"reference": "Patient/an"},
            "period": {"start": "2026-03-01", "end": "2026-03-04"},
        },
    } | more


def submission(**more) -> dict:
    return {
        "resourceType": "List",
        "extension": [
            {"url": f"{MHD}/StructureDefinition/ihe-sourceId", "valueIdentifier": {"value": "urn:oid:1.2.3"}},
            {"url": f"{MHD}/StructureDefinition/ihe-designationType", "valueCodeableConcept": concept("18842-5")},
        ],
        "identifier": [
            {"use": "official", "system": NAME, "value": SET},
            {"use": "usual", "system": NAME, "value": "urn:oid:1.2.3.5"},
        ],
        "status": "current",
        "mode": "working",
        "code": concept("submissionset", f"{MHD}/CodeSystem/MHDlistTypes"),
        "subject": {"reference": "Patient/an"},
        "date": "2026-03-04T10:05:00+07:00",
        "entry": [{"item": {"reference": DOC}}],
    } | more


def bundle(kind: str = "Minimal", doc: dict | None = None, lot: dict | None = None) -> dict:
    raw = {"resourceType": "Binary", "contentType": "application/pdf", "data": b64encode(LETTER).decode()}
    parts = ((SET, lot or submission()), (DOC, doc or document()), (RAW, raw))
    return {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{MHD}/StructureDefinition/IHE.MHD.{kind}.ProvideBundle"]},
        "type": "transaction",
        "entry": [
            {"fullUrl": url, "resource": one, "request": {"method": "POST", "url": one["resourceType"]}}
            for url, one in parts
        ],
    }


def provide(source, given: dict):
    return source.ask("/", "POST", json.dumps(given).encode(), Content_Type=FHIR)


def stored(conn) -> int:
    conn.rollback()
    return conn.execute("SELECT count(*) FROM record_document WHERE kind = 'resource'").fetchone()[0]


@pytest.mark.parametrize("kind", ["Minimal", "Comprehensive", "UnContained.Comprehensive"])
def test_a_submission_is_stored_and_its_parts_lead_to_each_other(source, kind) -> None:
    said = provide(source, bundle(kind))
    assert (said.status, said.json()["type"]) == (200, "transaction-response")
    places = [entry["response"]["location"].partition("/_history")[0] for entry in said.json()["entry"]]
    places = ["/".join(place.split("/")[-2:]) for place in places]
    assert [place.partition("/")[0] for place in places] == ["List", "DocumentReference", "Binary"]
    lot, doc = (source.get(f"/{place}").json() for place in places[:2])
    assert lot["entry"][0]["item"]["reference"] == places[1]
    assert doc["content"][0]["attachment"]["url"] == places[2]
    assert source.get(f"/{places[2]}").body == LETTER  # ITI-68


def test_what_is_least(source) -> None:
    least = document()
    for name in ("type", "category", "subject", "securityLabel", "context", "identifier"):
        del least[name]
    content = {"attachment": {"contentType": "application/pdf", "url": RAW}}
    lot = submission(identifier=submission()["identifier"][:1], extension=submission()["extension"][:1])
    del lot["subject"]
    assert provide(source, bundle(doc=least | {"content": [content]}, lot=lot)).status == 200


@pytest.mark.parametrize(
    "query",
    [
        "patient=an&status=current",
        "patient=an&date=ge2026-03-04&date=lt2026-03-05",
        "patient=an&type=http://loinc.org|18842-5",
        "patient=an&category=http://loinc.org|11488-4",
        "patient=an&facility=HOSP",
        "patient=an&setting=http://snomed.info/sct|394802001",
        "patient=an&period=ge2026-03-02",
        "patient=an&format=urn:ietf:rfc:3986|urn:ihe:iti:xds:2017:mimeTypeSufficient",
        "patient=an&security-label=N",
        f"patient=an&identifier={DOC}",
        "patient=an&language=vi",
        "patient=an&contenttype=application/pdf",
    ],
)
def test_documents_are_found(source, query) -> None:
    provide(source, bundle())
    provide(source, bundle(doc=document(status="superseded", type=concept("x"), category=[concept("x")])))
    said = source.get(f"/DocumentReference?{query}")
    assert said.status == 200
    assert len(said.ids) in (1, 2)
    assert source.get(f"/DocumentReference?{query}&status=entered-in-error").ids == []


@pytest.mark.parametrize(
    "query",
    [
        "patient=an&code=submissionset",
        "patient=an&status=current",
        "patient=an&date=2026-03-04",
        f"patient=an&identifier={SET}",
        "patient=an&_include=List:item",
    ],
)
def test_submissions_are_found(source, query) -> None:
    provide(source, bundle())
    said = source.get(f"/List?{query}")
    assert len([id for id in said.ids if id.startswith("List/")]) == 1


def changed(*path: object, to: object = None) -> dict:
    """A comprehensive bundle in which something is other than it should be; None: not there."""
    given = deepcopy(bundle("Comprehensive"))
    *before, last = path
    place = given["entry"]
    for step in before:
        place = place[step]
    if to is None:
        del place[last]
    else:
        place[last] = to
    return given


@pytest.mark.parametrize(
    ("given", "where"),
    [
        (changed(0, "resource", "extension", 0), "Bundle.entry[0].resource.extension:ihe-sourceId"),
        (changed(0, "resource", "extension", 1), "Bundle.entry[0].resource.extension:ihe-designationType"),
        (changed(0, "resource", "identifier"), "Bundle.entry[0].resource.identifier"),
        (changed(0, "resource", "date"), "Bundle.entry[0].resource.date"),
        (changed(0, "resource", "mode", to="snapshot"), "Bundle.entry[0].resource.mode"),
        (changed(0, "resource", "entry"), "Bundle.entry[0].resource.entry"),
        (changed(0, "resource", "code", to=concept("other")), "Bundle.entry"),
        (changed(0, "request", to={"method": "PUT", "url": "List/x"}), "Bundle.entry[0].request.method"),
        (changed(1, "resource", "masterIdentifier"), "Bundle.entry[1].resource.masterIdentifier"),
        (changed(1, "resource", "docStatus", to="final"), "Bundle.entry[1].resource.docStatus"),
        (changed(1, "resource", "status", to="entered-in-error"), "Bundle.entry[1].resource.status"),
        (changed(1, "resource", "type"), "Bundle.entry[1].resource.type"),
        (changed(1, "resource", "context", "facilityType"), "Bundle.entry[1].resource.context.facilityType"),
        (
            changed(1, "resource", "content", 0, "attachment", "url", to="urn:uuid:lost"),
            "Bundle.entry[1].resource.content[0].attachment.url",
        ),
        (
            changed(1, "resource", "content", 0, "attachment", "url", to=SET),
            "Bundle.entry[1].resource.content[0].attachment.url",
        ),
        (
            changed(1, "resource", "content", 0, "attachment", "size", to=3),
            "Bundle.entry[1].resource.content[0].attachment.size",
        ),
        (
            changed(1, "resource", "content", 0, "attachment", "hash", to="aGFzaA=="),
            "Bundle.entry[1].resource.content[0].attachment.hash",
        ),
    ],
)
def test_a_submission_of_another_shape_is_refused_as_a_whole(conn, source, given, where) -> None:
    before = stored(conn)
    said = provide(source, given)
    assert said.status == 422
    assert where in [issue.get("expression", [""])[0] for issue in said.json()["issue"]]
    assert stored(conn) == before


def test_every_fault_is_told_at_once(source) -> None:
    given = changed(1, "resource", "masterIdentifier")
    del given["entry"][0]["resource"]["date"]
    assert len(provide(source, given).json()["issue"]) == 2


def test_a_transaction_that_says_nothing_of_mhd_is_any(source) -> None:
    given = changed(0, "resource", "date")
    del given["meta"]
    assert provide(source, given).status == 200


def test_a_patient_who_is_not_there_leaves_nothing_behind(conn, source) -> None:
    before = stored(conn)
    assert provide(source, bundle(doc=document(subject={"reference": "Patient/nobody"}))).status == 422
    assert stored(conn) == before
