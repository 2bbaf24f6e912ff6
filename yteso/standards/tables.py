"""Versions of the visit standard, their tables and their fields."""

from dataclasses import dataclass
from datetime import date
from functools import cache

from yteso.standards import files


@dataclass(frozen=True, slots=True)
class Field:
    """One field as its version of the decree has it. `max_length` counts characters; None means no limit.

    `required` is unconditional; a field that is needed only sometimes has `condition` in words instead.
    `many`: values joined with ";". `year_only`: a date that may be a bare year (NGAY_SINH of 4210).
    `code_list` names a list of `code_list()`, or is "ICD10" or "ICD9CM", which are catalogues, or "".
    """

    name: str
    order: int
    type: str
    decimals: int
    max_length: int | None
    required: bool
    condition: str
    code_list: str
    many: bool
    year_only: bool
    label_vi: str
    label_en: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table: `root` element, then `list`, then one `row` element per row.

    `list` is "" where rows stand directly under the root (4210); `row` is also "" where the fields do (XML1, XML7).
    `standalone` tables (XML0, XML12) travel in a file of their own, outside the envelope.
    """

    id: str
    title_vi: str
    title_en: str
    root: str
    list: str
    row: str
    standalone: bool
    fields: dict[str, Field]


@dataclass(frozen=True, slots=True)
class Standard:
    """One version. `effective_to` is its last day, None for the newest. A `pilot` version is never "in force"."""

    id: str
    decree: str
    title: str
    effective_from: date
    effective_to: date | None
    pilot: bool
    tables: dict[str, Table]


def standard(id: str) -> Standard:
    """The version called "4210", "130", "4750" or "3176"; KeyError for any other."""
    return STANDARDS[id]


def in_force(on: date) -> Standard:
    """The version a visit that ended on `on` is reported in; the oldest one for days before it."""
    official = [s for s in STANDARDS.values() if not s.pilot]
    return next((s for s in reversed(official) if s.effective_from <= on), official[0])


@cache
def _labels() -> dict[tuple[str, str], tuple[str, str]]:
    return {(row["table"], row["field"]): (row["label_vi"], row["label_en"]) for row in files.rows("labels.csv")}


def _fields(version: str, table: str) -> dict[str, Field]:
    labels = _labels()
    return {
        row["name"]: Field(
            name=row["name"],
            order=int(row["order"]),
            type=row["type"],
            decimals=int(row["decimals"]),
            max_length=int(row["max_length"]) if row["max_length"] else None,
            required=row["required"] == "yes",
            condition=row["condition"],
            code_list=row["code_list"],
            many=row["many"] == "yes",
            year_only=row["year_only"] == "yes",
            **dict(
                zip(("label_vi", "label_en"), labels.get((table, row["name"])) or labels["*", row["name"]], strict=True)
            ),
        )
        for row in files.rows(f"fields/{version}/{table}.csv")
    }


def _tables(version: str) -> dict[str, Table]:
    return {
        row["id"]: Table(
            id=row["id"],
            title_vi=row["title_vi"],
            title_en=row["title_en"],
            root=row["root"],
            list=row["list"],
            row=row["row"],
            standalone=row["standalone"] == "yes",
            fields=_fields(version, row["id"]),
        )
        for row in files.rows("tables.csv")
        if version in row["standards"].split()
    }


def _standards() -> dict[str, Standard]:
    return {
        row["id"]: Standard(
            id=row["id"],
            decree=row["decree"],
            title=row["title"],
            effective_from=date.fromisoformat(row["effective_from"]),
            effective_to=files.day(row["effective_to"]),
            pilot=row["pilot"] == "yes",
            tables=_tables(row["id"]),
        )
        for row in files.rows("standards.csv")
    }


STANDARDS = _standards()
"""Every version by its id, oldest first."""
