"""A live server for the clients of others, and what they send it."""

import os
import subprocess
import sys
from dataclasses import dataclass
from itertools import count
from uuid import uuid4

import pytest


NUMBERS = count(1)
HEART_RATE = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}
BEATS = {"unit": "/min", "system": "http://unitsofmeasure.org", "code": "/min"}


@dataclass(frozen=True)
class Node:
    base: str
    token: str

    @staticmethod
    def patient(name: str = "Thị Mẫu") -> dict:
        number = {"system": "https://example.org/patient", "value": f"BN{next(NUMBERS)}"}
        return {
            "resourceType": "Patient",
            "identifier": [number],
            "name": [{"family": "Nguyễn", "given": name.split(), "text": f"Nguyễn {name}"}],
            "gender": "female",
            "birthDate": "1990-02-28",
        }

    @staticmethod
    def observation(subject: str, value: float) -> dict:
        return {
            "resourceType": "Observation",
            "status": "final",
            "code": HEART_RATE,
            "subject": {"reference": subject},
            "effectiveDateTime": "2026-03-01T08:00:00+07:00",
            "valueQuantity": {"value": value, **BEATS},
        }

    def transaction(self) -> dict:
        """A patient and three results that refer to it by the name it has in the bundle only."""
        name = uuid4().urn
        resources = [(name, self.patient())] + [(uuid4().urn, self.observation(name, value)) for value in (71, 72, 73)]
        entries = [
            {"fullUrl": url, "resource": resource, "request": {"method": "POST", "url": resource["resourceType"]}}
            for url, resource in resources
        ]
        return {"resourceType": "Bundle", "type": "transaction", "entry": entries}


@pytest.fixture
def node(live: str) -> Node:
    command = ["token", "--client", "others", "--scope", "system/*.*"]
    made = subprocess.run(
        [sys.executable, "-m", "yteso.cli", *command], capture_output=True, text=True, check=True, env=os.environ
    )
    return Node(f"{live}/fhir/R4", made.stdout.strip())
