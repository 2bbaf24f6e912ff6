"""A session of fhirclient (https://github.com/smart-on-fhir/client-py, Apache-2.0)."""

import pytest
from fhirclient.client import FHIRClient
from fhirclient.models.observation import Observation
from fhirclient.models.patient import Patient
from fhirclient.server import FHIRNotFoundException
from requests import HTTPError


VALUES = [60, 61, 62, 63, 64]


def test_a_session(node):
    smart = FHIRClient(settings={"app_id": "others", "api_base": node.base})
    server = smart.server
    server.session.headers["Authorization"] = f"Bearer {node.token}"

    made = Patient(node.patient()).create(server)
    patient = Patient.read(made["id"], server)
    assert smart.human_name(patient.name[0]).endswith("Thị Mẫu Nguyễn")

    patient.gender = "male"
    changed = patient.update(server)
    assert changed["meta"]["versionId"] != made["meta"]["versionId"]
    assert Patient.read(patient.id, server).gender == "male"

    server.session.headers["If-Match"] = f'W/"{made["meta"]["versionId"]}"'
    with pytest.raises(HTTPError) as refused:
        patient.update(server)
    assert refused.value.response.status_code in (409, 412)
    del server.session.headers["If-Match"]

    for value in VALUES:
        Observation(node.observation(f"Patient/{patient.id}", value)).create(server)
    search = Observation.where({"patient": patient.id, "code": "http://loinc.org|8867-4", "_count": "2"})
    assert sorted(one.valueQuantity.value for one in search.perform_resources_iter(server)) == VALUES

    server.post_json("", node.transaction()).raise_for_status()
    everything = server.request_json(f"Patient/{patient.id}/$everything")
    assert len(everything["entry"]) == 1 + len(VALUES)

    with pytest.raises(HTTPError):  # results refer to the patient
        patient.delete(server)
    other = Patient.read(Patient(node.patient()).create(server)["id"], server)
    other.delete(server)
    with pytest.raises((FHIRNotFoundException, HTTPError)):
        Patient.read(other.id, server)
