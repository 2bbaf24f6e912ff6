"""`yteso bench fhir`: requests a second to the FHIR server, and how long they take."""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import date
from http.client import HTTPConnection
from itertools import cycle
from pathlib import Path
from time import monotonic, sleep
from typing import TYPE_CHECKING
from urllib.parse import quote

import click
import orjson

from yteso.cli import bench_writes
from yteso.cli.bench_load import Load, load
from yteso.cli.bench_store import copies, empty_database, fill, server_version
from yteso.cli.machine import machine
from yteso.config import database


if TYPE_CHECKING:
    from yteso.record import Body

PORTION, PER_FILE = 5_000, 100
START, DAYS = date(2025, 7, 1), 360
TARGETS = 2_000
"""Different resources, and people, that are asked for in turn."""

REPEAT, WARM = 3, 1.0

ADDRESSES = {
    "read": "/fhir/R4/{resource}",
    "search": "/fhir/R4/Observation?patient={patient}&code={code}&_count=20",
    "everything": "/fhir/R4/Patient/{patient}/$everything",
}


@click.command()
@click.option("--visits", default=10_000, show_default=True, help="Visits stored.")
@click.option(
    "--stored", default=0, help="Documents of visits in the store, at least: copies of them for other patients."
)
@click.option("--connections", default=32, show_default=True, help="Connections of the clients, kept alive.")
@click.option("--seconds", default=5.0, show_default=True, help="Length of one run; of three, the median is reported.")
@click.option("--processes", default=os.cpu_count() or 1, show_default=True, help="Server processes.")
@click.option("--json", "as_json", is_flag=True, help="Print only the JSON line.")
def command(visits: int, stored: int, connections: int, seconds: float, processes: int, as_json: bool) -> None:
    """Requests over loopback to the real server, with a token and with every reading logged.

    Read by id, search by patient and code, everything of a patient; create, update, and transactions of 20 resources.
    Works in a database of its own and removes it afterwards. The clients share the machine with server and database.

    \b
    Example: yteso bench fhir --visits 10000 --connections 32 --json
    \b
    Example: yteso bench fhir --visits 10000 --stored 1000000 --json
    """

    def say(text: str) -> None:
        if not as_json:
            click.echo(text, err=True)

    with database.running() as server, empty_database(server):
        say(f"storing {visits} visits …")
        stored = max(_store(visits), copies(stored))
        token, targets = _token(), _targets()
        results = {}
        with _serving(processes) as port:
            for name, address in ADDRESSES.items():
                requests = [_request(port, address.format(**target), token) for target in targets]
                results[name] = _measure(port, cycle(requests), connections, seconds)
                say(f"{name}: {results[name]}")
            patients = [target["patient"] for target in targets]
            for name, writes in bench_writes.requests(port, token, patients).items():
                results[name] = _measure(port, writes, connections, seconds)
                say(f"{name}: {results[name]}")
        report = {
            "bench": "fhir",
            "visits": stored,
            "processes": processes,
            "results": results,
            "machine": machine() | server_version(),
        }
    print(orjson.dumps(report).decode())


def _store(visits: int) -> int:
    """Synthetic visits through the intake, a portion of files at a time; how many are in the record."""
    from yteso.intake import bulk
    from yteso.sandbox.simulate import visits as simulated

    source = simulated(people=max(300, visits // 3), days=DAYS, facilities=20, seed=1, per_file=PER_FILE, start=START)
    with bulk.Crew(None) as crew:
        for begun in range(0, visits, PORTION):
            with tempfile.TemporaryDirectory(prefix="yteso-bench-") as folder:
                files = fill(Path(folder), source, min(PORTION, visits - begun))
                for _ in crew.take_in(bulk.grouped(files)):
                    pass
    with database.connect(autocommit=True) as conn:
        conn.execute("vacuum analyze")
        return conn.execute("select count(*) from record_document where kind = 'visit'").fetchone()[0]


def _token() -> str:
    from yteso.fhir.server import clients

    with database.connect() as conn:
        return clients.create(conn, "bench", "system/*.*", by="bench")[0]


def _targets() -> list[dict[str, str]]:
    """Resources of all kinds, the patients they are about and a code of their results, in no order."""
    from yteso.record import Body
    from yteso.record.ids import fhir_id

    with database.connect() as conn:
        rows = conn.execute(
            """select subject, body from record_document where kind = 'visit' and labels = '{}'
               order by md5(id::text) limit %s""",
            (TARGETS,),
        ).fetchall()
    bodies = ((subject, Body.open(body)) for subject, body in rows)
    return [
        {"patient": fhir_id(subject), "resource": body.names[place % len(body)], "code": code}
        for place, (subject, body) in enumerate(bodies)
        if (code := _code(body))
    ]


def _code(body: "Body") -> str:
    """`system|code` of the first result that has one, as it stands in an address."""
    for _, _, json in body.of_type("Observation"):
        for coding in orjson.loads(json)["code"].get("coding", ()):
            return quote(f"{coding['system']}|{coding['code']}", safe="")
    return ""


@contextmanager
def _serving(processes: int) -> Iterator[int]:
    """The port of a server of its own."""
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    arguments = ("serve", "--port", str(port), "--processes", str(processes))
    server = subprocess.Popen([sys.executable, "-m", "yteso.cli", *arguments])  # noqa: S603 (ourselves)
    try:
        _await(port, server)
        yield port
    finally:
        server.terminate()
        server.wait(30)


def _await(port: int, server: subprocess.Popen) -> None:
    deadline = monotonic() + 120
    while server.poll() is None and monotonic() < deadline:
        try:
            with closing(HTTPConnection("127.0.0.1", port, timeout=20)) as http:
                http.request("GET", "/fhir/R4/metadata")
                if http.getresponse().status == 200:
                    return
        except OSError:
            sleep(0.1)
    raise click.ClickException("the server did not start")


def _request(port: int, address: str, token: str) -> bytes:
    return f"GET {address} HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: Bearer {token}\r\n\r\n".encode()


def _measure(port: int, turns: Iterator[bytes], connections: int, seconds: float) -> dict[str, float]:
    load(port, turns, connections, WARM)
    runs = sorted((load(port, turns, connections, seconds) for _ in range(REPEAT)), key=lambda run: run.per_s)
    middle: Load = runs[len(runs) // 2]
    return {
        "per_s": round(middle.per_s),
        "p50_ms": round(statistics.median(middle.times) * 1000, 2),
        "p99_ms": round(sorted(middle.times)[int(len(middle.times) * 0.99)] * 1000, 2),
        "connections": connections,
    }
