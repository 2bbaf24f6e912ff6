"""Conditional interactions: a search says which resource is meant (https://hl7.org/fhir/R4/http.html#ccreate).

Two of the same condition take turns, so that they do not both find nothing and create it twice.
"""

from collections.abc import Iterable
from urllib.parse import parse_qsl, urlencode

from psycopg import Connection

from yteso import record
from yteso.fhir.server import queries, searching
from yteso.fhir.server.faults import Fault, wrong
from yteso.fhir.server.neighbours import Found
from yteso.fhir.server.requests import Request


def take_turns(conn: Connection, conditions: Iterable[tuple[str, str]]) -> None:
    """Hold these conditions (type, criteria) until the transaction ends, before anything else is held."""
    record.lock(conn, {f"condition {type}?{urlencode(sorted(pairs(criteria)))}" for type, criteria in conditions})


def pairs(criteria: str) -> list[tuple[str, str]]:
    return parse_qsl(criteria, keep_blank_values=True)


def matches(request: Request, type: str, criteria: str) -> list[Found]:
    """What fits a condition now, two at most; raises Fault."""
    if not request.client.reads(type):
        raise Fault(
            403,
            "forbidden",
            f"Điều kiện trên {type} cần phạm vi đọc {type}.",
            f"A condition on {type} needs the scope to read {type}.",
        )
    inner = request.entry("GET", f"{type}?{criteria}", Prefer="handling=strict")
    inner.values = {"type": type}
    if not queries.others(inner, queries.RESULT):
        raise wrong("Thiếu điều kiện, ví dụ identifier=HỆ|SỐ.", "A condition is missing, e.g. identifier=SYSTEM|VALUE.")
    inner.parameters = [(name, value) for name, value in inner.parameters if name not in queries.RESULT]
    inner.parameters.append(("_count", "2"))
    query, _ = queries.parse(inner, type)
    page, _ = searching.found(inner, query)
    return page.found


def one(found: list[Found]) -> Found | None:
    """The only match, if any; raises Fault 412 when there are several."""
    if len(found) > 1:
        raise Fault(
            412,
            "multiple-matches",
            "Nhiều tài nguyên hợp điều kiện; hãy nêu điều kiện chỉ đúng một.",
            "Several resources fit the condition; name one that a single one fits.",
        )
    return found[0] if found else None
