"""The guide as a FHIR package, and as resources."""

import io
import tarfile
from importlib.metadata import version

import orjson
import pytest

from yteso.fhir.guide import examples as made
from yteso.fhir.guide import naming
from yteso.fhir.guide.package import package
from yteso.fhir.guide.profiles import profile_of, profiles
from yteso.fhir.structure import check
from yteso.fhir.validation import Validator
from yteso.fhir.validation.codes import Codes
from yteso.fhir.validation.packages import definitions


@pytest.fixture(scope="module")
def files():
    with tarfile.open(fileobj=io.BytesIO(package()), mode="r:gz") as archive:
        return {one.name: orjson.loads(archive.extractfile(one).read()) for one in archive}


def test_the_package_says_what_it_is(files):
    manifest = files["package/package.json"]
    assert (manifest["name"], manifest["version"]) == ("vn.yteso.guide", version("yteso"))
    assert manifest["fhirVersions"] == ["4.0.1"]
    assert manifest["dependencies"] == {"hl7.fhir.r4.core": "4.0.1"}


def test_the_index_lists_every_resource(files):
    listed = {one["filename"]: one for one in files["package/.index.json"]["files"]}
    apart = {"package.json", ".index.json"}
    there = {name.removeprefix("package/") for name in files if name.count("/") == 1} - apart
    assert listed.keys() == there
    assert listed["StructureDefinition-luot-kham.json"]["type"] == "Encounter"
    assert all(files[f"package/{name}"]["id"] == one["id"] for name, one in listed.items())


def test_the_package_holds_what_profiles_need(files):
    assert {f"package/StructureDefinition-{one.id}.json" for one in profiles()} <= files.keys()
    bound = {
        element["binding"]["valueSet"]
        for one in profiles()
        for element in one.resource["differential"]["element"]
        if "binding" in element
    }
    own = {one["url"] for one in files.values() if one.get("resourceType") == "ValueSet"}
    others = {"https://yteso.vn/fhir/vs/icd-10"}
    assert bound - others <= own | {"https://yteso.vn/fhir/vs/icd-9-cm", "https://yteso.vn/fhir/vs/loinc"}


def test_every_resource_of_the_package_is_sound(files):
    for name, one in files.items():
        if "resourceType" in one and len(one.get("concept", ())) < 3_000:
            assert check(orjson.dumps(one)) == [], name


def test_the_package_is_the_same_every_time():
    first = package()
    package.cache_clear()
    assert package() == first


def test_examples_validate_with_the_package_alone(tmp_path):
    file = tmp_path / "guide.tgz"
    file.write_bytes(package())
    validator = Validator(definitions([file]).get, Codes().member_of)
    for id, example in made.examples().items():
        text = orjson.dumps(example)
        profile = profile_of(example["resourceType"], text)
        assert profile.id == id
        assert [one for one in validator.validate(text, [profile.url]) if one.severity == "error"] == [], id


def test_examples_are_of_nobody_and_there_are_enough():
    without = {one.id for one in profiles()} - made.examples().keys()
    assert without == {"di-ung"}
    assert made.examples()["nguoi-benh"]["name"]


def test_definitions_are_found_by_their_address():
    url = "https://yteso.vn/fhir/StructureDefinition/luot-kham"
    assert naming.definition(url)["type"] == "Encounter"
    assert naming.definition(f"{url}|{version('yteso')}") == naming.definition(url)
    assert naming.definition(f"{url}|0") is None


def test_identifier_systems_are_ours_or_those_of_vn_core():
    known = {one.id: one for one in naming.identifiers()}
    assert not known["cccd"].ours
    assert known["ma-bn"].ours
    assert check(orjson.dumps(known["ma-bn"].resource)) == []
