"""Monitoring of interconnection: per facility and month, what was expected and what came."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from psycopg import Connection

from yteso.intake.facts import FACTS
from yteso.quality import months, settings
from yteso.quality.cards import counts


VISITS = ("check-in", "admission", "referral", "return")
"""Visits that were announced: by XML0, by another facility's XML13, by the facility's own XML14."""

PAPERS = ("XML13", "XML14", "XML4", "XML7", "XML8")
"""Tables that a visit says must be there; of XML4, the services that must have results."""

KINDS = (*VISITS, *PAPERS)

LISTED = 500


@dataclass(frozen=True, slots=True)
class Line:
    kind: str
    expected: int
    came: int

    @property
    def missing(self) -> int:
        return self.expected - self.came


@dataclass(frozen=True, slots=True)
class Missing:
    """A visit that lacks something, or, from `source`, one that announced a visit due on `due` that never came.

    `submission` and `position` say where the visit is when this facility sent it.
    """

    ma_lk: str
    source: str
    due: date | None = None
    submission: int | None = None
    position: int | None = None


def interconnection(
    conn: Connection, month: date, today: date, *, facility: str = "", province: str = ""
) -> dict[str, list[Line]]:
    """Facility → a line per kind, in the order of KINDS; kinds of which nothing was expected are left out.

    An announced visit is expected once its days of grace are over, or it came.
    """
    found: dict[str, dict[str, Line]] = {}
    for one, kind, expected, came in _visits(conn, month, today, facility, province):
        found.setdefault(one, {})[kind] = Line(kind, expected, came)
    for (one, _, measure, part), share in counts(conn, [month], facility=facility, province=province).items():
        if measure == "complete" and part in PAPERS:
            found.setdefault(one, {})[part] = Line(part, share.denominator, share.numerator)
    return {one: [lines[kind] for kind in KINDS if kind in lines] for one, lines in sorted(found.items())}


def total(lines: Iterable[Line]) -> dict[str, Line]:
    """One line per kind over several facilities."""
    sums: dict[str, Line] = {}
    for line in lines:
        so_far = sums.get(line.kind, Line(line.kind, 0, 0))
        sums[line.kind] = Line(line.kind, so_far.expected + line.expected, so_far.came + line.came)
    return {kind: sums[kind] for kind in KINDS if kind in sums}


def _graces(month: date) -> tuple[list[str], list[int]]:
    return list(VISITS), [settings.number(f"grace_{kind}", month) for kind in VISITS]


OVERDUE = """
FROM quality_expected e
JOIN unnest(%(kinds)s::text[], %(graces)s::int[]) AS allowed (kind, days) ON allowed.kind = e.kind
CROSS JOIN LATERAL (SELECT coalesce(e.came <= e.due + allowed.days, false) AS came) AS fate
WHERE e.due >= %(month)s AND e.due < %(after)s AND (fate.came OR e.due + allowed.days < %(today)s)
  AND (%(facility)s = '' OR e.facility = %(facility)s) AND starts_with(e.facility, %(province)s)"""


def _visits(conn: Connection, month: date, today: date, facility: str, province: str) -> Iterable[tuple]:
    kinds, graces = _graces(month)
    about = {"kinds": kinds, "graces": graces, "month": month, "after": months.after(month), "today": today}
    return conn.execute(
        f"SELECT e.facility, e.kind, count(*), count(*) FILTER (WHERE fate.came) {OVERDUE} GROUP BY e.facility, e.kind",
        about | {"facility": facility, "province": province},
    ).fetchall()


def missing(conn: Connection, facility: str, month: date, kind: str, today: date) -> list[Missing]:
    """What a facility has to mend: the first LISTED visits without what they should have."""
    if kind in VISITS:
        kinds, graces = _graces(month)
        rows = conn.execute(
            f"""SELECT e.ma_lk, e.source, e.due {OVERDUE} AND NOT fate.came AND e.kind = %(kind)s
                ORDER BY e.due, e.ma_lk LIMIT %(limit)s""",
            {"kinds": kinds, "graces": graces, "month": month, "after": months.after(month), "today": today}
            | {"facility": facility, "province": "", "kind": kind, "limit": LISTED},
        )
        return [Missing(*row) for row in rows]
    pair = FACTS.index(kind) + 1
    rows = conn.execute(
        """SELECT ma_lk, submission_id, position FROM quality_latest(%s, %s)
           WHERE facts[2 * %s - 1] < facts[2 * %s] ORDER BY ended NULLS LAST, ma_lk LIMIT %s""",
        (facility, month, pair, pair, LISTED),
    )
    return [Missing(ma_lk, facility, None, submission, position) for ma_lk, submission, position in rows]
