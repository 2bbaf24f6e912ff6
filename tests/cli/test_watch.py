"""`yteso watch`: what is dropped into a folder is taken in once, handed back with its findings, and never lost."""

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest
from click.testing import CliRunner

from yteso.cli import watch
from yteso.config.postgres import Server


sys.path.insert(0, str(Path(__file__).parents[1] / "intake"))
from arrivals import dossier, file_of, write_files


QUIET = "0.3"


def start(url: str, folder: Path, *options: str) -> subprocess.Popen:
    command = [sys.executable, "-m", "yteso.cli", "watch", str(folder), "--quiet", QUIET, "--json", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=os.environ | {"DATABASE_URL": url}, start_new_session=True, **pipes)


def once(folder: Path, *options: str) -> tuple[int, list[dict]]:
    """One run as cron does it, in this process: exit code and events."""
    handlers = {sign: signal.getsignal(sign) for sign in (signal.SIGINT, signal.SIGTERM)}
    try:
        done = CliRunner().invoke(watch.command, [str(folder), "--once", "--quiet", QUIET, "--json", *options])
    finally:
        for sign, handler in handlers.items():
            signal.signal(sign, handler)
    assert isinstance(done.exception, SystemExit | type(None)), done.exception
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


def once_apart(url: str, folder: Path, *options: str) -> tuple[int, list[dict]]:
    """The same in a process of its own, with this database."""
    process = start(url, folder, "--once", *options)
    said, errors = process.communicate(timeout=300)
    assert "Traceback" not in errors, errors
    return process.returncode, [json.loads(line) for line in said.splitlines()]


def ask(url: str, query: str) -> list[tuple]:
    with psycopg.connect(url) as conn:
        return conn.execute(query).fetchall()


def until(happens: Callable[[], bool], seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with suppress(psycopg.Error):
            if happens():
                return
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "gui"
    path.mkdir()
    return path


@pytest.fixture
def running(database: str, folder: Path) -> Iterator[subprocess.Popen]:
    process = start(database, folder)
    until(lambda: (folder / "done").is_dir())
    yield process
    if process.poll() is None:
        process.kill()
    process.communicate(timeout=20)


def test_a_good_file_goes_to_done_with_its_receipt_beside_it(database: str, folder: Path) -> None:
    (folder / "hồ sơ.xml").write_bytes(file_of(dossier(1)))
    code, (event,) = once(folder)
    assert code == 0
    assert (event["event"], event["new"], event["accepted"]) == ("done", True, 1)
    assert event["moved_to"] == str(folder / "done" / "hồ sơ.xml")
    assert names(folder) == ["done", "refused"]
    assert names(folder / "done") == ["hồ sơ.xml", "hồ sơ.xml.findings.csv", "hồ sơ.xml.findings.json"]
    told = json.loads((folder / "done" / "hồ sơ.xml.findings.json").read_bytes())
    assert told["receipt"] == event["receipt"]
    assert [one["outcome"] for one in told["dossiers"]] == ["accepted"]


def test_a_file_with_some_wrong_dossiers_says_what_to_mend(database: str, folder: Path) -> None:
    (folder / "a.xml").write_bytes(file_of(dossier(1), dossier(2, GIOI_TINH="7")))
    code, (event,) = once(folder)
    assert code == 1
    assert (event["event"], event["accepted"], event["refused"]) == ("done", 1, 1)
    told = json.loads((folder / "done" / "a.xml.findings.json").read_bytes())
    assert "XML1-013" in [finding["rule"] for finding in told["dossiers"][1]["findings"]]
    data = (folder / "done" / "a.xml.findings.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(data.decode("utf-8-sig").splitlines()))
    assert {row["Mã lượt khám (MA_LK)"] for row in rows} == {"LK-000002"}
    assert {"Trường", "Sai ở đâu", "Cách sửa"} <= set(rows[0])


def test_a_file_of_which_nothing_entered_goes_to_refused(database: str, folder: Path) -> None:
    (folder / "a.xml").write_bytes(file_of(dossier(1, GIOI_TINH="7")))
    (folder / "b.xml").write_bytes(file_of(dossier(2), declared=5))
    code, events = once(folder)
    assert code == 1
    assert [event["event"] for event in events] == ["refused", "refused"]
    assert {"a.xml", "b.xml"} <= set(names(folder / "refused"))


@pytest.mark.parametrize(
    ("name", "content", "rule"),
    [
        ("anh.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "ENV-101"),
        ("rong.xml", b"", "ENV-111"),
        ("khac.xml", b"<HS/>", "ENV-106"),
    ],
)
def test_what_is_no_visit_file_is_refused_with_the_reason(
    database: str, folder: Path, name: str, content: bytes, rule: str
) -> None:
    (folder / name).write_bytes(content)
    assert once(folder)[0] == 1
    assert (folder / "refused" / name).read_bytes() == content
    told = json.loads((folder / "refused" / f"{name}.findings.json").read_bytes())
    assert [finding["rule"] for finding in told["findings"]] == [rule]


def test_a_file_over_the_limit_is_refused_and_the_others_go_on(database: str, folder: Path) -> None:
    with (folder / "a.xml").open("wb") as huge:
        huge.truncate(130_000_000)
    (folder / "b.xml").write_bytes(file_of(dossier(1)))
    code, events = once(folder)
    assert code == 1
    assert {Path(event["file"]).name: event["event"] for event in events} == {"a.xml": "refused", "b.xml": "done"}
    told = json.loads((folder / "refused" / "a.xml.findings.json").read_bytes())
    assert (told["receipt"], told["findings"][0]["rule"]) == (None, "ENV-009")


def test_the_same_name_twice_overwrites_nothing(database: str, folder: Path) -> None:
    for number in (1, 2, 3):
        (folder / "a.xml").write_bytes(file_of(dossier(number)))
        assert once(folder)[0] == 0
    kept = [(folder / "done" / name).read_bytes() for name in ("a.xml", "a-2.xml", "a-3.xml")]
    assert kept == [file_of(dossier(number)) for number in (1, 2, 3)]
    assert (folder / "done" / "a-2.xml.findings.json").exists()


def test_the_same_content_twice_is_one_submission_and_both_files_move(database: str, folder: Path) -> None:
    for name in ("a.xml", "b.xml"):
        (folder / name).write_bytes(file_of(dossier(1)))
    code, events = once(folder)
    assert code == 0
    assert len({event["receipt"] for event in events}) == 1
    assert {"a.xml", "b.xml"} <= set(names(folder / "done"))
    assert ask(database, "select count(*) from intake_submission") == [(1,)]


def test_the_sender_given_is_held_against_the_file(database: str, folder: Path) -> None:
    (folder / "a.xml").write_bytes(file_of(dossier(1)))
    code, (event,) = once(folder, "--facility", "99002")
    assert (code, event["event"]) == (1, "refused")
    told = json.loads((folder / "refused" / "a.xml.findings.json").read_bytes())
    assert [finding["rule"] for finding in told["findings"]] == ["ENV-201"]


def test_what_is_not_meant_for_it_stays(database: str, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.xml"
    secret.write_bytes(file_of(dossier(1)))
    (folder / "lien-ket.xml").symlink_to(secret)
    (folder / ".hidden.xml").write_bytes(secret.read_bytes())
    (folder / "dang-chep.xml.part").write_bytes(secret.read_bytes())
    (folder / "thu-muc").mkdir()
    before = names(folder)
    assert once(folder) == (0, [])
    assert names(folder) == sorted([*before, "done", "refused"])


def test_a_file_dropped_while_it_watches_is_taken(running: subprocess.Popen, folder: Path) -> None:
    (folder / "a.xml").write_bytes(file_of(dossier(1)))
    until((folder / "done" / "a.xml").exists)
    other = folder.parent / "b.xml"
    other.write_bytes(file_of(dossier(2)))
    other.rename(folder / "b.xml")
    until((folder / "done" / "b.xml").exists)


def test_a_half_copied_file_waits_for_its_end(running: subprocess.Popen, database: str, folder: Path) -> None:
    data = file_of(*(dossier(number) for number in range(1, 4)))
    with (folder / "a.xml").open("wb") as file:
        for begin in range(0, len(data), len(data) // 15):
            file.write(data[begin : begin + len(data) // 15])
            file.flush()
            time.sleep(0.1)
            assert names(folder / "refused") == names(folder / "done") == []
    until((folder / "done" / "a.xml").exists)
    assert ask(database, "select count(*), min(dossiers) from intake_submission") == [(1, 3)]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_it_ends_when_asked(running: subprocess.Popen, folder: Path, sign: int) -> None:
    (folder / "a.xml").write_bytes(file_of(dossier(1)))
    until((folder / "done" / "a.xml").exists)
    running.send_signal(sign)
    _, errors = running.communicate(timeout=30)
    assert running.returncode == 0
    assert "Traceback" not in errors


def test_a_folder_that_is_not_there() -> None:
    process = start("postgresql:///none", Path("/khong/co"), "--once")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert "/khong/co" in errors


@pytest.fixture
def durable(place: Path) -> Iterator[Server]:
    """A server of this test's own, with the settings of a real node."""
    (place / "node").mkdir()
    server = Server(place / "node", shared_buffers="'128MB'")
    with server.running():
        yield server


def test_a_database_that_is_away_ends_one_run_with_three(folder: Path) -> None:
    (folder / "a.xml").write_bytes(file_of(dossier(1)))
    code, events = once_apart("postgresql://127.0.0.1:9/none", folder)
    assert (code, [event["event"] for event in events]) == (3, ["waiting"])
    assert names(folder) == ["a.xml", "done", "refused"]


def test_files_wait_for_a_database_that_comes_back(durable: Server, folder: Path) -> None:
    write_files(folder, 3)
    process = start(durable.url, folder)
    try:
        until(lambda: len(list((folder / "done").glob("*.xml"))) == 3)
        durable._run("pg_ctl", "stop", "-m", "immediate", "-D", str(durable.data))
        (folder / "sau.xml").write_bytes(file_of(dossier(9)))
        time.sleep(1.5)
        assert (folder / "sau.xml").exists()
        durable._start()
        until((folder / "done" / "sau.xml").exists)
    finally:
        process.terminate()
        said, errors = process.communicate(timeout=60)
    assert "Traceback" not in errors
    assert "waiting" in [json.loads(line)["event"] for line in said.splitlines()]


@pytest.mark.slow
def test_killed_in_the_middle_and_started_again(durable: Server, folder: Path) -> None:
    """Each file is taken in once, has one receipt, and none is lost; three times killed."""
    count = 600
    files = {path.name: path.read_bytes() for path in write_files(folder, count)}
    for part in (1, 2, 3):
        process = start(durable.url, folder)
        until(lambda part=part: len(list((folder / "done").glob("*.xml"))) >= part * 120)
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate(timeout=20)
    assert list(folder.glob("*.xml"))
    assert once_apart(durable.url, folder)[0] == 0
    assert names(folder) == ["done", "refused"]
    assert names(folder / "refused") == []
    assert {path.name: path.read_bytes() for path in (folder / "done").glob("*.xml")} == files
    told = [json.loads(path.read_bytes()) for path in (folder / "done").glob("*.findings.json")]
    assert len({one["receipt"] for one in told}) == len(told) == count
    assert len(list((folder / "done").glob("*.findings.csv"))) == count
    assert ask(durable.url, "select count(*), count(distinct sha256) from intake_submission") == [(count, count)]
    assert ask(durable.url, "select count(*), count(distinct ma_lk) from intake_dossier") == [(count, count)]
    assert ask(durable.url, "select count(*) from record_document where kind = 'visit'") == [(count,)]
    assert ask(durable.url, "select count(*) from record_history") == [(0,)]
