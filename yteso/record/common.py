"""Documents that belong to no person: resources of some types, written on their own, all of them."""

from collections.abc import Iterable
from uuid import UUID

from psycopg import Connection

from yteso.record.probing import Probe, condition
from yteso.record.words import of_type


def of_types(conn: Connection, types: Iterable[str]) -> dict[UUID, int]:
    """The current documents that hold a resource of any of these types, each with its version; newest first."""
    passed, values = condition([Probe(tuple(frozenset((of_type(type),)) for type in types))])
    found = f"SELECT id, version FROM record_document d WHERE withdrawn IS NULL AND {passed}"  # noqa: S608
    return dict(conn.execute(f"{found} ORDER BY xact DESC, sequence DESC", tuple(values)).fetchall())
