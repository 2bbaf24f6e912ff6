"""`yteso fhir check`: what is wrong with resources in files, and exit codes that scripts can go by."""

import json

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
