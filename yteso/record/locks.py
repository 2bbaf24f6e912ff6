"""Locks on names, held until the end of the transaction, so that two arrivals of one thing take turns.

Names are locked in the order of their hashes, all in one statement, so two batches can never wait for each other in
a circle. A caller that also resolves people locks everybody's names at once, before anything else; locking a
held name again costs nothing. Relies on READ COMMITTED: statements after the lock see what its last holder wrote.

A batch of 200 visits holds about 600 locks: give the server `max_locks_per_transaction = 256` or more.
"""

from collections.abc import Iterable
from hashlib import blake2b
from uuid import UUID

from psycopg import Connection

from yteso.record.document import Document


_LOCK = """SELECT count(CASE WHEN alone THEN pg_advisory_xact_lock(key)::text
                    ELSE pg_advisory_xact_lock_shared(key)::text END)
FROM unnest(%s::bigint[], %s::bool[]) AS name (key, alone)"""


def lock(conn: Connection, names: Iterable[UUID | str], shared: Iterable[UUID | str] = ()) -> None:
    """Hold every one of `names` (ids, or any other text such as a personal number) until commit or rollback.

    Those that are `shared` may be held by many, as long as nobody holds them alone.
    """
    alone = {_key(name) for name in names}
    keys = sorted(alone | {_key(name) for name in shared})
    if keys:
        conn.execute(_LOCK, (keys, [key in alone for key in keys]))


def names(documents: Iterable[Document]) -> set[UUID]:
    """What `save` locks for these documents: their ids, of which a patient document's is the subject."""
    return {document.id for document in documents}


def _key(name: UUID | str) -> int:
    start = name.bytes[:8] if isinstance(name, UUID) else blake2b(name.encode(), digest_size=8).digest()
    return int.from_bytes(start, "big", signed=True)
