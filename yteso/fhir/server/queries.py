"""What is asked of a person's resources: of which person, which types, and what they must match.

The patient chooses the documents; every other parameter is asked of each resource in them (`yteso.fhir.search`).
Everything after `parse` (pages, totals, bundles) asks the query only.
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from uuid import UUID

from yteso.fhir import search
from yteso.fhir.server.faults import Fault, Issue, not_of, out_of_scope, shown, wrong
from yteso.fhir.server.neighbours import Neighbours
from yteso.fhir.server.requests import Request
from yteso.fhir.server.shaping import decoded
from yteso.fhir.server.shelf import expand
from yteso.fhir.server.types import types
from yteso.record import Document, Probe, Resource, own
from yteso.record.words import of_type


RESULT = {"_count", "_total", "_summary", "_elements", "_format", "_pretty", "_cursor"}
"""Parameters that say how the answer looks, not what is in it."""

_FORGIVING = (" Hoặc gửi Prefer: handling=lenient để bỏ qua.", " Or send Prefer: handling=lenient to leave it out.")

_PATIENT = re.compile(r"(?:https?://[^\s?#]{1,500}/)?(?:Patient/)?([A-Za-z0-9\-.]{1,64})")


@dataclass(slots=True, frozen=True)
class Query:
    """`subject` is None when no subject can have the id that was given: nothing matches. `types` None: all.

    `matches` is asked of resources of these types only that hold one of each of the `needles`. `asked` None: all of
    them. `probes` are what the index knows of the documents that may hold such. `everybody`: of whatever subject;
    `selective` then says whether the probes tell more than types.
    """

    subject: UUID | None
    types: frozenset[str] | None
    asked: search.Query | None = None
    needles: search.Needles = field(default_factory=list)
    probes: tuple[Probe, ...] = ()
    everybody: bool = False
    selective: bool = True

    def matches(self, document: Document, resource: Resource, near: Neighbours) -> bool:
        """Is the resource, as it is handed out with its version and its time, one of those searched?"""
        if self.asked is None or not self.asked.criteria:
            return True
        type, _, json = resource
        return self.asked.matches(decoded(document, type, json), near.resolve, near.referrers)


def parse(request: Request, type: str) -> tuple[Query, list[Issue]]:
    """The query of a search of one type, and what of it was ignored; raises Fault.

    The patient is in the path (the compartment) or in the parameters `patient` or `subject`; without one it is a search
    across everybody, yet to be settled (settling.py).
    """
    not_of(type, "_search")
    owner = request.values.get("owner")
    scopes = () if "id" in request.values and not owner else _scopes(request, type)
    asked = _asked(request, type, RESULT.union(scopes))
    if owner:
        tie = search.tied(owner, request.values["id"], type, request.base)
        asked = replace(asked, criteria=(*asked.criteria, tie))
    _permit(request, asked)
    ignored = leave_out(request, type, asked.ignored)
    patients = _patients(request, scopes) if owner or "id" not in request.values else [request.values["id"]]
    if not patients:
        return Query(None, frozenset({type}), asked, everybody=True), ignored
    return Query(_subject(patients), frozenset({type}), asked, search.needles(asked), _probes(type, asked)), ignored


def parse_all(request: Request) -> tuple[Query, list[Issue]]:
    """The query of a search in several types, or in all that the client reads; raises Fault."""
    asked = _asked(request, search.ANY, RESULT)
    _permit(request, asked)
    ignored = leave_out(request, "/", asked.ignored)
    wanted = asked.results.types or sorted(types())
    found = [type for type in wanted if request.client.reads(type) and type != "Binary"]
    if not found:
        raise out_of_scope(", ".join(asked.results.types))
    return Query(None, frozenset(found), asked, everybody=True), ignored


def across(types: frozenset[str], asked: search.Query, probes: list[Probe]) -> Query:
    """A search across everybody; raises Fault when the index does not lead to it and there may be many such."""
    if not probes and any(map(about_people, types)):
        raise unbounded(types)
    told = tuple(probes) or (of_types(types),)
    return Query(None, types, asked, search.needles(asked), told, everybody=True, selective=bool(probes))


def of_types(types: Iterable[str]) -> Probe:
    return Probe(tuple(frozenset((of_type(type),)) for type in types))


def about_people(type: str) -> bool:
    return type == "Patient" or types()[type].compartment or bool(types()[type].scopes)


def others(request: Request, known: Set[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.parameters if name not in known]


def leave_out(request: Request, what: str, unknown: Iterable[tuple[str, str]]) -> list[Issue]:
    """Refuse these parameters, or, where the client is lenient, leave them out and say so."""
    unknown = list(unknown)
    if unknown and not request.lenient:
        raise _unknown(what, unknown[0][0])
    request.leave_out(unknown)
    return [_ignored(name) for name in dict.fromkeys(name for name, _ in unknown)]


def _asked(request: Request, type: str, known: Set[str]) -> search.Query:
    """What is asked of each resource, and how the matches are to come."""
    try:
        return search.parse(
            type,
            others(request, known),
            strict=not request.lenient,
            base=request.base,
            expand=expand,
        )
    except search.SearchError as error:
        vi, en = _FORGIVING if error.reason in search.FORGIVEN else ("", "")
        raise wrong(error.vi + vi, error.en + en) from None


def _permit(request: Request, asked: search.Query) -> None:
    """Conditions on other resources tell of them: some type that they lead to must be in the scope."""
    if type := asked.closed(request.client.reads):
        raise Fault(
            403,
            "forbidden",
            f"Có điều kiện xét đến {type}, ngoài phạm vi của ứng dụng.",
            f"A condition asks about {type}, which the scope of this client does not have.",
        )


def _probes(type: str, asked: search.Query) -> tuple[Probe, ...]:
    """None where other resources of the person are looked at as well: any document may hold them."""
    results = asked.results
    if asked.linked or results.includes or results.revincludes:
        return ()
    return of_types({type}), *search.probes(asked)


def _scopes(request: Request, type: str) -> tuple[str, ...]:
    """The parameters that choose the patient: not those that are about a device, a group or another."""
    others = {"Device", "Group", "Location", "Medication", "Organization", "Practitioner", "Substance"}
    elsewhere = {name for name, value in request.parameters if value.partition("/")[0] in others}
    return tuple(name for name in types()[type].scopes if name not in elsewhere)


def _patients(request: Request, scopes: tuple[str, ...]) -> list[str]:
    values = [value for name, value in request.parameters if name in scopes]
    found = [_PATIENT.fullmatch(value) for value in values]
    if not all(found):
        raise wrong("Viết người bệnh là patient=ID, một người.", "Write the patient as patient=ID, of one person.")
    return [one[1] for one in found]


def _subject(patients: list[str]) -> UUID | None:
    """Several patients at once are never all the subject of one resource."""
    return own("Patient", patients[0]) if len(set(patients)) == 1 else None


def unbounded(types: Iterable[str]) -> Fault:
    """What to add, by what the index knows of all these types."""
    kinds = sorted(types)
    names = ", ".join(sorted(set.intersection(*(set(search.known(kind)) for kind in kinds))))
    patient = any(map(about_people, kinds))
    return Fault(
        403,
        "too-costly",
        f"Tìm {_some(kinds)} như vậy phải mở mọi tài liệu; hãy thêm {'patient=ID, hoặc ' if patient else ''}một trong: "
        f"{names}. Ngày viết đủ một ngày, tháng hoặc năm.",
        f"This opens all documents with {_some(kinds)}; add {'patient=ID, or ' if patient else ''}one of: {names}. "
        "A date is one day, month or year.",
    )


def _some(names: list[str]) -> str:
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")


def _unknown(what: str, name: str) -> Fault:
    return wrong(
        f"{what} chưa nhận tham số {shown(name)}; bỏ đi, hoặc gửi Prefer: handling=lenient.",
        f"{what} does not take the parameter {shown(name)}; drop it, or send Prefer: handling=lenient.",
    )


def _ignored(name: str) -> Issue:
    vi, en = f"Đã bỏ qua tham số {shown(name)}.", f"The parameter {shown(name)} was ignored."
    return Issue("warning", "not-supported", vi, en)
