"""Which version of the national standard a dossier was written to: the file itself does not say."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache

from yteso import standards
from yteso.intake.dossier import Row


_FAMILY = ("130", "4750", "3176")

Names = dict[str, set[str]]
"""Table id → names of the fields that have a value somewhere in it."""


def field_names(tables: dict[str, list[Row]]) -> Names:
    return {table: set().union(*rows) for table, rows in tables.items()}


def tell(tables: dict[str, list[Row]], names: Names, *, old_roots: bool = False, made: date | None = None) -> str:
    """Id of the version: "4210", "130", "4750" or "3176".

    Content first: fields and roots that only 4210 has; fields and tables that only 3176, only 4750 or neither before
    them has. Then the day the visit ended (NGAY_RA), then the day the file was made, then the newest.
    """
    if _is_old(names, old_roots):
        return "4210"
    if _speaks_for(names, "3176", ("130", "4750")) or _appointment_length(tables) == 8:
        return "3176"
    if _speaks_for(names, "4750", ("130", "3176")) or _appointment_length(tables) == 12:
        return "4750"
    dated = _by_date(tables, made)
    if dated in ("4210", "130"):
        return "4750" if _speaks_for(names, "4750", ("130",)) else "130"
    return dated


def _is_old(names: Names, old_roots: bool) -> bool:
    """4210 or the 130 family: the side that more field names belong to; the roots decide when names do not."""
    old = sum(_spoken(names, ("4210",), _FAMILY))
    new = sum(_spoken(names, _FAMILY, ("4210",)))
    return old > new or (old == new and old_roots)


def _speaks_for(names: Names, version: str, others: tuple[str, ...]) -> bool:
    return any(_spoken(names, (version,), others))


def _spoken(names: Names, versions: tuple[str, ...], others: tuple[str, ...]) -> Iterator[int]:
    """Per table, how many of its field names only `versions` have and not `others`."""
    marks = _marks(versions, others)
    return (len(marks[table] & found) for table, found in names.items() if table in marks)


@cache
def _marks(versions: tuple[str, ...], others: tuple[str, ...]) -> dict[str, frozenset[str]]:
    tables = {table for version in versions for table in standards.STANDARDS[version].tables}
    return {table: _fields_of(table, versions) - _fields_of(table, others) for table in tables}


def _fields_of(table: str, versions: Iterable[str]) -> frozenset[str]:
    return frozenset().union(*(t[table].fields for v in versions if table in (t := standards.STANDARDS[v].tables)))


def _appointment_length(tables: dict[str, list[Row]]) -> int:
    """Digits of NGAY_HEN_KL in XML14: 3176 shortened it from 12 to 8."""
    return max((len(row.get("NGAY_HEN_KL", "").strip()) for row in tables.get("XML14", ())), default=0)


def _by_date(tables: dict[str, list[Row]], made: date | None) -> str:
    for row in tables.get("XML1", ()):
        try:
            return standards.in_force(date.fromisoformat(row.get("NGAY_RA", "").strip()[:8])).id
        except (ValueError, LookupError):
            break
    if made:
        try:
            return standards.in_force(made).id
        except LookupError:
            pass
    return "3176"
