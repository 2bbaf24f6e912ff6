"""Submissions written straight into the table, for lists longer than anyone would send in a test."""

import psycopg


def rows(conn: psycopg.Connection, count: int = 1, **values: object) -> list[int]:
    """Submissions "tep-1" (the newest) to "tep-<count>", an hour apart; the numbers they got."""
    given = {
        "facility": "99001",
        "account": "nga",
        "size": 1,
        "standard": "3176",
        "status": "done",
        "seen": 0,
        "dossiers": 0,
        "accepted": 0,
        "with_warnings": 0,
        "refused": 0,
    } | values
    name = given.pop("name", None)
    found = conn.execute(
        f"""insert into intake_submission (name, sha256, received, {", ".join(given)})
            select coalesce(%s, 'tep-' || n), sha256((%s || n::text)::bytea),
                   now() - n * interval '1 hour', {", ".join(["%s"] * len(given))}
            from generate_series(1, %s) n returning id""",
        (name, str(values), *given.values(), count),
    ).fetchall()
    conn.commit()
    return [number for (number,) in found]
