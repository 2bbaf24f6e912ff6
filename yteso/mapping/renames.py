"""Older versions of the standard under the names of the newest, and back.

A field is renamed only where it kept its meaning (`data/renames.csv`). Should a row carry the newer name itself, a mark
(`~NAME`) remembers that, so that the way back is exact.
"""

from functools import cache

from yteso.mapping.names import rows


Row = dict[str, str]
MARK = "~"


@cache
def _table(table: str, standard: str) -> dict[str, str]:
    return {
        r["old"]: r["new"] for r in rows("renames.csv") if r["table"] == table and standard in r["standards"].split()
    }


def any_in(table: str, standard: str) -> bool:
    return bool(_table(table, standard))


def newest(table: str, name: str, standard: str) -> str:
    return _table(table, standard).get(name, name)


def forward(table: str, row: Row, standard: str) -> Row:
    """The row under the newest names (the same object when nothing changes)."""
    names = _table(table, standard)
    if not names:
        return row
    marks = {MARK + new: "1" for new in names.values() if new in row}
    return {(names[f] if f in names and names[f] not in row else f): value for f, value in row.items()} | marks


def backward(table: str, row: Row, standard: str) -> Row:
    old_names = {new: old for old, new in _table(table, standard).items() if MARK + new not in row}
    return {old_names.get(f, f): value for f, value in row.items() if not f.startswith(MARK)}
