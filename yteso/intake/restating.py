"""Who a patient is, said again by the visits that remain: after one was taken back, or proved to be another patient's.

In the caller's transaction, when what remains is stored.
"""

from uuid import UUID

import psycopg

from yteso import people, record
from yteso.intake import versions
from yteso.intake.prepare import Arrived, Prepared, again


MOVED = "MA_BN đã được sửa / MA_BN was corrected"
"""Why nothing is said of a patient any more whose only visit turned out to be another's."""


def say_again(conn: psycopg.Connection, subject: UUID, reason: str) -> None:
    """The latest remaining visit says who the subject is; without any nothing is said of it, for this `reason`."""
    if not record.read_document(conn, subject):
        return
    rest = [document for document in record.read_person(conn, [subject]) if document.kind == record.VISIT]
    if not rest:
        record.retract(conn, subject, reason)
        people.retract(conn, subject, None)
    elif ready := _read_again(conn, max(rest, key=lambda document: (document.ended, document.made, document.received))):
        record.restate(conn, ready.documents[1])
        people.retract(conn, subject, ready.statement)


def after_moves(conn: psycopg.Connection) -> None:
    """For every subject that a visit has left in this transaction."""
    for subject in sorted(record.moved(conn)):
        record.lock(conn, people.names_of(conn, {subject}))
        say_again(conn, subject, MOVED)


def _read_again(conn: psycopg.Connection, visit: record.Document) -> Prepared | None:
    """A visit of the record once more from what was sent, as it is now the latest word on its patient."""
    known = versions.history(conn, visit.facility, visit.source.strip())
    if not known or not known.current:
        return None
    dossier, header = versions.reread(conn, known.current)
    ready = again(Arrived(dossier, header, known.current.received))
    return ready if ready.mapped else None
