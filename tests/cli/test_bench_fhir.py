"""`yteso bench fhir`: figures of the real server, as one JSON line."""

import json
import os
import socket
import subprocess
import sys
import threading
from contextlib import closing, suppress
from itertools import cycle
from pathlib import Path

import click
import pytest

from yteso.cli.bench_load import load
from yteso.cli.bench_store import copies


@pytest.mark.slow
def test_the_last_line_has_a_figure_for_each_operation(place) -> None:
    environment = os.environ | {"YTESO_HOME": str(place), "DATABASE_URL": ""}
    arguments = (
        "bench",
        "fhir",
        "--visits",
        "60",
        "--connections",
        "3",
        "--seconds",
        "0.3",
        "--processes",
        "1",
        "--json",
    )
    done = subprocess.run(
        [sys.executable, "-m", "yteso.cli", *arguments], capture_output=True, text=True, env=environment, timeout=300
    )
    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout.splitlines()[-1])
    assert said["bench"] == "fhir"
    assert 50 <= said["visits"] <= 160
    assert said["results"].keys() == {
        *("read", "search", "everything", "create", "update", "transaction"),
    }
    for figures in said["results"].values():
        assert figures["connections"] == 3
        assert figures["per_s"] > 0
        assert 0 < figures["p50_ms"] <= figures["p99_ms"]
    assert said["machine"]["cores"] == os.cpu_count()


def served(answer: bytes, pieces: int) -> int:
    """The port of a server that gives this answer to every request of one client, in pieces."""
    listener = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with suppress(OSError), closing(listener), closing(listener.accept()[0]) as peer:
            while peer.recv(65536):
                for start in range(0, len(answer), len(answer) // pieces + 1):
                    peer.sendall(answer[start : start + len(answer) // pieces + 1])

    threading.Thread(target=serve, daemon=True).start()
    return listener.getsockname()[1]


@pytest.mark.parametrize("pieces", [1, 2, 7])
def test_an_answer_counts_when_it_is_whole(pieces: int) -> None:
    port = served(b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\n0123456789", pieces)
    run = load(port, cycle([b"GET / HTTP/1.1\r\n\r\n"]), 1, 0.1)
    assert len(run.times) > 2
    assert run.per_s > 0


def test_an_answer_that_is_none_ends_the_measurement() -> None:
    port = served(b"HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n", 1)
    with pytest.raises(click.ClickException, match="500"):
        load(port, cycle([b"GET / HTTP/1.1\r\n\r\n"]), 1, 1)


def test_copies_fill_the_store_and_keep_its_index(conn, database) -> None:
    sys.path.append(str(Path(__file__).parents[1] / "fhir/server"))
    from asking import save, visit

    save(conn, *(visit(f"v{n}") for n in range(3)))
    assert copies(0) == 3
    assert copies(10) == 12
    assert conn.execute("SELECT count(DISTINCT subject), count(DISTINCT id) FROM record_document").fetchone() == (4, 12)
    index = "SELECT count(*) FROM pg_indexes WHERE indexname = 'record_document_tokens'"
    assert conn.execute(index).fetchone() == (1,)
