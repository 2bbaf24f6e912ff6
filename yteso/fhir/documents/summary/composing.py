"""The summary as a document Bundle. The same record on the same day gives the same bytes."""

from collections.abc import Iterable
from datetime import datetime, time
from functools import reduce
from typing import Any
from uuid import UUID

from yteso.fhir.documents import exact
from yteso.fhir.documents.summary import narrative
from yteso.fhir.documents.summary.entries import Entry, unreferenced
from yteso.fhir.documents.summary.gathering import Gathered
from yteso.fhir.documents.summary.sections import filled
from yteso.mapping.names import systems
from yteso.record.document import LOCAL
from yteso.record.ids import derive


PROFILE = "http://hl7.org/fhir/uv/ips/StructureDefinition"
PROFILES = tuple(f"{PROFILE}/Composition-uv-ips{version}" for version in ("", "|2.0.0", "|1.1.0"))
"""Those that a summary has, as they may be asked for."""

TITLE = "Tóm tắt hồ sơ sức khỏe / International Patient Summary"
_UNKNOWN = {"extension": [{"url": systems()["x-absent"], "valueCode": "unknown"}]}
_SUBJECT = {"AllergyIntolerance": "patient", "Immunization": "patient"}

Resource = dict[str, Any]


def summary(gathered: Gathered, allowed: frozenset[str] | None) -> bytes:
    """Of a person of whom there is a Patient; entries are of the `allowed` types (None: all)."""
    book = _Book(gathered)
    sections = [one.json([book.entry(entry) for entry in one.entries]) for one in filled(gathered, allowed)]
    moment = _moment(gathered).isoformat(timespec="seconds")
    composition = _composition(gathered, book, moment) | {"section": sections}
    number = _uuid(exact.write([composition, *book.resources]).decode())
    identifier = {"system": "urn:ietf:rfc:3986", "value": f"urn:uuid:{number}"}
    composition |= {"id": str(_uuid(str(number))), "identifier": identifier}
    bundle = {
        "resourceType": "Bundle",
        "meta": {"profile": [f"{PROFILE}/Bundle-uv-ips"]},
        "language": "vi",
        "identifier": identifier,
        "type": "document",
        "timestamp": moment,
        "entry": [{"fullUrl": f"urn:uuid:{one['id']}", "resource": one} for one in (composition, *book.resources)],
    }
    return exact.write(bundle)


class _Book:
    """The resources of the document, each once, under addresses that the document makes itself."""

    def __init__(self, gathered: Gathered) -> None:
        self.seed = str(min(one.document.subject for one in gathered.patients))
        self._known: dict[str, Resource] = {}
        self.patient = self.add("patient", _patient(gathered))
        self.author = self.add("author", {"resourceType": "Organization", "name": "Hệ thống hồ sơ sức khỏe yteso"})

    @property
    def resources(self) -> list[Resource]:
        return list(self._known.values())

    def add(self, key: str, resource: Resource) -> str:
        """The address of a resource."""
        id = str(_uuid(self.seed, resource["resourceType"], key))
        type = {"resourceType": resource["resourceType"], "id": id}
        self._known.setdefault(id, type | {name: part for name, part in resource.items() if name != "resourceType"})
        return f"urn:uuid:{id}"

    def entry(self, entry: Entry) -> str:
        kind = entry.resource["resourceType"]
        resource = entry.resource | {_SUBJECT.get(kind, "subject"): {"reference": self.patient}}
        for element, linked in entry.links.items():
            reference = {"reference": self.add(linked.key, linked.resource)}
            resource[element] = [reference] if linked.many else reference
        return self.add(entry.key, resource)


def _composition(gathered: Gathered, book: _Book, moment: str) -> Resource:
    author = {"reference": book.author}
    return {
        "resourceType": "Composition",
        "meta": {"profile": [f"{PROFILE}/Composition-uv-ips"]},
        "language": "vi",
        "text": narrative.words(TITLE, *_foreword(gathered)),
        "status": "final",
        "type": {"coding": [{"system": systems()["loinc"], "code": "60591-5", "display": "Patient summary Document"}]},
        "subject": {"reference": book.patient},
        "date": moment,
        "author": [author],
        "title": TITLE,
        "confidentiality": "N",
        "custodian": author,
        **_event(gathered),
    }


def _foreword(gathered: Gathered) -> Iterable[str]:
    name = next(iter(gathered.patients[0].resource.get("name", ())), {}).get("text", "")
    yield name
    yield (
        "Máy lập từ hồ sơ của các cơ sở khám bệnh, chữa bệnh, chưa có người hành nghề xác nhận. Điều không ghi ở đây "
        "không có nghĩa là không có."
    )


def _event(gathered: Gathered) -> Resource:
    """The care that it is made from."""
    visits = [one.visit for one in gathered.encounters]
    if not visits:
        return {}
    code = {"system": "http://terminology.hl7.org/CodeSystem/v3-ActClass", "code": "PCPR", "display": "care provision"}
    start, end = min(start for start, _ in visits), max(end for _, end in visits)
    return {"event": [{"code": [{"coding": [code]}], "period": {"start": f"{start}", "end": f"{end}"}}]}


def _patient(gathered: Gathered) -> Resource:
    """As the latest visit states it, with the identifiers of all places."""
    said = [one.resource for one in gathered.patients]
    latest = unreferenced({name: part for name, part in said[0].items() if name not in ("id", "meta", "text", "link")})
    numbers = reduce(lambda known, one: known + [new for new in one if new not in known], _identifiers(said), [])
    latest |= {"identifier": numbers} if numbers else {}
    latest |= {} if latest.get("name") else {"name": [{"_text": _UNKNOWN}]}
    return latest | ({} if "birthDate" in latest else {"_birthDate": latest.get("_birthDate", _UNKNOWN)})


def _identifiers(said: Iterable[Resource]) -> list[list[Resource]]:
    return [unreferenced(one.get("identifier", [])) for one in said]


def _moment(gathered: Gathered) -> datetime:
    """From when on the summary is as it is: the last change of the record, or the beginning of the day."""
    return max(datetime.combine(gathered.today, time(), LOCAL), *gathered.written).astimezone(LOCAL)


def _uuid(*parts: str) -> UUID:
    return UUID(bytes=derive("summary", *parts).bytes, version=5)
