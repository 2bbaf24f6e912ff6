"""Documents that were indexed by older rules are given today's words, so that searches across everybody find them."""

import orjson
from psycopg import Connection

from yteso.fhir import search
from yteso.mapping import index
from yteso.record import FIRST, PATIENT, VISIT, Body
from yteso.record.words import INDEXED


PORTION = 500
"""Documents to a transaction."""

_NEXT = """SELECT subject, id, version, kind, tokens, body FROM record_document
    WHERE id > %s AND withdrawn IS NULL AND NOT tokens @> %s::bigint[] ORDER BY id LIMIT %s"""
_KEEP = "UPDATE record_document SET tokens = %s WHERE subject = %s AND id = %s AND version = %s"


def refresh(conn: Connection) -> int:
    """How many documents there were; `conn` commits by itself. May be stopped at any time, and goes on from there."""
    done, after = 0, FIRST
    while rows := conn.cursor(binary=True).execute(_NEXT, (after, [INDEXED], PORTION)).fetchall():
        made = [(_words(kind, tokens, Body.open(body)), *key) for *key, kind, tokens, body in rows]
        with conn.transaction(), conn.cursor() as cursor:
            cursor.executemany(_KEEP, made)
        done, after = done + len(rows), rows[-1][1]
    return done


def _words(kind: str, tokens: list[int], body: Body) -> list[int]:
    if kind == VISIT:
        (_, _, encounter), *_ = body
        return sorted({*tokens, *index.visit_words({kind for kind, _, _ in body}, encounter)})
    one = index.patient_words if kind == PATIENT else lambda json: search.words(orjson.loads(json))
    return sorted({word for _, _, json in body for word in one(json)} | {INDEXED})
