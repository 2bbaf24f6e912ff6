"""Two versions of a dossier read again and compared: a reading of personal data, in the log before it is shown."""

from uuid import UUID

from psycopg import Connection

from yteso.access.reads import Reader, open_sent
from yteso.intake.differences import Difference, diff
from yteso.intake.dossier import Dossier, Header
from yteso.intake.versions import History, Version, reread
from yteso.record.ids import document_id, subject_id


def compare(conn: Connection, reader: Reader, of: History, old: Version, new: Version) -> Difference:
    """What makes `new` of `old`, versions of one dossier. Raises `yteso.access.reads.Denied`."""
    read = [reread(conn, version) for version in (old, new)]
    open_sent(conn, reader, of.facility, {_whose(of, *one) for one in read})
    return diff(*(dossier for dossier, _ in read))


def _whose(of: History, dossier: Dossier, header: Header) -> UUID:
    """The subject of the dossier; one that names no patient goes by its own name."""
    summary = next(iter(dossier.tables.get("XML1", ())), {})
    patient = summary.get("MA_BN", "").strip()
    facility = summary.get("MA_CSKCB", "").strip() or header.facility.strip()
    return subject_id(facility, patient) if patient else document_id("visit", of.facility, of.ma_lk)
