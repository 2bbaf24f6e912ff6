"""The truth behind the files: who the people are, their patient ids, and the mistakes made on purpose."""

import csv
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from yteso.sandbox.facilities import Network
from yteso.sandbox.people import Person


if TYPE_CHECKING:
    from yteso.sandbox.simulate import Mistake


PEOPLE = ("person", "number", "name", "birth", "sex", "card", "phone", "address", "patient_ids")
FACILITIES = ("code", "name", "kind", "province", "commune", "parent")
MISTAKES = ("file", "ma_lk", "kind", "table", "row", "field", "was", "now", "rules")
KINDS = {"p": "provincial hospital", "d": "medical centre", "k": "clinic", "c": "commune station"}


class Rows:
    """A CSV file written row by row."""

    def __init__(self, path: Path, columns: tuple[str, ...]) -> None:
        self.file = path.open("w", encoding="utf-8", newline="")
        self.writer = csv.writer(self.file, lineterminator="\n")
        self.writer.writerow(columns)
        self.count = 0

    def row(self, *values: object) -> None:
        self.writer.writerow(values)
        self.count += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.file.close()


class PeopleFile(Rows):
    """people.csv; `birth` is yyyymmdd or yyyy, `patient_ids` holds facility:patient number, joined with ;"""

    def __init__(self, path: Path) -> None:
        super().__init__(path, PEOPLE)

    def write(self, person: Person) -> None:
        ids = ";".join(f"{facility}:{number}" for facility, number in sorted(person.patient_ids.items()))
        birth = person.birth[:4] if person.birth[4:8] == "0000" else person.birth[:8]
        who = (person.n, person.number, person.name, birth, person.sex)
        self.row(*who, person.card, person.phone, person.address, ids)


class MistakesFile(Rows):
    """mistakes.csv, one row per mistake; `rules` are the ids it must break, joined with ; and empty if harmless."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, MISTAKES)

    def write(self, mistake: "Mistake") -> None:
        change, rules = mistake.change, ";".join(mistake.kind.rules)
        place = (change.table, change.row or "", change.field)
        self.row(mistake.file, mistake.ma_lk, mistake.kind.name, *place, change.was, change.now, rules)


def write_facilities(path: Path, network: Network, province: dict[str, str]) -> None:
    with Rows(path, FACILITIES) as rows:
        for facility in network.all:
            parent = network.all[facility.parent].code if facility.index else ""
            place = (province["code"], facility.commune)
            rows.row(facility.code, facility.name, KINDS[facility.kind], *place, parent)
