"""The web socket as `yteso serve` runs it: bound by a token, told what happens, closed when nothing is left."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

import pytest
import requests
from asking import save, token, visit
from receiver import status
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from yteso.config import database as node
from yteso.fhir.subscriptions import matching
from yteso.record.ids import fhir_id


TOPIC = "https://yteso.vn/fhir/SubscriptionTopic/encounter-end"
CONTENT = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-payload-content"


def free_ports() -> tuple[int, int]:
    with closing(socket.socket()) as one, closing(socket.socket()) as other:
        one.bind(("127.0.0.1", 0))
        other.bind(("127.0.0.1", 0))
        return one.getsockname()[1], other.getsockname()[1]


@pytest.fixture
def serve(database: str) -> Iterator[tuple[str, str]]:
    """Addresses of the FHIR face and of the web socket."""
    port, other = free_ports()
    address = f"ws://127.0.0.1:{other}/"
    arguments = ("serve", "--port", str(port), "--processes", "1", "--websocket-port", str(other))
    environment = os.environ | {"DATABASE_URL": database, "YTESO_WEBSOCKET": address}
    process = subprocess.Popen([sys.executable, "-m", "yteso.cli", *arguments], env=environment)
    try:
        for url in (f"http://127.0.0.1:{port}/health", f"http://127.0.0.1:{other}/"):
            wait_for(url, process)
        yield f"http://127.0.0.1:{port}/fhir/R4", address
    finally:
        process.terminate()
        process.wait(20)
    with closing(socket.socket()) as probe:
        assert probe.connect_ex(("127.0.0.1", other)) != 0


def wait_for(url: str, process: subprocess.Popen) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline and process.poll() is None:
        try:
            requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise AssertionError("the server did not start")


@pytest.fixture
def client(serve: tuple[str, str], conn) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.headers["Authorization"] = f"Bearer {token(conn, scope='system/*.read system/Subscription.write')}"
        yield session


@pytest.fixture
def following(database: str) -> Iterator[None]:
    """The part of the worker that looks for events."""
    ended = threading.Event()

    def follow() -> None:
        with node.connect(autocommit=True) as own:
            while not ended.wait(0.05):
                matching.step(own)

    thread = threading.Thread(target=follow)
    thread.start()
    yield
    ended.set()
    thread.join()


@pytest.fixture
def subscribed(client: requests.Session, serve: tuple[str, str]) -> Callable[..., str]:
    def ask(**extra: object) -> str:
        channel = {"type": "websocket", "payload": "application/fhir+json", **extra}
        channel["_payload"] = {"extension": [{"url": CONTENT, "valueCode": "id-only"}]}
        asked = {"resourceType": "Subscription", "status": "requested", "reason": "to know", "criteria": TOPIC}
        said = client.post(f"{serve[0]}/Subscription", json=asked | {"channel": channel})
        assert (said.status_code, said.json()["status"]) == (201, "active"), said.text
        return f"{serve[0]}/Subscription/{said.json()['id']}"

    return ask


@contextmanager
def bound(client: requests.Session, place: str, *, as_json: bool = False) -> Iterator[ClientConnection]:
    said = client.get(f"{place}/$get-ws-binding-token").json()
    given = {one["name"]: next(value for key, value in one.items() if key != "name") for one in said["parameter"]}
    written = {"type": "bind-with-token", "payload": {"token": given["token"]}}
    with connect(given["websocket-url"]) as open:
        open.send(json.dumps(written) if as_json else f"bind-with-token {given['token']}")
        greeting = heard(open)
        assert (greeting["type"], greeting["status"]) == ("handshake", "active")
        yield open


def heard(open: ClientConnection) -> dict:
    return status(json.loads(open.recv(timeout=20)))


@pytest.mark.parametrize("as_json", [False, True])
def test_told_as_it_happens(client, conn, subscribed, following, as_json) -> None:
    with bound(client, subscribed(), as_json=as_json) as open:
        for n in range(3):
            save(conn, visit(f"v{n}", n))
            told = heard(open)
            assert (told["type"], told["events"]) == ("event-notification", [n + 1])
            assert told["focus"] == [f"Encounter/{fhir_id(visit(f'v{n}').id)}"]


def test_what_happened_while_nobody_listened(client, conn, subscribed, following) -> None:
    place = subscribed()
    with bound(client, place) as open:
        save(conn, visit("a", 1))
        assert heard(open)["events"] == [1]
    save(conn, visit("b", 2))
    with bound(client, place) as open:
        assert heard(open)["events"] == [2]


def test_a_token_is_for_one_use_and_nothing_is_told_without_one(client, serve, subscribed) -> None:
    said = client.get(f"{subscribed()}/$get-ws-binding-token").json()
    given = said["parameter"][0]["valueString"]
    with connect(serve[1]) as first:
        first.send(f"bind-with-token {given}")
        assert heard(first)["type"] == "handshake"
        with connect(serve[1]) as second:
            for text in (f"bind-with-token {given}", "bind-with-token x", "{}", "[]", "hello", ""):
                second.send(text)
            with pytest.raises(TimeoutError):
                second.recv(timeout=1.5)


def test_one_token_for_all_of_a_clients_subscriptions(client, serve, subscribed) -> None:
    subscribed()
    subscribed()
    said = client.post(f"{serve[0]}/Subscription/$get-ws-binding-token").json()
    names = [one["name"] for one in said["parameter"]]
    assert names == ["token", "expiration", "subscription", "subscription", "websocket-url"]
    with connect(serve[1]) as open:
        open.send(f"bind-with-token {said['parameter'][0]['valueString']}")
        assert len({heard(open)["subscription"]["reference"] for _ in range(2)}) == 2


@pytest.mark.parametrize("by", ["deleting", "revoking"])
def test_it_closes_when_there_is_nothing_to_tell_any_more(client, conn, subscribed, by) -> None:
    place = subscribed()
    with bound(client, place) as open:
        if by == "deleting":
            assert client.delete(place).status_code == 204
        else:
            conn.execute("UPDATE fhir_token SET revoked = now()")
            conn.commit()
        with pytest.raises(ConnectionClosed):
            open.recv(timeout=20)


def test_the_address_is_in_the_capability_statement(client, serve) -> None:
    (rest,) = client.get(f"{serve[0]}/metadata").json()["rest"]
    assert rest["extension"][0]["valueUri"] == serve[1]


def test_there_is_nothing_for_other_channels(client, serve) -> None:
    said = client.get(f"{serve[0]}/Subscription/$get-ws-binding-token")
    assert (said.status_code, said.json()["resourceType"]) == (400, "OperationOutcome")
