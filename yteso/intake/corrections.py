"""How often what was sent had to be corrected, from the intake's own tables alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from psycopg import Connection

from yteso.intake.receipt import HERE


@dataclass(slots=True, frozen=True)
class Counts:
    """Dossiers of a facility and period.

    corrected: a newer version took the place of one already accepted. mended: refused in the period, accepted since.
    waiting: refused in the period, and neither accepted nor withdrawn since. withdrawn: taken back in the period.
    """

    corrected: int
    mended: int
    waiting: int
    withdrawn: int


def counts(conn: Connection, facility: str, since: date, until: date) -> Counts:
    """Of what was received from `since` to `until`, both days included, in the time of Viet Nam."""
    first, end = (datetime(day.year, day.month, day.day, tzinfo=HERE) for day in (since, until + timedelta(days=1)))
    row = conn.execute(
        """with sent as materialized (
               select id from intake_submission where facility = %(facility)s and received >= %(first)s
               and received < %(end)s
           ), refused as (
               select d.ma_lk, max(d.id) as last from intake_dossier d join sent on sent.id = d.submission_id
               where d.outcome = 'refused' and d.ma_lk <> '' group by d.ma_lk
           ), since as (
               select r.ma_lk, exists (
                   select from intake_dossier d join intake_submission s on s.id = d.submission_id
                   where d.ma_lk = r.ma_lk and s.facility = %(facility)s and d.id > r.last and d.outcome <> 'refused'
               ) as accepted, exists (
                   select from intake_withdrawal w join intake_dossier d on d.id = r.last
                   join intake_submission s on s.id = d.submission_id
                   where w.facility = %(facility)s and w.ma_lk = r.ma_lk and w.at > s.received
               ) as withdrawn
               from refused r
           )
           select (select count(distinct d.ma_lk) from intake_dossier d join sent on sent.id = d.submission_id
                   where d.saved = 'changed'),
                  (select count(*) from since where accepted),
                  (select count(*) from since where not accepted and not withdrawn),
                  (select count(distinct w.document) from intake_withdrawal w
                   where w.facility = %(facility)s and w.at >= %(first)s and w.at < %(end)s)""",
        {"facility": facility, "first": first, "end": end},
    ).fetchone()
    return Counts(*row)
