"""One visit at a time, made to order: this illness, this patient, this kind of facility."""

from dataclasses import replace
from datetime import date
from functools import cache

from yteso.intake.envelope import read
from yteso.sandbox import inpatient, outpatient
from yteso.sandbox.calendar import DAY
from yteso.sandbox.chance import stream
from yteso.sandbox.facilities import Facility
from yteso.sandbox.illness import all_illnesses, diagnosis
from yteso.sandbox.parcel import Parcel
from yteso.sandbox.people import FEMALE, Person
from yteso.sandbox.simulate import Province
from yteso.sandbox.visit import Origin, Visit
from yteso.sandbox.xml import envelope


CARD = "GD4242490000001"
STEPS = {
    "out": outpatient.consult,
    "rehab": outpatient.rehabilitate,
    "chronic": lambda visit: outpatient.long_term(visit, checked=True),
    "dialysis": lambda visit: outpatient.dialysis(visit, checked=True),
    "stay": inpatient.stay,
    "surgery": inpatient.stay,
    "birth": inpatient.stay,
}
"""What is done in a visit, by the form of the illness."""


@cache
def province() -> Province:
    """Sixteen facilities: 99001 is the hospital, 99002 and 99010 medical centres, 99006 and 99014 clinics."""
    return Province(people=10, days=60, facilities=16, seed=5)


def facility(kind: str) -> Facility:
    """The first facility of a kind: p hospital, d medical centre, k clinic, c commune station."""
    return next(known for known in province().network.all if known.kind == kind)


def somebody(born: date = date(1980, 5, 5), sex: str = FEMALE, card: str = CARD, n: int = 1) -> Person:
    return replace(
        province().population.person(n),
        born=born,
        birth=f"{born:%Y%m%d}0000",
        sex=sex,
        card=card,
        job="63",
        patient_ids={},
    )


def opened(illness: str, kind: str = "p", person: Person | None = None, seed: int = 0, **more) -> Visit:
    """A visit at 08:00 of the eleventh day, nothing done yet."""
    known, place = all_illnesses()[illness], facility(kind)
    person, dice = person or somebody(), stream("made to order", illness, kind, seed)
    return Visit(
        **{
            "calendar": province().calendar,
            "person": person,
            "facility": place,
            "illness": known,
            "origin": Origin(),
            "dice": dice,
            "ma_lk": f"{place.code}26071100000{seed:03d}",
            "ma_bn": "260000001",
            "arrived": 10 * DAY + 480,
            "department": known.department if kind in "pd" else "K01",
            "doctor": place.doctor(known.department, dice),
            "codes": [known.icd],
            "diagnosis": diagnosis(known.icd, before=False)[1],
        }
        | more
    )


def made(illness: str, kind: str = "p", person: Person | None = None, seed: int = 0, **more) -> Visit:
    """The same visit from arrival to leaving."""
    visit = opened(illness, kind, person, seed, **more)
    STEPS[visit.illness.form](visit)
    return visit


def tables(visit: Visit, registered: str = "c") -> dict[str, list[dict[str, str]]]:
    """The tables of a visit as the reader finds them; the card names the first facility of kind `registered`."""
    visit.person.registered = facility(registered).index
    children = list(province().children(visit).items())
    _, (dossier,) = read(envelope(visit.facility.code, "20260801", [Parcel(visit.ma_lk, 0, children).hoso()]))
    return dossier.tables


def keys(visit: Visit, *groups: str) -> list[str]:
    """Services of these cost groups (MA_NHOM), as often as they were done."""
    return [line.service.key for line in visit.served if line.service.group in groups]
