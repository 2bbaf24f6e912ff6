"""What no element of FHIR carries: kept, field by field, in one complex extension per table."""

from collections.abc import Iterable
from functools import cache

from yteso import standards
from yteso.mapping import renames
from yteso.mapping.names import rows
from yteso.mapping.values import quote


ABSENT = "absent"
"""Nested url naming a field that this row leaves out although the visit's XML1 has it."""

STANDARD = "standard"
"""Nested url, in the Encounter, naming the version the visit came in."""


@cache
def shared_fields(table: str) -> dict[str, str]:
    """Fields that usually repeat XML1 → the XML1 field. Stored only where they differ."""
    if table not in PSEUDO and table != "XML1":
        return {"MA_LK": "MA_LK", **{r["field"]: r["xml1_field"] for r in rows("shared.csv") if r["table"] == table}}
    return {}


PSEUDO: dict[str, list[str]] = {}
LETTER: dict[str, str] = {}
for _row in rows("splits.csv"):
    LETTER[_row["rows"]] = _row["letter"]
    PSEUDO.setdefault(_row["rows"], []).append(_row["field"])

SPLIT_FIELDS = frozenset(f for names in PSEUDO.values() for f in names)
"""Fields of XML1 that hold `;` lists with a resource per part."""


@cache
def fields(table: str) -> tuple[str, ...]:
    """Every field of a table in any version, under its newest name, in decree order."""
    if table in PSEUDO:
        return tuple(PSEUDO[table])
    found: dict[str, None] = {}
    for standard in reversed(list(standards.STANDARDS.values())):
        if table in standard.tables:
            found.update(dict.fromkeys(renames.newest(table, f, standard.id) for f in standard.tables[table].fields))
    return tuple(found)


def joined(made: list[dict[str, str]], name: str) -> str:
    """A `;` list back from its rows."""
    return ";".join(row.get(name, "") for row in made)


def entry(name: str, value: str) -> str:
    return f',{{"url":{quote(name)},"valueString":{quote(value)}}}'


def shared(name: str, value: str | None) -> str:
    return entry(ABSENT, name) if value is None else entry(name, value)


def unknown(row: dict[str, str], names: Iterable[str]) -> str:
    """Fields that no version of the table has: kept all the same."""
    return "".join(entry(name, row[name]) for name in sorted(names))
