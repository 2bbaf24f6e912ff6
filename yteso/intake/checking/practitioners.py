"""Who ordered, did and read: how practitioners are written, and whether they are on the facility's staff list."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from yteso.intake.checking.engine import ALL, Add, Visit, rule
from yteso.intake.checking.lookups import once
from yteso.intake.checking.values import MEMORY, parts
from yteso.intake.dossier import Row


ORDERS = (("XML2", "MA_BAC_SI"),)
READERS = (("XML4", "MA_BS_DOC_KQ"),)
PLACES = (*ORDERS, ("XML3", "MA_BAC_SI"), ("XML3", "NGUOI_THUC_HIEN"), *READERS, ("XML5", "NGUOI_THUC_HIEN"))

_ELSEWHERE = re.compile(r"[^.]+\.(?:TX|HD|CG)\.[0-9A-Z]{5}", re.ASCII)
"""A practitioner of another facility: remote, by contract, or sent (QĐ 3176)."""


@once
def named(v: Visit) -> dict[tuple[str, str], set[str]]:
    """The texts that name practitioners, each once, by table and field; "" where a row names none."""
    return {(table, field): {row.get(field, "") for row in v.tables.get(table, ())} for table, field in PLACES}


def rows_with(v: Visit, table: str, field: str, texts: Iterable[str]) -> Iterator[tuple[int, Row]]:
    """The first row that says each of the texts."""
    for text in sorted(texts):
        yield next((at, row) for at, row in enumerate(v.tables[table], 1) if row.get(field) == text)


@rule("ALL-003", standards=ALL)
def practitioner_of_another_facility_is_marked_as_agreed(v: Visit, add: Add) -> None:
    for (table, field), texts in named(v).items():
        wrong = [text for text in texts if "." in text and not _well_marked(text, v.standard)]
        for at, row in rows_with(v, table, field, wrong) if wrong else ():
            add(table, at, field, row[field])


@lru_cache(MEMORY)
def _well_marked(text: str, standard: str) -> bool:
    marked = [code for code in parts(text) if "." in code]
    return not marked or (standard == "3176" and all(map(_ELSEWHERE.fullmatch, marked)))


@rule("XML2-024", standards=ALL, needs="staff")
def prescriber_is_on_the_staff_list(v: Visit, add: Add) -> None:
    for table, field in ORDERS:
        _on_the_list(v, add, table, field)


def _on_the_list(v: Visit, add: Add, table: str, field: str) -> None:
    staff = v.lists.of("staff")
    if staff is None:
        return
    day = v.on.strftime("%Y%m%d")
    for text in sorted(named(v)[table, field]):
        unknown = [
            code
            for code in parts(text)
            if not _ELSEWHERE.fullmatch(code) and not any(one.covers(day) for one in staff.get(code, ()))
        ]
        if unknown:
            for at, _ in rows_with(v, table, field, [text]):
                add(table, at, field, "; ".join(unknown))


@rule("XML4-003")
def reader_is_named_and_on_the_staff_list(v: Visit, add: Add) -> None:
    for at, row in enumerate(v.x4, 1) if "" in named(v)[READERS[0]] else ():
        if "MA_BS_DOC_KQ" not in row and ("GIA_TRI" in row or "KET_LUAN" in row):
            add("XML4", at, "MA_BS_DOC_KQ")
    for table, field in READERS:
        _on_the_list(v, add, table, field)
