"""Dossiers that come again under another link: the one look across dossiers, made while a batch is taken in.

The visits of one patient at one facility wait for each other (the batch holds the lock on the patient), so of two that
arrive together one sees the other.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import psycopg

from yteso import mapping, record
from yteso.intake.checking import RULES
from yteso.intake.checking.terms import INPATIENT, SHORT_STAY
from yteso.intake.dossier import Row
from yteso.intake.findings import Finding
from yteso.intake.prepare import Prepared


DUPLICATE, OVERLAP = "XML1-085", "INT-001"

SAME = (
    *("MA_THE_BHYT", "MA_THE", "HO_TEN", "NGAY_VAO", "NGAY_RA", "MA_BENH_CHINH", "MA_BENH", "MA_CSKCB"),
    *("NAM_QT", "THANG_QT"),
)
MONEY = ("T_TONGCHI_BH", "T_TONGCHI", "T_BHTT")
"""Fields of XML1 that are equal in a duplicate (4210 has some under other names), and sums that are nearly equal."""

STAYS = (INPATIENT, SHORT_STAY)


class Other(NamedTuple):
    """Another visit of the same patient that meets this one in time."""

    link: str
    started: datetime
    ended: datetime
    summary: Row


def look(conn: psycopg.Connection, admitted: Sequence[Prepared]) -> None:
    """Add what is wrong to the findings of dossiers that repeat or overlap others; a critical one leaves the record."""
    earlier: dict[UUID, list[Prepared]] = {}
    stored = _stored(conn, admitted)
    for ready in admitted:
        others = [*stored.get(ready.mapped.document, ()), *map(_other, earlier.get(ready.mapped.subject, ()))]
        for finding in _findings(ready, others):
            if finding not in ready.findings:
                ready.findings.append(finding)
        if any(finding.critical for finding in ready.findings):
            ready.mapped = None
        else:
            earlier.setdefault(ready.mapped.subject, []).append(ready)


def _stored(conn: psycopg.Connection, admitted: Sequence[Prepared]) -> dict[UUID, list[Other]]:
    """What the record holds, by the document it meets. Bodies are opened only where they may matter."""
    known = {ready.mapped.document: ready for ready in admitted}
    visits = [(m.subject, m.document, m.started, m.ended) for m in (ready.mapped for ready in admitted)]
    found: dict[UUID, list[Other]] = {}
    for met, document in record.meeting(conn, visits):
        ready = known[met]
        if _at_once(ready, document.started, document.ended) or _is_stay(ready.summary):
            summary = next(iter(mapping.unmap(document.body)["XML1"]))
            found.setdefault(met, []).append(Other(document.source, document.started, document.ended, summary))
    return found


def _other(ready: Prepared) -> Other:
    return Other(ready.ma_lk, ready.mapped.started, ready.mapped.ended, ready.summary)


def _findings(ready: Prepared, others: Sequence[Other]) -> Iterator[Finding]:
    mapped = ready.mapped
    for other in others:
        if other.link == ready.ma_lk:
            continue
        meets = other.started < mapped.ended and mapped.started < other.ended
        if _at_once(ready, other.started, other.ended) and _is_same(ready.summary, other.summary):
            yield from _finding(ready, DUPLICATE, other)
        elif meets and _is_stay(ready.summary) and _is_stay(other.summary):
            yield from _finding(ready, OVERLAP, other)


def _finding(ready: Prepared, rule: str, other: Other) -> Iterator[Finding]:
    standing = ready.terms.policy.standing(RULES[rule], ready.mapped.ended.date())
    if standing.on:
        times = {"ngay_vao": f"{other.started:%Y%m%d%H%M}", "ngay_ra": f"{other.ended:%Y%m%d%H%M}"}
        params = {"other": other.link} | times
        yield Finding(rule, standing.severity, "XML1", 1, "MA_LK", ready.ma_lk, params)


def _at_once(ready: Prepared, started: datetime, ended: datetime) -> bool:
    return (started, ended) == (ready.mapped.started, ready.mapped.ended)


def _is_stay(summary: Row) -> bool:
    return summary.get("MA_LOAI_KCB", "").zfill(2) in STAYS


def _is_same(one: Row, other: Row) -> bool:
    if any(one.get(name) != other.get(name) for name in SAME):
        return False
    return all(abs(_dong(one, name) - _dong(other, name)) <= RULES[DUPLICATE].tolerance for name in MONEY)


def _dong(row: Row, name: str) -> float:
    try:
        return float(row.get(name, "0"))
    except ValueError:
        return 0.0
