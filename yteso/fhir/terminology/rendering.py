"""Code systems, value sets and concept maps as FHIR resources, as far as they come with the program."""

from datetime import date

from yteso.fhir.terminology import library
from yteso.fhir.terminology.hl7 import PUBLISHER
from yteso.fhir.terminology.maps import ConceptMap, Group
from yteso.fhir.terminology.systems import Concept, System
from yteso.mapping import BASE


Resource = dict

DATED = "http://hl7.org/fhir/StructureDefinition/resource-effectivePeriod"
OWNER = "yteso"


def code_system(one: System, *, whole: bool = True) -> Resource:
    """With all its concepts, unless `whole` is false."""
    editions = library.built_in()[one.url]
    id = f"{one.id}-{one.version}" if len(editions) > 1 else one.id
    listed = list(one.concepts.values()) if whole else []
    found = _head("CodeSystem", id, one.url, one.version, one.vi, one.en, one.source, one.since, one.until) | {
        "caseSensitive": True,
        "valueSet": "" if one.source == PUBLISHER else f"{BASE}/vs/{one.id}",
        "content": one.content,
        "count": len(listed) or None,
        "property": _properties(listed),
        "concept": [_concept(each) for each in listed],
    }
    return _filled(found)


def concept_map(one: ConceptMap, *, whole: bool = True) -> Resource:
    """With all its lines, unless `whole` is false."""
    found = _head("ConceptMap", one.id, one.url, one.version, one.vi, one.en, one.source, one.since, None)
    return _filled(found | {"group": [_group(each, whole=whole) for each in one.groups]})


def _head(type: str, id: str, url: str, version: str, vi: str, en: str, source: str, since: date | None,
          until: date | None) -> Resource:  # fmt: skip
    own = source != PUBLISHER
    period = {"start": since and since.isoformat(), "end": until and until.isoformat()}
    return {
        "resourceType": type,
        "id": id,
        "extension": [{"url": DATED, "valuePeriod": _filled(period)}] if since or until else [],
        "url": url,
        "version": version,
        "name": computable(id),
        "title": " / ".join(dict.fromkeys(filter(None, (vi, en)))),
        "status": "active",
        "publisher": OWNER if own else "HL7",
        "copyright": source,
    }


def computable(id: str) -> str:
    """A name that programs can use: LoaiKcb."""
    return "".join(part[:1].upper() + part[1:] for part in id.replace(".", "-").split("-"))


def _properties(concepts: list[Concept]) -> list[Resource]:
    found = {name: value for concept in concepts for name, value in concept.properties.items()}
    listed = [
        {"code": name, "type": "boolean" if isinstance(value, bool) else "string"} for name, value in found.items()
    ]
    return listed + ([{"code": "parent", "type": "code"}] if any(concept.parents for concept in concepts) else [])


def _concept(one: Concept) -> Resource:
    properties = [
        {"code": name, "valueBoolean" if isinstance(value, bool) else "valueString": value}
        for name, value in one.properties.items()
    ]
    properties += [{"code": "parent", "valueCode": parent} for parent in one.parents]
    return _filled(
        {
            "code": one.code,
            "display": one.display(),
            "designation": designations(one) if one.vi and one.en else [],
            "property": properties,
        }
    )


def designations(one: Concept) -> list[Resource]:
    """Its names by language."""
    return [{"language": language, "value": name} for language, name in (("vi", one.vi), ("en", one.en)) if name]


def _group(one: Group, *, whole: bool) -> Resource:
    elements: dict[str, list[Resource]] = {}
    for row in one.rows if whole else ():
        target = {"code": row.target, "equivalence": row.equivalence, "comment": row.comment}
        elements.setdefault(row.source, []).append(_filled(target))
    return _filled(
        {
            "source": one.source,
            "sourceVersion": one.source_version,
            "target": one.target,
            "targetVersion": one.target_version,
            "element": [{"code": code, "target": targets} for code, targets in elements.items()],
        }
    )


def _filled(resource: Resource) -> Resource:
    """Without what is empty: FHIR has no empty elements."""
    return {name: value for name, value in resource.items() if value not in ("", None, [], {})}
