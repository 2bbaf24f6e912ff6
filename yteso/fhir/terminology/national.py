"""The national code lists of the visit standard as code systems; versions are the numbers of the decrees."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from functools import partial
from pathlib import Path

from yteso import standards
from yteso.fhir.terminology.systems import Concept, System
from yteso.mapping import BASE
from yteso.standards import Edition


LISTS = Path(__file__).parent / "data" / "lists.csv"


def systems() -> Iterator[System]:
    """Every edition of every list, the oldest of each first."""
    with LISTS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, strict=True):
            yield from _editions(row["id"], row["lists"].split(), row["en"])


def concepts(edition: Edition) -> Iterator[Concept]:
    for code in standards.edition_codes(edition).codes.values():
        yield Concept(code.code, code.vi, code.en)


def _editions(id: str, lists: list[str], en: str) -> Iterator[System]:
    begin = None
    for name in lists:
        for edition in standards.editions(name):
            since, until = _in_force(edition, name, begin)
            begin = until + timedelta(days=1) if until else begin
            yield System(
                f"{BASE}/cs/{id}",
                _standard(name) or edition.decree.partition("/")[0] or "1",
                id,
                edition.title_vi,
                en,
                partial(concepts, edition),
                since,
                until,
                "fragment" if edition.open else "complete",
                edition.decree,
            )


def _standard(name: str) -> str:
    """The version of the standard that a list of its own is named after, or ""."""
    last = name.rpartition("_")[2]
    return last if last in standards.STANDARDS else ""


def _in_force(edition: Edition, name: str, begin: date | None) -> tuple[date | None, date | None]:
    """Lists named after a version are in force as long as it was; the others at most from the end of those before."""
    if one := standards.STANDARDS.get(_standard(name)):
        return (one.effective_from if one.pilot else None), one.effective_to
    return max(filter(None, (edition.effective_from, begin)), default=None), edition.effective_to
