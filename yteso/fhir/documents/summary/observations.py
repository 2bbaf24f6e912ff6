"""Results, vital signs, ways of life: of each kind the latest."""

from typing import Any

from yteso.fhir.documents import dates, latest
from yteso.fhir.documents.summary import concepts
from yteso.fhir.documents.summary.entries import Entry, excerpt, known, performers, right
from yteso.fhir.documents.summary.gathering import Gathered, Source
from yteso.mapping.names import systems


REPORTS = 15
"""Reports of imaging at most."""

_NOT_YET = ("registered", "preliminary", "cancelled")
_WHEN = ("effectiveDateTime", "effectivePeriod", "effectiveInstant")
_ELEMENTS = (
    *("status", "category", "code", "effective[x]", "issued", "value[x]", "dataAbsentReason", "interpretation"),
    *("note", "bodySite", "method", "referenceRange", "component"),
)
_REPORT = ("status", "category", "code", "effective[x]", "issued", "conclusion", "conclusionCode")


def results(gathered: Gathered) -> list[Entry]:
    """Laboratory tests, then what imaging concluded."""
    return [_result(one, gathered) for one in _latest(gathered, "laboratory")] + _reports(gathered)


def vital_signs(gathered: Gathered) -> list[Entry]:
    return [entry(one) for one in _latest(gathered, "vital-signs")]


def social_history(gathered: Gathered) -> list[Entry]:
    return [entry(one) for one in _latest(gathered, "social-history")]


def value(observation: dict[str, Any]) -> str:
    """In words; of components one after the other."""
    if parts := [value(one) for one in observation.get("component", ())]:
        return "/".join(part.split(" ")[0] for part in parts[:-1]) + ("/" if parts[1:] else "") + parts[-1]
    name = next((name for name in observation if name.startswith("value")), "")
    found = observation.get(name, "")
    if name == "valueQuantity":
        number = str(found.get("value", ""))
        return f"{found.get('comparator', '')}{number} {found.get('unit') or found.get('code', '')}".strip()
    if name == "valueCodeableConcept":
        return concepts.label(found)
    if name == "valueBoolean":
        return "có" if found else "không"
    return "" if isinstance(found, dict) else str(found)


def entry(source: Source) -> Entry:
    """One observation as it is."""
    resource = known(excerpt(source, *_ELEMENTS), "effective", "effectiveDateTime")
    code = resource["code"]
    on = dates.shown(source.day(*_WHEN))
    return Entry(latest.names(resource)[0], resource, (concepts.label(code), value(resource), on))


def _latest(gathered: Gathered, category: str) -> list[Source]:
    found = [one for one in right(gathered.of("Observation"), *_NOT_YET) if _category(one, category) and _says(one)]
    sources = {one.name: one for one in found}
    return [sources[name] for name, _ in latest.latest((one.name, one.resource) for one in found)]


def _category(source: Source, category: str) -> bool:
    return any(concepts.code(one, systems()["obs-category"]) == category for one in source.resource.get("category", ()))


def _says(source: Source) -> bool:
    """It has a value and tells what of."""
    return bool(latest.names(source.resource) != ["#"] and value(source.resource))


def _result(source: Source, gathered: Gathered) -> Entry:
    plain = entry(source)
    name, said, on = plain.row
    row = (name, f"{said} {_flag(source)}".strip(), _range(source), on)
    return Entry(plain.key, plain.resource, row, performers(gathered, source))


def _flag(source: Source) -> str:
    """High and low are said, the usual is not."""
    known = [concepts.label(one) for one in source.resource.get("interpretation", ()) if concepts.code(one) != "N"]
    return f"({', '.join(known)})" if known else ""


def _range(source: Source) -> str:
    first = next(iter(source.resource.get("referenceRange", ())), {})
    low, high = first.get("low", {}).get("value"), first.get("high", {}).get("value")
    if low is not None and high is not None:
        return f"{low}-{high}"
    return f"≥ {low}" if low is not None else f"≤ {high}" if high is not None else first.get("text", "")


def _reports(gathered: Gathered) -> list[Entry]:
    """Those that conclude something, of each examination the latest."""
    found = {}
    for one in right(gathered.of("DiagnosticReport", *_WHEN), *_NOT_YET, "partial"):
        key = concepts.key(one.resource.get("code"))
        if key and one.resource.get("conclusion") and not _laboratory(one):
            found.setdefault(key, one)
    return [_report(key, one, gathered) for key, one in list(found.items())[:REPORTS]]


def _laboratory(source: Source) -> bool:
    kinds = {concepts.code(one) for one in source.resource.get("category", ())}
    return not kinds.isdisjoint({"1", "LAB", "laboratory"})


def _report(key: str, source: Source, gathered: Gathered) -> Entry:
    resource = known(excerpt(source, *_REPORT), "effective", "effectiveDateTime")
    resource["category"] = resource.get("category", [])[:1] or [{"text": "Chẩn đoán hình ảnh, thăm dò chức năng"}]
    on = dates.shown(source.day(*_WHEN))
    row = (concepts.label(resource["code"]), source.resource["conclusion"], "", on)
    return Entry(key, resource, row, performers(gathered, source))
