"""`yteso fhir import`: NDJSON files into the record, what is wrong told by file and line."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from yteso.cli import fhir


PATIENT = '{"resourceType": "Patient", "id": "p1", "gender": "male"}'
GOAL = (
    '{"resourceType": "Goal", "id": "g%d", "lifecycleStatus": "active", "description": {"text": "x"},'
    ' "subject": {"reference": "Patient/p1"}}'
)


@pytest.fixture
def run(database: str, tmp_path: Path) -> object:
    def called(*texts: str, options: tuple[str, ...] = ()) -> Result:
        paths = []
        for n, text in enumerate(texts):
            paths.append(tmp_path / f"{n}.ndjson")
            paths[-1].write_text(text, encoding="utf-8")
        return CliRunner().invoke(fhir.command, ["import", *map(str, paths), *options])

    return called


def test_files_are_saved_patients_first(run, conn) -> None:
    done = run("\n".join(GOAL % n for n in range(450)), f"{PATIENT}\n")
    assert done.exit_code == 0, done.output
    assert "Goal 450, Patient 1" in done.stdout
    assert conn.execute("SELECT count(*) FROM record_document WHERE kind = 'resource'").fetchone() == (451,)
    (account,) = conn.execute("SELECT DISTINCT account FROM access_write").fetchone()
    assert account.endswith("@cli")


def test_again_changes_nothing(run, conn) -> None:
    for _ in range(2):
        done = run(f"{PATIENT}\n{GOAL % 1}", options=("--json",))
        assert json.loads(done.stdout) == {"saved": {"Goal": 1, "Patient": 1}, "problems": 0}
    assert conn.execute("SELECT count(*), max(version) FROM record_document").fetchone() == (2, 1)


def test_what_is_wrong_is_told_by_file_and_line(run) -> None:
    wrong = GOAL.replace("active", "begun") % 1
    done = run(f"{PATIENT}\n\n{wrong}\n{{\n{GOAL % 2}")
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    assert [line.split(":")[1] for line in lines[:-1]] == ["3", "4"]
    assert "Goal.lifecycleStatus" in lines[0]
    assert "Goal 1, Patient 1" in lines[-1]
    said = [json.loads(line) for line in run(f"{PATIENT}\n\n{wrong}\n{{", options=("--json",)).stdout.splitlines()]
    assert [one.get("diagnostics") for one in said] == ["line 3", "line 4", None]
    assert said[-1]["problems"] == 2


def test_a_file_that_is_not_there(run, conn) -> None:
    assert CliRunner().invoke(fhir.command, ["import", "nothing.ndjson"]).exit_code == 2
    assert run().exit_code == 2
