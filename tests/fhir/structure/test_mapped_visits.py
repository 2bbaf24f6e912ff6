"""All that our own mapping makes of visits is valid, whatever the visits hold."""

import pytest

from yteso import mapping
from yteso.fhir.structure import check
from yteso.intake.envelope import read
from yteso.sandbox.simulate import visits


@pytest.fixture(scope="module")
def province():
    """Resources of simulated visits, some of them with mistakes that leave the visit readable."""
    found = []
    for file in visits(60, 80, 12, 31, dirty=0.3):
        envelope, dossiers = read(file.bytes)
        for dossier in dossiers:
            if dossier.tables.get("XML1"):
                found += mapping.map_visit(dossier, envelope.header).resources
    return found


def test_every_resource_of_a_visit_is_valid(province):
    assert len({kind for kind, _, _ in province}) > 12
    problems = [(kind, one.location, one.problem) for kind, _, body in province for one in check(bytes(body))]
    assert problems == []
