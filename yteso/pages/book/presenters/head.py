"""A visit in one glance: when, where, what for."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from yteso.pages.book.presenters.resources import Name, Resource, Visit, code, text
from yteso.pages.book.presenters.words import period, plain, word


LONG_TERM = ("05", "08")
"""Kinds of care (MA_LOAI_KCB) that are visits of one long illness."""


@dataclass(frozen=True)
class Badge:
    words: str
    colour: str


@dataclass(frozen=True)
class Head:
    """`care` is the code behind `kind`; `code` the ICD-10 code behind `diagnosis`; `more` how many others there are."""

    id: str
    year: int
    when: str
    facility: str
    facility_code: str
    kind: str
    care: str
    diagnosis: str
    code: str
    more: str
    badges: list[Badge]


def head(visit: Visit, facility: Name) -> Head:
    care = care_of(visit)
    main = main_diagnosis(visit)
    others = sum(1 for use in uses(visit) if use == "CM")
    return Head(
        id=visit.id,
        year=visit.started.year,
        when=period(visit.started, visit.ended),
        facility=facility(visit.facility),
        facility_code=visit.facility,
        kind=word("MA_LOAI_KCB", care, visit.on) or _("Khám, chữa bệnh"),
        care=care,
        diagnosis=plain(disease(main)) or _("Chưa ghi chẩn đoán"),
        code=code(main.get("code"), "icd10"),
        more=ngettext("và %(num)s bệnh kèm theo", "và %(num)s bệnh kèm theo", others) % {"num": others}
        if others
        else "",
        badges=badges(visit),
    )


def care_of(visit: Visit) -> str:
    return next((found for kind in visit.encounter.get("type", ()) if (found := code(kind, "loai-kcb"))), "")


def disease(condition: Resource) -> str:
    """The name of the coded disease; the doctor's own words when there is none."""
    concept = condition.get("code", {})
    return text({"coding": concept.get("coding", ())}) or concept.get("text", "")


def main_diagnosis(visit: Visit) -> Resource:
    return visit.get(f"{visit.id}-c") or {}


def uses(visit: Visit) -> list[str]:
    """Roles of the diagnoses: AD on admission, DD main, CM accompanying."""
    return [code(one.get("use"), "diagnosis-role") for one in visit.encounter.get("diagnosis", ())]


def badges(visit: Visit) -> list[Badge]:
    """What else there is to see, from the names of the resources alone."""
    known = (
        (visit.has("Observation", "o"), _("Kết quả xét nghiệm"), "blue"),
        (visit.has("MedicationRequest"), _("Đơn thuốc"), "green"),
        (visit.has("Composition", "d"), _("Giấy ra viện"), "grey"),
        (visit.has("ServiceRequest", "r"), _("Giấy chuyển cơ sở"), "orange"),
        (visit.has("Appointment"), _("Giấy hẹn khám lại"), "yellow"),
    )
    return [Badge(words, colour) for there, words, colour in known if there]
