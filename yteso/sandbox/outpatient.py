"""Visits of a few hours: examinations, long-term care (types 05 and 08), dialysis and rehabilitation courses."""

from yteso.sandbox.calendar import DAY
from yteso.sandbox.care import PROCEDURES, examine, prescribe, procedure, tests, vital_signs
from yteso.sandbox.chance import between
from yteso.sandbox.formulary import drugs, services
from yteso.sandbox.illness import Dose
from yteso.sandbox.visit import Visit


REHABILITATION = ("electroacupuncture", "infrared", "massage", "ultrasound_th", "traction")


def consult(visit: Visit, *, light: bool = False) -> None:
    """Examination, tests, small procedures and a prescription. `light`: no tests beyond the first two."""
    illness = visit.illness
    seen = examine(visit)
    wanted = illness.tests[:2] if light or visit.refer_to else illness.tests
    end = tests(visit, wanted, seen, illness.shifts)
    for name in illness.tests:
        if not light and services()[name].group == PROCEDURES and illness.form == "out":
            end = procedure(visit, name, seen, end + 5)
    if not visit.refer_to:
        prescribe(visit, illness.doses, end + 3, days=7 if light else 0)
    visit.left = end + between(visit.dice, 8, 25)


def long_term(visit: Visit, *, checked: bool) -> None:
    """The monthly visit of a long illness: drugs for 28 days, and tests when `checked` (type 08, else 05)."""
    seen = examine(visit)
    end = tests(visit, visit.illness.tests, seen, visit.illness.shifts) if checked else seen
    prescribe(visit, visit.illness.doses, end + 3)
    visit.care = "08" if checked else "05"
    visit.treatment_days = 1 if checked else max(dose.days for dose in visit.illness.doses)
    visit.note(f"{vital_signs(visit)} {visit.illness.course}", seen)
    visit.left = end + between(visit.dice, 8, 20)


def dialysis(visit: Visit, *, checked: bool) -> None:
    """One dialysis session; blood is tested when `checked`."""
    seen = examine(visit)
    end = tests(visit, visit.illness.tests, seen, visit.illness.shifts) if checked else seen
    end = procedure(visit, "dialysis", seen, end + 10)
    for dose in visit.illness.doses:
        give(visit, dose, seen + 5, end - 20)
    visit.care = "08"
    visit.note(f"{vital_signs(visit)} {visit.illness.course}", seen)
    visit.left = end + between(visit.dice, 15, 40)


def rehabilitate(visit: Visit) -> None:
    """A course of daily treatments without a bed (type 02)."""
    days = between(visit.dice, *visit.illness.stay)
    seen = examine(visit)
    end = tests(visit, visit.illness.tests, seen, visit.illness.shifts)
    first = visit.arrived // DAY
    for day in range(days):
        morning = end + 10 if day == 0 else (first + day) * DAY + 450 + between(visit.dice, 0, 90)
        ordered = morning
        for dose in visit.illness.doses:
            give(visit, dose, ordered, ordered + 15)
        clock = ordered + 20
        for name in REHABILITATION[: 3 + day % 3]:
            clock = procedure(visit, name, ordered, clock) + 5
        visit.note(f"{vital_signs(visit)} Ngày {day + 1}: {visit.illness.course}", morning)
        end = clock
    visit.care, visit.treatment_days = "02", days
    visit.left = end + between(visit.dice, 10, 30)


def give(visit: Visit, dose: Dose, ordered: int, given: int) -> None:
    """One day's worth of a drug used in the facility, written as one row."""
    drug = drugs()[dose.drug]
    quantity = dose.each * max(dose.times, 1)
    words = f"{dose.each} {drug.unit}/lần * {max(dose.times, 1)} lần/ngày * 1 ngày [{quantity} {drug.unit}/ngày]"
    visit.dispense(drug, quantity, words, "Theo y lệnh", ordered, given)
