"""The examples of our own guide are as its profiles say, and what strays from them is told."""

import json

import pytest

from yteso.fhir.guide.examples import examples
from yteso.fhir.guide.package import package
from yteso.fhir.guide.profiles import profile_of
from yteso.fhir.validation import Validator
from yteso.fhir.validation.codes import Codes
from yteso.fhir.validation.packages import definitions


@pytest.fixture(scope="module")
def validator(tmp_path_factory) -> Validator:
    path = tmp_path_factory.mktemp("guide") / "guide.tgz"
    path.write_bytes(package())
    return Validator(definitions([path]).get, Codes().member_of)


@pytest.mark.parametrize("name", sorted(examples()))
def test_an_example_is_as_its_profile_says(validator, name) -> None:
    resource = examples()[name]
    data = json.dumps(resource).encode()
    profile = profile_of(resource["resourceType"], data)
    said = validator.validate(data, [profile.url] if profile else [])
    assert [(one.location, one.en) for one in said if one.severity == "error"] == []
    assert "unknown-profile" not in {one.problem for one in said}
