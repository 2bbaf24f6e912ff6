"""Who may be meant by what is known of a person: candidates with a grade and a score.

The rule is provisional, as that of intake (rule.py) is: what that one links is certain here. `candidates` stays when a
better one replaces `judge`.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Literal, Protocol
from uuid import UUID

from psycopg import Connection

from yteso.people.finding import SELECT, Known
from yteso.people.rule import births_agree
from yteso.people.text import fold


Grade = Literal["certain", "probable", "possible"]

CERTAIN, PROBABLE, POSSIBLE = "certain", "probable", "possible"
FULL = 12
"""Digits of a personal number: two different ones are two people."""

LOOKED_AT = 1000
"""Subjects that are judged at most."""

_ASKED = f"""{SELECT} AND s.number = %(number)s AND s.number <> ''
UNION {SELECT} AND s.card = %(card)s AND s.card <> ''
UNION {SELECT} AND s.subject = ANY(%(subjects)s)
UNION {SELECT} AND s.folded = %(folded)s AND left(s.birth, 4) = left(%(birth)s, 4) AND s.birth <> ''
LIMIT {LOOKED_AT}"""


class Asked(Protocol):
    """What is known, in the forms of a `Statement`; "" for what is not."""

    number: str
    card: str
    birth: str
    folded: str
    sex: str


@dataclass(slots=True, frozen=True)
class Candidate:
    """A person, by the subject of theirs that fits best. `score` from 0 to 1."""

    known: Known
    grade: Grade
    score: float


def candidates(conn: Connection, asked: Asked, subjects: Collection[UUID], limit: int) -> list[Candidate]:
    """The most likely first; `subjects` are those whose facility number was given."""
    named = {name: getattr(asked, name) for name in ("number", "card", "birth", "folded")}
    rows = conn.cursor(binary=True).execute(_ASKED, named | {"subjects": list(subjects)})
    judged = (_candidate(asked, Known(*row), subjects) for row in rows)
    best: dict[UUID, Candidate] = {}
    for one in sorted(filter(None, judged), key=_order):
        best.setdefault(one.known.person, one)
    return list(best.values())[:limit]


def judge(asked: Asked, known: Known, *, numbered: bool) -> tuple[Grade, float] | None:
    """How sure it is that `known` is who is asked for; `numbered`: the facility's own number was given. None: not."""
    name = bool(asked.folded) and asked.folded == fold(known.name)
    birth = bool(asked.birth and known.birth) and births_agree(asked.birth, known.birth)
    nothing = not (asked.folded or asked.birth)
    if asked.number and asked.number == known.number:
        exact = 1.0 if name and asked.birth == known.birth else 0.98 if name and birth else 0.97
        return (CERTAIN, exact) if name or birth else (POSSIBLE, 0.4)
    if len(asked.number) == len(known.number) == FULL:
        return None
    if numbered:
        return (CERTAIN, 0.99) if name or birth or nothing else (POSSIBLE, 0.3)
    if asked.card and asked.card == known.card:
        return (PROBABLE, 0.9) if name and birth else (PROBABLE, 0.8) if name or birth else (POSSIBLE, 0.4)
    if name and birth and {asked.sex, known.sex} != {"1", "2"}:
        return (PROBABLE, 0.7) if asked.birth == known.birth and "00" not in _parts(asked.birth) else (POSSIBLE, 0.5)
    return None


def _candidate(asked: Asked, known: Known, subjects: Collection[UUID]) -> Candidate | None:
    judged = judge(asked, known, numbered=known.subject in subjects)
    return judged and Candidate(known, *judged)


def _order(one: Candidate) -> tuple:
    return -one.score, -one.known.seen.timestamp(), one.known.subject


def _parts(birth: str) -> Iterable[str]:
    return birth[4:6], birth[6:8]
