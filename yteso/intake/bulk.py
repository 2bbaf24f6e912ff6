"""Taking in many files at once, on every core: one process each, files handed out in small groups."""

import os
import resource
import signal
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, ProcessPoolExecutor, wait
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from itertools import islice
from multiprocessing import get_context
from pathlib import Path
from typing import BinaryIO

import psycopg

from yteso.config import application, collector, database
from yteso.intake import service, store
from yteso.intake.prepare import Clock
from yteso.intake.process import IN_ONE_GO, Processor, Totals


GROUP_FILES = 200
GROUP_BYTES = 32 << 20
"""A group is one task: at most this many files, or this many bytes."""


@dataclass(slots=True)
class Group:
    """What one task did: a receipt per file, totals, seconds per stage, and the memory of its process."""

    receipts: list[dict[str, object]] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)
    seconds: dict[str, float] = field(default_factory=dict)
    size: int = 0
    rss_mb: float = 0.0
    process: int = 0


def grouped(files: Iterable[Path]) -> Iterator[list[Path]]:
    group: list[Path] = []
    size = 0
    for file in files:
        size += file.stat().st_size
        group.append(file)
        if len(group) >= GROUP_FILES or size >= GROUP_BYTES:
            yield group
            group, size = [], 0
    if group:
        yield group


class Crew:
    """Processes that take in groups of files, each with its own connection. The database must answer.

    Raises what a task raised: `psycopg.Error` when the database refuses or is gone. What was committed stays; taking
    in the same files again goes on from there.
    """

    def __init__(self, processes: int | None = None) -> None:
        self.processes = processes or os.cpu_count() or 1
        self._pool = ProcessPoolExecutor(
            self.processes, mp_context=get_context("spawn"), initializer=_begin, initargs=(os.getpid(),)
        )

    def __enter__(self) -> "Crew":
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)

    def take_in(self, groups: Iterable[Sequence[Path]], *, facility: str = "") -> Iterator[Group]:
        """Yield each group as it is done."""
        waiting = iter(groups)
        running = {self._pool.submit(_task, group, facility) for group in islice(waiting, self.processes * 2)}
        while running:
            done, running = wait(running, return_when=FIRST_COMPLETED)
            for future in done:
                running |= {self._pool.submit(_task, group, facility) for group in islice(waiting, 1)}
                yield future.result()


def _begin(parent: int) -> None:
    """Start of a process: leave when the parent is gone; keep what is loaded out of the garbage collector's way."""
    # Ctrl-C reaches the whole group; what is being committed is finished, and the parent hands out no more.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with, args=(parent,), daemon=True).start()
    application.start()
    collector.settle()


def _leave_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(0.5)
    os._exit(1)


@cache
def _connection() -> psycopg.Connection:
    return database.connect(autocommit=True)


def _task(group: Sequence[Path], facility: str) -> Group:
    if _connection().closed:
        _connection.cache_clear()
    return take_in(_connection(), group, facility)


def take_in(conn: psycopg.Connection, group: Sequence[Path], facility: str, *, from_store: bool = False) -> Group:
    """Take in a group of files on an autocommit connection.

    Small files are read once. `from_store`: what was stored of a large one is read, not the file again, which may
    change or go away meanwhile.
    """
    done = Group(process=os.getpid())
    clock = Clock()
    with clock.stage("receive"):
        arrivals, kept = _arrivals(group, facility, done)
        with conn.transaction():
            received = store.receive(conn, arrivals, claim=True)
    unfinished = _unfinished(conn, received)
    sources = {work.id: source for (work, _), source in zip(received, kept, strict=True)}
    stored = service.opener(conn)

    def opened(work: store.Work) -> BinaryIO:
        path, content = sources[work.id]
        if content is not None:
            return BytesIO(content)
        return stored(work) if from_store else path.open("rb")

    processor = Processor(conn, opened, clock=clock)
    processor.run(unfinished)
    done.totals = processor.totals
    done.receipts += store.receipts(
        conn, [(work.id, str(path), new) for (work, new), (path, _) in zip(received, kept, strict=True)]
    )
    done.seconds = clock.seconds
    done.size = sum(arrival.size for arrival in arrivals)
    done.rss_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return done


def _arrivals(
    group: Sequence[Path], facility: str, done: Group
) -> tuple[list[store.Arrival], list[tuple[Path, bytes | None]]]:
    """What can be taken in of the files, and each with its path and, when it is small, its content."""
    arrivals, kept = [], []
    for path in group:
        try:
            with path.open("rb") as source:
                content = source.read(IN_ONE_GO + 1)
                whole = len(content) <= IN_ONE_GO
                source.seek(0)
                arrivals.append(
                    service.arrival(BytesIO(content) if whole else source, name=path.name, facility=facility)
                )
            kept.append((path, content if whole else None))
        except service.TooLarge:
            done.receipts.append({"file": str(path), "status": "too-large"})
        except OSError as error:
            done.receipts.append({"file": str(path), "status": "unreadable", "reason": error.strerror})
    return arrivals, kept


def _unfinished(conn: psycopg.Connection, received: list[tuple[store.Work, bool]]) -> list[store.Work]:
    """Of these, the ones still to be taken in, each once, from where an earlier attempt stopped."""
    with conn.transaction():
        standing = store.standing(conn, {work.id for work, new in received if not new})
    waiting = {}
    for work, _ in received:
        seen, finished = standing.get(work.id, (0, False))
        if not finished:
            work.seen = seen
            waiting[work.id] = work
    return list(waiting.values())
