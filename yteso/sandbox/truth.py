"""The truth behind the files: who the people are and which patient ids they were given, for tests of identity."""

import csv
from pathlib import Path
from types import TracebackType

from yteso.sandbox.facilities import Network
from yteso.sandbox.people import Person


PEOPLE = ("person", "number", "name", "birth", "sex", "card", "phone", "address", "patient_ids")
FACILITIES = ("code", "name", "kind", "province", "commune", "parent")
KINDS = {"p": "provincial hospital", "d": "medical centre", "k": "clinic", "c": "commune station"}


class PeopleFile:
    """people.csv, written as people come; `patient_ids` holds facility:patient number, joined with ;"""

    def __init__(self, path: Path) -> None:
        self.file = path.open("w", encoding="utf-8", newline="")
        self.writer = csv.writer(self.file, lineterminator="\n")
        self.writer.writerow(PEOPLE)
        self.count = 0

    def write(self, person: Person) -> None:
        ids = ";".join(f"{facility}:{number}" for facility, number in sorted(person.patient_ids.items()))
        birth = person.birth.rstrip("0").ljust(4, "0") if person.birth.endswith("00000000") else person.birth[:8]
        self.writer.writerow(
            (person.n, person.number, person.name, birth, person.sex, person.card, person.phone, person.address, ids)
        )
        self.count += 1

    def __enter__(self) -> "PeopleFile":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.file.close()


def write_facilities(path: Path, network: Network, province: dict[str, str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow(FACILITIES)
        for facility in network.all:
            parent = network.all[facility.parent].code if facility.index else ""
            writer.writerow((facility.code, facility.name, KINDS[facility.kind], province["code"], facility.commune, parent))
