"""All that our own mapping makes of visits is valid, whatever the visits hold."""

import pytest

from yteso import mapping
from yteso.fhir.structure import check
from yteso.intake.envelope import read
from yteso.sandbox.simulate import visits


@pytest.fixture(scope="module")
def province():
    """What simulated visits were mapped to, some of them with mistakes that leave the visit readable."""
    found = []
    for file in visits(60, 80, 12, 31, dirty=0.3):
        envelope, dossiers = read(file.bytes)
        found += [mapping.map_visit(one, envelope.header) for one in dossiers if one.tables.get("XML1")]
    return found


def test_every_resource_of_a_visit_is_valid(province):
    resources = [(kind, bytes(body)) for visit in province for kind, _, body in visit.resources]
    assert len({kind for kind, _ in resources}) > 12
    assert [(kind, one.location, one.problem) for kind, body in resources for one in check(body)] == []


def test_every_patient_is_valid(province):
    assert [(one.location, one.problem) for visit in province for one in check(visit.patient)] == []
