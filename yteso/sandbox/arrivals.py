"""When the files of a synthetic province arrived: a demo takes them in on one day, as if each had come on its own."""

from collections.abc import Sequence

from psycopg import Connection


SPREAD = """
UPDATE intake_submission SET received = arrived.at, finished = arrived.at + (finished - received)
FROM (
    SELECT id, least(now(), (to_date(left(name, 8), 'YYYYMMDD')::timestamp
                + CASE WHEN get_byte(sha256, 0) %% 100 < 2 + get_byte(sha256(facility::bytea), 0) %% 20
                       THEN make_interval(days => 1 + get_byte(sha256, 1) %% 6, hours => 9)
                       ELSE make_interval(mins => get_byte(sha256, 2)) END) AT TIME ZONE 'Asia/Ho_Chi_Minh') AS at
    FROM intake_submission WHERE NOT tallied AND name = ANY(%s)
) arrived
WHERE arrived.id = intake_submission.id"""


def spread(conn: Connection, names: Sequence[str]) -> None:
    """Date the receipts of these files, before they are counted: the night after the last visit, some days later.

    A simulated file is called after the day it was made (yyyymmdd_…). Of each facility 2 to 21 % come 1 to 6 days late,
    always the same ones.
    """
    conn.execute(SPREAD, (list(names),))
