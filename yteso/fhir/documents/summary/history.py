"""Allergies, procedures, vaccinations, devices."""

from yteso.fhir.documents import dates
from yteso.fhir.documents.summary import concepts
from yteso.fhir.documents.summary.entries import Entry, Linked, excerpt, known, right, status
from yteso.fhir.documents.summary.gathering import Gathered, Source
from yteso.mapping.names import systems


OPERATIONS = ("8", "18")
"""Groups of services (MA_NHOM) that are operations and procedures; others are examinations, transport, blood."""

_ALLERGY = (
    *("clinicalStatus", "verificationStatus", "type", "category", "criticality", "code", "onset[x]", "recordedDate"),
    *("lastOccurrence", "note", "reaction"),
)
_PROCEDURE = ("status", "category", "code", "performed[x]", "bodySite", "outcome", "complication", "note")
_WHEN = ("performedPeriod", "performedDateTime")
_VACCINATION = (
    *("status", "vaccineCode", "occurrence[x]", "primarySource", "lotNumber", "expirationDate", "site", "route"),
    *("doseQuantity", "note", "protocolApplied"),
)
_USE = ("status", "timing[x]", "bodySite", "note")
_DEVICE = (
    *("identifier", "udiCarrier", "status", "distinctIdentifier", "manufacturer", "manufactureDate", "lotNumber"),
    *("serialNumber", "deviceName", "modelNumber", "type"),
)


def allergies(gathered: Gathered) -> list[Entry]:
    """Each substance once, as it was said last."""
    found: dict[str, list[Source]] = {}
    for one in gathered.of("AllergyIntolerance", "recordedDate"):
        key = concepts.key(one.resource.get("code"))
        if key and status(one.resource.get("verificationStatus")) not in ("refuted", "entered-in-error"):
            found.setdefault(key, []).append(one)
    return [_allergy(key, said) for key, said in found.items()]


def procedures(gathered: Gathered) -> list[Entry]:
    """Each operation and procedure once, the most recent first, with how many times."""
    found: dict[str, list[Source]] = {}
    for one in right(gathered.of("Procedure", *_WHEN), "preparation", "not-done", "on-hold", "stopped", "unknown"):
        key = concepts.key(one.resource.get("code"))
        if key and concepts.code(one.resource.get("category"), systems()["nhom"]) in ("", *OPERATIONS):
            found.setdefault(key, []).append(one)
    return [_procedure(key, done) for key, done in found.items()]


def immunizations(gathered: Gathered) -> list[Entry]:
    """Every dose, the most recent first."""
    found = {}
    for one in right(gathered.of("Immunization", "occurrenceDateTime"), "not-done"):
        key = f"{concepts.key(one.resource.get('vaccineCode'))} {one.day('occurrenceDateTime')}"
        found.setdefault(key, one)
    return [_vaccination(key, one) for key, one in found.items()]


def devices(gathered: Gathered) -> list[Entry]:
    """Those in use of which we can say what they are."""
    used = right(gathered.of("DeviceUseStatement"), "completed", "stopped", "intended", "on-hold")
    pairs = ((one, gathered.referred(one, "device")) for one in used)
    return [_device(one, device) for one, device in pairs if device]


def _allergy(key: str, said: list[Source]) -> Entry:
    resource = excerpt(said[0], *_ALLERGY)
    resource["code"] = concepts.named(resource["code"])
    first, last = (pick(one.day("recordedDate") for one in said) for pick in (min, max))
    row = (concepts.label(resource["code"]), concepts.code(resource["code"]), dates.shown(first), dates.shown(last))
    return Entry(key, resource, row)


def _procedure(key: str, done: list[Source]) -> Entry:
    resource = known(excerpt(done[0], *_PROCEDURE), "performed", "performedDateTime")
    resource["code"] = concepts.named(resource["code"])
    row = (concepts.label(resource["code"]), dates.shown(done[0].day(*_WHEN)), str(len(done)))
    return Entry(key, resource, row)


def _vaccination(key: str, source: Source) -> Entry:
    resource = known(excerpt(source, *_VACCINATION), "occurrence", "occurrenceDateTime")
    resource["vaccineCode"] = concepts.named(resource["vaccineCode"])
    on = dates.shown(source.day("occurrenceDateTime"))
    return Entry(key, resource, (concepts.label(resource["vaccineCode"]), on, resource.get("lotNumber", "")))


def _device(use: Source, device: Source) -> Entry:
    kind = device.resource.get("type")
    name = next((one["name"] for one in device.resource.get("deviceName", ()) if one.get("name")), "")
    resource = known(excerpt(use, *_USE), "timing", "timingDateTime")
    on = dates.shown(use.day("timingDateTime", "timingPeriod", "recordedOn"))
    linked = Linked(device.name, excerpt(device, *_DEVICE))
    return Entry(use.name, resource, (concepts.label(kind) or name or device.name, on), {"device": linked})
