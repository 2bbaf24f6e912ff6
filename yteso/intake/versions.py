"""The versions of a dossier, and what of it is in use.

A facility and its MA_LK name a dossier. Versions rank as the record ranks them: what was written last (NGAYLAP) counts,
on one day what was received last; refused ones are among them and never current.
"""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from psycopg import Connection

from yteso import record
from yteso.intake import service
from yteso.intake.dossier import Dossier, Header
from yteso.intake.envelope import Envelope
from yteso.intake.receipt import HERE, receipt


@dataclass(slots=True, frozen=True)
class Version:
    """One version as it was sent: which dossier of which submission, and what became of it."""

    number: int
    submission: int
    position: int
    name: str
    account: str
    received: datetime
    made: date
    standard: str
    patient: str
    outcome: str
    saved: str
    document: UUID | None
    critical: int
    warnings: int

    @property
    def key(self) -> str:
        """The version in an address: its submission and its place there."""
        return f"{self.submission}.{self.position}"

    @property
    def receipt(self) -> str:
        return receipt(self.received, self.submission)

    @property
    def accepted(self) -> bool:
        return self.document is not None


@dataclass(slots=True, frozen=True)
class Withdrawn:
    """The dossier was taken back, by whom, when and why."""

    document: UUID
    reason: str
    account: str
    at: datetime


@dataclass(slots=True, frozen=True)
class History:
    """`versions` in the order of their rank, `withdrawals` of time. `current` is None when nothing of it is in use."""

    facility: str
    ma_lk: str
    versions: tuple[Version, ...]
    withdrawals: tuple[Withdrawn, ...]
    current: Version | None

    @property
    def withdrawn(self) -> bool:
        return self.current is None and any(version.accepted for version in self.versions)

    def version(self, key: str) -> Version | None:
        return next((version for version in self.versions if version.key == key), None)

    @property
    def last_two(self) -> tuple[Version, Version] | None:
        """The two to compare when nobody says which: the last two accepted, else the last two at all."""
        accepted = [version for version in self.versions if version.accepted]
        pair = (accepted if len(accepted) > 1 else list(self.versions))[-2:]
        return (pair[0], pair[1]) if len(pair) == 2 else None


def history(conn: Connection, facility: str, ma_lk: str) -> History | None:
    """Everything the facility has sent under this MA_LK; None when that is nothing."""
    rows = conn.execute(
        """select d.submission_id, d.position, s.name, s.account, s.received,
                  coalesce(s.made, (s.received at time zone %s)::date) as made,
                  d.standard, d.patient, d.outcome, d.saved, d.document, d.critical, d.warnings
           from intake_dossier d join intake_submission s on s.id = d.submission_id
           where d.ma_lk = %s and s.facility = %s
           order by made, s.received, d.saved in ('new', 'changed'), d.position""",
        (str(HERE), ma_lk, facility),
    ).fetchall()
    versions = tuple(Version(number, *row) for number, row in enumerate(rows, 1))
    if not versions:
        return None
    documents = {version.document for version in versions if version.document}
    gone = record.withdrawn(conn, documents)
    standing = [version for version in versions if version.document and version.document not in gone]
    withdrawals = conn.execute(
        "select document, reason, account, at from intake_withdrawal where document = any(%s) order by at",
        (list(documents),),
    ).fetchall()
    current = standing[-1] if standing else None
    return History(facility, ma_lk, versions, tuple(Withdrawn(*row) for row in withdrawals), current)


def reread(conn: Connection, version: Version) -> tuple[Dossier, Header]:
    """The dossier with all its tables as they were sent, from the original; the others of the file are passed over."""
    with service.opened(conn, version.submission) as stream:
        envelope = Envelope(stream, name=version.name, only=version.position, hashed=False)
        for dossier in envelope:
            if dossier.position == version.position:
                return dossier, envelope.header
    raise LookupError(f"{version.receipt} has no dossier {version.position}")
