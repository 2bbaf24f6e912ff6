"""A receiver of notifications: a real HTTP server on this machine, that answers as it is told to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from time import sleep
from typing import Any


@dataclass
class Receiver:
    """`answers` are the next statuses, then 200; `rest` how long it thinks, in seconds."""

    url: str = ""
    bodies: list[bytes] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    rest: float = 0

    @property
    def origin(self) -> str:
        return self.url.rpartition("/")[0]

    @property
    def said(self) -> list[dict[str, Any]]:
        return [status(json.loads(body)) for body in list(self.bodies)]

    @property
    def numbers(self) -> list[int]:
        """Of the events, in the order in which they came."""
        return [number for one in self.said for number in one["events"]]


def status(bundle: dict[str, Any]) -> dict[str, Any]:
    """What the first entry of a notification says."""
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "history")
    first = bundle["entry"][0]["resource"]
    assert first["resourceType"] == "Parameters"
    found: dict[str, Any] = {"events": [], "focus": []}
    for one in first["parameter"]:
        if one["name"] == "notification-event":
            parts = {part["name"]: next(v for k, v in part.items() if k != "name") for part in one["part"]}
            found["events"].append(int(parts["event-number"]))
            found["focus"].append(parts.get("focus", {}).get("reference", "").partition("/fhir/R4/")[2])
        else:
            found[one["name"]] = next(value for key, value in one.items() if key != "name")
    return found


@contextmanager
def receiving() -> Iterator[Receiver]:
    receiver = Receiver()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            sleep(receiver.rest)
            answer = receiver.answers.pop(0) if receiver.answers else 200
            if answer < 300:
                receiver.bodies.append(body)
                receiver.headers.append(dict(self.headers))
            self.send_response(answer)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver.url = f"http://127.0.0.1:{server.server_port}/hook"
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
