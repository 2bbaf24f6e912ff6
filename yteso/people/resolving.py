"""From what visits say about their patients to people: a batch in a few statements, in any order, from any number of
processes at once.

Everybody whose facts bear on a group holds the lock on its personal number, so a group is decided by one at a time.
"""

from collections.abc import Iterable, Set
from dataclasses import fields
from uuid import UUID, uuid4

import orjson
from psycopg import Connection
from psycopg.types.json import Json, Jsonb

from yteso.people.linking import Linked, people_of
from yteso.people.rule import why
from yteso.people.statement import Statement, silence
from yteso.record import lock


_TYPES = {"subject": "uuid", "seen": "timestamptz", "made": "date", "received": "timestamptz"}
COLUMNS = tuple(field.name for field in fields(Statement))


def names(conn: Connection, statements: Iterable[Statement]) -> set[UUID | str]:
    """What `resolve` locks: the subjects, the numbers they state, and the numbers they stated before."""
    statements = list(statements)
    return names_of(conn, {said.subject for said in statements}) | _locks(said.number for said in statements)


def names_of(conn: Connection, subjects: Set[UUID]) -> set[UUID | str]:
    """The subjects and the numbers they stated last."""
    return {*subjects, *_locks(_numbers(conn, subjects))}


def resolve(conn: Connection, statements: Iterable[Statement], held: Set[UUID | str] = frozenset()) -> dict[UUID, UUID]:
    """The person of every subject, after taking in what is said about it. In the caller's transaction.

    A caller that also saves documents first locks `names` of both together (`yteso.record.lock`); it may say which of
    them are `held`.
    """
    latest = _latest(statements)
    if not latest:
        return {}
    if not held:
        lock(conn, held := names(conn, latest.values()))
    standing = {known.subject: known for known in _standing(conn, list(latest))}
    # Between looking and locking another process may have given a subject another number. That is rare, and the
    # server ends the circle if two of them wait for each other.
    lock(conn, _locks(known.number for known in standing.values()) - held)
    newer = [said for said in latest.values() if _counts(said, standing.get(said.subject))]
    _state(conn, newer)
    people = _people(conn, list(standing)) if standing else {}
    moved = [said for said in newer if _facts(said) != _facts(standing.get(said.subject)) or said.subject not in people]
    if moved:
        numbers = {said.number for said in moved} | {standing[m.subject].number for m in moved if m.subject in standing}
        people |= _settle(conn, [said.subject for said in moved], numbers - {""})
    return {subject: people[subject] for subject in latest}


def retract(conn: Connection, subject: UUID, instead: Statement | None) -> None:
    """The visit that said who this subject is was taken back: `instead` is said in its place, or nothing at all.

    A subject of whom nothing is said is found by nobody; the next statement, of whatever visit, names it again.
    """
    lock(conn, names(conn, [instead] if instead else []) | names_of(conn, {subject}))
    for known in _standing(conn, [subject]):
        said = instead or silence(known)
        _state(conn, [said])
        _settle(conn, [subject], {known.number, said.number} - {""})


def _latest(statements: Iterable[Statement]) -> dict[UUID, Statement]:
    latest: dict[UUID, Statement] = {}
    for said in statements:
        if said.subject not in latest or said.order > latest[said.subject].order:
            latest[said.subject] = said
    return latest


def _counts(said: Statement, known: Statement | None) -> bool:
    return known is None or said.order > known.order


def _facts(said: Statement | None) -> tuple | None:
    """What the rule looks at."""
    return said and (said.number, said.birth, said.folded)


def _locks(numbers: Iterable[str]) -> Set[str]:
    return {f"personal number {number}" for number in numbers if number}


def _numbers(conn: Connection, subjects: Set[UUID]) -> list[str]:
    rows = conn.execute("SELECT number FROM people_subject WHERE subject = ANY(%s)", (list(subjects),))
    return [number for (number,) in rows]


def _standing(conn: Connection, subjects: list[UUID]) -> list[Statement]:
    columns = ", ".join(COLUMNS)
    rows = conn.cursor(binary=True).execute(
        f"SELECT {columns} FROM people_subject WHERE subject = ANY(%s)",  # noqa: S608 (our own column names)
        (subjects,),
    )
    return [Statement(*row) for row in rows]


def _state(conn: Connection, statements: list[Statement]) -> None:
    if not statements:
        return
    columns = ", ".join(f"{name} {_TYPES.get(name, 'text')}" for name in COLUMNS)
    changed = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name != "subject")
    conn.execute(
        f"INSERT INTO people_subject ({', '.join(COLUMNS)})"  # noqa: S608 (see above)
        f" SELECT * FROM json_to_recordset(%s) AS said ({columns}) ON CONFLICT (subject) DO UPDATE SET {changed}",
        (Json(statements, dumps=orjson.dumps),),
    )


def _people(conn: Connection, subjects: list[UUID]) -> dict[UUID, UUID]:
    return dict(
        conn.cursor(binary=True).execute(
            "SELECT subject, person FROM people_link WHERE until IS NULL AND subject = ANY(%s)", (subjects,)
        )
    )


def _settle(conn: Connection, subjects: list[UUID], numbers: Set[str]) -> dict[UUID, UUID]:
    """Group these subjects, and all with these numbers, anew; rewrite the links that are not right any more."""
    rows = conn.cursor(binary=True).execute(
        """WITH touched AS (
               SELECT subject, number, birth, folded FROM people_subject WHERE subject = ANY(%s)
               UNION
               SELECT subject, number, birth, folded FROM people_subject WHERE number <> '' AND number = ANY(%s))
           SELECT t.subject, t.number, t.birth, t.folded, l.person, l.since, p.created
           FROM touched t
           LEFT JOIN people_link l ON l.subject = t.subject AND l.until IS NULL
           LEFT JOIN people_person p ON p.id = l.person
           ORDER BY t.subject""",
        (subjects, list(numbers)),
    )
    people, created, links, ended = {}, [], [], []
    for person in people_of(Linked(*row) for row in rows):
        if person.id is None:
            person.id = uuid4()
            created.append(person.id)
        for member in person.members:
            people[member.subject] = person.id
            if member.person != person.id:
                reason = why(member, (other for other in person.members if other.subject != member.subject))
                links.append((member.subject, person.id, Jsonb(reason)))
                ended += [member.subject] if member.person else []
    if created:
        conn.execute("INSERT INTO people_person (id) SELECT unnest(%s::uuid[])", (created,))
    _link(conn, links, ended)
    return people


def _link(conn: Connection, links: list[tuple[UUID, UUID, Jsonb]], ended: list[UUID]) -> None:
    if ended:
        conn.execute(
            "UPDATE people_link SET until = clock_timestamp() WHERE until IS NULL AND subject = ANY(%s)", (ended,)
        )
    if links:
        conn.execute(
            "INSERT INTO people_link (subject, person, why) SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::jsonb[])",
            [list(column) for column in zip(*links, strict=True)],
        )
