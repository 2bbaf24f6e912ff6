"""One visit in full."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from yteso.pages.base import formats
from yteso.pages.book.presenters import course, results, slips
from yteso.pages.book.presenters.costs import Costs, costs
from yteso.pages.book.presenters.drugs import Drug, drugs
from yteso.pages.book.presenters.head import Head, disease, head, main_diagnosis
from yteso.pages.book.presenters.resources import (
    Name,
    Resource,
    Visit,
    code,
    first,
    identifier,
    kept,
    moment,
    referred,
    text,
)
from yteso.pages.book.presenters.words import plain, word


Fact = tuple[str, str]


@dataclass(frozen=True)
class Diagnosis:
    role: str
    name: str
    code: str


@dataclass(frozen=True)
class Procedure:
    name: str
    when: str
    where: str


@dataclass(frozen=True)
class Full:
    """A visit, part by part; an empty part was not there."""

    head: Head
    facts: list[Fact]
    diagnoses: list[Diagnosis]
    drugs: list[Drug]
    results: list[results.Group]
    procedures: list[Procedure]
    signs: list[course.Signs]
    notes: list[course.Note]
    papers: list[slips.Paper]
    costs: Costs | None


def full(visit: Visit, facility: Name) -> Full:
    return Full(
        head=head(visit, facility),
        facts=facts(visit, facility),
        diagnoses=diagnoses(visit),
        drugs=drugs(visit),
        results=results.groups(visit),
        procedures=procedures(visit),
        signs=course.signs(visit),
        notes=course.notes(visit),
        papers=slips.papers(visit, facility),
        costs=costs(visit),
    )


def facts(visit: Visit, facility: Name) -> list[Fact]:
    """Who, when, where, why, and how it ended; what is not stated is left out."""
    encounter, more = visit.encounter, kept(visit.encounter, "XML1")
    stay = encounter.get("hospitalization", {})
    leaving = stay.get("dischargeDisposition")
    measures = course.body(visit)
    known = [
        (_("Người bệnh"), first(visit.patient.get("name")).get("text", "")),
        (_("Nơi khám"), facility(visit.facility)),
        (_("Khoa"), ", ".join(departments(visit))),
        (_("Đến khám lúc"), formats.moment(visit.started)),
        (_("Kết thúc lúc"), formats.moment(visit.ended)),
        (_("Số ngày điều trị"), formats.number(encounter.get("length", {}).get("value"))),
        (_("Lý do đến khám"), first(encounter.get("reasonCode")).get("text", "")),
        (_("Lý do vào nội trú"), more.get("LY_DO_VNT", "")),
        (_("Chẩn đoán lúc vào"), _admission(visit)),
        (_("Chẩn đoán của bác sĩ"), main_diagnosis(visit).get("code", {}).get("text", "")),
        (_("Phương pháp điều trị"), more.get("PP_DIEU_TRI", "")),
        (_("Kết quả điều trị"), word("KET_QUA_DTRI", code(leaving, "ket-qua"), visit.on)),
        (_("Hình thức ra viện"), word("MA_LOAI_RV", code(leaving, "loai-rv"), visit.on)),
        (_("Chuyển từ"), _place(stay.get("origin"), facility)),
        (_("Chuyển đến"), _place(stay.get("destination"), facility)),
        (_("Lời dặn"), more.get("GHI_CHU", "")),
        (_("Cân nặng"), measures.get(course.WEIGHT, "")),
        (_("Chiều cao"), measures.get(course.HEIGHT, "")),
        (_("Mã hồ sơ bệnh án"), identifier(encounter, "ma-hsba")),
    ]
    return [(label, value) for label, value in known if value]


def departments(visit: Visit) -> list[str]:
    found = (one["location"].get("identifier", {}) for one in visit.encounter.get("location", ()) if "location" in one)
    codes = [one["value"] for one in found if one.get("system", "").endswith("/khoa")]
    return [word("MA_KHOA", one, visit.on) for one in dict.fromkeys(codes)]


def _admission(visit: Visit) -> str:
    return text((visit.get(f"{visit.id}-ca") or {}).get("code"))


def _place(reference: Resource | None, facility: Name) -> str:
    value = (reference or {}).get("identifier", {}).get("value", "")
    return facility(value) if value else ""


def diagnoses(visit: Visit) -> list[Diagnosis]:
    """Main first, then the accompanying ones, then those of traditional medicine."""
    roles = {"DD": _("Bệnh chính"), "CM": _("Bệnh kèm theo")}
    found = []
    for use in visit.encounter.get("diagnosis", ()):
        role = roles.get(code(use.get("use"), "diagnosis-role"))
        condition = visit.get(referred(use.get("condition")))
        if role and condition:
            icd = code(condition.get("code"), "icd10")
            traditional = code(condition.get("code"), "yhct")
            found.append(
                Diagnosis(
                    _("Y học cổ truyền") if traditional else role,
                    plain(disease(condition)) or icd or traditional,
                    icd or traditional,
                )
            )
    return found


def procedures(visit: Visit) -> list[Procedure]:
    return [
        Procedure(
            text(one.get("code")),
            formats.moment(moment(one.get("performedPeriod", {}).get("start")) or visit.started),
            first(one.get("bodySite")).get("text", ""),
        )
        for one in visit.all("Procedure")
    ]
