"""A few connections shared by the threads of a process."""

from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

import psycopg


class Connections:
    """At most `most` open at a time, in autocommit mode; opened when first needed, the one used last taken first."""

    def __init__(self, connect: Callable[[], psycopg.Connection], most: int = 8) -> None:
        self._connect = connect
        self._idle: deque[psycopg.Connection] = deque()
        self._free = BoundedSemaphore(most)

    def close(self) -> None:
        """Close those that nobody holds."""
        while self._idle:
            self._idle.pop().close()

    @contextmanager
    def taken(self) -> Iterator[psycopg.Connection]:
        with self._free:
            conn = self._idle.pop() if self._idle else self._connect()
            try:
                yield conn
            except psycopg.OperationalError:
                # The server is gone, or was: the others of its time are of no use either.
                self.close()
                conn.close()
                raise
            finally:
                if not conn.closed:
                    self._idle.append(conn)
