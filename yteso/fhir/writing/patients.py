"""Whose a written resource is: the patient of its compartment; and who a written Patient is.

https://hl7.org/fhir/R4/compartmentdefinition-patient.html
"""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from yteso import people
from yteso.fhir import search
from yteso.fhir.search.kinds.references import address
from yteso.mapping.names import systems


ABOUT = ("patient", "subject")
"""The parameters that say whom a resource is about, before those of who else has to do with it."""

NUMBERS = ("cccd", "cmnd", "passport", "paper")
NATIONAL = ("NI", "PPN")
"""Types of identifiers (v2-0203) that are personal numbers, whatever their system."""

SEXES = {"male": "1", "female": "2"}


def patients(resource: dict[str, Any], base: str) -> list[str]:
    """Ids of the patients in whose compartment it is: those it is about, or else those it names in another role.

    `base` is our own address. Patients of other servers, contained ones and those named by an identifier are nobody's
    here. Several: it belongs to none of them alone.
    """
    for elements in _ties(resource):
        found = [address(element, base) or "" for element in elements]
        if ids := dict.fromkeys(text.split("/")[1] for text in found if text.startswith("Patient/")):
            return list(ids)
    return []


def statement(subject: UUID, patient: dict[str, Any], received: datetime) -> people.Statement:
    """What a Patient says about who it is, as a visit would."""
    name, phone = _name(patient), next((one["value"] for one in _each(patient, "telecom") if _phone(one)), "")
    return people.Statement(
        subject=subject,
        facility="",
        patient_no="",
        seen=received,
        made=received.date(),
        received=received,
        number=next(filter(None, map(people.personal_number, _numbers(patient))), ""),
        birth=patient.get("birthDate", "").replace("-", "").ljust(8, "0") if patient.get("birthDate") else "",
        name=name,
        folded=people.fold(name),
        sex=SEXES.get(patient.get("gender", ""), ""),
        card=_card(patient),
        phone=phone,
    )


def _ties(resource: dict[str, Any]) -> Iterator[list[Any]]:
    """A Binary is in no compartment, but it may say what it belongs to."""
    if resource["resourceType"] == "Binary":
        yield [one for one in (resource.get("securityContext"),) if one]
    for parameter in _tying(resource["resourceType"]):
        yield parameter.values(resource)


@cache
def _tying(type: str) -> list[search.Parameter]:
    known = search.parameters(type)
    named = search.compartment("Patient").get(type, ())
    ordered = [name for name in ABOUT if name in known] + [name for name in named if name not in ABOUT]
    return [known[name] for name in ordered if name in known and type in search.compartment("Patient")]


def _numbers(patient: dict[str, Any]) -> Iterator[str]:
    ours = {systems()[name] for name in NUMBERS}
    for one in _each(patient, "identifier"):
        typed = {coding.get("code") for coding in one.get("type", {}).get("coding", ())}
        if one.get("use") != "old" and (one.get("system") in ours or typed.intersection(NATIONAL)):
            yield one.get("value", "")


def _card(patient: dict[str, Any]) -> str:
    known = (one.get("value", "") for one in _each(patient, "identifier") if one.get("system") == systems()["bhyt"])
    return next(known, "").strip().upper()


def _name(patient: dict[str, Any]) -> str:
    """The official name, or the first that is not an old one; family name first."""
    names = [one for one in _each(patient, "name") if one.get("use") != "old"]
    for one in sorted(names, key=lambda name: name.get("use") != "official"):
        parts = [one.get("family"), *one.get("given", ())]
        if text := " ".join((one.get("text") or " ".join(filter(None, parts))).split()):
            return text
    return ""


def _phone(contact: dict[str, Any]) -> bool:
    return contact.get("system") == "phone" and bool(contact.get("value"))


def _each(patient: dict[str, Any], name: str) -> list[dict[str, Any]]:
    return patient.get(name, [])
