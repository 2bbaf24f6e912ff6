"""The embedded PostgreSQL: starts, is shared, stops with its last user, survives a crash, keeps to itself."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from yteso.config.postgres import DatabaseError, Server


@pytest.fixture
def home(place: Path) -> Path:
    (place / "node").mkdir()
    return place / "node"


def answers(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def test_it_starts_keeps_its_data_and_stops(home: Path) -> None:
    with Server(home).running() as url, psycopg.connect(url, autocommit=True) as conn:
        conn.execute("create table kept (it int)")
    assert not answers(url)
    with Server(home).running() as url, psycopg.connect(url) as conn:
        assert conn.execute("select count(*) from kept").fetchone() == (0,)


def test_the_last_of_several_users_stops_it(home: Path) -> None:
    with Server(home).running() as url:
        command = "import sys; from pathlib import Path; from yteso.config.postgres import Server\n"
        command += "with Server(Path(sys.argv[1])).running(): print('in', flush=True); sys.stdin.read()"
        other = subprocess.Popen(
            [sys.executable, "-c", command, str(home)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        assert other.stdout.readline() == "in\n"
    assert answers(url)
    other.communicate()
    assert not answers(url)


def test_what_goes_wrong_for_one_user_is_heard_while_another_stays(home: Path) -> None:
    with Server(home).running() as url:
        with pytest.raises(ValueError, match="heard"), Server(home).running():
            raise ValueError("heard")
        psycopg.connect(url).close()


def test_a_user_that_is_killed_does_not_hold_it(home: Path) -> None:
    command = "import sys, time; from pathlib import Path; from yteso.config.postgres import Server\n"
    command += "with Server(Path(sys.argv[1])).running(): print('in', flush=True); time.sleep(60)"
    killed = subprocess.Popen([sys.executable, "-c", command, str(home)], stdout=subprocess.PIPE, text=True)
    killed.stdout.readline()
    os.kill(killed.pid, signal.SIGKILL)
    killed.wait()
    killed.stdout.close()
    with Server(home).running() as url:
        assert answers(url)
    assert not answers(url)


def test_it_recovers_from_a_crash(home: Path) -> None:
    server = Server(home)
    with server.running() as url:
        with psycopg.connect(url, autocommit=True) as conn:
            conn.execute("create table kept (it int)")
        pid = int((server.data / "postmaster.pid").read_text().splitlines()[0])
        os.kill(pid, signal.SIGKILL)
        deadline = time.monotonic() + 20
        while answers(url) and time.monotonic() < deadline:
            time.sleep(0.1)
    with Server(home).running() as url, psycopg.connect(url) as conn:
        assert conn.execute("select count(*) from kept").fetchone() == (0,)


def test_it_listens_on_no_network(home: Path) -> None:
    with Server(home).running() as url, psycopg.connect(url) as conn:
        assert conn.execute("show listen_addresses").fetchone() == ("",)


def test_nobody_else_may_enter_its_folder(home: Path) -> None:
    server = Server(home)
    with server.running():
        for folder in (server.root, server.data, server.sockets):
            assert folder.stat().st_mode & 0o077 == 0


def test_its_log_quotes_no_data(home: Path) -> None:
    server = Server(home)
    with server.running() as url, psycopg.connect(url, autocommit=True) as conn:
        conn.execute("create table people (name text unique)")
        conn.execute("insert into people values ('NGUYEN VAN THU')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            conn.execute("insert into people values ('NGUYEN VAN THU')")
    assert "NGUYEN VAN THU" not in server.log.read_text()


def test_a_deep_home_folder_gets_a_short_socket(home: Path) -> None:
    deep = home / ("d" * 100)
    deep.mkdir()
    server = Server(deep)
    assert len(str(server.sockets / ".s.PGSQL.5432")) < 107
    with server.running() as url:
        assert answers(url)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a home that its own server cannot enter")
def test_under_a_closed_folder_root_keeps_the_data_where_the_server_can_go(home: Path) -> None:
    (home / "closed").mkdir(mode=0o700)
    (home / "closed" / "node").mkdir()
    server = Server(home / "closed" / "node")
    try:
        with server.running() as url:
            assert answers(url)
        assert (home / "closed" / "node" / "postgres").is_symlink()
    finally:
        import shutil

        shutil.rmtree(server.root)


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    server = Server(home)
    with server.running():
        pass
    with (server.data / "postgresql.conf").open("a") as conf:
        conf.write("shared_buffers = 'nonsense'\n")
    with pytest.raises(DatabaseError, match="did not start"), server.running():
        pass
