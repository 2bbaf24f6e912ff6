"""Dossiers told to the door at chosen moments, and what the figures say of them."""

import sys
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg
import pytest


sys.path.insert(0, str(Path(__file__).parents[1] / "intake"))

HERE = ZoneInfo("Asia/Ho_Chi_Minh")


@pytest.fixture
def autocommit(conn: psycopg.Connection) -> psycopg.Connection:
    conn.rollback()
    conn.autocommit = True
    return conn


@pytest.fixture
def tell(autocommit: psycopg.Connection) -> Callable[..., int]:
    """`tell(dossier, …, at="2026-02-01 09:00")`: send one file that arrives then, take it in; its submission."""
    from arrivals import file_of

    from yteso.intake import service

    def told(*dossiers: object, at: str, facility: str = "99001", **options: object) -> int:
        content = file_of(*dossiers, facility=facility, **options)
        work, _new = service.receive(autocommit, BytesIO(content), name="a.xml", facility=facility, account="nga")
        work.received = datetime.fromisoformat(at).replace(tzinfo=HERE)
        autocommit.execute("update intake_submission set received = %s where id = %s", (work.received, work.id))
        service.take_in(autocommit, [work])
        return work.id

    return told


@pytest.fixture
def figures(autocommit: psycopg.Connection) -> Callable[..., dict[str, tuple[int, int]]]:
    """`figures("2026-01")`: refresh, then "measure" or "measure.part" → (numerator, denominator)."""
    from yteso import quality
    from yteso.quality.cards import counts

    def read(month: str, facility: str = "99001") -> dict[str, tuple[int, int]]:
        quality.refresh(autocommit)
        found = counts(autocommit, [date.fromisoformat(f"{month}-01")], facility=facility)
        return {
            f"{measure}.{part}".rstrip("."): (share.numerator, share.denominator)
            for (_, _, measure, part), share in found.items()
        }

    return read
