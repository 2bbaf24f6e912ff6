"""Rules of XML3 on moments: order, execution, result, bed periods, and who was where when."""

from collections.abc import Iterator
from itertools import islice

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import (
    BEDS,
    INTERVENTIONS,
    SURGERY,
    TESTS,
    Rows,
    bounds,
    days_of,
    minutes_between,
    of,
    once,
    stay,
    within,
)
from yteso.intake.checking.values import MINUTES, parts
from yteso.intake.checking.xml3_fields import done_elsewhere, lacking
from yteso.intake.dossier import Row


SHORTEST_TEST = 3
LONGEST_WAIT = 7 * 1440
LONGEST_EXECUTION = 70
HOUR = 60


@once
def out_of_order(v: Visit) -> Rows:
    """The rows whose moments do not simply follow: arrival, order, execution, result, leaving."""
    begins, ends = stay(v).begins, stay(v).ends
    found = []
    for at, row in enumerate(v.x3, 1):
        ordered = row.get("NGAY_YL", "")
        done = row.get("NGAY_TH_YL", ordered)
        if not begins <= ordered <= done <= row.get("NGAY_KQ", done) <= ends:
            found.append((at, row))
    return found


@rule("XML3-009")
def execution_has_its_moment_after_the_order(v: Visit, add: Add) -> None:
    for at, row in lacking(v, "NGAY_TH_YL"):
        if not done_elsewhere(row):
            add("XML3", at, "NGAY_TH_YL", ngay_yl=row.get("NGAY_YL", "…"))
    known = stay(v)
    for at, row in out_of_order(v):
        ordered, done = row.get("NGAY_YL", ""), row.get("NGAY_TH_YL", "")
        if MINUTES[done] and within(known, ordered) and done < ordered:
            add("XML3", at, "NGAY_TH_YL", done, ngay_yl=ordered)


@rule("XML3-011")
def result_follows_order_and_execution(v: Visit, add: Add) -> None:
    known = stay(v)
    for at, row in out_of_order(v):
        known_at = row.get("NGAY_KQ", "")
        if not MINUTES[known_at]:
            continue
        ordered, done = row.get("NGAY_YL", ""), row.get("NGAY_TH_YL", "")
        before_order = within(known, ordered) and known_at < ordered
        if known_at > known.left or before_order or (MINUTES[done] and known_at < done):
            times = {"ngay_yl": row.get("NGAY_YL", "…"), "ngay_th_yl": row.get("NGAY_TH_YL", "…")}
            add("XML3", at, "NGAY_KQ", known_at, **times, **bounds(v))


@rule("XML3-012")
def result_comes_neither_late_nor_at_once(v: Visit, add: Add) -> None:
    for at, row in of(v, TESTS):
        ordered, done, known_at = row.get("NGAY_YL", ""), row.get("NGAY_TH_YL", ""), row.get("NGAY_KQ", "")
        took = minutes_between(done, known_at)
        if 0 <= took < SHORTEST_TEST:
            add("XML3", at, "NGAY_KQ", known_at, since="NGAY_TH_YL", minutes=f"{took:g}")
        elif minutes_between(ordered, known_at) > LONGEST_WAIT:
            add("XML3", at, "NGAY_KQ", known_at, since="NGAY_YL", minutes=f"{minutes_between(ordered, known_at):g}")


@rule("XML3-013")
def execution_is_not_overlong(v: Visit, add: Add) -> None:
    for at, row in of(v, ("2", "3", *INTERVENTIONS)):
        took = minutes_between(row.get("NGAY_TH_YL", ""), row.get("NGAY_KQ", ""))
        if took > LONGEST_EXECUTION:
            add("XML3", at, "NGAY_KQ", row["NGAY_KQ"], ngay_th_yl=row["NGAY_TH_YL"], minutes=f"{took:g}")


@rule("XML3-014", standards=ALL)
def order_is_within_the_stay(v: Visit, add: Add) -> None:
    known = stay(v)
    for at, row in out_of_order(v):
        ordered = row.get("NGAY_YL", "")
        if MINUTES[ordered] and not within(known, ordered):
            add("XML3", at, "NGAY_YL", ordered, **bounds(v))


@rule("XML3-015", standards=ALL)
def card_is_in_force_when_a_service_is_ordered(v: Visit, add: Add) -> None:
    card_from = stay(v).card_from
    for at, row in out_of_order(v):
        ordered = row.get("NGAY_YL", "")
        if MINUTES[ordered] and ordered[:8] < card_from and v.n3[at - 1].get("T_BHTT", 0) > 0:
            add("XML3", at, "NGAY_YL", ordered, gt_the_tu=card_from)


@rule("XML3-016")
def execution_is_past_and_not_by_the_ordering_doctor(v: Visit, add: Add) -> None:
    for at, row in out_of_order(v):
        done = row.get("NGAY_TH_YL", "")
        if MINUTES[done] and done > v.now:
            add("XML3", at, "NGAY_TH_YL", done, now=v.now)
    for at, row in of(v, TESTS):
        doctor, performer = row.get("MA_BAC_SI"), row.get("NGUOI_THUC_HIEN")
        if doctor and performer and (doctor == performer or ";" in doctor or ";" in performer):
            both = _people(row, "MA_BAC_SI") & _people(row, "NGUOI_THUC_HIEN")
            if both:
                add("XML3", at, "NGUOI_THUC_HIEN", performer, person="; ".join(sorted(both)))


def _people(row: Row, field: str) -> set[str]:
    return set(parts(row.get(field, "")))


@rule("XML3-017")
def performer_is_at_one_table_at_a_time(v: Visit, add: Add) -> None:
    """Operations added to another in one session (rate below 100) belong together and are left out."""
    rows = [(at, row) for at, row in of(v, INTERVENTIONS) if v.n3[at - 1].get("TYLE_TT_DV", 100) == 100]
    for first, one, second, other in overlapping(rows, "NGAY_TH_YL"):
        both = _people(one, "NGUOI_THUC_HIEN") & _people(other, "NGUOI_THUC_HIEN")
        if both:
            add("XML3", second, "NGAY_TH_YL", other["NGAY_TH_YL"], first=str(first), person="; ".join(sorted(both)))


@rule("XML3-024")
def bed_periods_do_not_overlap(v: Visit, add: Add) -> None:
    for first, one, second, other in overlapping(of(v, BEDS), "NGAY_YL"):
        add("XML3", second, "NGAY_YL", other["NGAY_YL"], first=str(first), ngay_kq=one["NGAY_KQ"])


def overlapping(rows: Rows, start: str) -> Iterator[tuple[int, Row, int, Row]]:
    """Pairs of rows whose periods, from `start` to NGAY_KQ, share more than their ends; rows without both are left out.

    Each pair comes as number and row of the one that began first, then of the other.
    """
    if _one_after_another(rows, start):
        return
    periods = [
        (row[start], row["NGAY_KQ"], at, row)
        for at, row in rows
        if MINUTES[row.get(start, "")] and MINUTES[row.get("NGAY_KQ", "")] and row[start] < row["NGAY_KQ"]
    ]
    periods.sort(key=lambda period: period[:3])
    for place, (_, end, first, one) in enumerate(periods):
        for begin, _, second, other in islice(periods, place + 1, None):
            if begin >= end:
                break
            yield first, one, second, other


def _one_after_another(rows: Rows, start: str) -> bool:
    last = ""
    for _, row in rows:
        if row.get(start, "") < last:
            return False
        last = row.get("NGAY_KQ", "~")
    return True


@rule("XML3-023")
def quantity_fits_one_bed_and_one_operation(v: Visit, add: Add) -> None:
    """At most one operation a row, and one bed day for each calendar day of the row's period.

    A bed row runs from the first use of the bed to its end (QĐ 130, 4750, 3176, table 3, NGAY_YL and NGAY_KQ), so
    that it may stand for several days; without a real period one day is the most.
    """
    for at, row in of(v, (*BEDS, SURGERY)):
        quantity = v.n3[at - 1].get("SO_LUONG", 0)
        if quantity > 1:
            most = 1 if row["MA_NHOM"] == SURGERY else _bed_days(v, row)
            if quantity > most:
                add("XML3", at, "SO_LUONG", row["SO_LUONG"], most=str(most))


def _bed_days(v: Visit, row: Row) -> int:
    start, end = row.get("NGAY_YL", ""), row.get("NGAY_KQ") or v.x1.get("NGAY_RA", "")
    return max(1, days_of(start, end)) if MINUTES[start] and MINUTES[end] else 1


@rule("XML3-025")
def short_stay_has_few_bed_days(v: Visit, add: Add) -> None:
    beds = of(v, BEDS)
    stayed = minutes_between(v.x1.get("NGAY_VAO", ""), v.x1.get("NGAY_RA", ""))
    if not beds or not 0 <= stayed < 24 * HOUR:
        return
    days = sum(v.n3[at - 1].get("SO_LUONG", 0) for at, _ in beds)
    if days >= 2 or (days > 0 and stayed < 4 * HOUR):
        at, row = beds[-1]
        add("XML3", at, "SO_LUONG", row.get("SO_LUONG", ""), days=f"{days:g}", hours=f"{stayed / HOUR:.1f}")
