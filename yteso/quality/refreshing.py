"""Keeps the monthly figures true: counts anew every (facility, month) that a finished submission touches.

Counting is idempotent: the figures of a month are what its visits say now, told last, however often it runs. One
process counts at a time, in one transaction with marking the submissions as tallied.
"""

from collections.abc import Callable
from time import monotonic

from psycopg import Connection

from yteso.intake.facts import CLEAN, COMPLETE, DEEP, FACTS
from yteso.quality import counting


AT_ONCE = 5_000
"""Submissions to a transaction."""

EVERY_SECONDS = 20


def refresh(conn: Connection, *, everything: bool = False) -> int:
    """Count what is not yet counted, or all there is; how many (facility, month) pairs that was."""
    pairs = 0
    if everything:
        with conn.transaction():
            conn.execute("UPDATE intake_submission SET tallied = false WHERE tallied")
    while (step := _step(conn)) is not None:
        pairs += step
    return pairs


def refresher(conn_seconds: float = EVERY_SECONDS) -> Callable[[Connection], None]:
    """`refresh` for a loop that turns faster than figures need to."""
    due = 0.0

    def turn(conn: Connection) -> None:
        nonlocal due
        if monotonic() >= due:
            refresh(conn)
            due = monotonic() + conn_seconds

    return turn


def _step(conn: Connection) -> int | None:
    """One transaction; None when nothing waits, or another process is counting."""
    with conn.transaction():
        if not conn.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('quality', 0))").fetchone()[0]:
            return None
        submissions = [id for (id,) in conn.execute(counting.TALLY, (AT_ONCE,))]
        if not submissions:
            return None
        pairs = conn.execute(counting.PAIRS, {"submissions": submissions}).fetchall()
        _count(conn, submissions, pairs)
        return len(pairs)


def _count(conn: Connection, submissions: list[int], pairs: list[tuple]) -> None:
    facilities, months = [f for f, _ in pairs], [m for _, m in pairs]
    about = {
        "submissions": submissions,
        "facilities": facilities,
        "months": months,
        "measures": [_measure(name) for name in FACTS],
        "parts": list(FACTS),
        "main": 2 * (FACTS.index("placeholder") + 1),
        "complete": [FACTS.index(name) + 1 for name in COMPLETE],
        "deep": [FACTS.index(name) + 1 for name in DEEP],
    }
    conn.execute(counting.LATEST, about)
    for table in ("quality_count", "quality_delay", "quality_rule"):
        conn.execute(counting.FORGET.format(table=table), about)
    for statement in (counting.COUNTS, counting.PARTS, counting.DELAYS, counting.RULES):
        conn.execute(statement, about)
    for statement in (counting.UNEXPECT, counting.EXPECT, counting.CAME):
        conn.execute(statement, about)


def _measure(name: str) -> str:
    return "complete" if name in COMPLETE else "clean" if name in CLEAN else "deep"
