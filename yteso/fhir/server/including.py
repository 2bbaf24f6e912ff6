"""`_include` and `_revinclude`: the company of the matches of one page.

https://hl7.org/fhir/R4/search.html#include. Each resource comes once; of types outside the client's scope none comes.
"""

from collections.abc import Iterable, Iterator

from yteso.fhir import search
from yteso.fhir.search.results import Results
from yteso.fhir.server.faults import Issue, wrong
from yteso.fhir.server.neighbours import Found, Neighbours
from yteso.fhir.server.requests import Request
from yteso.fhir.server.shaping import decoded


MOST = 1_000
"""Resources that come with one page."""


def included(
    request: Request, results: Results, matches: list[Found], near: Neighbours
) -> tuple[list[Found], list[Issue]]:
    """What comes with these matches, and what is to be said of what does not; raises Fault."""
    if (results.includes or results.revincludes) and request.one("_summary") == "text":
        raise wrong("_summary=text không đi cùng _include và _revinclude.", "_summary=text does not go with includes.")
    seen = {_name(one) for one in matches}
    found: list[Found] = []
    latest, again = matches, False
    while latest and len(found) <= MOST:
        around = (other for one in latest for other in _around(results, one, near, again=again))
        latest, again = _new(around, seen), True
        found += latest
    return found[:MOST], [*_outside(request, results), *([_cut()] if len(found) > MOST else [])]


def _new(around: Iterable[Found], seen: set[str]) -> list[Found]:
    """Those not seen before, of which a few too many tell that there are more than may come."""
    new = []
    for one in around:
        if (name := _name(one)) not in seen:
            seen.add(name)
            new.append(one)
            if len(new) > MOST:
                break
    return new


def _around(results: Results, one: Found, near: Neighbours, *, again: bool) -> Iterator[Found]:
    """What one resource brings along; `again` when it was brought along itself, which counts for `:iterate` only."""
    document, (type, id, json) = one
    resource = None
    for asked in results.includes:
        if asked.source in ("*", type) and (asked.iterate or not again):
            resource = resource or decoded(document, type, json)
            for parameter in _references(type, asked.parameter):
                for address in near.addresses(parameter, resource):
                    if asked.target in ("", address.partition("/")[0]) and (other := near.at(address)):
                        yield other
    for asked in results.revincludes:
        if asked.target in ("", type) and (asked.iterate or not again):
            for parameter in _references(asked.source, asked.parameter):
                yield from near.referring(asked.source, parameter.code, f"{type}/{id}")


def _references(type: str, code: str) -> list[search.Parameter]:
    known = search.parameters(type)
    return [one for one in known.values() if one.type == "reference"] if code == "*" else [known[code]]


def _name(one: Found) -> str:
    _, (type, id, _) = one
    return f"{type}/{id}"


def _outside(request: Request, results: Results) -> list[Issue]:
    named = [one.target for one in results.includes if one.target] + [one.source for one in results.revincludes]
    missing = sorted({type for type in named if not request.client.reads(type)})
    return [
        Issue("warning", "suppressed", f"Phạm vi của ứng dụng không có {type}.", f"The scope does not have {type}.")
        for type in missing
    ]


def _cut() -> Issue:
    return Issue(
        "warning",
        "incomplete",
        f"Có hơn {MOST} tài nguyên đi kèm; chỉ gửi {MOST}. Giảm _count.",
        f"More than {MOST} resources come with this page; {MOST} are sent. Lower _count.",
    )
