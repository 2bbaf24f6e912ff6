"""ValueSet `$expand` and `$validate-code` (https://hl7.org/fhir/R4/valueset-operations.html)."""

from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

import orjson

from yteso.fhir import terminology
from yteso.fhir.server import catalogue
from yteso.fhir.server.arguments import Arguments, answer, required
from yteso.fhir.server.coding import today, verdict
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shaping import instant
from yteso.fhir.server.shelf import terms
from yteso.fhir.server.term_faults import faults
from yteso.fhir.terminology import Expansion, Member, Sets, Wanted
from yteso.fhir.terminology.rendering import designations


EXPAND = {"url", "valueSet", "valueSetVersion", "filter", "date", "offset", "count", "includeDesignations",
          "includeDefinition", "activeOnly", "excludeNested", "excludeNotForUI", "excludePostCoordinated",
          "displayLanguage", "exclude-system", "system-version"}  # fmt: skip
VALIDATE = {"url", "valueSet", "valueSetVersion", "code", "system", "systemVersion", "display", "coding",
            "codeableConcept", "date", "abstract", "displayLanguage"}  # fmt: skip
SAID = ("filter", "date", "offset", "count", "includeDesignations", "activeOnly", "excludeNotForUI", "displayLanguage")
"""Parameters that an expansion repeats."""
KINDS = {"offset": "Integer", "count": "Integer", "includeDesignations": "Boolean", "activeOnly": "Boolean",
         "excludeNotForUI": "Boolean", "date": "DateTime", "displayLanguage": "Code"}  # fmt: skip


def expand(request: Request) -> Answer:
    given = Arguments(request, EXPAND)
    value_set = _value_set(request, given)
    sets = Sets(terms(), given.day("date") or today(), dict(_versions(given)))
    wanted = Wanted(
        given.text("filter"),
        given.number("offset") or 0,
        given.number("count"),
        given.flag("activeOnly"),
        given.flag("excludeNotForUI"),
        frozenset(given.texts("exclude-system")),
    )
    with faults():
        found = terminology.expand(sets.listed(value_set), wanted)
    head = {name: value for name, value in value_set.items() if name != "compose" or given.flag("includeDefinition")}
    return Answer(orjson.dumps(head | {"expansion": _expansion(given, wanted, found)}))


def validate(request: Request) -> Answer:
    given = Arguments(request, VALIDATE)
    value_set, on = _value_set(request, given), given.day("date")
    library, results = terms(), []
    for coding in given.codings():
        system, display = coding.get("system", ""), coding.get("display", "")
        with faults():
            results.append(terminology.in_set(library, value_set, system, coding["code"], display, on))
    return Answer(answer(*verdict(results, given)))


def _value_set(request: Request, given: Arguments) -> dict:
    """The one that comes with the request, or that is named; raises Fault."""
    if resource := given.resource("valueSet", "ValueSet"):
        return resource
    if "id" in request.values:
        named = catalogue.canonical(request, "ValueSet")
    else:
        named = "|".join(filter(None, (given.text("url"), given.text("valueSetVersion"))))
    if not named:
        raise required("url")
    with faults():
        return Sets(terms(), None).named(named)


def _versions(given: Arguments) -> Iterator[tuple[str, str]]:
    """The edition of each system that the client wants."""
    for text in given.texts("system-version"):
        url, _, version = text.partition("|")
        yield url, version


def _expansion(given: Arguments, wanted: Wanted, found: Expansion) -> dict:
    language = given.text("displayLanguage", "vi")[:2]
    both = given.flag("includeDesignations")
    said = [{"name": name, f"value{KINDS.get(name, 'String')}": _typed(name, text)}
            for name in SAID if (text := given.text(name))]  # fmt: skip
    used = {f"{one.system.url}|{one.system.version}" for one in found.members if one.system.version}
    said += [{"name": "used-codesystem", "valueUri": each} for each in sorted(used)]
    return {
        "identifier": f"urn:uuid:{uuid4()}",
        "timestamp": instant(datetime.now(UTC)),
        "total": found.total,
        "offset": wanted.offset,
        **({"parameter": said} if said else {}),
        **({"contains": [_contains(one, language, both) for one in found.members]} if found.members else {}),
    }


def _typed(name: str, text: str) -> object:
    kind = KINDS.get(name)
    if kind == "Integer":
        return int(text)
    return text == "true" if kind == "Boolean" else text


def _contains(one: Member, language: str, both: bool) -> dict:
    concept = one.concept
    found = {"system": one.system.url, "version": one.system.version, "code": concept.code}
    found |= {"abstract": concept.abstract or None, "inactive": None if concept.active else True}
    found |= {"display": concept.display(language), "designation": designations(concept) if both else None}
    return {name: value for name, value in found.items() if value}
