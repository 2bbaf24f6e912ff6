"""CodeSystem `$lookup`, `$validate-code`, `$subsumes`; ConceptMap `$translate`.

https://hl7.org/fhir/R4/codesystem-operations.html, https://hl7.org/fhir/R4/conceptmap-operation-translate.html
"""

from datetime import date, datetime
from functools import partial

from yteso.fhir import terminology
from yteso.fhir.server import catalogue
from yteso.fhir.server.arguments import Arguments, answer, required, texts
from yteso.fhir.server.faults import Fault, shown
from yteso.fhir.server.requests import Answer, Request
from yteso.fhir.server.shelf import terms
from yteso.fhir.server.term_faults import faults
from yteso.fhir.terminology import ConceptMap, Library, Match, System
from yteso.fhir.terminology.maps import stored as map_of
from yteso.record.document import LOCAL


LOOKUP = {"code", "system", "version", "coding", "date", "displayLanguage", "property"}
VALIDATE = {"url", "codeSystem", "code", "version", "display", "coding", "codeableConcept", "date", "abstract",
            "displayLanguage"}  # fmt: skip
SUBSUMES = {"codeA", "codeB", "codingA", "codingB", "system", "version"}
TRANSLATE = {"url", "conceptMap", "conceptMapVersion", "code", "system", "version", "source", "coding",
             "codeableConcept", "target", "targetsystem", "reverse"}  # fmt: skip

Part = tuple[str, str, object]


def lookup(request: Request) -> Answer:
    given = Arguments(request, LOOKUP)
    (coding, *_) = given.codings()
    system = _system(request, coding, given.day("date") or today())
    concept = system.concepts.get(coding["code"])
    if concept is None:
        raise Fault(
            404,
            "not-found",
            f"Hệ mã {system.title()} (bản {system.version or '–'}) không có mã này.",
            f"The code system {system.title('en')} (version {system.version or '–'}) lacks this code.",
        )
    language = given.text("displayLanguage", "vi")[:2]
    wanted = given.texts("property")
    parts: list[Part] = [("name", "String", system.title(language))]
    parts += [("version", "String", system.version)] if system.version else []
    parts += [("display", "String", display)] if (display := concept.display(language)) else []
    for code, name in (("vi", concept.vi), ("en", concept.en)):
        if name:
            parts.append(("designation", "part", [("language", "Code", code), ("value", "String", name)]))
    parts += [("property", "part", list(one)) for one in _properties(system, concept.code) if _asked(one, wanted)]
    return Answer(answer(*parts))


def validate(request: Request) -> Answer:
    given = Arguments(request, VALIDATE)
    library, day, results = terms(), given.day("date"), []
    brought = given.resource("codeSystem", "CodeSystem")
    if brought:
        library = Library(lambda *_: [brought])
    for coding in given.codings():
        url = brought.get("url") if brought else _url(request, given.text("url") or coding.get("system", ""))
        if not url:
            raise required("url")
        version = given.text("version") or coding.get("version", "")
        canonical = f"{url}|{version}" if version else url
        found = terminology.in_system(library, canonical, coding["code"], coding.get("display", ""), day)
        results.append(found)
    return Answer(answer(*verdict(results, given)))


def verdict(results: list[terminology.Result], given: Arguments) -> list[Part]:
    """Of several codings one that may be used is enough; a group may where the client says so (`abstract`)."""
    language, groups = given.text("displayLanguage", "vi")[:2], given.flag("abstract")
    results = [one if groups or not _is_group(one) else _GROUP(concept=one.concept) for one in results]
    best = next((one for one in results if one.ok), results[0])
    parts: list[Part] = [("result", "Boolean", best.ok)]
    if best.vi:
        parts.append(("message", "String", f"{best.vi} / {best.en}"))
    if best.concept and best.concept.display(language):
        parts.append(("display", "String", best.concept.display(language)))
    return parts


_GROUP = partial(
    terminology.Result,
    False,
    "Đây là nhóm mã, không dùng để ghi (abstract=true nếu được dùng).",
    "This is a group of codes, not to be recorded (abstract=true where it may be).",
)


def _is_group(one: terminology.Result) -> bool:
    return one.ok and one.concept is not None and one.concept.abstract


def subsumes(request: Request) -> Answer:
    given = Arguments(request, SUBSUMES)
    a, b = (_end(given, name) for name in "AB")
    system = _system(request, a, today())
    if b.get("system", a.get("system")) != a.get("system"):
        raise Fault(422, "invalid", "Hai mã thuộc hai hệ mã khác nhau.", "The codes are of two code systems.")
    for one in (a, b):
        if one["code"] not in system.concepts:
            title = shown(one["code"])
            raise Fault(404, "not-found", f"Hệ mã không có mã {title}.", f"The code system lacks code {title}.")
    return Answer(answer(("outcome", "Code", _order(system, a["code"], b["code"]))))


def translate(request: Request) -> Answer:
    given = Arguments(request, TRANSLATE)
    library = terms()
    maps = _maps(request, given, library)
    target, reverse = given.text("targetsystem"), given.flag("reverse")
    matches: list[Match] = []
    for coding in given.codings():
        system, version = coding.get("system", ""), coding.get("version", "")
        matches += terminology.translate(maps, system, coding["code"], target, version=version, reverse=reverse)
    with faults():
        matches = _bounded(matches, given, library)
    good = [one for one in matches if one.equivalence not in ("unmatched", "disjoint")]
    parts: list[Part] = [("result", "Boolean", bool(good))]
    if not good:
        parts.append(("message", "String", "Không có mã tương ứng. / There is no match."))
    parts += [("match", "part", _match(library, one)) for one in matches]
    return Answer(answer(*parts))


def _bounded(matches: list[Match], given: Arguments, library: Library) -> list[Match]:
    """Those within the value sets `source` and `target`; raises UnknownSet, FilterError."""
    if source := given.text("source"):
        wanted = terminology.members(source, library=library)
        if not any(wanted(one.get("system", ""), one["code"]) for one in given.codings()):
            return []
    if target := given.text("target"):
        wanted = terminology.members(target, library=library)
        return [one for one in matches if not one.code or wanted(one.system, one.code)]
    return matches


def _maps(request: Request, given: Arguments, library: Library) -> list[ConceptMap]:
    """The one that comes with the request, that is named, or all; raises Fault."""
    if resource := given.resource("conceptMap", "ConceptMap"):
        return [map_of(resource)]
    if "id" in request.values:
        named = catalogue.canonical(request, "ConceptMap")
    else:
        named = "|".join(filter(None, (given.text("url"), given.text("conceptMapVersion"))))
    found = library.concept_maps(named)
    if not found:
        raise Fault(
            404,
            "not-found",
            "Không có bảng chuyển mã này; các bảng có ở /fhir/R4/ConceptMap.",
            "There is no such concept map; /fhir/R4/ConceptMap lists them.",
        )
    return found


def today() -> date:
    return datetime.now(LOCAL).date()


def _system(request: Request, coding: dict, on: date) -> System:
    """The edition that is asked of; raises Fault."""
    url, version = _url(request, coding.get("system", "")), coding.get("version", "")
    if not url:
        raise required("system")
    found = terms().system(f"{url}|{version}" if version else url, on)
    if found is None:
        raise Fault(
            404,
            "not-found",
            "Không có hệ mã này, hoặc không có bản này; các hệ mã có ở /fhir/R4/CodeSystem.",
            "There is no such code system or version; /fhir/R4/CodeSystem lists them.",
        )
    return found


def _url(request: Request, given: str) -> str:
    """The address, with its version, of the code system in the path; else the one that was given."""
    return catalogue.canonical(request, "CodeSystem") if "id" in request.values else given


def _end(given: Arguments, name: str) -> dict:
    coding = texts(given.object(f"coding{name}") or {"code": given.text(f"code{name}")})
    if "code" not in coding:
        raise required(f"code{name}")
    common = {each: value for each in ("system", "version") if (value := given.text(each))}
    return common | coding


def _order(system: System, a: str, b: str) -> str:
    if a == b:
        return "equivalent"
    if a in system.above(b):
        return "subsumes"
    return "subsumed-by" if b in system.above(a) else "not-subsumed"


def _properties(system: System, code: str) -> list[tuple[Part, ...]]:
    concept = system.concepts[code]
    found: list[tuple[Part, ...]] = [
        (("code", "Code", name), ("value", "Boolean" if isinstance(value, bool) else "String", value))
        for name, value in concept.properties.items()
    ]
    for name, codes in (("parent", concept.parents), ("child", system.children.get(code, ()))):
        for one in codes:
            display = system.concepts[one].display() if one in system.concepts else ""
            shown = [("description", "String", display)] if display else []
            found.append((("code", "Code", name), ("value", "Code", one), *shown))
    return found


def _asked(parts: tuple[Part, ...], wanted: list[str]) -> bool:
    return not wanted or "*" in wanted or parts[0][2] in wanted


def _match(library: Library, one: Match) -> list[Part]:
    coding = {"system": one.system, "version": one.version, "code": one.code}
    system = library.system(f"{one.system}|{one.version}") if one.code else None
    if system and one.code in system.concepts:
        coding["display"] = system.concepts[one.code].display()
    parts: list[Part] = [("equivalence", "Code", one.equivalence)]
    if one.code:
        parts.append(("concept", "Coding", {name: value for name, value in coding.items() if value}))
    return [*parts, ("source", "Uri", one.map)] if one.map else parts
