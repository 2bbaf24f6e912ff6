"""Pregnancy: what was observed, and otherwise what the diagnoses of the last nine months say."""

from yteso.fhir.documents import dates, latest
from yteso.fhir.documents.summary import concepts
from yteso.fhir.documents.summary.entries import Entry, right
from yteso.fhir.documents.summary.gathering import Gathered, Source
from yteso.fhir.documents.summary.observations import entry
from yteso.mapping.names import systems


OBSERVED = {
    *(
        "82810-3",
        "11778-8",
        "11779-6",
        "11780-4",
    ),  # status; expected day of delivery: clinical, by period, by ultrasound
    *("11636-8", "11637-6", "11638-4", "11639-2", "11640-0", "11612-9", "11613-7", "11614-5", "33065-4"),  # outcomes
}
"""LOINC codes of the IPS profiles of pregnancy status, expected delivery and outcomes."""

TERM = 290
"""Days: the longest that a diagnosis of pregnancy speaks of today."""

CARRYING = ("Z33", "Z34", "Z35", "Z36", "O09", "O20", "O21", "O22", "O23", "O24", "O25", "O26", "O28", "O29")
CARRYING += tuple(f"O{number}" for number in range(30, 49))
ENDED = ("Z37", "Z39", *(f"O{number:02}" for number in (*range(9), *range(80, 93))))


def pregnancy(gathered: Gathered) -> list[Entry]:
    observed = [one for one in right(gathered.of("Observation")) if _observed(one)]
    sources = {one.name: one for one in observed}
    found = [entry(sources[name]) for name, _ in latest.latest((one.name, one.resource) for one in observed)]
    return found or _by_diagnosis(gathered)


def _observed(source: Source) -> bool:
    return concepts.code(source.resource.get("code"), systems()["loinc"]) in OBSERVED


def _by_diagnosis(gathered: Gathered) -> list[Entry]:
    """Pregnant, when the latest diagnosis of the kind says so and none says that it ended."""
    if not any(one.resource.get("gender") == "female" for one in gathered.patients[:1]):
        return []
    said = [
        (one.day("recordedDate"), code, one)
        for one in gathered.of("Condition")
        if (code := concepts.code(one.resource.get("code"), systems()["icd10"])[:3]) in (*CARRYING, *ENDED)
    ]
    day, code, source = max(said, key=lambda one: (one[0], one[1] in ENDED), default=(None, "", None))
    if code not in CARRYING or (gathered.today - day).days > TERM:
        return []
    disease = concepts.label(source.resource["code"])
    resource = {
        "resourceType": "Observation",
        "meta": {"source": source.name},
        "status": "preliminary",
        "code": {"coding": [{"system": systems()["loinc"], "code": "82810-3", "display": "Pregnancy status"}]},
        "effectiveDateTime": day.isoformat(),
        "valueCodeableConcept": {
            "coding": [{"system": systems()["loinc"], "code": "LA15173-0", "display": "Pregnant"}],
            "text": "Đang mang thai",
        },
        "note": [{"text": f"Theo chẩn đoán ngày {dates.shown(day)}: {disease}."}],
    }
    return [Entry("pregnant", resource, ("Tình trạng thai nghén", f"Đang mang thai ({disease})", dates.shown(day)))]
