"""A synthetic province sent by its facilities and taken in by the real worker, its figures counted."""

from datetime import date, datetime, timedelta
from functools import cache
from io import BytesIO
from pathlib import Path

import psycopg

from yteso.sandbox import simulate


MONTH = date(2026, 8, 1)
"""The month the tests look at: whole, and released."""

SMALL = "99003"


@cache
def files() -> list[simulate.SimulatedFile]:
    return list(simulate.visits(people=260, days=110, facilities=6, seed=5, dirty=0.15, per_file=20))


def fill(conn: psycopg.Connection) -> None:
    """Every file arrives the day after it was made; then all is taken in and counted."""
    from yteso import quality
    from yteso.intake import service, worker
    from yteso.registry.models import Facility

    for code in sorted({file.facility for file in files()}):
        Facility.objects.create(code=code, name=f"Cơ sở thử {code}", province=code[:2])
    for file in files():
        work, _new = service.receive(
            conn, BytesIO(file.bytes), name=Path(file.name).name, facility=file.facility, account="nga"
        )
        made = datetime.strptime(Path(file.name).name[:8], "%Y%m%d")
        conn.execute("update intake_submission set received = %s where id = %s", (made + timedelta(hours=9), work.id))
    conn.commit()
    conn.autocommit = True
    while worker.once(conn):
        pass
    quality.refresh(conn)
    conn.autocommit = False
