"""`yteso bench check`: the last line is JSON, and a large file is checked in little memory."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
from click.testing import CliRunner

from yteso.cli import bench, bench_check
from yteso.cli.machine import machine, peak_mb
from yteso.intake import checking
from yteso.intake.envelope import read


@pytest.fixture(scope="module")
def figures() -> dict:
    done = CliRunner().invoke(bench.command, ["check", "--dossiers", "40", "--repeat", "2", "--json"])
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout.splitlines()[-1])


def test_the_figures_have_their_names(figures: dict) -> None:
    assert figures["bench"] == "check"
    assert figures["dossiers"] == 40
    assert len(figures["dossiers_per_s_runs"]) == 2
    for name in ("dossiers_per_s", "rss_mb", "read_ms", "check_ms"):
        assert figures[name] > 0
    assert figures["machine"] == machine()


def test_every_rule_is_on(figures: dict) -> None:
    assert figures["rules"] == len(checking.RULES)


def test_the_dossiers_have_about_sixty_rows(figures: dict) -> None:
    assert 50 < figures["rows_per_dossier"] < 70


def test_a_file_of_a_thousand_dossiers_is_checked_in_less_than_200_mb(figures: dict) -> None:
    assert figures["rss_mb"] < 200


def test_the_files_measured_are_whole(tmp_path: Path) -> None:
    files, rows, large = bench_check._write(tmp_path, 5, per_file=2)
    found = [read(file)[1] for file in files]
    assert [len(dossiers) for dossiers in found] == [2, 2, 1]
    measured = [dossier for dossiers in found for dossier in dossiers]
    assert rows == sum(sum(dossier.rows.values()) for dossier in measured)
    envelope, dossiers = read(large)
    assert envelope.findings == []
    assert len(dossiers) == bench_check.LARGE
    assert [asdict(dossier) for dossier in dossiers[:5]] == [
        asdict(dossier) | {"position": n} for n, dossier in enumerate(measured, 1)
    ]


def test_the_peak_is_of_this_program() -> None:
    assert 10 < peak_mb() < 10_000
