"""Stays in a bed: illness, operation, birth and the newborn child."""

from yteso.sandbox import data
from yteso.sandbox.calendar import DAY
from yteso.sandbox.care import OPERATIONS, PROCEDURES, examine, procedure, tests, vital_signs
from yteso.sandbox.chance import between
from yteso.sandbox.formulary import drugs, services, supplies
from yteso.sandbox.outpatient import give
from yteso.sandbox.visit import Visit


REPEATED = data.words("cbc crp electrolytes glucose urea creatinine ast alt bilirubin troponin probnp procalcitonin")
"""Tests done again in the middle of a stay."""
PROGRESS = (
    "đáp ứng điều trị, ăn uống được",
    "tỉnh, tiếp xúc tốt, tiếp tục theo dõi",
    "các triệu chứng giảm, tiếp tục y lệnh",
    "ngủ được, không diễn biến mới",
)


def stay(visit: Visit) -> None:
    """Admission, daily orders and notes, and discharge in the morning of the last day (type 03)."""
    dice, illness = visit.dice, visit.illness
    nights = between(dice, *illness.stay)
    seen = examine(visit)
    visit.admitted = seen + between(dice, 10, 40)
    end = tests(visit, illness.tests, visit.admitted + 2, illness.shifts)
    first, last = visit.arrived // DAY, visit.arrived // DAY + nights
    visit.left = max(last * DAY + 540 + between(dice, 0, 150), end + 60)
    visit.care, visit.treatment_days = "03", nights + 1
    _beds(visit, nights)
    end = visit.operation_over = _operate(visit, end)
    for day in range(first, last + 1):
        at = end + 10 if day == first else day * DAY + 440 + between(dice, 0, 40)
        if at >= visit.left - 70:
            continue
        _daily_orders(visit, at, day - first, closing=day == last)
        if day - first == (nights + 1) // 2 and nights > 2:
            fading = {key: shift * 0.4 for key, shift in illness.shifts.items()}
            tests(visit, tuple(name for name in illness.tests if name in REPEATED), at + 5, fading)
    visit.result = "1" if dice.random() < 0.6 else "2"
    if dice.random() < 0.04:
        visit.result, visit.discharge = "3", "4"


def newborn(visit: Visit, until: int) -> None:
    """The child's own stay, from its birth until its mother goes home."""
    nights = max(until // DAY - visit.arrived // DAY, 1)
    visit.admitted, visit.left = visit.arrived + 20, until
    visit.care, visit.treatment_days, visit.result = "03", until // DAY - visit.arrived // DAY + 1, "1"
    _beds(visit, nights)
    tests(visit, visit.illness.tests, visit.admitted + 30, {})
    for dose in visit.illness.doses:
        give(visit, dose, visit.admitted + 5, visit.admitted + 10)
    for day in range(nights):
        at = visit.admitted + 15 + day * DAY
        if at < until:
            visit.note(f"{vital_signs(visit)} Ngày tuổi {day + 1}: {visit.illness.course}", at)


def _beds(visit: Visit, nights: int) -> None:
    """One row per bed day, each ending when the next begins."""
    bed = services()[data.table("departments", "code")[visit.illness.department]["bed"]]
    if visit.illness.form == "newborn":
        bed = services()["bed_newborn"]
    number = f"H{between(visit.dice, 1, 120):03d}"
    for night in range(nights):
        start = visit.admitted + night * DAY
        end = visit.left if night == nights - 1 else start + DAY
        visit.serve(bed, start, start, end, bed=number)


def _operate(visit: Visit, at: int) -> int:
    """The operations and procedures that the illness brings, one after the other."""
    for name in visit.illness.tests:
        if services()[name].group in (OPERATIONS, PROCEDURES):
            at = procedure(visit, name, at + 5, at + 40)
    return at


def _daily_orders(visit: Visit, at: int, day: int, *, closing: bool) -> None:
    clock = at + 25
    for order, dose in enumerate(visit.illness.doses):
        if closing and drugs()[dose.drug].route.startswith("2"):
            continue
        if dose.days == 0 and day:
            continue
        give(visit, dose, at + order % 3, at + 20 + order)
        if drugs()[dose.drug].route == "2.10":
            clock = procedure(visit, "injection", at, clock) + 3
        elif drugs()[dose.drug].route == "2.15":
            clock = procedure(visit, "infusion", at, clock) + 3
    if visit.operated and day and day % 2 == 0:
        clock = procedure(visit, "dressing", at, clock) + 3
    if visit.illness.department in ("K50", "K18") and day < 4 and "J" in visit.codes[0]:
        clock = procedure(visit, "nebuliser", at, clock) + 3
        if day == 0:
            visit.serve(supplies()["oxygen_line"], at)
    fever = day < 3 and "sốt" in visit.illness.course.lower()
    words = visit.illness.course if day == 0 else PROGRESS[(day + visit.person.n) % len(PROGRESS)]
    visit.note(f"{vital_signs(visit, fever=fever, day=day)} Ngày thứ {day + 1}: {words}", at - 5)
