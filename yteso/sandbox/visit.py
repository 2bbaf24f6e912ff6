"""One visit while it is being made up: what was ordered, done, found and written, then its tables."""

from dataclasses import dataclass, field
from random import Random
from typing import Any, NamedTuple

from yteso.sandbox import labs
from yteso.sandbox.calendar import Calendar
from yteso.sandbox.facilities import STATION, Facility, Staff
from yteso.sandbox.formulary import BEDS, Drug, Service
from yteso.sandbox.illness import Illness
from yteso.sandbox.money import Totals, benefit, split, split_texts
from yteso.sandbox.people import Person
from yteso.sandbox.xml import document, row_template


NOTE_VARIABLES = ("MA_LK", "STT", "DIEN_BIEN_LS", "THOI_DIEM_DBLS", "NGUOI_THUC_HIEN")
NOTE_ROW = row_template("XML5", {}, NOTE_VARIABLES)
MACHINE_GROUPS = ("1", "2", "3")


@dataclass(frozen=True, slots=True)
class Origin:
    """Why somebody comes: "self", "emergency", "referral", "appointment" or "newborn", and by which letter."""

    kind: str = "self"
    letter: str = ""
    facility: str = ""


class Dispensed(NamedTuple):
    """A drug row: `quantity` units; `given` 0 means taken home."""

    drug: Drug
    quantity: int
    dose: str
    how: str
    ordered: int
    given: int


class Served(NamedTuple):
    """A service or supply row; `done` and `ended` 0 mean that there is no such moment. `by` is a licence."""

    service: Service
    ordered: int
    done: int = 0
    ended: int = 0
    by: str = ""
    bed: str = ""
    quantity: int = 1


@dataclass(slots=True)
class Visit:
    """Times are minutes of the calendar. `codes` are the ICD-10 codes, main one first."""

    calendar: Calendar
    person: Person
    facility: Facility
    illness: Illness
    origin: Origin
    dice: Random
    ma_lk: str
    ma_bn: str
    arrived: int
    department: str
    doctor: Staff
    codes: list[str]
    diagnosis: str
    care: str = "01"
    left: int = 0
    admitted: int = 0
    treatment_days: int = 1
    result: str = "2"
    discharge: str = "1"
    refer_to: str = ""
    letter: str = ""
    return_day: int = 0
    appointment: str = ""
    children: list[Person] = field(default_factory=list)
    operated: str = ""
    operation_over: int = 0
    dispensed: list[Dispensed] = field(default_factory=list)
    served: list[Served] = field(default_factory=list)
    results: list[str] = field(default_factory=list)
    reported: int = 0
    notes: list[str] = field(default_factory=list)
    abnormal: list[str] = field(default_factory=list)
    totals: Totals = field(default_factory=Totals)

    def dispense(self, drug: Drug, quantity: int, dose: str, how: str, ordered: int, given: int = 0) -> None:
        """`given` 0: taken home, so no moment of giving."""
        self.dispensed.append(Dispensed(drug, quantity, dose, how, ordered, given))

    def serve(self, service: Service, ordered: int, done: int = 0, ended: int = 0, **more: Any) -> None:
        self.served.append(Served(service, ordered, done, ended, **more))

    def report(self, service: Service, at: int, reader: Staff, shifts: dict[str, float]) -> None:
        """Write the results of one test or image to XML4."""
        key, when = service.key, self.calendar.stamp(at)
        lines = labs.indexes().get(key)
        if lines is None:
            pictures = labs.findings()
            _, conclusion, row = pictures.get((key, self.illness.key)) or pictures[key, ""]
            self.reported += 1
            self.results.append(row % (self.ma_lk, self.reported, when, reader.licence))
            self.abnormal.append(conclusion)
            return
        values = labs.values(key, self.person, self.illness.key, shifts, self.dice)
        number, cells = self.reported, []
        for value in values:
            number += 1
            cells += (self.ma_lk, number, value, when, reader.licence)
        self.reported = number
        self.results.append(labs.panels()[key] % tuple(cells))
        if len(lines) == 1:
            self.abnormal.append(f"{lines[0].name} {values[0]}")

    def note(self, text: str, at: int) -> None:
        number, when = len(self.notes) + 1, self.calendar.stamp(at)
        self.notes.append(NOTE_ROW % (self.ma_lk, number, text, when, self.doctor.licence))

    def detail_tables(self) -> dict[str, str]:
        """XML2 to XML5, with the money settled on the way."""
        rate = benefit(self.person.benefit, self._covered(), at_station=self.facility.kind == STATION)
        tables = {
            "XML2": [self._drug_row(number, rate, line) for number, line in enumerate(self.dispensed, 1)],
            "XML3": [self._service_row(number, rate, line) for number, line in enumerate(self.served, 1)],
            "XML4": self.results,
            "XML5": self.notes,
        }
        return {table: document(table, rows) for table, rows in tables.items() if rows}

    def _covered(self) -> int:
        drugs = sum(line.drug.price * line.quantity for line in self.dispensed)
        return drugs + sum(line.service.price * line.quantity for line in self.served)

    def _drug_row(self, number: int, rate: int, line: Dispensed) -> str:
        drug, quantity, dose, how, ordered, given = line
        scope, inside = ("1", drug.rate) if self.person.card else ("2", 0)
        amount = drug.price * quantity
        self.totals.add("4", *split(amount, inside, rate))
        cost, covered, patient, shared, insurer = split_texts(amount, inside, rate)
        stamp = self.calendar.stamp
        return drug.row % (
            self.ma_lk, number, dose, how, scope, inside, f"{quantity}.000", cost, covered, rate, patient, shared,
            insurer, self.department, self.doctor.licence, stamp(ordered), stamp(given) if given else "",
        )  # fmt: skip

    def _service_row(self, number: int, rate: int, line: Served) -> str:
        service, ordered, done, ended, by, bed, quantity = line
        scope, inside = ("1", 100) if self.person.card else ("2", 0)
        amount = service.price * quantity
        self.totals.add(service.group, *split(amount, inside, rate))
        cost, covered, patient, shared, insurer = split_texts(amount, inside, rate)
        stamp = self.calendar.stamp
        machine = self.facility.machines.get(service.machine, "") if service.machine else ""
        return service.row % (
            self.ma_lk, number, scope, f"{quantity}.000", inside, cost, covered, rate, patient, shared, insurer,
            self.department, bed, self.doctor.licence, by, "" if service.group in BEDS else self.codes[0],
            stamp(ordered), stamp(done) if done else "", stamp(ended) if ended else "", machine,
        )  # fmt: skip
