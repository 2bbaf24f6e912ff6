"""Patient/$summary over HTTP: the International Patient Summary of whom the client may read."""

import json

import psycopg
import pytest
from asking import AN, BINH, HERE, THERE, Asker, link, patient, readings, save, token, visit
from ips_shape import complaints, entries, sections
from simulated import province

from yteso import people, record
from yteso.fhir.server.requests import FORM
from yteso.fhir.xml import to_json
from yteso.record import from_visit
from yteso.record.ids import fhir_id, subject_id


P = fhir_id(AN)
ELSEWHERE = fhir_id(subject_id(THERE, "BN7"))
CCCD = "http://fhir.hl7.org.vn/core/sid/cccd"
MA_BN = f"https://yteso.vn/fhir/sid/ma-bn/{HERE}"
PROFILE = "http://hl7.org/fhir/uv/ips/StructureDefinition/Composition-uv-ips"


@pytest.fixture
def chronic(conn: psycopg.Connection) -> str:
    """The person of the province who has been to care most often; the id of one of their patients."""
    visits = max(province().values(), key=len)
    people.resolve(conn, [people.from_visit(one, patient_no="", made=None, received=one.ended) for one in visits])
    record.save(
        conn, [doc for one in visits for doc in from_visit(one, digest=bytes(16), made=None, received=one.ended)]
    )
    conn.commit()
    return fhir_id(visits[0].subject)


def test_the_summary_of_a_chronic_patient(asker, chronic) -> None:
    said = asker.get(f"/Patient/{chronic}/$summary")
    assert said.status == 200
    assert complaints(said.body, said.json()) == []
    assert {"11450-4", "48765-2", "10160-0", "30954-2", "8716-3"} <= set(sections(said.json()))
    assert asker.get(f"/Patient/{chronic}/$summary").body == said.body


def test_a_result_is_as_it_was_written(asker, chronic) -> None:
    texts = asker.get(f"/Patient/{chronic}/$everything?_count=1000").body
    weight = next(
        one
        for one in entries(asker.get(f"/Patient/{chronic}/$summary").json(), "8716-3")
        if one["code"]["coding"][0]["code"] == "29463-7"
    )
    number = b'"value":' + f"{weight['valueQuantity']['value']:.2f}".encode()
    assert number in texts
    assert number in asker.get(f"/Patient/{chronic}/$summary").body


@pytest.mark.parametrize("id", [P, ELSEWHERE])
def test_it_is_of_the_person_over_all_linked_subjects(asker, an, id) -> None:
    bundle = asker.get(f"/Patient/{id}/$summary").json()
    assert bundle["entry"][0]["resource"]["event"][0]["period"] == {"start": "2026-03-02", "end": "2026-03-05"}


@pytest.mark.parametrize(
    "identifier", [f"{CCCD}|001090000001", "001090000001", f"{MA_BN}|BN1", f"{MA_BN.replace(HERE, THERE)}|BN7"]
)
def test_it_is_found_by_an_identifier(asker, an, identifier) -> None:
    assert asker.get(f"/Patient/$summary?identifier={identifier}").body == asker.get(f"/Patient/{P}/$summary").body


@pytest.mark.parametrize("identifier", ["001099999999", f"{CCCD}|", f"{MA_BN}|BN9", f"{CCCD}|001090000001x"])
def test_an_identifier_of_nobody(asker, an, identifier) -> None:
    assert asker.get(f"/Patient/$summary?identifier={identifier}").status == 404


def test_an_identifier_of_two_people(conn, asker, an) -> None:
    link(conn, "001090000001", (HERE, "BN1"), day=1)
    said = [
        people.Statement(
            *(subject_id(HERE, "BN5"), HERE, "BN5", visit().ended, visit().made, visit().received),
            number="001090000001",
            birth="19500101",
            name="Khác",
            folded="KHAC",
        )
    ]
    people.resolve(conn, said)
    conn.commit()
    said = asker.get("/Patient/$summary?identifier=001090000001")
    assert (said.status, said.json()["issue"][0]["code"]) == (409, "multiple-matches")


@pytest.mark.parametrize(
    ("query", "word"),
    [("", "identifier"), ("?identifier=http://nowhere|1", "identifier"), ("?identifier=1&identifier=2", "identifier")],
)
def test_whose_summary_must_be_said(asker, an, query, word) -> None:
    said = asker.get(f"/Patient/$summary{query}")
    assert said.status == 400
    assert word in said.text


@pytest.mark.parametrize("profile", [PROFILE, f"{PROFILE}|2.0.0", f"{PROFILE}|1.1.0"])
def test_the_profile_may_be_named(asker, an, profile) -> None:
    assert asker.get(f"/Patient/{P}/$summary?profile={profile}").status == 200


def test_it_is_asked_for_by_post_as_well(asker, an) -> None:
    whole = asker.get(f"/Patient/{P}/$summary").body
    given = [{"name": "profile", "valueCanonical": PROFILE}]
    number = {"name": "identifier", "valueString": "001090000001"}
    for path, listed in ((f"/Patient/{P}/$summary", given), ("/Patient/$summary", [*given, number])):
        body = json.dumps({"resourceType": "Parameters", "parameter": listed}).encode()
        assert asker.ask(path, "POST", body, Content_Type="application/fhir+json").body == whole
    assert asker.ask("/Patient/$summary", "POST", b"identifier=001090000001", Content_Type=FORM).body == whole


def test_it_is_given_in_xml_as_well(asker, chronic) -> None:
    said = asker.get(f"/Patient/{chronic}/$summary?_format=xml")
    assert said.body.startswith(b'<?xml version="1.0" encoding="UTF-8"?><Bundle xmlns="http://hl7.org/fhir">')
    back = json.loads(to_json(said.body).replace(b"<td/>", b"<td></td>"))
    assert back == asker.get(f"/Patient/{chronic}/$summary").json()


@pytest.mark.parametrize("query", ["profile=http://other", "start=2026", "_count=5"])
def test_what_is_not_offered_is_refused(asker, an, query) -> None:
    assert asker.get(f"/Patient/{P}/$summary?{query}").status == 400


@pytest.mark.parametrize("id", ["x", fhir_id(subject_id(HERE, "BN9"))])
def test_nobody_has_no_summary(asker, an, id) -> None:
    assert asker.get(f"/Patient/{id}/$summary").status == 404


def test_sensitive_documents_are_not_summarised(conn, asker, an) -> None:
    whole = asker.get(f"/Patient/{P}/$summary").body
    save(conn, visit("g", 50, labels=["hiv"]))
    assert asker.get(f"/Patient/{P}/$summary").body == whole


def test_a_scope_without_patients_has_no_summaries(conn, node, an) -> None:
    said = Asker(token(conn, "lab", "system/Observation.read")).get(f"/Patient/{P}/$summary")
    assert (said.status, said.json()["issue"][0]["code"]) == (403, "forbidden")


def test_a_narrow_scope_withholds_sections(conn, node, an) -> None:
    said = Asker(token(conn, "lab", "system/Observation.read system/Patient.read")).get(f"/Patient/{P}/$summary")
    reasons = {
        loinc: one["emptyReason"]["coding"][0]["code"]
        for loinc, one in sections(said.json()).items()
        if "emptyReason" in one
    }
    assert reasons == {"11450-4": "withheld", "48765-2": "withheld", "10160-0": "withheld"}


def test_a_summary_is_a_reading(conn, asker, an) -> None:
    asker.get(f"/Patient/{P}/$summary")
    asker.get("/Patient/$summary?identifier=001090000002")
    assert [outcome for *_, outcome in readings(conn)] == ["allowed", "allowed"]
    assert conn.execute("SELECT count(DISTINCT person) FROM access_read").fetchone() == (2,)


def test_it_is_listed_with_its_definition(asker) -> None:
    (rest,) = asker.get("/metadata").json()["rest"]
    (offered,) = [one["operation"] for one in rest["resource"] if one["type"] == "Patient"]
    assert {"name": "summary", "definition": "http://hl7.org/fhir/uv/ips/OperationDefinition/summary"} in offered


def test_a_person_with_many_visits_has_one(conn, asker) -> None:
    save(conn, patient(), *(visit(f"v{n}", n % 11) for n in range(40)))
    said = asker.get(f"/Patient/{P}/$summary")
    assert complaints(said.body, said.json()) == []


def test_somebody_else_has_their_own(asker, an) -> None:
    assert asker.get(f"/Patient/{fhir_id(BINH)}/$summary").json()["entry"][1]["resource"]["name"] == [{"text": "Bình"}]


WRITTEN = [
    {"resourceType": "Patient", "id": "lan", "name": [{"text": "Lê Thị Lan"}], "gender": "female"},
    {"resourceType": "Medication", "id": "insulin", "code": {"text": "Insulin glargine"}},
    {"resourceType": "Device", "id": "pacemaker", "type": {"text": "Máy tạo nhịp"}},
    {
        "resourceType": "Condition",
        "id": "c1",
        "code": {"text": "Đái tháo đường típ 1"},
        "category": [{"coding": [{"code": "problem-list-item"}]}],
        "clinicalStatus": {
            "coding": [{"system": "http://terminology.hl7.org/CodeSystem/condition-clinical", "code": "active"}]
        },
        "onsetDateTime": "2001",
    },
    {
        "resourceType": "MedicationRequest",
        "id": "m1",
        "status": "active",
        "intent": "order",
        "medicationReference": {"reference": "Medication/insulin"},
        "authoredOn": "2024-01-05",
    },
    {
        "resourceType": "MedicationStatement",
        "id": "m2",
        "status": "active",
        "contained": [{"resourceType": "Medication", "id": "x", "code": {"text": "Aspirin"}}],
        "medicationReference": {"reference": "#x"},
    },
    {"resourceType": "AllergyIntolerance", "id": "a1", "code": {"text": "Penicillin"}},
    {
        "resourceType": "Immunization",
        "id": "i1",
        "status": "completed",
        "vaccineCode": {"text": "Cúm"},
        "occurrenceString": "thời thơ ấu",
    },
    {
        "resourceType": "DeviceUseStatement",
        "id": "d1",
        "status": "active",
        "device": {"reference": "Device/pacemaker"},
    },
    {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "category": [
            {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/observation-category", "code": "laboratory"}]}
        ],
        "code": {"coding": [{"system": "http://loinc.org", "code": "4548-4"}], "text": "HbA1c"},
        "valueQuantity": {"value": 7.50, "unit": "%"},
    },
]


def test_what_was_written_over_fhir_is_summarised_as_well(conn, node) -> None:
    writer = Asker(token(conn, "emr", "system/*.read system/*.write"))
    for resource in WRITTEN:
        kind = resource["resourceType"]
        about = "patient" if kind in ("AllergyIntolerance", "Immunization") else "subject"
        whose = {} if kind in ("Patient", "Medication", "Device") else {about: {"reference": "Patient/lan"}}
        body = json.dumps(resource | whose).encode().replace(b"7.5,", b"7.50,")
        said = writer.ask(f"/{kind}/{resource['id']}", "PUT", body, Content_Type="application/fhir+json")
        assert said.status == 201, said.body
    said = writer.get("/Patient/lan/$summary")
    bundle = said.json()
    assert complaints(said.body, bundle) == []
    assert {"11450-4", "48765-2", "10160-0", "11369-6", "46264-8", "30954-2"} == set(sections(bundle))
    (problem,), (allergy,) = entries(bundle, "11450-4"), entries(bundle, "48765-2")
    assert (problem["onsetDateTime"], allergy["code"]["text"]) == ("2001", "Penicillin")
    drugs = [
        one["resource"]["code"]["text"] for one in bundle["entry"] if one["resource"]["resourceType"] == "Medication"
    ]
    assert sorted(drugs) == ["Aspirin", "Insulin glargine"]
    assert b'"value":7.50' in said.body
    narrow = Asker(token(conn, "desk", "system/Patient.read system/MedicationRequest.read"))
    shown = entries(narrow.get("/Patient/lan/$summary").json(), "10160-0")
    assert [one["medicationCodeableConcept"]["text"] for one in shown] == ["Medication/insulin"]
