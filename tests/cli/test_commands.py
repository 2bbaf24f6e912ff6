"""The console script: every command explains itself, works, and says how it went by its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from yteso.cli import COMMANDS


def yteso(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, "-m", "yteso.cli", *arguments],
        capture_output=True,
        text=True,
        env=os.environ | environment,
        timeout=300,
    )


@pytest.mark.parametrize("name", [*COMMANDS, "bench intake", "bench check", "bench fhir", "fhir import"])
def test_help_has_an_example(name: str) -> None:
    done = yteso(*name.split(), "--help")
    assert done.returncode == 0
    assert f"Example: yteso {name.split()[0]}" in done.stdout


def test_the_first_help_lists_every_command() -> None:
    said = yteso("--help").stdout
    assert [name for name in COMMANDS if name not in said] == []


def test_an_unknown_command_is_refused() -> None:
    assert yteso("khong-co").returncode == 2


@pytest.fixture(scope="module")
def node(module_place: Path) -> dict[str, str]:
    """A node of its own with a small synthetic province in it, made by the demo command."""
    environment = {"YTESO_HOME": str(module_place / "state"), "DATABASE_URL": ""}
    done = yteso("demo", "--people", "120", "--days", "90", "--facilities", "4", "--stop", **environment)
    assert done.returncode == 0, done.stderr
    assert "bị từ chối" in done.stdout
    return environment


def accounts(node: dict[str, str]) -> list[dict[str, str]]:
    file = next(Path(node["YTESO_HOME"]).glob("demo/*/accounts.json"))
    assert file.stat().st_mode & 0o077 == 0
    return json.loads(file.read_text())


def test_the_demo_has_staff_and_citizens_with_passwords_of_its_own(node: dict[str, str]) -> None:
    known = accounts(node)
    assert [account["name"] for account in known] == [
        "benhvien",
        "trungtam",
        "congdan1",
        "congdan2",
        "congdan3",
        "soyte",
    ]
    assert len({account["password"] for account in known}) == 6


def test_the_demo_has_an_account_for_software_of_each_facility_with_staff(node: dict[str, str]) -> None:
    file = Path(node["YTESO_HOME"]) / "demo" / "software.json"
    assert file.stat().st_mode & 0o077 == 0
    known = json.loads(file.read_text())
    assert len(known) == 2
    assert all(one["name"] == f"{code}_BV" and one["password"] for code, one in known.items())
    listed = [json.loads(line) for line in yteso("credential", "list", "--json", **node).stdout.splitlines()]
    assert {one["name"] for one in listed} >= {one["name"] for one in known.values()}


def test_a_credential_is_made_listed_and_revoked(node: dict[str, str]) -> None:
    made = yteso("credential", "add", "99009", "99009_BV", "--json", **node)
    assert made.returncode == 0, made.stderr
    known = json.loads(made.stdout)
    assert (known["facility"], known["name"]) == ("99009", "99009_BV")
    assert len(known["secret"]) >= 32
    assert yteso("credential", "add", "99009", "99009_BV", **node).returncode == 1
    listed = yteso("credential", "list", **node).stdout
    assert "99009_BV" in listed
    assert known["secret"] not in listed
    assert yteso("credential", "revoke", "99009_BV", **node).returncode == 0
    assert yteso("credential", "revoke", "99009_BV", **node).returncode == 1
    assert "revoked" in yteso("credential", "list", **node).stdout


@pytest.mark.parametrize(("facility", "name"), [("999", "99901_BV"), ("99009", "a b"), ("99009", "é"), ("99009", "x")])
def test_a_credential_with_a_wrong_code_or_name_is_refused(node: dict[str, str], facility: str, name: str) -> None:
    done = yteso("credential", "add", facility, name, **node)
    assert done.returncode == 1
    assert "ký tự" in done.stderr or "chữ" in done.stderr


def test_the_demo_again_reuses_what_is_there(node: dict[str, str]) -> None:
    before = accounts(node)
    again = yteso("demo", "--people", "120", "--days", "90", "--facilities", "4", "--stop", **node)
    assert again.returncode == 0, again.stderr
    assert "already received" in again.stdout
    assert accounts(node) == before


def numbers(node: dict[str, str]) -> list[str]:
    import csv

    with next(Path(node["YTESO_HOME"]).glob("demo/*/people.csv")).open(encoding="utf-8", newline="") as stream:
        return [row["number"] for row in csv.DictReader(stream) if row["number"] and row["patient_ids"]]


def test_person_prints_the_record_as_text(node: dict[str, str]) -> None:
    done = yteso("person", numbers(node)[0], **node)
    assert done.returncode == 0, done.stderr
    assert "lượt khám / visits" in done.stdout
    assert "chẩn đoán:" in done.stdout


def test_person_prints_a_fhir_bundle(node: dict[str, str]) -> None:
    done = yteso("person", numbers(node)[0], "--json", **node)
    bundle = json.loads(done.stdout)
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    kinds = {entry["resource"]["resourceType"] for entry in bundle["entry"]}
    assert {"Patient", "Encounter", "Condition"} <= kinds


def test_person_says_when_nobody_has_the_number(node: dict[str, str]) -> None:
    done = yteso("person", "001099999999", **node)
    assert done.returncode == 1
    assert "nobody has this number" in done.stderr


def test_reading_a_person_is_logged(node: dict[str, str]) -> None:
    import psycopg

    from yteso.config.postgres import Server

    yteso("person", numbers(node)[0], "--purpose", "kiểm thử", **node)
    with Server(Path(node["YTESO_HOME"])).running() as url, psycopg.connect(url) as conn:
        rows = conn.execute("select role, purpose, outcome from access_read where purpose = 'kiểm thử'").fetchall()
    assert rows == [("operator", "kiểm thử", "allowed")]


def test_migrate_twice_is_harmless(node: dict[str, str]) -> None:
    assert yteso("migrate", **node).returncode == 0
    assert yteso("migrate", **node).returncode == 0


def test_worker_takes_in_what_waits(node: dict[str, str]) -> None:
    done = yteso("worker", "--once", **node)
    assert done.returncode == 0, done.stderr


def test_bench_ends_with_one_json_line(node: dict[str, str]) -> None:
    done = yteso("bench", "intake", "--visits", "60", "--repeat", "1", "--json", **node)
    assert done.returncode == 0, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert figures["bench"] == "intake"
    assert figures["visits"] == 60
    assert figures["refused"] == 0
    assert {"read", "check", "map", "save"} <= figures["stages_ms"].keys()
    for name in ("visits_per_s", "stored_bytes_per_visit", "raw_bytes_per_visit", "rss_mb"):
        assert figures[name] > 0
    assert figures["machine"]["cores"] == os.cpu_count()


def test_removing_the_demo_leaves_nothing(place: Path) -> None:
    node = {"YTESO_HOME": str(place / "state"), "DATABASE_URL": ""}
    assert yteso("migrate", **node).returncode == 0
    assert yteso("demo", "--remove", **node).returncode == 0
    assert not (place / "state").exists()
