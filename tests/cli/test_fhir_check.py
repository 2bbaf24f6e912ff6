"""`yteso fhir check`: what is wrong with resources in files, and exit codes that scripts can go by."""

import io
import json
import tarfile

from click.testing import CliRunner

from yteso.cli import fhir


GOOD = '{"resourceType":"Patient","id":"a","gender":"female"}'
BAD = '{"resourceType":"Patient","gender":"nam","name":[{"given":[]}]}'
XML = '<Patient xmlns="http://hl7.org/fhir"><gender value="nữ"/></Patient>'


def run(*arguments: object):
    return CliRunner().invoke(fhir.command, ["check", *map(str, arguments)])


def file(folder, name, text):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_valid_resource(tmp_path):
    path = file(tmp_path, "good.json", GOOD)
    done = run(path)
    assert (done.exit_code, done.output) == (fhir.VALID, f"{path}: hợp lệ\n")


def test_problems_are_told_line_by_line(tmp_path):
    path = file(tmp_path, "bad.json", BAD)
    done = run(path, "--lang", "en")
    assert done.exit_code == fhir.PROBLEMS
    assert done.output.splitlines() == [
        f"{path}: Patient.name[0].given (structure): The element is empty; give it content or leave it out.",
        f"{path}: Patient.gender (code-invalid): The code is not in the required value set administrative-gender; "
        "use one of: female, male, other, unknown.",
    ]


def test_vietnamese_comes_first(tmp_path):
    assert "hãy ghi nội dung hoặc bỏ hẳn phần tử" in run(file(tmp_path, "bad.json", BAD)).output


def test_xml_is_read_as_well(tmp_path):
    done = run(file(tmp_path, "bad.xml", f"\n{XML}"))
    assert done.exit_code == fhir.PROBLEMS
    assert "Patient.gender (code-invalid)" in done.output


def test_xml_that_is_no_resource_is_a_problem(tmp_path):
    done = run(file(tmp_path, "html.xml", "<html/>"))
    assert done.exit_code == fhir.PROBLEMS
    assert "– (structure): Ở đây phải là đúng một tài nguyên" in done.output


def test_one_json_object_per_file(tmp_path):
    good, bad = file(tmp_path, "good.json", GOOD), file(tmp_path, "bad.json", BAD)
    done = run(good, bad, "--json")
    assert done.exit_code == fhir.PROBLEMS
    first, second = map(json.loads, done.output.splitlines())
    assert first == {"file": str(good), "valid": True, "issues": []}
    assert (second["file"], second["valid"]) == (str(bad), False)
    assert [(one["location"], one["problem"], one["code"]) for one in second["issues"]] == [
        ("Patient.name[0].given", "empty", "structure"),
        ("Patient.gender", "code", "code-invalid"),
    ]
    assert all(one["vi"] and one["en"] for one in second["issues"])


def test_what_cannot_be_read_has_an_exit_code_of_its_own(tmp_path):
    good, missing = file(tmp_path, "good.json", GOOD), tmp_path / "missing.json"
    done = run(missing, good)
    assert done.exit_code == fhir.UNREADABLE
    assert f"{missing}: không mở được" in done.output
    assert f"{good}: hợp lệ" in done.output
    for name, text in {"broken.json": "{", "broken.xml": "<Patient", "empty.json": "", "text.txt": "x"}.items():
        assert run(file(tmp_path, name, text)).exit_code == fhir.UNREADABLE


def test_a_file_is_needed():
    assert run().exit_code == 2


WARNED = """{"resourceType":"Condition","subject":{"display":"x"},"meta":{"profile":["http://a.vn/p"]},
"text":{"status":"additional","div":"<div xmlns=\\"http://www.w3.org/1999/xhtml\\">x</div>"}}"""
BROKEN = '{"resourceType":"Organization","active":true}'


def test_with_full_invariants_and_profiles_are_looked_at(tmp_path):
    broken, warned = file(tmp_path, "broken.json", BROKEN), file(tmp_path, "warned.json", WARNED)
    assert run(broken).exit_code == 0
    done = run(broken, "--full", "--lang", "en")
    assert done.exit_code == 1
    assert "Organization (invariant): " in done.output
    assert "[org-1]" in done.output
    done = run(warned, "--full", "--lang", "en")
    assert done.exit_code == 0
    assert "Condition (warning: not-found): The profile http://a.vn/p is not known" in done.output


def test_a_profile_of_a_package(tmp_path):
    profile = {"resourceType": "StructureDefinition", "url": "http://a.vn/p", "type": "Patient"}
    profile["differential"] = {"element": [{"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1}]}
    archive = tmp_path / "a.tgz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, content in {"package.json": {}, "p.json": profile}.items():
            data = json.dumps(content).encode()
            member = tarfile.TarInfo(f"package/{name}")
            member.size = len(data)
            tar.addfile(member, io.BytesIO(data))
    patient = file(tmp_path, "patient.json", GOOD)
    done = run(patient, "--profile", "http://a.vn/p", "--package", archive, "--lang", "en")
    assert (done.exit_code, "Patient.birthDate (required)" in done.output) == (1, True)
    done = run(patient, "--profile", "http://a.vn/q", "--package", archive)
    assert done.exit_code == 1
    done = run(patient, "--profile", "http://a.vn/p", "--package", patient)
    assert "không phải tệp .tgz" in done.output
