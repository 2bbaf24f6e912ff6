"""FHIR packages as they come from the registries of HL7 and others."""

import io
import json
import tarfile
from pathlib import Path

import pytest

from yteso.fhir.validation.packages import NoPackage, conformance, definitions


URL = "http://a.vn/StructureDefinition/p"
PROFILE = {"resourceType": "StructureDefinition", "url": URL, "version": "1.0", "type": "Patient"}


def package(path: Path, **files: object) -> Path:
    with tarfile.open(path, "w:gz") as archive:
        for name, content in ({"package/package.json": {"name": "vn.test", "version": "1.0"}} | files).items():
            data = content if isinstance(content, bytes) else json.dumps(content).encode()
            member = tarfile.TarInfo(name)
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
    return path


def test_the_definitions_of_a_package_are_found_by_address_and_version(tmp_path):
    path = package(tmp_path / "a.tgz", **{"package/p.json": PROFILE, "package/.index.json": {}})
    assert definitions([path]) == {URL: PROFILE, f"{URL}|1.0": PROFILE}


def test_only_what_says_how_data_should_be_is_taken(tmp_path):
    files = {
        "package/a.json": {"resourceType": "Patient", "url": "x"},
        "package/b.json": {"resourceType": "ValueSet", "url": "http://a.vn/v"},
        "package/c.json": {"resourceType": "ValueSet"},
        "package/d.txt": b"x",
        "package/example/e.json": PROFILE,
        "other/p.json": PROFILE,
    }
    assert [type for type, _ in conformance(package(tmp_path / "a.tgz", **files))] == ["ValueSet"]


def test_what_is_no_package(tmp_path):
    (tmp_path / "a.tgz").write_bytes(b"x")
    (tmp_path / "b.tgz").write_bytes(package(tmp_path / "c.tgz").read_bytes()[:40])
    with tarfile.open(tmp_path / "d.tgz", "w:gz"):
        pass
    package(tmp_path / "e.tgz", **{"package/p.json": b"{"})
    for name in ("a", "b", "d", "e"):
        with pytest.raises(NoPackage):
            list(conformance(tmp_path / f"{name}.tgz"))
