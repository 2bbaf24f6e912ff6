"""A session of fhirpy (https://github.com/beda-software/fhir-py, MIT), synchronous and asynchronous."""

import asyncio

import pytest
from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import OperationOutcome, ResourceNotFound


VALUES = [60, 61, 62, 63, 64]


def client(node, **headers: str) -> SyncFHIRClient:
    return SyncFHIRClient(node.base, authorization=f"Bearer {node.token}", extra_headers=headers or None)


def by_identifier(resource: dict) -> str:
    (own,) = resource["identifier"]
    return f"{own['system']}|{own['value']}"


def test_a_session(node):
    fhir = client(node)

    patient = fhir.resource(**node.patient())
    patient.save()
    assert patient.id
    assert fhir.reference("Patient", patient.id).to_resource()["name"][0]["text"] == "Nguyễn Thị Mẫu"

    patient["gender"] = "male"
    patient.save()
    assert fhir.resources("Patient").search(identifier=by_identifier(patient)).first()["gender"] == "male"

    with pytest.raises(OperationOutcome):
        client(node, **{"If-Match": 'W/"1"'}).resource(**{**patient, "gender": "other"}).save()
    patient.refresh()
    assert patient["gender"] == "male"

    for value in VALUES:
        fhir.resource(**node.observation(f"Patient/{patient.id}", value)).save()
    found = fhir.resources("Observation").search(patient=patient.id, code="http://loinc.org|8867-4").limit(2)
    assert sorted(one.valueQuantity["value"] for one in found.fetch_all()) == VALUES
    assert len(found.fetch()) == 2

    bundle = node.transaction()
    done = fhir.execute("", method="POST", data=bundle)
    assert {entry["response"]["status"][:3] for entry in done["entry"]} == {"201"}
    made = fhir.resources("Patient").search(identifier=by_identifier(bundle["entry"][0]["resource"])).get()
    assert len(fhir.resources("Observation").search(patient=made.id).fetch_all()) == 3

    broken = node.transaction()
    broken["entry"][1]["resource"]["status"] = "no such status"
    with pytest.raises(OperationOutcome):
        fhir.execute("", method="POST", data=broken)
    assert fhir.resources("Patient").search(identifier=by_identifier(broken["entry"][0]["resource"])).first() is None

    patient.delete()
    with pytest.raises(ResourceNotFound):
        patient.refresh()


def test_a_session_of_the_asynchronous_client(node):
    async def session() -> list[int]:
        fhir = AsyncFHIRClient(node.base, authorization=f"Bearer {node.token}")
        patient = await fhir.create(fhir.resource(**node.patient()))
        results = [fhir.resource(**node.observation(f"Patient/{patient['id']}", value)) for value in VALUES]
        await asyncio.gather(*(result.save() for result in results))
        await fhir.patch("Patient", patient["id"], gender="unknown")
        assert (await fhir.get("Patient", patient["id"]))["gender"] == "unknown"
        found = fhir.resources("Observation").search(patient=patient["id"]).limit(2)
        return sorted([one.valueQuantity["value"] async for one in found])

    assert asyncio.run(session()) == VALUES
