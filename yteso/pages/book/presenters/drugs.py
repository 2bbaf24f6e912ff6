"""Drugs of a visit."""

from dataclasses import dataclass
from datetime import date, timedelta

from yteso.pages.base import formats
from yteso.pages.book.presenters import dose
from yteso.pages.book.presenters.resources import Resource, Visit, code, first, kept, local_id, moment
from yteso.pages.book.presenters.words import amount, word


@dataclass(frozen=True)
class Drug:
    """`key` tells the same drug in two visits; `start` and `end` are the first and last day it is taken, if known."""

    key: str
    name: str
    strength: str
    form: str
    dose: str
    how: str
    route: str
    quantity: str
    days: int | None
    start: date
    end: date | None
    ordered: str
    given: bool


def drugs(visit: Visit) -> list[Drug]:
    given = {local_id(one).removesuffix("d") for one in visit.all("MedicationDispense")}
    return [drug(order, visit, given=local_id(order) in given) for order in visit.all("MedicationRequest")]


def drug(order: Resource, visit: Visit, *, given: bool) -> Drug:
    concept = order.get("medicationCodeableConcept", {})
    instruction = first(order.get("dosageInstruction"))
    quantity = order.get("dispenseRequest", {}).get("quantity", {})
    facts = kept(order, "XML2")
    said = dose.read(instruction.get("text", ""), quantity.get("value"))
    start = (moment(order.get("authoredOn")) or visit.started).date()
    name, strength = concept.get("text", ""), facts.get("HAM_LUONG", "")
    return Drug(
        key=code(concept, "thuoc") or name.casefold(),
        name=name or code(concept, "thuoc"),
        strength="" if _says(name, strength) else strength,
        form=facts.get("DANG_BAO_CHE", ""),
        dose=said.words,
        how=instruction.get("patientInstruction", ""),
        route=word("DUONG_DUNG", code(instruction.get("route"), "duong-dung"), visit.on),
        quantity=f"{amount(quantity.get('value'))} {quantity.get('unit', '').lower()}".strip(),
        days=said.days,
        start=start,
        end=start + timedelta(days=said.days - 1) if said.days else None,
        ordered=formats.day(start),
        given=given,
    )


def _says(name: str, strength: str) -> bool:
    """Names often carry the strength already: "Amlodipin 5mg"."""
    return strength.replace(" ", "").casefold() in name.replace(" ", "").casefold()
