"""What is asked of a person's resources: of which person, which types, and what they must match.

The patient chooses the documents; every other parameter is asked of each resource in them (`yteso.fhir.search`).
Everything after `parse` (pages, totals, bundles) asks the query only.
"""

import re
from collections.abc import Iterable, Set
from dataclasses import dataclass, field, replace
from uuid import UUID

import orjson

from yteso.fhir import search
from yteso.fhir.server.faults import Fault, Issue, shown, wrong
from yteso.fhir.server.requests import Request
from yteso.fhir.server.shaping import WHOLE
from yteso.fhir.server.types import types
from yteso.record import Document, Resource, own


RESULT = {"_count", "_total", "_summary", "_elements", "_format", "_pretty", "_cursor"}
"""Parameters that say how the answer looks, not what is in it."""

_NOT_OFFERED = {"_sort", "_include", "_revinclude"}
"""Known to the search, but what they ask for is not done here."""

_PATIENT = re.compile(r"(?:https?://[^\s?#]{1,500}/)?(?:Patient/)?([A-Za-z0-9\-.]{1,64})")


@dataclass(slots=True, frozen=True)
class Query:
    """`subject` is None when no subject can have the id that was given: nothing matches. `types` None: all.

    `matches` is asked of resources of these types only. `asked` None: all of them.
    """

    subject: UUID | None
    types: frozenset[str] | None
    asked: search.Query | None = None
    needles: search.Needles = field(default_factory=list)

    def matches(self, document: Document, resource: Resource) -> bool:
        """Is the resource, as it is handed out with its version and its time, one of those searched?"""
        if self.asked is None or not self.asked.criteria:
            return True
        type, _, json = resource
        if not search.possible(self.needles, json):
            return False
        return self.asked.matches(orjson.loads(WHOLE(type, json, document.version, document.written)))


def parse(request: Request, type: str) -> tuple[Query, list[Issue]]:
    """The query of a search of one type, and what of it was ignored; raises Fault.

    The patient is in the path (the compartment) or in the parameters `patient` or `subject`.
    """
    scopes = () if "id" in request.values else types()[type].scopes
    asked, unknown = _asked(request, type, RESULT.union(scopes))
    ignored = leave_out(request, type, unknown)
    patients = [request.values["id"]] if "id" in request.values else _patients(request, type, scopes)
    return Query(_subject(patients), frozenset({type}), asked, search.needles(asked)), ignored


def others(request: Request, known: Set[str]) -> list[tuple[str, str]]:
    return [(name, value) for name, value in request.parameters if name not in known]


def leave_out(request: Request, what: str, unknown: Iterable[str]) -> list[Issue]:
    """Refuse these parameters, or, where the client is lenient, leave them out and say so."""
    unknown = dict.fromkeys(unknown)
    if unknown and not request.lenient:
        raise _unknown(what, next(iter(unknown)))
    request.leave_out(unknown)
    return [_ignored(name) for name in unknown]


def _asked(request: Request, type: str, known: Set[str]) -> tuple[search.Query, list[str]]:
    """What is asked of each resource, and the parameters that nothing is made of (conditions on others among them)."""
    pairs = others(request, known)
    apart = [name for name, _ in pairs if name.partition(":")[0] in _NOT_OFFERED]
    try:
        asked = search.parse(type, [pair for pair in pairs if pair[0] not in apart], strict=False, base=request.base)
    except search.SearchError as error:
        raise wrong(error.vi, error.en) from None
    linked = [link.written for link in asked.links]
    return replace(asked, criteria=tuple(asked.conditions)), [*apart, *asked.ignored, *linked]


def _patients(request: Request, type: str, scopes: tuple[str, ...]) -> list[str]:
    values = [value for name, value in request.parameters if name in scopes]
    if not values:
        raise _unbounded(type, scopes)
    found = [_PATIENT.fullmatch(value) for value in values]
    if not all(found):
        raise wrong("Viết người bệnh là patient=ID, một người.", "Write the patient as patient=ID, of one person.")
    return [one[1] for one in found]


def _subject(patients: list[str]) -> UUID | None:
    """Several patients at once are never all the subject of one resource."""
    return own("Patient", patients[0]) if len(set(patients)) == 1 else None


def _unbounded(type: str, scopes: tuple[str, ...]) -> Fault:
    if not scopes:
        return Fault(
            403,
            "too-costly",
            f"Chưa tìm được {type} theo người bệnh; hãy đọc theo mã (id).",
            f"{type} cannot be searched by patient; read it by its id.",
        )
    return Fault(
        403,
        "too-costly",
        "Tìm trên mọi người bệnh bị từ chối: thêm patient=ID.",
        "A search over all patients is refused: add patient=ID.",
    )


def _unknown(what: str, name: str) -> Fault:
    return wrong(
        f"{what} chưa nhận tham số {shown(name)}; bỏ đi, hoặc gửi Prefer: handling=lenient.",
        f"{what} does not take the parameter {shown(name)}; drop it, or send Prefer: handling=lenient.",
    )


def _ignored(name: str) -> Issue:
    vi, en = f"Đã bỏ qua tham số {shown(name)}.", f"The parameter {shown(name)} was ignored."
    return Issue("warning", "not-supported", vi, en)
