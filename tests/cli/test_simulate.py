"""yteso simulate on the command line."""

import json

from click.testing import CliRunner

from yteso.cli.simulate import command


def run(*arguments: str):
    return CliRunner().invoke(command, list(arguments))


def test_writes_files_and_prints_totals_as_json(tmp_path):
    done = run(str(tmp_path / "out"), "--people", "30", "--days", "60", "--facilities", "5", "--seed", "2", "--json")
    assert done.exit_code == 0
    totals = json.loads(done.output)
    assert totals["people"] >= 30
    assert totals["visits"] == len(list((tmp_path / "out").glob("*/*.xml"))) > 0


def test_prints_totals_in_words(tmp_path):
    done = run(str(tmp_path), "--people", "10", "--days", "30", "--dirty", "0.5")
    assert "lượt khám" in done.output


def test_starts_on_the_day_asked_for(tmp_path):
    done = run(str(tmp_path), "--people", "30", "--days", "30", "--start", "01/10/2026")
    assert done.exit_code == 0
    days = {file.name[:6] for file in tmp_path.glob("*/*.xml")}
    assert days and days <= {"202610", "202611"}


def test_refuses_a_date_before_the_two_level_administration(tmp_path):
    done = run(str(tmp_path), "--people", "3", "--days", "3", "--start", "01/06/2025")
    assert done.exit_code == 2
    assert "01/07/2025" in done.output


def test_refuses_a_date_that_is_none(tmp_path):
    assert run(str(tmp_path), "--people", "3", "--days", "3", "--start", "2026-07-01").exit_code == 2


def test_help_shows_an_example():
    assert "Example:" in run("--help").output
