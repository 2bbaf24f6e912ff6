"""What one visit says about its patient."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from yteso.people.numbers import personal_number
from yteso.people.text import fold


_LONG_AGO = datetime(1900, 1, 1, tzinfo=UTC)


@dataclass(slots=True, frozen=True)
class Statement:
    """`birth` is yyyymmdd with unknown parts 0 ("19800000"), or ""; `number` and `card` "" when there is none.

    `seen` is the end of the visit, `made` the day its file was written, `received` when it arrived: of the statements
    about a subject the one of the latest visit counts, and of that visit's versions the one written last.
    """

    subject: UUID
    facility: str
    patient_no: str
    seen: datetime
    made: date
    received: datetime
    number: str = ""
    birth: str = ""
    name: str = ""
    folded: str = ""
    sex: str = ""
    card: str = ""
    phone: str = ""

    @property
    def order(self) -> tuple:
        return self.seen, self.made, self.received, self.number, self.birth, self.name


def from_visit(mapped: Any, *, patient_no: str, made: date | None, received: datetime) -> Statement:
    """`mapped` is a `yteso.mapping.Mapped`, `patient_no` MA_BN, `made` NGAYLAP."""
    said = mapped.identity
    return Statement(
        subject=mapped.subject,
        facility=mapped.facility,
        patient_no=patient_no,
        seen=mapped.ended,
        made=made or mapped.ended.date(),
        received=received,
        number=personal_number(said.number or ""),
        birth=_birth(said.birth or ""),
        name=" ".join((said.name or "").split()),
        folded=fold(said.name or ""),
        sex=said.sex or "",
        card=(said.card or "").strip().upper(),
        phone=said.phone or "",
    )


def silence(known: Statement) -> Statement:
    """Nothing said about this subject, in the order before everything that will be said."""
    return Statement(known.subject, known.facility, known.patient_no, _LONG_AGO, _LONG_AGO.date(), _LONG_AGO)


def _birth(text: str) -> str:
    """Eight digits, from yyyymmdd, yyyymmddHHMM or yyyy."""
    digits = text.strip()[:8]
    return digits.ljust(8, "0") if digits.isdigit() and len(digits) in (4, 6, 8) else ""
