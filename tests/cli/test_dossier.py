"""`yteso dossier`: versions and differences as text and JSON; taking back."""

import json
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from yteso.intake import messages, service


sys.path.append(str(Path(__file__).parents[1] / "intake"))

from arrivals import FACILITY, dossier, file_of, send


LINK = "LK-000001"


def yteso(*arguments: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-m", "yteso.cli", "dossier", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300)


@pytest.fixture
def sent(conn):
    """Three versions: accepted, refused, accepted."""
    conn.autocommit = True
    added = dossier(1, DIEN_THOAI="0912000002")
    added.tables["XML4"].append({**added.tables["XML4"][0], "STT": "4", "MA_CHI_SO": "PLT", "NGAY_KQ": "202601100941"})
    for visit, made in ((dossier(1), "20260131"), (dossier(1, GIOI_TINH="7"), "20260201"), (added, "20260202")):
        service.take_in(conn, [send(conn, file_of(visit, made=made))[0]])
    return conn


@pytest.mark.parametrize("name", ["show", "withdraw"])
def test_help_has_an_example(name: str) -> None:
    assert f"Example: yteso dossier {name}" in yteso(name, "--help").stdout


def test_versions_and_differences_as_text(sent) -> None:
    done = yteso("show", FACILITY, LINK)
    assert done.returncode == 0, done.stderr
    lines = done.stdout.splitlines()
    assert lines[0] == f"{FACILITY} {LINK}: 3 bản / versions"
    assert [line[:3] for line in lines[1:4]] == ["  1", "  2", "* 3"]
    assert "refused/–" in lines[2]
    assert "Bản 3 so với bản 1 / version 3 against 1:" in lines
    assert f"    {messages.label('XML1', 'DIEN_THOAI', 'vi')} (DIEN_THOAI): 0900000000 → 0912000002" in lines
    assert "  XML4 thêm dòng / added row 4" in lines


def test_versions_and_differences_as_json(sent) -> None:
    found = json.loads(yteso("show", FACILITY, LINK, "--json").stdout)
    assert (found["facility"], found["ma_lk"], found["withdrawn"], found["current"]) == (FACILITY, LINK, False, 3)
    assert [one["outcome"] for one in found["versions"]] == ["accepted", "refused", "warnings"]
    assert (found["difference"]["old"], found["difference"]["new"]) == (1, 3)
    first, second = found["difference"]["rows"]
    assert first == {
        "table": "XML1",
        "kind": "changed",
        "old_row": 1,
        "new_row": 1,
        "fields": [{"field": "DIEN_THOAI", "old": "0900000000", "new": "0912000002"}],
    }
    assert (second["table"], second["kind"], second["old_row"], second["new_row"]) == ("XML4", "added", None, 4)


def test_any_two_versions_are_compared(sent) -> None:
    found = json.loads(yteso("show", FACILITY, LINK, "--old", "3", "--new", "2", "--json").stdout)["difference"]
    assert (found["old"], found["new"]) == (3, 2)
    assert {"field": "GIOI_TINH", "old": "1", "new": "7"} in found["rows"][0]["fields"]
    assert json.loads(yteso("show", FACILITY, LINK, "--old", "2", "--json").stdout)["difference"]["new"] == 3


def test_a_version_that_is_not_there_is_wrong_usage(sent) -> None:
    done = yteso("show", FACILITY, LINK, "--new", "4")
    assert done.returncode == 2
    assert "there is no version 4" in done.stderr


@pytest.mark.parametrize("command", [("show",), ("withdraw", "--reason", "nhầm")])
def test_a_dossier_that_was_never_sent_is_said_to_be_missing(conn, command: tuple) -> None:
    done = yteso(command[0], FACILITY, "LK-KHAC", *command[1:])
    assert done.returncode == 1
    assert "no such dossier" in done.stderr


def test_comparing_is_logged_under_the_account_of_this_machine(sent) -> None:
    yteso("show", FACILITY, LINK)
    rows = sent.execute("select role, purpose, outcome, account like '%@cli' from access_read").fetchall()
    assert rows == [("operator", "sent-dossier", "allowed", True)]


def test_a_dossier_is_taken_back_once_with_its_reason(sent, database) -> None:
    done = yteso("withdraw", FACILITY, LINK, "--reason", "Nhập nhầm  người bệnh")
    assert (done.returncode, done.stdout) == (0, f"Đã rút hồ sơ / withdrawn: {FACILITY} {LINK}\n")
    again = yteso("withdraw", FACILITY, LINK, "--reason", "lần hai", "--json")
    assert (again.returncode, json.loads(again.stdout)["outcome"]) == (0, "already")
    with psycopg.connect(database) as conn:
        rows = conn.execute("select reason, account like '%@cli' from intake_withdrawal").fetchall()
    assert rows == [("Nhập nhầm người bệnh", True)]
    shown = yteso("show", FACILITY, LINK).stdout
    assert f"{FACILITY} {LINK}: đã rút / withdrawn" in shown
    assert "Nhập nhầm người bệnh" in shown


@pytest.mark.parametrize("options", [(), ("--reason", " ")])
def test_a_reason_is_required(sent, options: tuple) -> None:
    done = yteso("withdraw", FACILITY, LINK, *options)
    assert done.returncode == 2
    assert "--reason" in done.stderr
    assert sent.execute("select count(*) from intake_withdrawal").fetchone() == (0,)
