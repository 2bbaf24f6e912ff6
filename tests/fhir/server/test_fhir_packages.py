"""`yteso fhir package load`: the profiles of a package are known to $validate from then on."""

import io
import json
import tarfile

import pytest
from asking import Asker, token
from click.testing import CliRunner

from yteso.cli import fhir


JSON = "application/fhir+json"
URL = "http://a.vn/StructureDefinition/p"
PROFILE = {
    **{"resourceType": "StructureDefinition", "id": "p", "url": URL, "version": "1.0", "name": "P", "status": "active"},
    **{"kind": "resource", "abstract": False, "type": "Patient", "derivation": "constraint"},
    "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient",
    "differential": {"element": [{"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1}]},
}
SET = {"resourceType": "ValueSet", "url": "http://a.vn/ValueSet/v", "status": "active"}
WRONG = {"resourceType": "ValueSet", "id": "w", "url": "http://a.vn/ValueSet/w"}


@pytest.fixture
def load(tmp_path, database):
    """Load a package of these resources."""

    def loaded(*resources, options=("--json",)):
        path = tmp_path / "a.tgz"
        files = {"package.json": {"name": "vn.test"}} | {f"{number}.json": one for number, one in enumerate(resources)}
        with tarfile.open(path, "w:gz") as tar:
            for name, content in files.items():
                data = json.dumps(content).encode()
                member = tarfile.TarInfo(f"package/{name}")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
        return CliRunner().invoke(fhir.command, ["package", "load", str(path), *options])

    return loaded


def severe(asker, profile: str) -> list[str]:
    address, patient = f"/Patient/$validate?profile={profile}", b'{"resourceType":"Patient"}'
    said = asker.ask(address, "POST", patient, Content_Type=JSON)
    return [one["expression"][0] for one in said.json()["issue"] if one["severity"] == "error"]


def test_a_profile_is_known_from_then_on(load, asker) -> None:
    assert severe(asker, URL) == ["Patient"]
    done = load(PROFILE, SET)
    assert (done.exit_code, json.loads(done.output)["stored"]) == (0, 2)
    assert severe(asker, URL) == severe(asker, f"{URL}|1.0") == ["Patient.birthDate"]
    assert severe(asker, f"{URL}|2.0") == ["Patient"]
    assert asker.get("/StructureDefinition/p").json()["url"] == URL


def test_a_newer_package_replaces_what_has_the_same_id(load, asker) -> None:
    load(PROFILE)
    newer = PROFILE | {
        "version": "2.0",
        "differential": {"element": [{"id": "Patient.name", "path": "Patient.name", "min": 1}]},
    }
    load(newer)
    assert severe(asker, URL) == ["Patient.name"]
    assert severe(asker, f"{URL}|1.0") == ["Patient"]
    assert asker.get("/StructureDefinition/p/_history").json()["total"] == 2


def test_a_profile_that_was_written_over_fhir_is_known_as_well(asker, conn) -> None:
    writer = Asker(token(conn, "editor", "system/*.*"))
    said = writer.ask("/StructureDefinition/p", "PUT", json.dumps(PROFILE).encode(), Content_Type=JSON)
    assert said.status == 201
    assert severe(asker, URL) == ["Patient.birthDate"]


def test_what_is_not_sound_is_refused_and_the_rest_stored(load) -> None:
    done = load(PROFILE, WRONG, options=())
    assert done.exit_code == 1
    assert "http://a.vn/ValueSet/w: ValueSet.status: Thiếu" in done.output
    assert "stored 1" in done.output


def test_what_is_no_package(tmp_path) -> None:
    (tmp_path / "a.tgz").write_bytes(b"x")
    done = CliRunner().invoke(fhir.command, ["package", "load", str(tmp_path / "a.tgz")])
    assert done.exit_code == 2
