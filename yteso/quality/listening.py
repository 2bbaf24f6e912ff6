"""Which facilities have gone silent, from the days on which their files arrived."""

from collections import defaultdict
from datetime import date

from psycopg import Connection

from yteso.quality.silence import HABIT, LOOKED_BACK, Silence, silent


def days_of_arrival(conn: Connection, today: date, *, facility: str = "", province: str = "") -> dict[str, set[date]]:
    """Facility → the days on which something arrived, as far back as silence is looked for."""
    rows = conn.execute(
        """SELECT DISTINCT facility, (received AT TIME ZONE 'Asia/Ho_Chi_Minh')::date FROM intake_submission
           WHERE received >= %(since)s AND facility <> ''
             AND (%(facility)s = '' OR facility = %(facility)s) AND starts_with(facility, %(province)s)""",
        {"since": today - LOOKED_BACK - HABIT, "facility": facility, "province": province},
    )
    days: dict[str, set[date]] = defaultdict(set)
    for code, day in rows:
        days[code].add(day)
    return days


def silence_of(conn: Connection, facility: str, today: date) -> Silence | None:
    return silent(days_of_arrival(conn, today, facility=facility).get(facility, ()), today)


def silences(conn: Connection, province: str, today: date) -> dict[str, Silence]:
    """The silent facilities of a province, the one silent for longest first."""
    found = {
        facility: gap
        for facility, days in days_of_arrival(conn, today, province=province).items()
        if (gap := silent(days, today))
    }
    return dict(sorted(found.items(), key=lambda one: (one[1].last, one[0])))


def never_heard(conn: Connection, province: str) -> list[str]:
    """Registered facilities of a province from which nothing has ever arrived."""
    rows = conn.execute(
        """SELECT code FROM registry_facility f WHERE starts_with(code, %s)
           AND NOT EXISTS (SELECT FROM intake_submission s WHERE s.facility = f.code) ORDER BY code""",
        (province,),
    )
    return [code for (code,) in rows]
