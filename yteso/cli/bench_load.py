"""HTTP clients that cost little, so that the server is measured and not they: one thread, answers read by length."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from selectors import EVENT_READ, DefaultSelector
from time import perf_counter

import click


@dataclass(slots=True)
class Load:
    """`times`: seconds of each request, from sending it to the last byte of its answer."""

    per_s: float
    times: list[float]


@dataclass(slots=True)
class Client:
    """One connection: what has come of the answer so far, and when its request was sent."""

    socket: socket.socket
    sent: float = 0.0
    parts: bytearray = field(default_factory=bytearray)
    size: int = 0

    def send(self, request: bytes) -> None:
        self.parts.clear()
        self.size = 0
        self.sent = perf_counter()
        self.socket.sendall(request)

    def complete(self) -> bool:
        """Read what has come; whether that is the whole answer."""
        data = self.socket.recv(1 << 18)
        if not data:
            raise click.ClickException("the server closed a connection")
        self.parts += data
        if not self.size and (end := self.parts.find(b"\r\n\r\n")) > 0:
            head = bytes(self.parts[:end]).lower()
            if b" 20" not in head[:20]:
                raise click.ClickException(f"the server answered {head[:20].decode()}")
            self.size = end + 4 + int(head.partition(b"content-length:")[2].partition(b"\r")[0])
        return bool(self.size) and len(self.parts) >= self.size


def load(port: int, requests: Iterator[bytes], connections: int, seconds: float) -> Load:
    """Each connection sends its next request as soon as its last is answered."""
    times: list[float] = []
    with ExitStack() as stack:
        selector = stack.enter_context(DefaultSelector())
        begin = perf_counter()
        for _ in range(connections):
            client = Client(stack.enter_context(socket.create_connection(("127.0.0.1", port))))
            client.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            selector.register(client.socket, EVENT_READ, client)
            client.send(next(requests))
        while (now := perf_counter()) < begin + seconds:
            for key, _ in selector.select(1):
                if key.data.complete():
                    times.append(perf_counter() - key.data.sent)
                    key.data.send(next(requests))
    return Load(len(times) / (now - begin), times)
