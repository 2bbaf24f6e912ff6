"""The log of readings for many readers at once: lines that arrive while one commit is under way share the next.

A commit waits for the disk, two milliseconds and more; one for every reading would be the limit of the FHIR face.
Whoever writes a line goes on when it is safely in the log, and not before.
"""

import threading
from collections import deque
from collections.abc import Callable, Mapping
from uuid import UUID

from psycopg import Connection

from yteso.access.policy import Reader


_INSERT = """INSERT INTO access_read (account, role, facility, purpose, person, documents, outcome)
    SELECT account, role, facility, purpose, coalesce(person, line.subject), documents, outcome
    FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::uuid[], %s::int[], %s::text[])
        AS line (account, role, facility, purpose, subject, documents, outcome)
    LEFT JOIN people_link link ON link.subject = line.subject AND link.until IS NULL"""


class Log:
    """`connect` opens a connection in autocommit mode; one is kept, by a thread that starts with the first line."""

    def __init__(self, connect: Callable[[], Connection]) -> None:
        self._connect = connect
        self._lines: deque[_Line | None] = deque()  # None: the end
        self._waiting = threading.Semaphore(0)
        self._starting = threading.Lock()
        self._writer: threading.Thread | None = None

    def write(self, reader: Reader, documents: Mapping[UUID, int], outcome: str) -> None:
        """One line for the person of each subject (for the subject itself while nobody is known by it) and the number
        of documents; raises what the database raises.
        """
        who = (reader.account, reader.role, reader.facility, reader.purpose)
        lines = [_Line((*who, subject, number, outcome)) for subject, number in documents.items()]
        if lines and not self._writer:
            self._start()
        for line in lines:
            self._lines.append(line)
            self._waiting.release()
        for line in lines:
            line.wait()

    def close(self) -> None:
        """End the thread after the lines that wait; the next line starts another."""
        if self._writer:
            self._lines.append(None)
            self._waiting.release()
            self._writer.join()
            self._writer = None

    def _start(self) -> None:
        with self._starting:
            if not self._writer:
                self._writer = threading.Thread(target=self._write, name="log of readings", daemon=True)
                self._writer.start()

    def _write(self) -> None:
        conn, going = None, True
        while going:
            waiting = self._next()
            lines = [line for line in waiting if line]
            going = len(lines) == len(waiting)
            fault = None
            try:
                conn = conn or self._connect()
                insert(conn, [line.values for line in lines])
            except Exception as error:  # told to those who wait
                fault = error
                if conn:
                    conn.close()
                conn = None
            for line in lines:
                line.done(fault)
        if conn:
            conn.close()

    def _next(self) -> list["_Line | None"]:
        """The lines that wait, at least one."""
        self._waiting.acquire()
        lines = [self._lines.popleft()]
        while self._waiting.acquire(blocking=False):
            lines.append(self._lines.popleft())
        return lines


def insert(conn: Connection, lines: list[tuple]) -> None:
    """Lines of account, role, facility, purpose, subject, documents and outcome, in the caller's transaction."""
    if lines:
        conn.execute(_INSERT, [list(column) for column in zip(*lines, strict=True)])


class _Line:
    """A line, and the reader who waits for it. A bare lock is the lightest thing to wait on."""

    __slots__ = ("_fault", "_lock", "values")

    def __init__(self, values: tuple) -> None:
        self.values = values
        self._fault: Exception | None = None
        self._lock = threading.Lock()
        self._lock.acquire()

    def done(self, fault: Exception | None) -> None:
        self._fault = fault
        self._lock.release()

    def wait(self) -> None:
        self._lock.acquire()
        if self._fault:
            raise self._fault
