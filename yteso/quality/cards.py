"""The card of a facility for a month: đúng, đủ, sạch, sống, sâu, đồng bộ, read from the raw figures."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date

from psycopg import Connection

from yteso.quality import months, settings
from yteso.quality.delays import Delays
from yteso.quality.settings import MEASURES
from yteso.quality.shares import Estimate, Prior, Share, prior, shrink


TREND = 12
TOP = 5

Key = tuple[str, date, str, str]
"""Facility, month, measure, part ("" for the whole measure)."""


@dataclass(frozen=True, slots=True)
class Measure:
    """One of the six. `estimate` is the share drawn towards the province, whose `prior` stands beside it.

    `grade` is "" when the visits are too few to judge; `trend` holds the months up to this one, oldest first.
    """

    name: str
    share: Share
    prior: Prior
    estimate: Estimate
    grade: str
    parts: dict[str, Share]
    trend: list[tuple[date, Share]]


@dataclass(frozen=True, slots=True)
class Sample:
    """A row of intake_dossier: its `id`, and where it is."""

    id: int
    submission: int
    position: int
    ma_lk: str


@dataclass(frozen=True, slots=True)
class TopRule:
    """A rule that touches many patients; `samples` are a few of the visits."""

    rule: str
    severity: str
    dossiers: int
    patients: int
    samples: list[Sample]


@dataclass(frozen=True, slots=True)
class Scorecard:
    """`visits` is how many ended in the month; with fewer than `minimum` nothing is graded or ranked."""

    facility: str
    month: date
    visits: int
    minimum: int
    measures: list[Measure]
    delays: Delays
    rules: list[TopRule] = field(default_factory=list)

    @property
    def enough(self) -> bool:
        return self.visits >= self.minimum


def scorecard(conn: Connection, facility: str, month: date) -> Scorecard:
    """The card, also of a month with no visits. Peers are the facilities of the same province in the same month."""
    figures = counts(conn, [months.before(month, n) for n in range(TREND)], facility=facility)
    peers = counts(conn, [month], province=facility[:2], part="")
    minimum, lightest = settings.number("minimum", month), settings.number("prior", month)
    visits = figures.get((facility, month, "correct", ""), Share()).dossiers
    measures = []
    for name in MEASURES:
        share = figures.get((facility, month, name, ""), Share())
        known = prior((peer for (_, _, measure, _), peer in peers.items() if measure == name), lightest)
        judged = share.dossiers >= minimum and share.value is not None
        measures.append(
            Measure(
                name,
                share,
                known,
                shrink(share, known),
                settings.grade(name, share.value, months.last_day(month)) if judged else "",
                {
                    part: share
                    for (_, at, measure, part), share in figures.items()
                    if (at, measure) == (month, name) and part
                },
                [(at, figures.get((facility, at, name, ""), Share())) for at in _trend_months(month)],
            )
        )
    return Scorecard(
        facility, month, visits, minimum, measures, delays(conn, facility, month), top_rules(conn, facility, month)
    )


def _trend_months(month: date) -> list[date]:
    return [months.before(month, back) for back in reversed(range(TREND))]


def counts(
    conn: Connection, of: Collection[date], *, facility: str = "", province: str = "", part: str | None = None
) -> dict[Key, Share]:
    """Raw figures of these months, of one facility or a whole province; `part` "" leaves the parts out."""
    rows = conn.execute(
        """SELECT facility, month, measure, part, numerator, denominator, dossiers FROM quality_count
           WHERE month = ANY(%(months)s) AND (%(facility)s = '' OR facility = %(facility)s)
             AND starts_with(facility, %(province)s) AND (%(part)s::text IS NULL OR part = %(part)s)
           ORDER BY facility, month, measure, part""",
        {"months": list(of), "facility": facility, "province": province, "part": part},
    )
    return {tuple(row[:4]): Share(*row[4:]) for row in rows}


def delays(conn: Connection, facility: str, month: date) -> Delays:
    rows = conn.execute(
        "SELECT minutes, dossiers FROM quality_delay WHERE facility = %s AND month = %s ORDER BY minutes",
        (facility, month),
    )
    return Delays(dict(rows.fetchall()))


def top_rules(conn: Connection, facility: str, month: date, limit: int = TOP) -> list[TopRule]:
    """The rules that touch most patients."""
    rows = conn.execute(
        """SELECT rule, severity, dossiers, patients, samples FROM quality_rule
           WHERE facility = %s AND month = %s ORDER BY patients DESC, dossiers DESC, rule LIMIT %s""",
        (facility, month, limit),
    ).fetchall()
    found = _samples(conn, {id for *_, samples in rows for id in samples})
    return [TopRule(*said, [found[id] for id in samples]) for *said, samples in rows]


def _samples(conn: Connection, ids: set[int]) -> dict[int, Sample]:
    rows = conn.execute(
        "SELECT id, submission_id, position, ma_lk FROM intake_dossier WHERE id = ANY(%s)", (list(ids),)
    )
    return {row[0]: Sample(*row) for row in rows}


def months_known(conn: Connection, *, facility: str = "", province: str = "") -> list[date]:
    """The months with figures, newest first."""
    rows = conn.execute(
        """SELECT DISTINCT month FROM quality_count
           WHERE (%(facility)s = '' OR facility = %(facility)s) AND starts_with(facility, %(province)s)
           ORDER BY month DESC""",
        {"facility": facility, "province": province},
    )
    return [month for (month,) in rows]


def by_facility(figures: dict[Key, Share]) -> dict[str, dict[str, Share]]:
    """Facility → measure → share, of figures of one month without parts."""
    found: dict[str, dict[str, Share]] = defaultdict(dict)
    for (facility, _, measure, _), share in figures.items():
        found[facility][measure] = share
    return dict(found)
