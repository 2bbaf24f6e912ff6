"""What our own mapping makes of visits keeps the invariants and the value sets of FHIR as well."""

import pytest

from yteso import mapping
from yteso.fhir.validation import Validator
from yteso.fhir.validation.codes import Codes
from yteso.intake.envelope import read
from yteso.sandbox.simulate import visits


@pytest.fixture(scope="module")
def resources() -> list[bytes]:
    found = []
    for file in visits(40, 40, 8, 47, dirty=0.3):
        envelope, dossiers = read(file.bytes)
        for one in dossiers:
            if one.tables.get("XML1"):
                visit = mapping.map_visit(one, envelope.header)
                found += [visit.patient, *(bytes(body) for _, _, body in visit.resources)]
    return found


def test_no_resource_of_a_visit_has_an_error(resources):
    validator = Validator(member_of=Codes().member_of)
    said = [one for data in resources for one in validator.validate(data)]
    assert {(one.location, one.en) for one in said if one.severity == "error"} == set()
    assert "not-evaluated" not in {one.problem for one in said}
