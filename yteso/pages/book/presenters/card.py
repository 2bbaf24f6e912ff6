"""The health card: what a stranger must know in one glance."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from yteso.pages.base import formats
from yteso.pages.book.presenters import course
from yteso.pages.book.presenters.head import LONG_TERM, Head
from yteso.pages.book.presenters.resources import (
    LOCAL,
    Name,
    Resource,
    Visit,
    code,
    first,
    identifier,
    parse,
    stated,
    text,
)
from yteso.pages.book.presenters.words import birth, plain
from yteso.record import Document


YEAR = 365


@dataclass(frozen=True)
class Said:
    """A value and where it comes from ("12/07/2026, Bệnh viện …")."""

    value: str
    source: str


@dataclass(frozen=True)
class Card:
    """`blood` has more than one entry when facilities disagree: a mistake there can kill, so both are shown."""

    name: str
    birth: str
    age: str
    sex: str
    number: str
    blood: list[Said]
    allergies: list[Said]
    illnesses: list[Said]
    weight: Said | None
    height: Said | None
    insurance: list[Said]
    phone: str
    address: str


def card(patients: list[Document], visits: list[Visit], heads: list[Head], facility: Name, today: date) -> Card:
    """`patients` are the patient documents of the record, one per facility."""
    known = sorted((one for one in patients if one.states_patient), key=lambda one: one.rank, reverse=True)
    stated_by = [(next(parse(body) for _kind, _id, body in one.body), one) for one in known]
    patient = stated_by[0][0] if stated_by else {}
    born = patient.get("birthDate", "")
    address = first(patient.get("address"))
    return Card(
        name=first(patient.get("name")).get("text", ""),
        birth=birth(born),
        age=age(born, today),
        sex={"male": _("Nam"), "female": _("Nữ")}.get(patient.get("gender", ""), ""),
        number=identifier(patient, "cccd") or identifier(patient, "cmnd") or identifier(patient, "passport"),
        blood=blood([(one, _source(document, facility)) for one, document in stated_by]),
        allergies=allergies(visits, facility),
        illnesses=illnesses(visits, heads, today),
        weight=_measure(visits, course.WEIGHT, facility),
        height=_measure(visits, course.HEIGHT, facility),
        insurance=insurance(visits, facility),
        phone=first(patient.get("telecom")).get("value", ""),
        address=address.get("text", ""),
    )


def age(born: str, today: date) -> str:
    """Whole years; months for the very young, nothing when the birth date is not known to the day."""
    if len(born) == 4:
        return _("khoảng %(years)s tuổi") % {"years": today.year - int(born)}
    if len(born) != 10:
        return ""
    day = date.fromisoformat(born)
    months = (today.year - day.year) * 12 + today.month - day.month - (today.day < day.day)
    if months < 0:
        return ""
    return (
        _("%(months)s tháng tuổi") % {"months": months}
        if months < 36
        else _("%(years)s tuổi") % {"years": months // 12}
    )


def blood(stated_by: list[tuple[Resource, str]]) -> list[Said]:
    """Every blood group any facility states, the latest first, each once."""
    found: dict[str, str] = {}
    for patient, source in stated_by:
        group = code(stated(patient, "x-nhom-mau"), "nhom-mau")
        if group:
            found.setdefault(group, source)
    return [Said(group, source) for group, source in found.items()]


def allergies(visits: list[Visit], facility: Name) -> list[Said]:
    """Each once, with the latest visit that says so."""
    found: dict[str, Said] = {}
    for visit in visits:
        if visit.has("AllergyIntolerance"):
            for one in visit.all("AllergyIntolerance"):
                name = plain(text(one.get("code")) or code(one.get("code"), "icd10"))
                found.setdefault(name.casefold(), Said(name, _at(visit, facility)))
    return list(found.values())


def illnesses(visits: list[Visit], heads: list[Head], today: date) -> list[Said]:
    """Main diagnoses of the visits that belong to a long illness, during the last year."""
    found: dict[str, Said] = {}
    for visit, head in zip(visits, heads, strict=True):
        if head.care in LONG_TERM and head.code and (today - visit.on).days <= YEAR:
            found.setdefault(head.code, Said(f"{head.diagnosis} ({head.code})", f"{head.when}, {head.facility}"))
    return list(found.values())


def insurance(visits: list[Visit], facility: Name) -> list[Said]:
    """The cards of the latest visit that had one: number, and until when it holds."""
    for visit in visits:
        cards = [one for one in visit.all("Coverage") if one.get("subscriberId")]
        if cards:
            return [Said(one["subscriberId"], _valid(one, facility)) for one in cards]
    return []


def _valid(coverage: Resource, facility: Name) -> str:
    period = coverage.get("period", {})
    registered = (stated(coverage, "x-dkbd") or {}).get("value", "")
    known = [
        _("có giá trị từ %(start)s") % {"start": birth(period["start"])} if period.get("start") else "",
        _("đến %(end)s") % {"end": birth(period["end"])} if period.get("end") else "",
    ]
    dates = " ".join(part for part in known if part)
    place = _("nơi đăng ký ban đầu: %(facility)s") % {"facility": facility(registered)} if registered else ""
    return ", ".join(part for part in (dates, place) if part)


def _measure(visits: list[Visit], loinc: str, facility: Name) -> Said | None:
    return next((Said(found, _at(one, facility)) for one in visits if (found := course.body(one).get(loinc))), None)


def _at(visit: Visit, facility: Name) -> str:
    return f"{formats.day(visit.started)}, {facility(visit.facility)}"


def _source(document: Document, facility: Name) -> str:
    day = formats.day(document.started.astimezone(LOCAL)) if document.started else ""
    return ", ".join(part for part in (day, facility(document.facility)) if part)
