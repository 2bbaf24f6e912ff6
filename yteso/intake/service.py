"""The door: what arrives is stored as sent and gets a receipt; a worker takes it in."""

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from io import BufferedReader, RawIOBase
from typing import BinaryIO

import psycopg

from yteso.intake import original, store
from yteso.intake.envelope import LIMITS
from yteso.intake.prepare import Clock
from yteso.intake.process import Processor
from yteso.intake.store import Arrival, Work


CHUNK = 1 << 20
FACILITY = re.compile(rb"<MACSKCB>\s*(?:<!\[CDATA\[)?\s*([0-9A-Za-z]{5})\s*[<\]]")


class TooLarge(Exception):
    """The file is over the limit of the door (QĐ 4750 integration guide: 100 MB); nothing of it was kept."""


def arrival(source: BinaryIO, *, name: str, facility: str = "", account: str = "") -> Arrival:
    """Read a file to its end: hash it, pack it. Without a sender, the facility is the one the file names."""
    digest = sha256()
    size = 0
    head = b""

    def chunks() -> Iterator[bytes]:
        nonlocal size, head
        while chunk := source.read(CHUNK):
            head = head or chunk[:4096]
            size += len(chunk)
            if size > LIMITS.file:
                raise TooLarge(name)
            digest.update(chunk)
            yield chunk

    parts = list(original.pack(chunks()))
    if not facility and (named := FACILITY.search(head)):
        facility = named[1].decode()
    return Arrival(facility, account, name, digest.digest(), size, parts)


def receive(conn: psycopg.Connection, source: BinaryIO, *, name: str, facility: str, account: str) -> tuple[Work, bool]:
    """Store one file and give its submission, and whether it is new; it waits for a worker. Commits.

    Raises TooLarge.
    """
    item = arrival(source, name=name, facility=facility, account=account)
    with conn.transaction():
        return store.receive(conn, [item], claim=False)[0]


def take_in(conn: psycopg.Connection, submissions: list[Work], clock: Clock | None = None) -> Processor:
    """Take in submissions whose originals are in the database."""
    processor = Processor(conn, opener(conn), clock=clock)
    processor.run(submissions)
    return processor


def opener(conn: psycopg.Connection) -> Callable[[Work], BinaryIO]:
    return lambda work: opened(conn, work.id)


def opened(conn: psycopg.Connection, submission: int) -> BinaryIO:
    """The bytes of a submission as they were sent."""
    return BufferedReader(_Parts(original.unpack(store.original(conn, submission))), CHUNK)


class _Parts(RawIOBase):
    """A file over the parts of an original."""

    def __init__(self, parts: Iterator[bytes]) -> None:
        self._parts = parts
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:
        while not self._rest:
            part = next(self._parts, None)
            if part is None:
                return 0
            self._rest = memoryview(part)
        count = min(len(buffer), len(self._rest))
        buffer[:count] = self._rest[:count]
        self._rest = self._rest[count:]
        return count
