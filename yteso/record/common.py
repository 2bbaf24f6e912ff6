"""Documents that belong to no person: resources of some types, written on their own, all of them."""

from collections.abc import Iterable
from uuid import UUID

from psycopg import Connection


_OF_TYPES = "kind = 'resource' AND split_part(source, '/', 1) = ANY(%s) AND withdrawn IS NULL"


def of_types(conn: Connection, types: Iterable[str]) -> dict[UUID, int]:
    """The current documents that are one resource of these types, each with its version; newest first."""
    found = f"SELECT id, version FROM record_document WHERE {_OF_TYPES} ORDER BY xact DESC, sequence DESC"  # noqa: S608
    return dict(conn.execute(found, (list(types),)).fetchall())
