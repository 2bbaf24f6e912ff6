"""A session of fhirpy (https://github.com/beda-software/fhir-py, MIT), synchronous and asynchronous."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest
from fhirpy import AsyncFHIRClient, SyncFHIRClient
from fhirpy.base.exceptions import MultipleResourcesFound, OperationOutcome, ResourceNotFound


VALUES = [60, 61, 62, 63, 64]


def client(node, **headers: str) -> SyncFHIRClient:
    return SyncFHIRClient(node.base, authorization=f"Bearer {node.token}", extra_headers=headers or None)


def by_identifier(resource: dict) -> str:
    (own,) = resource["identifier"]
    return f"{own['system']}|{own['value']}"


def test_a_session(node):
    fhir = client(node)

    patient = fhir.resource("Patient", **node.patient())
    patient.save()
    assert patient.id
    assert fhir.reference("Patient", patient.id).to_resource()["name"][0]["text"] == "Nguyễn Thị Mẫu"

    patient["gender"] = "male"
    patient.save()
    assert fhir.resources("Patient").search(identifier=by_identifier(patient)).first()["gender"] == "male"

    with pytest.raises(MultipleResourcesFound):  # how it calls a 412
        client(node, **{"If-Match": 'W/"1"'}).resource("Patient", **{**patient, "gender": "other"}).save()
    patient.refresh()
    assert patient["gender"] == "male"

    for value in VALUES:
        fhir.resource("Observation", **node.observation(f"Patient/{patient.id}", value)).save()
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

    with pytest.raises(OperationOutcome):  # results refer to the patient
        patient.delete()
    result = found.first()
    result.delete()
    with pytest.raises(ResourceNotFound):
        result.refresh()


def test_a_session_of_the_asynchronous_client(node):
    async def session() -> list[int]:
        fhir = AsyncFHIRClient(node.base, authorization=f"Bearer {node.token}")
        patient = fhir.resource("Patient", **node.patient())
        await patient.save()
        results = [
            fhir.resource("Observation", **node.observation(f"Patient/{patient['id']}", value)) for value in VALUES
        ]
        await asyncio.gather(*(result.save() for result in results))
        await patient.refresh()
        assert patient["gender"] == "female"
        found = fhir.resources("Observation").search(patient=patient["id"]).limit(2)
        return sorted([one.valueQuantity["value"] async for one in found])

    with ThreadPoolExecutor(1) as own:  # the browser of other tests keeps a loop in this thread
        assert own.submit(lambda: asyncio.run(session())).result() == VALUES
