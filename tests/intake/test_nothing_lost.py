"""Kill it, take the database away, fill its disk: nothing is lost, nothing is there twice, nothing is half-written."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from arrivals import dossier, file_of, write_files

from yteso.config.postgres import Server


VISITS = 5_000


@pytest.fixture
def durable(place: Path) -> Iterator[Server]:
    """A server of this test's own, with the settings of a real node: what it has committed is on the disk."""
    (place / "node").mkdir()
    server = Server(place / "node", shared_buffers="'128MB'")
    with server.running():
        yield server


def intake(url: str, *arguments: str, wait: bool = True) -> subprocess.Popen | subprocess.CompletedProcess:
    command = [sys.executable, "-m", "yteso.cli", "intake", *arguments, "--json"]
    options = {"env": os.environ | {"DATABASE_URL": url}, "text": True, "start_new_session": True}
    if wait:
        return subprocess.run(command, capture_output=True, timeout=300, **options)
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **options)


def count(url: str, query: str) -> tuple:
    with psycopg.connect(url) as conn:
        return conn.execute(query).fetchone()


def wait_for_dossiers(url: str, number: int) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with suppress(psycopg.Error):
            if count(url, "select count(*) from intake_dossier")[0] >= number:
                return
        time.sleep(0.02)
    raise AssertionError("the intake did not get going")


def assert_each_once(url: str, number: int) -> None:
    assert count(url, "select count(*), count(distinct sha256) from intake_submission") == (number, number)
    assert count(url, "select count(*) from intake_submission where status <> 'done'") == (0,)
    assert count(url, "select count(*), count(distinct ma_lk) from intake_dossier") == (number, number)
    current = "select count(*), count(distinct source), max(version) from record_document where kind = 'visit'"
    assert count(url, current) == (number, number, 1)
    assert count(url, "select count(*) from record_history") == (0,)
    assert count(url, "select count(*), count(distinct document) from record_change where kind = 'visit'") == (
        number,
        number,
    )
    assert count(url, "select count(*) from intake_original") == (number,)


@pytest.mark.slow
def test_killed_in_the_middle_of_5000_visits_and_started_again(durable: Server, tmp_path: Path) -> None:
    write_files(tmp_path / "xml", VISITS)
    process = intake(durable.url, str(tmp_path / "xml"), wait=False)
    wait_for_dossiers(durable.url, VISITS // 5)
    os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stderr.close()
    done = count(durable.url, "select count(*) from intake_dossier")[0]
    assert 0 < done < VISITS
    again = intake(durable.url, str(tmp_path / "xml"))
    assert again.returncode == 0, again.stderr
    assert_each_once(durable.url, VISITS)


def test_its_processes_leave_when_only_the_first_is_killed(durable: Server, tmp_path: Path) -> None:
    write_files(tmp_path / "xml", 1_000)
    process = intake(durable.url, str(tmp_path / "xml"), wait=False)
    wait_for_dossiers(durable.url, 1)
    os.kill(process.pid, signal.SIGKILL)
    process.wait(10)
    process.stderr.close()
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            os.killpg(process.pid, 0)
        except ProcessLookupError:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("processes were left behind")


def test_the_database_dies_in_the_middle(durable: Server, tmp_path: Path) -> None:
    write_files(tmp_path / "xml", 1_500)
    process = intake(durable.url, str(tmp_path / "xml"), wait=False)
    wait_for_dossiers(durable.url, 200)
    durable._run("pg_ctl", "stop", "-m", "immediate", "-D", str(durable.data))
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3
    assert "Cơ sở dữ liệu không trả lời" in said
    assert "hãy chạy lại đúng lệnh này" in said
    assert "Traceback" not in said
    durable._start()
    again = intake(durable.url, str(tmp_path / "xml"))
    assert again.returncode == 0, again.stderr
    assert_each_once(durable.url, 1_500)


@pytest.fixture
def small_disk(place: Path, durable: Server) -> Iterator[Path]:
    """A folder with room for 36 MB, for the tables alone: the log of the server stays on the large disk."""
    folder = place / "small"
    folder.mkdir()
    size = ["mount", "-t", "tmpfs", "-o", "size=36m", "tmpfs", str(folder)]
    if subprocess.run(size, capture_output=True).returncode:
        pytest.skip("a small disk needs the right to mount one (run as root)")
    try:
        if durable.account:
            os.chown(folder, durable.account.pw_uid, durable.account.pw_gid)
        folder.chmod(0o700)
        yield folder
        durable.stop()
    finally:
        subprocess.run(["umount", str(folder)], check=True)


@pytest.mark.slow
def test_the_disk_fills_up_and_is_given_room(durable: Server, small_disk: Path, tmp_path: Path) -> None:
    with psycopg.connect(durable.url, autocommit=True) as conn:
        conn.execute(f"create tablespace small location '{small_disk}'")
        conn.execute("create database full_disk tablespace small")
    url = durable.url.replace("/yteso?", "/full_disk?")
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(22 << 20))
    write_files(tmp_path / "xml", 2_000)
    full = intake(url, str(tmp_path / "xml"))
    assert full.returncode == 3, full.stderr
    assert "hết chỗ trên đĩa" in full.stderr
    assert "Traceback" not in full.stderr
    assert count(url, "select count(*) from intake_dossier")[0] < 2_000
    # What was committed is whole: every dossier that is noted has its document, and the other way round.
    assert count(
        url,
        """select count(*) from intake_dossier d full join record_document r on r.id = d.document
           where r.kind is distinct from 'patient' and (d.id is null or r.id is null)""",
    ) == (0,)
    ballast.unlink()
    again = intake(url, str(tmp_path / "xml"))
    assert again.returncode == 0, again.stderr
    assert_each_once(url, 2_000)


def test_a_malformed_file_among_good_ones(database: str, tmp_path: Path) -> None:
    write_files(tmp_path / "xml", 3)
    (tmp_path / "xml" / "000002b.xml").write_bytes(b"<GIAMDINHHS><THONGTINDONVI>")
    (tmp_path / "xml" / "000002c.xml").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    done = intake(database, str(tmp_path / "xml"))
    assert done.returncode == 1
    *receipts, totals = (json.loads(line) for line in done.stdout.splitlines())
    assert {Path(r["file"]).name: r["status"] for r in receipts} == {
        "000001.xml": "done",
        "000002.xml": "done",
        "000002b.xml": "refused",
        "000002c.xml": "refused",
        "000003.xml": "done",
    }
    assert totals["totals"]["accepted"] == 3
    assert totals["totals"]["files_refused"] == 2
    assert count(database, "select count(*) from intake_original") == (5,)


def test_a_file_over_the_limit_is_said_so_and_the_others_go_on(database: str, tmp_path: Path) -> None:
    write_files(tmp_path / "xml", 1)
    with (tmp_path / "xml" / "huge.xml").open("wb") as huge:
        huge.truncate(130_000_000)
    done = intake(database, str(tmp_path / "xml"))
    assert done.returncode == 2
    statuses = {Path(r["file"]).name: r["status"] for r in map(json.loads, done.stdout.splitlines()) if "file" in r}
    assert statuses == {"000001.xml": "done", "huge.xml": "too-large"}


def test_a_path_that_is_not_there(database: str, tmp_path: Path) -> None:
    done = intake(database, str(tmp_path / "khong-co"))
    assert done.returncode == 2
    assert "khong-co" in done.stderr


def test_one_file_of_several_dossiers_has_one_receipt(database: str, tmp_path: Path) -> None:
    file = tmp_path / "nhieu.xml"
    file.write_bytes(file_of(*(dossier(n) for n in range(1, 6))))
    first, second = (json.loads(intake(database, str(file)).stdout.splitlines()[0]) for _ in range(2))
    assert first["receipt"] == second["receipt"]
    assert (first["new"], second["new"]) == (True, False)
    assert first["dossiers"] == 5
